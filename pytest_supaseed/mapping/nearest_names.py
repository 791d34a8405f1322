"""Names that look like one that was not found, for messages; never to decide by."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

SHOWN = 3
"""More suggestions than these are noise."""

ALIKE = 0.6
"""difflib's own threshold for names that a human would call alike."""


def nearest(name: str, known: Iterable[str]) -> list[str]:
    """Return the names most like one, the likest first, whatever their case."""
    by_folded: dict[str, str] = {}
    for other in known:
        by_folded.setdefault(other.casefold(), other)
    found = get_close_matches(name.casefold(), by_folded, n=SHOWN, cutoff=ALIKE)
    return [by_folded[folded] for folded in found]
