"""Python values as the text that Postgres's input functions read: arrays, ranges, composites, JSON."""

from __future__ import annotations

import json
import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

from psycopg.types.multirange import Multirange
from psycopg.types.range import Range

from pytest_supaseed.catalog.model import TypeKind
from pytest_supaseed.rows.infinities import InfiniteDay, InfiniteMoment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pytest_supaseed.catalog.model import Type

JSON_TYPES = frozenset({"json", "jsonb"})
VECTOR_TYPES = frozenset({"vector", "halfvec"})
_CALENDAR_TYPES = frozenset({"date", "timestamp", "timestamptz"})
_ESCAPED = re.compile(r'(["\\])')
_BOX_DELIMITER = ";"
"""`box` is the one built-in type whose arrays are not separated by commas (`pg_type.typdelim`)."""


def wire_value(kind: Type, value: object) -> object:
    """A value as it is sent where Postgres is told no type: as itself where that is clear, else as text.

    Args:
        kind: the type of the column, its domains included.
        value: what a factory gave; a text is taken for what Postgres reads, but in a JSON column.
    """
    storage = kind.storage
    if value is None or (isinstance(value, str) and storage.name not in JSON_TYPES):
        return value
    if isinstance(value, InfiniteMoment | InfiniteDay):
        return value.text
    if storage.name in JSON_TYPES or storage.name in VECTOR_TYPES or storage.kind in _MADE_OF_OTHERS:
        return value_text(storage, value)
    return pairs_text(value) if storage.name == "hstore" and isinstance(value, dict) else value


def is_sent_as_is(kind: Type) -> bool:
    """Whether `wire_value` gives every value of a type back unchanged."""
    storage = kind.storage
    changed = JSON_TYPES | VECTOR_TYPES | _CALENDAR_TYPES | {"hstore"}
    return storage.kind not in _MADE_OF_OTHERS and storage.name not in changed


def value_text(kind: Type, value: object) -> str:
    """The text of a value that is not NULL, for a type's input function."""
    storage = kind.storage
    if storage.name in JSON_TYPES:
        return json_text(value)
    if isinstance(value, str):
        return value
    if isinstance(value, list | tuple) and storage.name in VECTOR_TYPES:
        return f"[{','.join(map(_scalar_text, value))}]"
    return _made_of_others(storage, value) or _scalar_text(value)


def _made_of_others(storage: Type, value: object) -> str | None:
    """The literal of an array, a range, a multirange or a composite; None for values of other classes."""
    if storage.element is not None and isinstance(value, list | tuple):
        return array_text(storage.element, value)
    if storage.subtype is not None and isinstance(value, Range):
        return range_text(storage.subtype, value)
    if storage.subtype is not None and isinstance(value, Multirange):
        return multirange_text(storage.subtype, value)
    if storage.kind is TypeKind.COMPOSITE and isinstance(value, dict):
        return row_text(storage, [value.get(found.name) for found in storage.attributes])
    if storage.kind is TypeKind.COMPOSITE and isinstance(value, tuple | list):
        return row_text(storage, value)
    return None


def json_text(value: object) -> str:
    """The JSON of a value; a text that is JSON already is taken as that."""
    if isinstance(value, str) and _is_json(value):
        return value
    return _ENCODER.encode(getattr(value, "obj", value))


def array_text(element: Type, values: Sequence[object]) -> str:
    """The literal of an array; a list inside is a dimension, unless the elements are arrays themselves."""
    nested = element.storage.kind is not TypeKind.ARRAY
    delimiter = _BOX_DELIMITER if element.storage.name == "box" else ","
    parts = [
        array_text(element, cast("Sequence[object]", value))
        if nested and isinstance(value, list) and element.storage.name not in JSON_TYPES | VECTOR_TYPES
        else ("NULL" if value is None else _quoted(value_text(element, value)))
        for value in values
    ]
    return f"{{{delimiter.join(parts)}}}"


def range_text(subtype: Type, value: Range[Any]) -> str:
    """The literal of a range; an infinite bound is left empty."""
    if value.isempty:
        return "empty"
    lower, upper = (
        "" if bound is None else _quoted(value_text(subtype, bound)) for bound in (value.lower, value.upper)
    )
    return f"{value.bounds[0]}{lower},{upper}{value.bounds[1]}"


def multirange_text(subtype: Type, value: Multirange[Any]) -> str:
    """The literal of a multirange."""
    return f"{{{','.join(range_text(subtype, part) for part in value)}}}"


def row_text(kind: Type, values: Sequence[object]) -> str:
    """The literal of a composite, its attributes in order; NULL is an empty place."""
    parts = [
        "" if value is None else _quoted(value_text(found.type, value))
        for found, value in zip(kind.attributes, values, strict=True)
    ]
    return f"({','.join(parts)})"


def pairs_text(pairs: Mapping[object, object]) -> str:
    """The literal of an hstore."""
    return ", ".join(
        f"{_quoted(str(key))}=>{'NULL' if value is None else _quoted(str(value))}"
        for key, value in pairs.items()
    )


def _scalar_text(value: object) -> str:
    if isinstance(value, InfiniteMoment | InfiniteDay):
        return value.text
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, bytes | bytearray | memoryview):
        return f"\\x{bytes(value).hex()}"
    if isinstance(value, timedelta):
        return f"{value.days} days {value.seconds} seconds {value.microseconds} microseconds"
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    return repr(value) if isinstance(value, float) else str(value)


def _quoted(text: str) -> str:
    return f'"{_ESCAPED.sub(_BACKSLASHED, text)}"'


_BACKSLASHED = r"\\\1"
_MADE_OF_OTHERS = frozenset({TypeKind.ARRAY, TypeKind.RANGE, TypeKind.MULTIRANGE, TypeKind.COMPOSITE})


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _json_member(value: object) -> object:
    return float(value) if isinstance(value, Decimal) else str(value)


_ENCODER = json.JSONEncoder(default=_json_member)
"""One for all values: `json.dumps` with an argument makes a new one each time, at three times the price."""
