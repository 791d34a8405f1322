"""What a column may hold under some conditions: bounds, lists, patterns, lengths, JSON shapes."""

from __future__ import annotations

import re
from copy import copy
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from pytest_supaseed.catalog.model import TypeKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_supaseed.catalog.model import Column, ForeignKey, Table, Type

_KINDS = {
    "int2": "whole", "int4": "whole", "int8": "whole", "numeric": "numeric", "money": "numeric",
    "float4": "float", "float8": "float", "bool": "bool", "uuid": "uuid", "date": "date", "time": "time",
    "timestamp": "timestamp", "timestamptz": "timestamptz", "interval": "interval", "json": "json",
    "jsonb": "json", "bytea": "bytes", "text": "text", "varchar": "text", "bpchar": "text", "name": "text",
    "citext": "text", "inet": "inet",
}  # fmt: skip
_WIDTHS = {"int2": 15, "int4": 31, "int8": 63}
USUAL_SCALE = 2
"""Decimals of a `numeric` that sets none: most are prices."""


class Role(StrEnum):
    """What a solver may do with a column."""

    FREE = "free"
    DISTINCT = "distinct"
    """Written, but so that rows differ: part of a unique key and of no foreign key."""
    REFERENCE = "reference"
    """Read, and set to NULL together with the other columns of its foreign key."""
    FIXED = "fixed"


@dataclass(frozen=True)
class ColumnFacts:
    """What a column's type and place allow, whatever its checks say.

    Args:
        name: the column's name.
        kind: the kind of Python value: `whole`, `numeric`, `text`, `timestamptz` and so on; `other`.
        storage: the storage type's name.
        role: what may be done with it.
        nullable: whether it may be NULL.
        labels: an enum's labels.
        bits: the width of a whole number without its sign.
        precision: digits of a numeric, where limited.
        scale: decimals of a numeric.
        length: characters of a `varchar(n)` or `char(n)`, where limited.
        element: the facts of an array's elements, of a range's ends.
        together: the columns of the same foreign key, which become NULL with it.
        redrawn: whether a reference may be drawn anew: its column belongs to no other foreign key.
    """

    name: str
    kind: str
    storage: str
    role: Role = Role.FREE
    nullable: bool = False
    labels: tuple[str, ...] = ()
    bits: int = 63
    precision: int | None = None
    scale: int = USUAL_SCALE
    length: int | None = None
    element: ColumnFacts | None = None
    together: tuple[str, ...] = ()
    redrawn: bool = False

    @property
    def evaluated_type(self) -> str:
        """The storage type as evaluation wants it: `char(n)` with its length, which patterns see."""
        return f"bpchar({self.length})" if self.storage == "bpchar" and self.length else self.storage

    @property
    def writable(self) -> bool:
        """Whether it may be given another value than NULL."""
        return self.role in {Role.FREE, Role.DISTINCT}

    @property
    def changeable(self) -> bool:
        """Whether anything may be done with it."""
        return self.writable or (self.role is Role.REFERENCE and (self.nullable or self.redrawn))


def column_facts(table: Table, column: Column, role: Role) -> ColumnFacts:
    """The facts of a table's column."""
    keys = [key for key in table.foreign_keys if column.name in key.columns]
    together = tuple(name for key in keys for name in key.columns if not table.by_name[name].not_null)
    return _facts(
        column.name,
        column.type,
        column.formatted_type,
        role=role,
        nullable=not column.not_null and not column.type.rejects_null,
        together=tuple(dict.fromkeys((column.name, *together))),
        redrawn=role is Role.REFERENCE and redrawn_key(table, column.name) is not None,
    )


def redrawn_key(table: Table, column: str) -> ForeignKey | None:
    """The foreign key of which another parent may be drawn for a column alone; None where there is none."""
    keys = [key for key in table.foreign_keys if column in key.columns]
    alone = len(keys) == 1 and len(keys[0].columns) == 1 and keys[0].target_oid != table.oid
    return keys[0] if alone else None


def _facts(name: str, kind: Type, formatted: str, **more: Any) -> ColumnFacts:
    storage = kind.storage
    element = {TypeKind.ARRAY: storage.element, TypeKind.RANGE: storage.subtype}.get(storage.kind)
    modifiers = _modifiers(kind, formatted)
    found = ColumnFacts(
        name,
        _kind_of(storage),
        storage.name,
        labels=storage.labels if storage.kind is TypeKind.ENUM else (),
        bits=_WIDTHS.get(storage.name, 63),
        element=None if element is None else _facts(name, element, formatted.removesuffix("[]")),
        **more,
    )
    if found.kind == "numeric" and modifiers:
        return _with(found, precision=modifiers[0], scale=modifiers[1] if len(modifiers) > 1 else 0)
    return _with(found, length=modifiers[0]) if found.kind == "text" and modifiers else found


