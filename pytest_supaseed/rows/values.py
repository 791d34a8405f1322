"""Values of a column from its type and its name, and text made to fit and to differ."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pytest_supaseed.rows.chunk import Chunk, Scope
from pytest_supaseed.rows.column_pairs import earlier_column, is_creation
from pytest_supaseed.rows.columns import producer_of
from pytest_supaseed.rows.declarations import ColumnDeclaration, Drawn, RandomUuid, no_parent
from pytest_supaseed.rows.domains import Slot, slot_of, takes_null, text_length, words
from pytest_supaseed.rows.drawers import drawer_of
from pytest_supaseed.rows.events import null_share, stated_words, with_event
from pytest_supaseed.rows.moments import moment_declaration
from pytest_supaseed.rows.number_values import WHOLE_TYPES, Scale, magnitude_in, scale_of
from pytest_supaseed.rows.numbered_values import with_number
from pytest_supaseed.rows.semantics import text_declaration

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from pytest_supaseed.catalog.model import Column, Table
    from pytest_supaseed.rows.chunk import KeySource, Producer

TEXT_TYPES = frozenset({"text", "varchar", "bpchar", "name", "citext"})
NUMBER_TYPES = frozenset({*WHOLE_TYPES, "numeric", "float4", "float8", "money"})
_SAMPLE = 100
"""Values by which a column's vocabulary is told."""
NULL_SHARE = 0.15
"""The share of NULL in a nullable column whose name says nothing about it."""
_ALWAYS_THERE = re.compile(
    r"(?:^|_)(?:name|title|e?mail|slug|username|status|state|type|kind|role|uuid|guid|id|key|code)$"
)
"""Names of nullable columns without which a row says nothing."""


class Fitted(ColumnDeclaration):
    """Text cut to `length` characters and, where `unique`, told apart by the row's number in it.

    NULL stays NULL.
    """

    def __init__(self, inner: Producer, length: int | None, *, unique: bool) -> None:
        super().__init__()
        self.inner = inner
        self.length = length
        self.unique = unique

    def fill(self, chunk: Chunk, name: str) -> Sequence[object]:
        """Fill the column, as the base class says."""
        found = self.inner.fill(chunk, name)
        if not self.unique:
            return [None if value is None else self._cut(str(value)) for value in found]
        return [
            None if value is None else with_number(str(value), index + 1, self.length)
            for value, index in zip(found, chunk.indices, strict=True)
        ]

    def _cut(self, text: str) -> str:
        """The text, cut without a blank at its end: `char(n)` would lose it."""
        return text if self.length is None or len(text) <= self.length else text[: self.length].rstrip()


class SometimesNull(ColumnDeclaration):
    """Another declaration's values, and NULL in a share of the rows, drawn from a stream of its own."""

    def __init__(self, inner: Producer, share: float) -> None:
        super().__init__()
        self.inner = inner
        self.share = share

    def fill(self, chunk: Chunk, name: str) -> Sequence[object]:
        """Fill the column, as the base class says."""
        draws = chunk.draws(f"{name} is null")
        share = self.share
        return [None if draws.random() < share else value for value in self.inner.fill(chunk, name)]


