"""Word lists of our own: names, places, words and sentences that rows are made of.

Those of a domain (`--supaseed-domain`) lie in `domains/NAME.toml`. A dataset's digest covers them, as it
covers the package's code.
"""

from __future__ import annotations


def words(text: str) -> tuple[str, ...]:
    """The words of a block of text, in order."""
    return tuple(text.split())
