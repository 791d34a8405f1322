"""Which values psycopg writes in Postgres's binary form: by type, and by the Python classes of the values."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from psycopg.types.multirange import Multirange
from psycopg.types.range import Range

from pytest_supaseed.catalog.model import TypeKind

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from pytest_supaseed.catalog.model import Type

_TEXT_OID = 25
_LIKE_TEXT = frozenset({"bpchar", "citext", "name", "xml"})
"""Types whose binary form is that of text, as is every enum's (`bpcharrecv`, `xml_recv`, `enum_recv`)."""
_WITHOUT_RECEIVE = frozenset({"aclitem", "gtsvector"})
_EXTENSIONS_WITH_RECEIVE = frozenset(
    {"citext", "cube", "geography", "geometry", "halfvec", "hstore", "lquery", "ltree", "sparsevec", "vector"}
)
_NULL = type(None)
_WHOLE = frozenset({int, bool})
_JSON = frozenset({dict, list, int, float, bool})
_CLASSES: dict[str, frozenset[type]] = {
    "bool": frozenset({bool}),
    "bytea": frozenset({bytes}),
    "date": frozenset({date}),
    "float4": frozenset({float}),
    "float8": frozenset({float}),
    "int2": _WHOLE,
    "int4": _WHOLE,
    "int8": _WHOLE,
    "interval": frozenset({timedelta}),
    "json": _JSON,
    "jsonb": _JSON,
    "numeric": frozenset({Decimal, int}),
    "oid": frozenset({int}),
    "text": frozenset({str}),
    "time": frozenset({time}),
    "timestamp": frozenset({datetime}),
    "timestamptz": frozenset({datetime}),
    "timetz": frozenset({time}),
    "uuid": frozenset({UUID}),
    "varchar": frozenset({str}),
}
"""The classes whose values psycopg writes in the binary form of a built-in type."""
_BOUNDS = {
    "int2": (-(1 << 15), (1 << 15) - 1),
    "int4": (-(1 << 31), (1 << 31) - 1),
    "int8": (-(1 << 63), (1 << 63) - 1),
    "oid": (0, (1 << 32) - 1),
}
_INSIDE: dict[str, frozenset[type]] = {
    **_CLASSES,
    **dict.fromkeys(("int2", "int4", "int8"), frozenset({int})),
    **dict.fromkeys(("json", "jsonb"), frozenset({dict})),
    "numeric": frozenset({Decimal}),
    "name": frozenset({str}),
}
"""The same inside arrays and ranges, where psycopg tells the form from one value's class."""


def wire_oid(kind: Type) -> int | None:
    """The OID under which psycopg writes a type's binary form; None where it has to be sent as text."""
    storage = kind.storage
    if storage.kind is TypeKind.ENUM or storage.name in _LIKE_TEXT:
        return _TEXT_OID
    if storage.schema != "pg_catalog":
        return None
    inner = storage.element or storage.subtype
    known = storage.name in _CLASSES if inner is None else _inner_known(inner)
    return storage.oid if known else None


def is_receivable(kind: Type) -> bool:
    """Whether a type has a receive function.

    Postgres looks one up for every column of a table when a binary COPY begins, also for columns that get no
    value from it, and refuses the COPY where one is missing.
    """
    storage = kind.storage
    if storage.kind is not TypeKind.BASE:
        return True
    if storage.schema == "pg_catalog":
        return storage.name not in _WITHOUT_RECEIVE
    return storage.name in _EXTENSIONS_WITH_RECEIVE


def fits_binary(kind: Type, values: Collection[object]) -> bool:
    """Whether psycopg writes all these values in the binary form of a type that `wire_oid` knows."""
    storage = kind.storage
    if storage.kind is TypeKind.ENUM or storage.name in _LIKE_TEXT:
        return _all_of(frozenset({str}), values)
    inner = storage.element or storage.subtype
    if inner is None:
        return _all_of(_CLASSES[storage.name], values) and _is_in_bounds(storage.name, values)
    given = [value for value in values if value is not None]
    if not _all_of(frozenset({_WHOLES[storage.kind]}), given):
        return False
    parts = _PARTS[storage.kind](given)
    return _all_of(_INSIDE[inner.name], parts) if inner.name in _INSIDE else fits_binary(inner, parts)


def _all_of(classes: frozenset[type], values: Iterable[object]) -> bool:
    return set(map(type, values)) - {_NULL} <= classes


def _is_in_bounds(name: str, values: Iterable[object]) -> bool:
    """Whether whole numbers fit: psycopg cuts off the bits that do not, so that 2^32 + 1 would come as 1."""
    if name not in _BOUNDS:
        return True
    numbers: list[Any] = [value for value in values if value is not None]
    low, high = _BOUNDS[name]
    return not numbers or (min(numbers) >= low and max(numbers) <= high)


def _inner_known(inner: Type) -> bool:
    if inner.schema != "pg_catalog":
        return False
    return inner.name in _INSIDE or (inner.kind in _WHOLES and wire_oid(inner) is not None)


def _members(values: Iterable[Any]) -> list[object]:
    return [part for value in values for part in value]


def _bounds(values: Iterable[Any]) -> list[object]:
    return [bound for value in values for bound in (value.lower, value.upper)]


_WHOLES: dict[TypeKind, type] = {
    TypeKind.ARRAY: list,
    TypeKind.RANGE: Range,
    TypeKind.MULTIRANGE: Multirange,
}
_PARTS: dict[TypeKind, Callable[[Iterable[Any]], list[object]]] = {
    TypeKind.ARRAY: _members,
    TypeKind.RANGE: _bounds,
    TypeKind.MULTIRANGE: lambda values: _bounds(_members(values)),
}
