"""What the operators and functions over dates, times and intervals give."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from pytest_supaseed.rows.check_comparisons import CannotTellError, moment, refuse
from pytest_supaseed.rows.check_constants import Interval
from pytest_supaseed.rows.check_json_parts import json_without

if TYPE_CHECKING:
    from collections.abc import Callable


_MICROSECOND = timedelta(microseconds=1)


def add(left: Any, right: Any) -> Any:  # noqa: PLR0911  # one for each pair of types
    """`+` over numbers, dates and intervals."""
    if isinstance(right, date) and not isinstance(left, date):
        left, right = right, left
    if isinstance(right, Interval):
        return _add_months(left, right)
    if isinstance(left, Interval):
        return Interval(left.months, left.rest + right)
    if isinstance(left, date) and not isinstance(left, datetime):
        if isinstance(right, int):
            return left + timedelta(days=right)
        if isinstance(right, time):
            return datetime.combine(left, right)
        return moment(left).replace(tzinfo=None) + right
    if isinstance(left, time):
        return refuse(left)
    return left + right


def _add_months(left: Any, right: Interval) -> Any:
    if isinstance(left, Interval | timedelta):
        months = left.months if isinstance(left, Interval) else 0
        rest = left.rest if isinstance(left, Interval) else left
        return Interval(months + right.months, rest + right.rest)
    base = left if isinstance(left, datetime) else moment(left).replace(tzinfo=None)
    year, month = divmod(base.year * 12 + base.month - 1 + right.months, 12)
    last = monthrange(year, month + 1)[1]
    return base.replace(year=year, month=month + 1, day=min(base.day, last)) + right.rest


def subtract(left: Any, right: Any) -> Any:  # noqa: PLR0911  # one for each pair of types
    """`-` over numbers, dates, times, intervals and JSON objects."""
    if isinstance(right, Interval):
        return add(left, -right)
    if isinstance(left, dict | list):
        return json_without(left, right)
    if isinstance(left, date) and isinstance(right, date):
        if not isinstance(left, datetime) and not isinstance(right, datetime):
            return (left - right).days
        return moment(left) - moment(right)
    if isinstance(left, time) and isinstance(right, time):
        return _of_day(left) - _of_day(right)
    if isinstance(left, date):
        return add(left, -right)
    return left - right


def _of_day(value: time) -> timedelta:
    return timedelta(
        hours=value.hour, minutes=value.minute, seconds=value.second, microseconds=value.microsecond
    )


def extract(field: str, value: Any) -> Any:
    """`extract(field from value)`, over dates, times and intervals."""
    if isinstance(value, timedelta | Interval):
        return _extract_interval(field, value)
    if field == "epoch" and isinstance(value, date):
        return Decimal((moment(value) - datetime(1970, 1, 1, tzinfo=UTC)) // _MICROSECOND).scaleb(-6)
    if field == "second":
        return Decimal(value.second * 1_000_000 + value.microsecond).scaleb(-6)
    found = _FIELDS.get(field)
    return refuse(field) if found is None else found(value)


def _extract_interval(field: str, value: Any) -> Any:
    months, rest = (value.months, value.rest) if isinstance(value, Interval) else (0, value)
    years, months = divmod(months, 12) if months >= 0 else (-(-months // 12), -(-months % 12))
    if field == "epoch":
        whole = Decimal(rest // _MICROSECOND).scaleb(-6)
        return whole + Decimal(years) * Decimal(31557600) + Decimal(months) * 30 * 86_400
    parts = {"year": years, "month": months, "day": rest.days}
    if rest < timedelta() or field not in {*parts, "hour", "minute"}:
        raise CannotTellError(field)
    return parts.get(field, rest.seconds // 3600 if field == "hour" else rest.seconds // 60 % 60)


_FIELDS: dict[str, Callable[[Any], int]] = {
    "year": lambda v: v.year,
    "month": lambda v: v.month,
    "day": lambda v: v.day,
    "hour": lambda v: v.hour if isinstance(v, datetime | time) else 0,
    "minute": lambda v: v.minute if isinstance(v, datetime | time) else 0,
    "dow": lambda v: v.isoweekday() % 7,
    "isodow": lambda v: v.isoweekday(),
    "doy": lambda v: v.timetuple().tm_yday,
    "week": lambda v: v.isocalendar()[1],
    "isoyear": lambda v: v.isocalendar()[0],
    "quarter": lambda v: (v.month + 2) // 3,
    "decade": lambda v: v.year // 10,
    "century": lambda v: (v.year + 99) // 100,
}


def date_trunc(unit: str, value: Any) -> Any:
    """`date_trunc(unit, value)`, over timestamps and dates."""
    if not isinstance(value, date):
        raise CannotTellError(value)
    at = value if isinstance(value, datetime) else moment(value)
    day = at.replace(hour=0, minute=0, second=0, microsecond=0)
    cut = {
        "microseconds": at,
        "second": at.replace(microsecond=0),
        "minute": at.replace(second=0, microsecond=0),
        "hour": at.replace(minute=0, second=0, microsecond=0),
        "day": day,
        "week": day - timedelta(days=day.weekday()),
        "month": day.replace(day=1),
        "quarter": day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1),
        "year": day.replace(month=1, day=1),
    }.get(unit)
    return refuse(unit) if cut is None else cut


def age(later: Any, earlier: Any) -> Any:
    """`age(later, earlier)`: whole months and the rest."""
    if later < earlier:
        return -age(earlier, later)
    months = (later.year - earlier.year) * 12 + later.month - earlier.month
    while _add_months(earlier, Interval(months, timedelta())) > later:
        months -= 1
    return Interval(months, later - _add_months(earlier, Interval(months, timedelta())))


def zoned(value: Any, zone: Any) -> Any:
    """`value at time zone zone`."""
    if not isinstance(value, datetime):
        raise CannotTellError(value)
    named = UTC if str(zone).lower() in {"utc", "gmt", "z"} else ZoneInfo(zone)
    if value.tzinfo is None:
        return value.replace(tzinfo=named).astimezone(UTC)
    return value.astimezone(named).replace(tzinfo=None)
