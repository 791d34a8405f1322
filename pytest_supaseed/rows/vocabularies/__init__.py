"""Word lists of our own: names, places, words and sentences that rows are made of.

They are Python modules and not text files so that a dataset's digest, which covers the package's code,
changes with them.
"""

from __future__ import annotations


def words(text: str) -> tuple[str, ...]:
    """The words of a block of text, in order."""
    return tuple(text.split())
