"""Moments that agree with their row: after its creation, after their start, with their flag."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from pytest_supaseed.rows.column_pairs import creation_column, earlier_column, event_of, is_creation
from pytest_supaseed.rows.declarations import ColumnDeclaration
from pytest_supaseed.rows.domains import words
from pytest_supaseed.rows.time_values import (
    MOMENT_TYPES,
    QUARTER_HOUR,
    moment,
    past_days,
    past_instant,
    past_instants,
    quarter_of_day,
    stamp,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_supaseed.catalog.model import Column, Table
    from pytest_supaseed.plan.streams import Draws
    from pytest_supaseed.rows.chunk import Chunk

TIME_TYPES = frozenset({"time", "timetz"})
_AHEAD = re.compile(
    r"(?:^|_)(?:expir\w*|due|deadline|ends?|ending|until|till|to|through|valid_to|renew\w*|scheduled|next|eta"
    r"|estimated|planned|target|trial_end\w*)(?:_|$)"
)
_AROUND = re.compile(
    r"(?:^|_)(?:starts?|starting|begins?|from|opens?|event|appointment|booking|check_?in|departure)(?:_|$)"
)
_SECOND = timedelta(seconds=1)
_DAYS_AHEAD = 90
_DAYS_AROUND = 60


@dataclass(frozen=True, slots=True)
class Bearing:
    """What a moment is taken from: the columns that it looks at, by name, and where it lies in time.

    Args:
        start: the column of the moment that this one has to come after.
        is_end: whether `start` is the other end of a span, and not the row's creation.
        ahead: whether it lies after the reference instant as well.
    """

    start: str | None
    is_end: bool
    ahead: bool


class Moment(ColumnDeclaration):
    """A moment, date or zoneless timestamp in whole seconds, after the column that it has to come after."""

    def __init__(self, kind: str, name: str, bearing: Bearing) -> None:
        super().__init__()
        self.kind = kind
        self.name = name
        self.bearing = bearing

    def fill(self, chunk: Chunk, name: str) -> Sequence[object]:
        """Fill the column, as the base class says."""
        draws = chunk.draws(name)
        start, reference = self.bearing.start, chunk.scope.reference
        if start is not None and chunk.has(start):
            starts = chunk.column(start)
        elif self.bearing.ahead or _AROUND.search(self.name):
            starts = [None] * chunk.count
        else:
            return past_instants(draws, self.name, self.kind, reference, chunk.count)
        return [stamp(self.kind, self._instant(draws, moment(value), reference)) for value in starts]

    def _instant(self, draws: Draws, start: datetime | None, reference: datetime) -> datetime:
        if start is None:
            return self._alone(draws, reference)
        if self.bearing.is_end or self.bearing.ahead:
            return self._after(draws, start)
        end = max(reference, start + timedelta(days=2))
        span = (end - start) // _SECOND
        whole = start.replace(microsecond=0) if start.microsecond else start
        return whole + timedelta(0, draws.between(1, span))

    def _after(self, draws: Draws, start: datetime) -> datetime:
        """Whole days after a date or a creation; quarters of an hour after the start of a span."""
        if self.kind == "date" or not self.bearing.is_end:
            return start + timedelta(days=draws.between(1, _DAYS_AHEAD))
        return start + QUARTER_HOUR * draws.between(1, 96)

    def _alone(self, draws: Draws, reference: datetime) -> datetime:
        if self.bearing.ahead:
            return reference + timedelta(
                seconds=draws.between(-_DAYS_AROUND, _DAYS_AHEAD) * 86_400 + draws.below(86_400)
            )
        if not _AROUND.search(self.name):
            return past_instant(draws, self.name, reference)
        day = reference + timedelta(days=draws.between(-300, _DAYS_AROUND))
        return day.replace(minute=0, second=0) + QUARTER_HOUR * draws.between(32, 76)


class TimeOfDay(ColumnDeclaration):
    """A time of day; after the one that holds its start, where there is one."""

    def __init__(self, kind: str, start: str | None, name: str) -> None:
        super().__init__()
        self.kind = kind
        self.start = start
        self.name = name

    def fill(self, chunk: Chunk, name: str) -> Sequence[object]:
        """Fill the column, as the base class says."""
        draws = chunk.draws(name)
        starts: Sequence[object] = [None] * chunk.count
        if self.start is not None and chunk.has(self.start):
            starts = chunk.column(self.start)
        zone = UTC if self.kind == "timetz" else None
        return [self._after(draws, start).replace(tzinfo=zone) for start in starts]

    def _after(self, draws: Draws, start: object) -> time:
        if not isinstance(start, time):
            return quarter_of_day(draws, 24, 48) if _AROUND.search(self.name) else quarter_of_day(draws)
        first = start.hour * 4 + start.minute // 15 + 1
        return quarter_of_day(draws, first, 95) if first < 95 else time(23, 59, 59)  # noqa: PLR2004  # quarters of a day


def moment_declaration(table: Table, column: Column) -> ColumnDeclaration | None:
    """The declaration of a date or time column; None for other types."""
    kind = column.type.storage.name
    if kind in TIME_TYPES:
        start = earlier_column(table, column, TIME_TYPES)
        return TimeOfDay(kind, start.name if start else None, words(column.name))
    return Moment(kind, words(column.name), _bearing(table, column)) if kind in MOMENT_TYPES else None


def _bearing(table: Table, column: Column) -> Bearing:
    name = words(column.name)
    start = earlier_column(table, column, MOMENT_TYPES)
    if start is not None:
        return Bearing(start.name, is_end=True, ahead=True)
    ahead = bool(_AHEAD.search(name)) and event_of(column) is None
    created = creation_column(table, column)
    old = past_days(name) != past_days("")
    loose = is_creation(column) or old or (_AROUND.search(name) and not ahead) or created is None
    return Bearing(None if loose or created is None else created.name, is_end=False, ahead=ahead)
