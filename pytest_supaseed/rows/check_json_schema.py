"""JSON schemas in checks (`jsonb_matches_schema` of pg_jsonschema): whether a value meets one."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from pytest_supaseed.rows.check_comparisons import CannotTellError, matches, same
from pytest_supaseed.rows.check_constants import JsonNull

if TYPE_CHECKING:
    from collections.abc import Callable

_SILENT = frozenset({
    "$schema", "$id", "$comment", "$anchor", "$defs", "definitions", "title", "description", "default",
    "examples", "deprecated", "readOnly", "writeOnly", "contentEncoding", "contentMediaType",
})  # fmt: skip
"""Keywords that ask for nothing."""


def meets_schema(schema: Any, value: Any) -> bool:
    """Whether a JSON value meets a JSON schema; a string has to be of its format too, which servers may skip.

    Raises:
        CannotTellError: the schema has a keyword that we do not judge.
    """
    if isinstance(schema, bool):
        return schema
    if not isinstance(schema, dict):
        raise CannotTellError(schema)
    for keyword in schema:
        if keyword not in _RULES and keyword not in _SILENT:
            raise CannotTellError(keyword)
    return all(
        _RULES[keyword](rule, value, schema) for keyword, rule in schema.items() if keyword not in _SILENT
    )


def kind_of(value: Any) -> str:
    """The JSON type of a value: `integer` for whole numbers, which are `number` too."""
    if value is None or isinstance(value, JsonNull):
        return "null"
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return "integer" if value == int(value) else "number"
    kinds = ((bool, "boolean"), (dict, "object"), (list, "array"), (str, "string"))
    found = next((name for kind, name in kinds if isinstance(value, kind)), None)
    if found is None:
        raise CannotTellError(value)
    return found


def _is_number(value: Any) -> bool:
    return kind_of(value) in {"integer", "number"}


def _type(rule: Any, value: Any, _schema: Any) -> bool:
    names, kind = rule if isinstance(rule, list) else [rule], kind_of(value)
    return kind in names or (kind == "integer" and "number" in names)


def _properties(rule: Any, value: Any, _schema: Any) -> bool:
    if not isinstance(value, dict):
        return True
    return all(meets_schema(part, value[name]) for name, part in rule.items() if name in value)


def _additional(rule: Any, value: Any, schema: Any) -> bool:
    if not isinstance(value, dict):
        return True
    named = schema.get("properties", {})
    return all(meets_schema(rule, item) for name, item in value.items() if name not in named)


def _items(rule: Any, value: Any, _schema: Any) -> bool:
    return not isinstance(value, list) or all(meets_schema(rule, item) for item in value)


def _unique(rule: Any, value: Any, _schema: Any) -> bool:
    if not rule or not isinstance(value, list):
        return True
    return not any(same(one, other) for at, one in enumerate(value) for other in value[:at])


def _format(rule: Any, value: Any, _schema: Any) -> bool:
    read = _FORMATS.get(rule)
    if not isinstance(value, str) or read is None:
        return True
    try:
        return bool(read(value))
    except ValueError:
        return False


def _number(test: Callable[[Any, Any], bool]) -> Callable[[Any, Any, Any], bool]:
    return lambda rule, value, _schema: not _is_number(value) or test(value, rule)


def _sized(
    kind: type[str | list[Any] | dict[str, Any]], test: Callable[[int, Any], bool]
) -> Callable[[Any, Any, Any], bool]:
    return lambda rule, value, _schema: not isinstance(value, kind) or test(len(value), rule)


def _at_least(value: Any, rule: Any) -> bool:
    return bool(value >= rule)


def _at_most(value: Any, rule: Any) -> bool:
    return bool(value <= rule)


_FORMATS: dict[str, Callable[[str], object]] = {
    "uuid": UUID,
    "date-time": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "email": re.compile(r"[^@\s]+@[^@\s]+\Z").match,
    "uri": re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+\Z").match,
    "hostname": re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\Z").match,
}
_RULES: dict[str, Callable[[Any, Any, Any], bool]] = {
    "type": _type,
    "enum": lambda rule, value, _schema: any(same(value, one) for one in rule),
    "const": lambda rule, value, _schema: same(value, rule),
    "minimum": _number(_at_least),
    "maximum": _number(_at_most),
    "exclusiveMinimum": _number(lambda value, rule: bool(value > rule)),
    "exclusiveMaximum": _number(lambda value, rule: bool(value < rule)),
    "multipleOf": _number(lambda value, rule: Decimal(str(value)) % Decimal(str(rule)) == 0),
    "minLength": _sized(str, _at_least),
    "maxLength": _sized(str, _at_most),
    "pattern": lambda rule, value, _schema: not isinstance(value, str) or matches("~", value, rule),
    "format": _format,
    "required": lambda rule, value, _schema: (
        not isinstance(value, dict) or all(name in value for name in rule)
    ),
    "properties": _properties,
    "additionalProperties": _additional,
    "minProperties": _sized(dict, _at_least),
    "maxProperties": _sized(dict, _at_most),
    "items": _items,
    "minItems": _sized(list, _at_least),
    "maxItems": _sized(list, _at_most),
    "uniqueItems": _unique,
    "allOf": lambda rule, value, _schema: all(meets_schema(part, value) for part in rule),
    "anyOf": lambda rule, value, _schema: any(meets_schema(part, value) for part in rule),
    "oneOf": lambda rule, value, _schema: sum(meets_schema(part, value) for part in rule) == 1,
    "not": lambda rule, value, _schema: not meets_schema(rule, value),
}
