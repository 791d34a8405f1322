"""The infinities of dates and timestamps, which Python's calendar has no place for.

They are the ends of Python's calendar, so that they compare as they have to, of classes of their own, so that
they are written as Postgres's infinities. Nothing is added to them or taken away (8.5, "Special Values").
"""

from __future__ import annotations

from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, timedelta
from typing import Any


class InfiniteMoment(datetime):
    """`infinity` or `-infinity` as a timestamp; without a zone where its column has none."""

    __slots__ = ()

    @property
    def text(self) -> str:
        """As Postgres writes it."""
        return "infinity" if self.year == MAXYEAR else "-infinity"

    def date(self) -> InfiniteDay:
        """The same as a date."""
        return InfiniteDay(self.year, self.month, self.day)

    def astimezone(self, _zone: Any = None) -> InfiniteMoment:
        """The same: it is the end of every zone's calendar."""
        return self if self.tzinfo is not None else self.replace(tzinfo=UTC)

    def __add__(self, other: object) -> Any:
        return self if isinstance(other, timedelta) else NotImplemented

    __radd__ = __add__

    def __sub__(self, other: Any) -> Any:
        return self if isinstance(other, timedelta) else super().__sub__(other)


class InfiniteDay(date):
    """`infinity` or `-infinity` as a date."""

    __slots__ = ()

    @property
    def text(self) -> str:
        """As Postgres writes it."""
        return "infinity" if self.year == MAXYEAR else "-infinity"

    def __add__(self, other: object) -> Any:
        return self if isinstance(other, timedelta) else NotImplemented

    __radd__ = __add__

    def __sub__(self, other: Any) -> Any:
        return self if isinstance(other, timedelta) else super().__sub__(other)


LATEST = InfiniteMoment(MAXYEAR, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)
"""`infinity`, with a zone."""
EARLIEST = InfiniteMoment(MINYEAR, 1, 1, tzinfo=UTC)
"""`-infinity`, with a zone."""
INFINITE_MOMENTS = {found.text: found for found in (LATEST, EARLIEST)}
"""By the text that Postgres writes."""
INFINITE_DAYS = {text: found.date() for text, found in INFINITE_MOMENTS.items()}
"""Likewise, as dates."""
