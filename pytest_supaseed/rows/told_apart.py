"""Values that differ in every row, for each type that has enough of them."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING

from pytest_supaseed.catalog.model import TypeKind
from pytest_supaseed.plan.finite_columns import CODE_CHARACTERS, whole_bounds
from pytest_supaseed.rows.columns import producer_of
from pytest_supaseed.rows.declarations import ColumnDeclaration, RandomUuid
from pytest_supaseed.rows.domains import slot_of, text_length, words
from pytest_supaseed.rows.entities import PartOfEntity
from pytest_supaseed.rows.number_values import WHOLE_TYPES, scale_of
from pytest_supaseed.rows.numbered_values import (
    BY_INDEX,
    documentation_address,
    documentation_address4,
    hardware_address,
    private_network,
)
from pytest_supaseed.rows.numbering import numbered
from pytest_supaseed.rows.time_values import DAY_SECONDS
from pytest_supaseed.rows.values import TEXT_TYPES, Fitted, present_declaration

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pytest_supaseed.catalog.model import Column, Table, Type
    from pytest_supaseed.rows.chunk import Chunk

SHORT_TEXT = 8
"""Texts of at most this many characters become codes: a number at their end would leave no room for words."""
_NONE_YET: Mapping[str, int] = MappingProxyType({})
_DAYS = {"day": 1, "week": 7, "month": 31, "quarter": 92, "year": 366}
_SECONDS = {"": 1, "second": 1, "minute": 60, "hour": 3600}
_UNIT = re.compile(r"'(second|minute|hour|day|week|month|quarter|year)'")
_TO_DATE = re.compile(r"::date\b|\bdate\(")
_IDENTIFYING = re.compile(
    r"(?:^|_)(?:id|uuid|guid|key|token|hash|slug|e?mail|user_?name|code|number|no|url|uri|path|domain|ip|address|phone"
    r"|serial|sku|reference|external)$"
)
"""Names of texts that are there to tell rows apart; a provider or a category is not."""
_YEAR_SECONDS = 31_536_000
FURTHEST_DAYS = 700_000
"""Days before the reference instant that the calendar has for sure: rows beyond these begin anew."""
_SCATTER = 19_490_323
"""About a golden section of a year, in seconds, which no divisor of a year divides."""
_SPREAD = 7_368_787
"""A prime that no number of codes shares a divisor with: neighbouring rows get codes that look unlike."""


class ByIndex(ColumnDeclaration):
    """A value computed from the row's index alone: `function(index)`."""

    def __init__(self, function: Callable[[int], object]) -> None:
        super().__init__()
        self.function = function

    def fill(self, chunk: Chunk, name: str) -> Sequence[object]:
        """Fill the column, as the base class says."""
        return self.at(chunk, name, chunk.indices)

    def at(self, chunk: Chunk, name: str, indices: Sequence[int]) -> list[object]:
        """The values of any rows, in or out of the chunk."""
        del chunk, name
        function = self.function
        return [function(index) for index in indices]


