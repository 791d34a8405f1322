"""Exclusion constraints: rows whose ranges must not overlap get one slot after the other."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from psycopg.types.range import Range

from pytest_supaseed.catalog.model import TypeKind
from pytest_supaseed.rows.chunk import REFERENCE_INSTANT
from pytest_supaseed.rows.told_apart import ByIndex

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_supaseed.catalog.model import Table

_RANGE_CALL = re.compile(r"\b(?:tstz|ts|date|int4|int8|num)range\((?P<arguments>.*)\)", re.DOTALL)
MINUTES_TAKEN = 45
"""Minutes of each hour that a slot takes: appointments have gaps between them."""
_WIDTH = 10
_FIRST = REFERENCE_INSTANT - timedelta(days=365)


def exclusive_slots(table: Table) -> dict[str, object]:
    """Declarations for the columns of exclusion constraints with `&&` on ranges.

    The slots of all rows follow each other, whatever the columns that are compared with `=` hold.
    """
    found: dict[str, object] = {}
    for exclusion in table.exclusions:
        expressions = iter(exclusion.expressions)
        for column, operator in zip(exclusion.columns, exclusion.operators, strict=True):
            expression = next(expressions, "") if column is None else ""
            if operator == "&&":
                found.update(_whole(table, column) if column else _bounds(table, expression))
    return found


def _whole(table: Table, name: str) -> Iterator[tuple[str, object]]:
    storage = table.by_name[name].type.storage
    bound = _BOUNDS.get(storage.subtype.storage.name) if storage.subtype is not None else None
    if bound is not None and table.by_name[name].generated is None:
        many = storage.kind is TypeKind.MULTIRANGE
        yield name, ByIndex(lambda index: [_slot(bound, index)] if many else _slot(bound, index))


def _slot(bound: Callable[[int, bool], Any], index: int) -> Range[Any]:
    return Range(bound(index, False), bound(index, True), "[)")  # noqa: FBT003  # is it the end?


def _bounds(table: Table, expression: str) -> Iterator[tuple[str, object]]:
    """The two columns of `tstzrange(start, end)`, each with its bound of the slot."""
    call = _RANGE_CALL.search(expression)
    if call is None:
        return
    named = [
        (match.start(), column)
        for column in table.columns
        if (match := re.search(rf"(?<!\w){re.escape(column.name)}(?!\w)", call["arguments"]))
    ]
    for is_end, (_place, column) in zip((False, True), sorted(named, key=lambda pair: pair[0]), strict=False):
        bound = _BOUNDS.get(column.type.storage.name)
        if bound is not None and column.generated is None:
            yield column.name, ByIndex(_bound_of(bound, is_end=is_end))


def _bound_of(bound: Callable[[int, bool], Any], *, is_end: bool) -> Callable[[int], object]:
    return lambda index: bound(index, is_end)


def _hour(index: int, is_end: bool) -> datetime:  # noqa: FBT001  # the two bounds of one slot
    return _FIRST + timedelta(hours=index, minutes=MINUTES_TAKEN if is_end else 0)


def _number(index: int, is_end: bool) -> int:  # noqa: FBT001
    return index * _WIDTH + (_WIDTH - 1 if is_end else 0)


_BOUNDS: dict[str, Callable[[int, bool], Any]] = {
    "timestamptz": _hour,
    "timestamp": lambda index, is_end: _hour(index, is_end).replace(tzinfo=None),
    "date": lambda index, is_end: _FIRST.date() + timedelta(days=2 * index + is_end),
    "int4": _number,
    "int8": _number,
    "numeric": lambda index, is_end: Decimal(_number(index, is_end)),
}