class AtLeast(ColumnDeclaration):
    """Numbers that are larger than those of another column of the row, as far as the type reaches."""

    def __init__(self, inner: Producer, least: str, slot: Slot) -> None:
        super().__init__()
        self.inner = inner
        self.least = least
        self.slot = slot

    def fill(self, chunk: Chunk, name: str) -> Sequence[object]:
        """Fill the column, as the base class says."""
        found = self.inner.fill(chunk, name)
        if not chunk.has(self.least):
            return found
        draws = chunk.draws(f"{name} above {self.least}")
        span = max(int(magnitude_in(self.slot).high) // 4, 1)
        others: Sequence[Any] = chunk.column(self.least)
        return [
            value if other is None else self._above(other, draws.between(1, span))
            for value, other in zip(found, others, strict=True)
        ]

    def _above(self, other: Any, step: int) -> object:
        if self.slot.kind.name in {"float4", "float8"}:
            return float(other) + step
        place: Scale = scale_of(self.slot)
        units = int(Decimal(str(other)).scaleb(place.scale)) + max(int(Decimal(step).scaleb(place.scale)), 1)
        made = place.value(min(units, place.units))
        return int(made) if self.slot.kind.name in WHOLE_TYPES else made


def value_declaration(table: Table, column: Column, locale: str | None = None) -> object | None:
    """The declaration that fills a column from its type and name, NULL in a share of a nullable one.

    None where we know no value of the type: the column stays NULL, or Postgres judges.

    Args:
        table: the column's table.
        column: the column.
        locale: a Faker locale for names and places; ours from all over when not given.
    """
    found = present_declaration(table, column, locale)
    if found is None:
        return None
    if isinstance(found, ColumnDeclaration):
        tied = with_event(table, column, found, lambda status: _vocabulary(table, status))
        if tied is not None:
            return tied
    share = _null_share(table, column)
    return SometimesNull(producer_of(found), share) if share else found


def present_declaration(table: Table, column: Column, locale: str | None = None) -> object | None:
    """As `value_declaration`, without any NULL."""
    storage = column.type.storage
    built_in = storage.schema == "pg_catalog"
    if storage.name in TEXT_TYPES and storage.element is None:
        return _text(table, column, locale)
    if built_in and storage.name == "uuid":
        return RandomUuid()
    timed = moment_declaration(table, column) if built_in else None
    if timed is not None:
        return timed
    slot = slot_of(column)
    draw = drawer_of(slot)
    if draw is None:
        return _unknown(column)
    drawn = Drawn(draw)
    least = earlier_column(table, column, NUMBER_TYPES) if storage.name in NUMBER_TYPES else None
    return drawn if least is None or not built_in else AtLeast(drawn, least.name, slot)


def _text(table: Table, column: Column, locale: str | None = None) -> object:
    length = text_length(column)
    found = text_declaration(
        table.name,
        column.name,
        length=length,
        comment=column.comment,
        type_name=column.type.storage.name,
        siblings=[other.name for other in table.columns],
        position=column.number,
        locale=locale,
    )
    return found if length is None else Fitted(producer_of(found), length, unique=False)


def _vocabulary(table: Table, status: Column) -> Collection[object]:
    """The words of a status column: those that the schema lists, else those that we would give it."""
    listed = stated_words(table, status)
    if listed or status.type.storage.name not in TEXT_TYPES:
        return listed
    producer = producer_of(_text(table, status))
    scope = Scope("", table.qualified, "", {status.name: producer}, _NoParents(), _SAMPLE)
    return frozenset(Chunk(scope, 0, 0, _SAMPLE).column(status.name))


class _NoParents:
    """The parents of a sample: a column of words asks for none."""

    def of(self, table: str, part: str | None = None) -> KeySource:
        raise no_parent("sample", part or "", table)


def _unknown(column: Column) -> object | None:
    """A word for a NOT NULL column of an extension's type that we do not know: some read any text."""
    storage = column.type.storage
    if takes_null(column) or storage.schema == "pg_catalog" or storage.kind.value != "base":
        return None
    return Drawn(
        drawer_of(replace(slot_of(column), kind=replace(storage, schema="pg_catalog", name="text"))) or str
    )


def _null_share(table: Table, column: Column) -> float:
    """NULL only where nothing counts on a value: no key, no trigger, no default, no telling name."""
    if not takes_null(column) or column.default is not None:
        return 0.0
    if any(column.name in key.columns for key in table.unique_keys) or _is_counted_on(table, column):
        return 0.0
    by_name = null_share(column)
    if by_name is not None:
        return by_name
    read = any("insert" in trigger.events for trigger in table.triggers)
    if read or is_creation(column) or _ALWAYS_THERE.search(words(column.name)):
        return 0.0
    return NULL_SHARE


def _is_counted_on(table: Table, column: Column) -> bool:
    """Whether the partition key or a generated column is computed from a column."""
    named = re.compile(rf"(?<!\w){re.escape(column.name)}(?!\w)")
    made = [other.generated for other in table.columns if other.generated is not None]
    return any(named.search(text) for text in (table.partition_key or "", *made))


__all__ = [
    "TEXT_TYPES",
    "WHOLE_TYPES",
    "AtLeast",
    "Fitted",
    "SometimesNull",
    "present_declaration",
    "text_length",
    "value_declaration",
]
