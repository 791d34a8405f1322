"""Moments, dates, times of day and intervals, by the name that they go by; all are whole seconds.

Nothing here reads a clock: everything counts from the reference instant of the chunk (DESIGN, decision 3).
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from pytest_supaseed.rows.chunk import REFERENCE_INSTANT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pytest_supaseed.plan.streams import Draws
    from pytest_supaseed.rows.domains import Drawer, Slot

MOMENT_TYPES = frozenset({"timestamptz", "timestamp", "date"})
"""Types whose values stand for a moment, and can be put in order with each other."""
DAY_SECONDS = 86_400
BIRTH = re.compile(r"(?:^|_)(?:birth(?:day|date)?|dob|born)(?:_|$)")
LONG_AGO = re.compile(
    r"(?:^|_)(?:hired?|joined|founded|established|employed|member_since|incorporated)(?:_|$)"
)
YOUNGEST, OLDEST = 18 * 365 + 5, 80 * 365
"""Days that people of birth dates have lived."""
QUARTER_HOUR = timedelta(minutes=15)
_MONTHS, _YEARS, _DAYS, _HOURS, _MINUTES = 1 << 1, 1 << 2, 1 << 3, 1 << 10, 1 << 11
"""Bits of an interval's fields in its modifier (`INTERVAL_MASK` in Postgres)."""
_ALL_FIELDS = 0x7FFF


def stamp(kind: str, instant: datetime) -> datetime | date:
    """A moment as a value of one of `MOMENT_TYPES`; a zoneless one is the moment in UTC."""
    if kind == "date":
        return instant.date()
    return instant if kind == "timestamptz" else instant.replace(tzinfo=None)


def moment(value: object) -> datetime | None:
    """The moment in UTC that a value of one of `MOMENT_TYPES` stands for; None where it is none."""
    if isinstance(value, datetime):
        if value.tzinfo is UTC:
            return value
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    return None


def past_days(name: str) -> tuple[int, int]:
    """How many days before the reference instant a moment of this name lies, from the least to the most."""
    if BIRTH.search(name):
        return YOUNGEST, OLDEST
    return (30, 3650) if LONG_AGO.search(name) else (0, 365)


def past_instant(draws: Draws, name: str, reference: datetime) -> datetime:
    """A moment before the reference instant, as far away as the name lets one expect."""
    least, most = past_days(name)
    return reference - timedelta(seconds=draws.between(least * DAY_SECONDS + 1, most * DAY_SECONDS))


def past_instants(
    draws: Draws, name: str, kind: str, reference: datetime, count: int
) -> Sequence[datetime | date]:
    """What `count` calls of `past_instant` give, as values of one of `MOMENT_TYPES`."""
    least, most = past_days(name)
    latest = reference - timedelta(seconds=least * DAY_SECONDS + 1)
    ages = draws.many_below((most - least) * DAY_SECONDS, count)
    found = [latest - timedelta(0, age) for age in ages]
    return found if kind == "timestamptz" else [stamp(kind, instant) for instant in found]


def _moment_drawer(slot: Slot) -> Drawer:
    """Moments inside arrays, ranges and composites, where no chunk is at hand."""
    name, kind = slot.name, slot.kind.name
    return lambda draws: stamp(kind, past_instant(draws, name, REFERENCE_INSTANT))


def quarter_of_day(draws: Draws, first: int = 24, last: int = 80) -> time:
    """A time of day in quarters of an hour, from quarter `first` to quarter `last` of the day."""
    quarter = draws.between(first, last)
    return time(quarter // 4, quarter % 4 * 15)


def _time_drawer(slot: Slot) -> Drawer:
    if slot.kind.name == "timetz":
        return lambda draws: quarter_of_day(draws).replace(tzinfo=UTC)
    return quarter_of_day


_INTERVALS: tuple[tuple[re.Pattern[str], int, timedelta], ...] = tuple(
    (re.compile(rf"(?:^|_)(?:{pattern})"), most, unit)
    for pattern, most, unit in (
        (r"latency|elapsed|runtime|response", 600, timedelta(seconds=1)),
        (r"trial|retention|period|valid|expir|warranty|lead|notice|subscription", 60, timedelta(days=1)),
        (r"timeout|ttl|delay|interval|cooldown|every", 60, timedelta(minutes=1)),
    )
)
_DEFAULT_INTERVAL = (48, QUARTER_HOUR)


def interval_drawer(slot: Slot) -> Drawer:
    """Intervals as `timedelta`; whole months as text where the column's fields hold nothing smaller."""
    fields = _ALL_FIELDS if slot.modifier < 0 else slot.modifier >> 16 & _ALL_FIELDS
    if fields in {_YEARS, _MONTHS, _YEARS | _MONTHS}:
        step = 12 if fields == _YEARS else 1
        return lambda draws: f"{draws.between(1, 10) * step} mons"
    if not fields & ~(_DAYS | _YEARS | _MONTHS):
        return lambda draws: timedelta(days=draws.between(1, 30))
    if fields & _HOURS and not fields & _MINUTES:
        return lambda draws: timedelta(hours=draws.between(1, 48))
    found = ((most, unit) for pattern, most, unit in _INTERVALS if pattern.search(slot.name))
    most, unit = next(found, _DEFAULT_INTERVAL)
    return lambda draws: unit * draws.between(1, most)


TIMES: Mapping[str, Callable[[Slot], Drawer]] = {
    **dict.fromkeys(MOMENT_TYPES, _moment_drawer),
    "time": _time_drawer,
    "timetz": _time_drawer,
    "interval": interval_drawer,
}
"""Drawers of date and time types, by the type's name."""
