"""Literals of CHECK expressions as Python values: numbers, dates, intervals, JSON, arrays."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from psycopg.types.range import Range

from pytest_supaseed.rows.infinities import INFINITE_DAYS, INFINITE_MOMENTS

if TYPE_CHECKING:
    from collections.abc import Callable

WHOLE = frozenset({"int2", "int4", "int8", "smallint", "int", "integer", "bigint", "tinyint"})
TEXTUAL = frozenset({"text", "varchar", "bpchar", "char", "name", "citext", ""})
JSON_TYPES = frozenset({"json", "jsonb"})
_UNITS = {"year": (12, 0), "mon": (1, 0), "month": (1, 0), "week": (0, 7), "day": (0, 1)}
_SMALL = {"hour": 3600, "hr": 3600, "minute": 60, "min": 60, "second": 1, "sec": 1}
_CLOCK = re.compile(r"([+-]?)(\d+):(\d+)(?::(\d+(?:\.\d+)?))?$")
_RANGE = re.compile(r'([\[(])("[^"]*"|[^,"]*),("[^"]*"|[^,"]*)([\])])\Z')
DAYS_OF_MONTH = 30
"""What Postgres counts a month as when it compares intervals."""


@dataclass(frozen=True, slots=True)
class Interval:
    """An interval with months, which `timedelta` cannot hold."""

    months: int
    rest: timedelta

    def __neg__(self) -> Interval:
        return Interval(-self.months, -self.rest)

    @property
    def length(self) -> timedelta:
        """Its length as Postgres compares it."""
        return timedelta(days=DAYS_OF_MONTH * self.months) + self.rest


class JsonNull:
    """JSON's null, which is no SQL NULL."""

    def __repr__(self) -> str:
        return "JSON_NULL"


JSON_NULL = JsonNull()


def interval(text: str) -> Interval | timedelta:
    """Read an interval as Postgres prints it: `1 year 2 mons 3 days 04:05:06`, `-7 days`.

    Raises:
        ValueError: it is written in another way.
    """
    months, rest = 0, timedelta()
    words = text.replace("@", "").split()
    while words:
        word = words.pop(0)
        clock = _CLOCK.match(word)
        if clock:
            sign = -1 if clock[1] == "-" else 1
            rest += sign * timedelta(hours=int(clock[2]), minutes=int(clock[3]), seconds=float(clock[4] or 0))
            continue
        unit = words.pop(0).lower().removesuffix("s") if words else ""
        if unit in _SMALL:
            rest += timedelta(seconds=float(word) * _SMALL[unit])
            continue
        if unit not in _UNITS:
            raise ValueError(text)
        months += int(word) * _UNITS[unit][0]
        rest += timedelta(days=int(word) * _UNITS[unit][1])
    return Interval(months, rest) if months else rest


def timestamp(text: str, *, zone: bool) -> datetime:
    """Read a timestamp; infinities are values of their own."""
    found = INFINITE_MOMENTS.get(text) or datetime.fromisoformat(_with_full_zone(text.removesuffix(" BC")))
    if not zone:
        return found.replace(tzinfo=None)
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def _with_full_zone(text: str) -> str:
    return re.sub(r"([+-]\d\d)$", r"\1:00", text) if ":" in text else text


def day(text: str) -> date:
    """Read a date; infinities are values of their own."""
    return INFINITE_DAYS.get(text) or date.fromisoformat(text)


def json_value(text: str) -> object:
    """Read JSON; its null is `JSON_NULL`."""
    found = json.loads(text)
    return JSON_NULL if found is None else found


def array(text: str, element: str) -> list[object]:
    """Read a one-dimensional array literal such as `{a,"b c",NULL}`."""
    body = text.strip()
    if not (body.startswith("{") and body.endswith("}")) or "{" in body[1:]:
        raise ValueError(text)
    items = re.findall(r'"((?:[^"\\]|\\.)*)"|([^,{}"]+)', body)
    return [
        re.sub(r"\\(.)", r"\1", quoted) if not bare
        else None if bare.strip().upper() == "NULL" else typed(bare.strip(), element)
        for quoted, bare in items
    ]  # fmt: skip


def range_value(text: str, element: str) -> Range[object]:
    """Read a range such as `[1,5)` or `["2025-01-01 00:00:00+00",)`.

    Raises:
        ValueError: it is written in another way, or its ends are.
    """
    if text.strip() == "empty":
        return Range(empty=True)
    found = _RANGE.match(text.strip())
    if found is None:
        raise ValueError(text)
    low, high = (typed(end.strip('"'), element) if end else None for end in (found[2], found[3]))
    return Range(low, high, found[1] + found[4])


def base_name(type_name: str) -> str:
    """A type's name without its modifier: `numeric(10,2)` is `numeric`."""
    return re.sub(r"\(.*?\)", "", type_name).strip()


def typed(text: str, type_name: str) -> object:
    """The value of `'text'::type_name`; the text itself for a type that has no Python value of its own.

    Raises:
        ValueError: the text is no value of the type, or is written in a way that we do not read.
        ArithmeticError: the same, of a number.
    """
    if type_name.endswith("[]"):
        return array(text, type_name.removesuffix("[]"))
    read = _READERS.get(base_name(type_name))
    return read(text) if read else text


def _boolean(text: str) -> bool:
    word = text.strip().lower()
    if word in {"t", "true", "y", "yes", "on", "1"}:
        return True
    if word in {"f", "false", "n", "no", "off", "0"}:
        return False
    raise ValueError(text)


def _money(text: str) -> Decimal:
    return Decimal(text.replace("$", "").replace(",", ""))


def _bytes(text: str) -> bytes:
    if text.startswith("\\x"):
        return bytes.fromhex(text[2:])
    if "\\" in text:
        raise ValueError(text)
    return text.encode()


_READERS: dict[str, Callable[[str], object]] = {
    **dict.fromkeys(WHOLE, int),
    "numeric": Decimal,
    "decimal": Decimal,
    "money": _money,
    "float4": float,
    "float8": float,
    "real": float,
    "double precision": float,
    "bool": _boolean,
    "boolean": _boolean,
    "uuid": UUID,
    "date": day,
    "time": time.fromisoformat,
    "timestamp": lambda text: timestamp(text, zone=False),
    "timestamptz": lambda text: timestamp(text, zone=True),
    "interval": interval,
    "json": json_value,
    "jsonb": json_value,
    "bytea": _bytes,
    "int4range": lambda text: range_value(text, "int4"),
    "int8range": lambda text: range_value(text, "int8"),
    "numrange": lambda text: range_value(text, "numeric"),
    "daterange": lambda text: range_value(text, "date"),
    "tsrange": lambda text: range_value(text, "timestamp"),
    "tstzrange": lambda text: range_value(text, "timestamptz"),
}