def _kind_of(storage: Type) -> str:
    if storage.kind is TypeKind.ENUM:
        return "enum"
    if storage.kind in {TypeKind.ARRAY, TypeKind.RANGE}:
        return storage.kind.value
    return _KINDS.get(storage.name, "other") if storage.kind is TypeKind.BASE else "other"


def _with(facts: ColumnFacts, **changes: Any) -> ColumnFacts:
    return replace(facts, **changes)


def _modifiers(kind: Type, formatted: str) -> list[int]:
    """The numbers in parentheses of a type, those of the base type for a domain."""
    found = re.search(r"\(([\d,]+)\)", formatted)
    if found:
        return [int(number) for number in found[1].split(",")]
    while kind.kind is TypeKind.DOMAIN and kind.base is not None:
        if kind.base_modifier >= 0:
            packed = kind.base_modifier - 4
            return [packed >> 16, packed & 0x7FF] if kind.storage.name == "numeric" else [packed]
        kind = kind.base
    return []


@dataclass
class Domain:
    """Conditions on one column, intersected as they come.

    Values are of the condition's type, not always of the column's: a `timestamptz` may be bounded by a date.
    """

    null: bool | None = None
    low: Any = None
    high: Any = None
    low_open: bool = False
    high_open: bool = False
    allowed: list[Any] | None = None
    excluded: list[Any] = field(default_factory=list)
    patterns: list[tuple[str, str]] = field(default_factory=list)
    shortest: int = 0
    longest: int | None = None
    step: tuple[int, int] | None = None
    form: list[str] = field(default_factory=list)
    """What the value has gone through already: `lower`, `upper`, `btrim`, `date_trunc day`."""
    within: list[Any] | None = None
    """Elements that an array may have."""
    element: Domain | None = None
    """What each element of an array may be."""
    holding: list[Any] = field(default_factory=list)
    """Elements that an array has to have, text that a text has to hold."""
    fields: dict[str, Any] = field(default_factory=dict)
    """Fields of a date or time that are given, as `extract` names them."""
    shapes: list[tuple[tuple[Any, ...], str, Any]] = field(default_factory=list)
    """Conditions on parts of a JSON value: path, what is asked (`type`, `value`, `schema` ...), operand."""
    ends: dict[str, Domain] = field(default_factory=dict)
    """What the ends of a range may be, `lower` and `upper`, where anything is known of them."""

    @property
    def begin(self) -> Domain:
        """What the lower end of a range may be."""
        return self.ends.setdefault("lower", Domain())

    @property
    def end(self) -> Domain:
        """What the upper end of a range may be."""
        return self.ends.setdefault("upper", Domain())

    @property
    def is_bound(self) -> bool:
        """Whether there is any condition on what the value may be."""
        return self.low is not None or self.high is not None or self.allowed is not None

    def copy(self) -> Domain:
        """A copy that can be narrowed on its own."""
        found = copy(self)
        for name in ("excluded", "patterns", "form", "holding", "shapes", "fields"):
            setattr(found, name, copy(getattr(self, name)))
        found.ends = {name: end.copy() for name, end in self.ends.items()}
        return found

    def at_least(self, value: Any, *, open_: bool) -> None:
        """Raise the low bound."""
        if self.low is None or _larger(value, self.low) or (value == self.low and open_):
            self.low, self.low_open = value, open_

    def at_most(self, value: Any, *, open_: bool) -> None:
        """Lower the high bound."""
        if self.high is None or _larger(self.high, value) or (value == self.high and open_):
            self.high, self.high_open = value, open_

    def allow(self, values: Iterable[Any]) -> None:
        """Leave only these values."""
        listed = [value for value in values if value is not None]
        self.allowed = (
            listed if self.allowed is None else [value for value in self.allowed if value in listed]
        )

    def meet(self, other: Domain) -> None:
        """Take over another column's bounds."""
        if other.low is not None:
            self.at_least(other.low, open_=other.low_open)
        if other.high is not None:
            self.at_most(other.high, open_=other.high_open)

    def measure(self, shortest: int, longest: int | None) -> None:
        """Bound the length: characters, bytes or elements."""
        self.shortest = max(self.shortest, shortest)
        if longest is not None:
            self.longest = longest if self.longest is None else min(self.longest, longest)


def _larger(one: Any, other: Any) -> bool:
    from pytest_supaseed.rows.check_comparisons import CannotTellError, ordered

    try:
        return ordered(">", one, other)
    except (CannotTellError, TypeError):
        return False