class Spaced(ColumnDeclaration):
    """Moments before the reference instant that are at least a distance apart.

    Where there is room for it they lie in no order, spread over a year, as moments of real rows do; else the
    latest comes first.

    Args:
        seconds: the distance.
        convert: makes the column's value of a moment.
    """

    def __init__(self, seconds: int, convert: Callable[[datetime], object]) -> None:
        super().__init__()
        self.seconds = seconds
        self.convert = convert

    def fill(self, chunk: Chunk, name: str) -> Sequence[object]:
        """Fill the column, as the base class says."""
        return self.at(chunk, name, chunk.indices)

    def at(self, chunk: Chunk, name: str, indices: Sequence[int]) -> list[object]:
        """The values of any rows, in or out of the chunk."""
        del name
        end, seconds, convert = chunk.scope.reference, self.seconds, self.convert
        return [convert(end - timedelta(seconds=seconds * (self._place(index) + 1))) for index in indices]

    def _place(self, index: int) -> int:
        """The number of a row's distance: year after year, each place of a year once."""
        places = _YEAR_SECONDS // self.seconds
        if self.seconds >= DAY_SECONDS:
            return index % (FURTHEST_DAYS * DAY_SECONDS // self.seconds)
        around, place = divmod(index, places)
        return around * places + place * _SCATTER % places


def how_tellable(column: Column) -> tuple[int, str] | None:
    """How well a column can be made different in every row; smaller is better, None where it cannot."""
    storage = column.type.storage
    if storage.name == "uuid":
        rank = 0
    elif storage.name in WHOLE_TYPES and (column.identity or column.sequence):
        rank = 1
    elif storage.name in TEXT_TYPES and storage.element is None:
        rank = 2 if _IDENTIFYING.search(words(column.name)) else 3
    elif storage.name in WHOLE_TYPES:
        rank = 4
    elif _maker(column, "") is not None:
        rank = 5
    else:
        return None
    return rank, column.name


def coarseness(expressions: Sequence[str]) -> str:
    """The unit that an index's expressions round moments to; empty where they do not."""
    for expression in expressions:
        found = _UNIT.search(expression) if "date_trunc" in expression else None
        if found is not None:
            return found[1]
        if _TO_DATE.search(expression):
            return "day"
    return ""


def told_apart(
    table: Table, column: Column, *, unit: str = "", first_numbers: Mapping[str, int] = _NONE_YET
) -> object | None:
    """The declaration that makes a column different in every row; None where its type is not known.

    Args:
        table: the column's table.
        column: the column.
        unit: the unit that an index rounds the values to.
        first_numbers: by column, the first free number where rows exist already.
    """
    storage = column.type.storage
    if storage.name in WHOLE_TYPES:
        low, _high = whole_bounds(table, column)
        return numbered(column, first_numbers, least=low)
    if storage.name in TEXT_TYPES and storage.element is None:
        return _text(table, column)
    return RandomUuid() if storage.name == "uuid" else _maker(column, unit, table)


def _text(table: Table, column: Column) -> object:
    length = text_length(column)
    if length is not None and length <= SHORT_TEXT:
        return ByIndex(lambda index: code(index, length))
    declaration = present_declaration(table, column)
    inner = declaration.inner if isinstance(declaration, Fitted) else producer_of(declaration)
    if isinstance(inner, PartOfEntity):
        if inner.distinct:
            return declaration
        room, by_index = BY_INDEX.get(inner.meaning, (0, None))
        if by_index is not None and (length is None or length >= room):
            return ByIndex(by_index)
    return Fitted(inner, length, unique=True)


def code(index: int, length: int) -> str:
    """A code of letters and digits; none comes twice before all that have this length came."""
    size = len(CODE_CHARACTERS)
    left = index * _SPREAD % size**length
    characters = []
    for _ in range(length):
        left, place = divmod(left, size)
        characters.append(CODE_CHARACTERS[place])
    return "".join(characters)


def _maker(column: Column, unit: str, table: Table | None = None) -> object | None:
    storage = column.type.storage
    if storage.kind is TypeKind.ARRAY:
        return _array(storage)
    if storage.schema != "pg_catalog":
        return None
    if storage.name in {"timestamptz", "timestamp", "date"}:
        days = _DAYS.get(unit, 1 if storage.name == "date" else 0)
        return Spaced(days * 86_400 or _SECONDS[unit], _MOMENTS[storage.name])
    if storage.name in {"numeric", "float4", "float8"}:
        scale = scale_of(slot_of(column)).scale if storage.name == "numeric" else 2
        return ByIndex(lambda index: _number(storage.name, index + 1, scale))
    if storage.name == "inet" and _is_of_version_4(table, column):
        return ByIndex(documentation_address4)
    function = _BY_TYPE.get(storage.name)
    return None if function is None else ByIndex(function)


def _is_of_version_4(table: Table | None, column: Column) -> bool:
    """Whether a check speaks of the family or mask of a column's addresses: most of these want version 4."""
    checks = table.checks if table is not None else ()
    return any(
        column.name in check.columns and re.search(r"\b(?:family|masklen)\(", check.expression)
        for check in checks
    )


def _number(kind: str, multiple: int, scale: int) -> object:
    found = Decimal(multiple).scaleb(-scale)
    return found if kind == "numeric" else float(found)


def _array(storage: Type) -> object | None:
    element = storage.element.storage.name if storage.element is not None else ""
    if element in TEXT_TYPES:
        return ByIndex(lambda index: [f"item-{index + 1}"])
    return ByIndex(lambda index: [index + 1]) if element in {"int4", "int8"} else None


def _time(index: int) -> time:
    seconds = index * 61 % 86_400
    return time(seconds // 3600, seconds // 60 % 60, seconds % 60)


def _day(instant: datetime) -> date:
    return instant.date()


_MOMENTS: dict[str, Callable[[datetime], object]] = {
    "timestamptz": lambda instant: instant,
    "timestamp": lambda instant: instant.replace(tzinfo=None),
    "date": _day,
}
_BY_TYPE: dict[str, Callable[[int], object]] = {
    "time": _time,
    "bytea": lambda index: index.to_bytes(8, "big"),
    "inet": documentation_address,
    "cidr": private_network,
    "macaddr": hardware_address,
    "jsonb": lambda index: {"number": index + 1},
}
