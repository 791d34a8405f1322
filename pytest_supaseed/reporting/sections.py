"""Titles with indented lines below them, and numbers with their nouns: how the command line speaks."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def section(title: str, lines: Sequence[str], *, empty: str = "none") -> Iterator[str]:
    """Yield a title and its lines; `title: none` where there are none, nothing where `empty` is empty."""
    if lines:
        yield f"{title}:"
        yield from (f"  {line}" for line in lines)
    elif empty:
        yield f"{title}: {empty}"


def counted(number: int, noun: str, plural: str = "") -> str:
    """Return `1 row`, `1,000 rows`, `2 policies`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"
