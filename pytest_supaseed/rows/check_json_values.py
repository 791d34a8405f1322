"""JSON values written along a JSON schema."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from math import ceil, floor
from typing import TYPE_CHECKING, Any

from pytest_supaseed.rows.check_comparisons import CannotTellError
from pytest_supaseed.rows.check_constants import JSON_NULL
from pytest_supaseed.rows.check_json_schema import meets_schema
from pytest_supaseed.rows.check_patterns import matching_text, python_pattern
from pytest_supaseed.rows.check_texts import WORDS
from pytest_supaseed.rows.chunk import REFERENCE_INSTANT

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_supaseed.plan.streams import Draws

DEEPEST = 12
"""Levels of a value: a schema that names no type may be written without an end."""
_MOST_ITEMS = 3
_OPTIONAL_SHARE = 0.7
"""The share of objects that have a property which they may go without."""
_SPAN = 100
_TRIES = 8
_TELLING = {
    "object": ("properties", "required", "additionalProperties"),
    "array": ("items", "minItems", "maxItems"),
    "string": ("minLength", "maxLength", "pattern", "format"),
    "number": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
}
"""Keywords that tell the type which a schema has in mind where it names none."""


def schema_value(schema: Any, draws: Draws, depth: int = 0) -> Any:
    """A JSON value along a schema, its optional properties in most values; not always one that meets it.

    Args:
        schema: the schema, as parsed JSON.
        draws: what decides at each choice.
        depth: how many levels the value is in another.

    Raises:
        CannotTellError: the schema allows nothing, or goes deeper than `DEEPEST`.
    """
    if depth > DEEPEST or schema is False:
        raise CannotTellError(schema)
    if not isinstance(schema, dict):
        return draws.pick(WORDS)
    found = _one_way(schema, draws)
    for _ in range(_TRIES):
        value = _value(found, draws, depth)
        if meets_schema(schema, value):
            break
    return value


def _value(schema: dict[str, Any], draws: Draws, depth: int) -> Any:
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return draws.pick(schema["enum"])
    return _MAKERS[_type(schema, draws)](schema, draws, depth)


def _one_way(schema: dict[str, Any], draws: Draws) -> dict[str, Any]:
    """A schema without branches: of `oneOf` and `anyOf` one is taken, of `allOf` all."""
    found = {key: rule for key, rule in schema.items() if key not in {"oneOf", "anyOf", "allOf"}}
    parts = [draws.pick(schema[key]) for key in ("oneOf", "anyOf") if schema.get(key)]
    for part in [*parts, *schema.get("allOf", ())]:
        if isinstance(part, dict):
            found = _joined(found, _one_way(part, draws))
    return found


def _joined(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    found = {**one, **other}
    if "required" in one and "required" in other:
        found["required"] = [*one["required"], *other["required"]]
    if "properties" in one and "properties" in other:
        found["properties"] = {**one["properties"], **other["properties"]}
    return found


def _type(schema: dict[str, Any], draws: Draws) -> str:
    named = schema.get("type")
    if named is not None:
        return str(draws.pick(named) if isinstance(named, list) else named)
    return next((kind for kind, keys in _TELLING.items() if any(key in schema for key in keys)), "string")


def _object(schema: dict[str, Any], draws: Draws, depth: int) -> dict[str, Any]:
    properties, required = schema.get("properties", {}), schema.get("required", ())
    names = [name for name in properties if name in required or draws.random() < _OPTIONAL_SHARE]
    names += [name for name in required if name not in properties]
    return {name: schema_value(properties.get(name, True), draws, depth + 1) for name in names}


def _array(schema: dict[str, Any], draws: Draws, depth: int) -> list[Any]:
    least = schema.get("minItems", 1)
    most = schema.get("maxItems", max(least, _MOST_ITEMS))
    count = draws.between(min(least, most), most)
    return [schema_value(schema.get("items", True), draws, depth + 1) for _ in range(count)]


def _string(schema: dict[str, Any], draws: Draws, _depth: int) -> str:
    least, most = schema.get("minLength", 0), schema.get("maxLength")
    if "pattern" in schema:
        return matching_text(python_pattern("~", schema["pattern"]), draws, longest=most)
    make = _FORMATS.get(schema.get("format", ""))
    text: str = make(draws) if make else draws.pick(WORDS)
    while len(text) < least:
        text = f"{text} {draws.pick(WORDS)}"
    return text if most is None else text[: int(most)]


def _number(schema: dict[str, Any], draws: Draws, _depth: int) -> Any:
    """A whole number where there is one between the bounds, else half way between them."""
    low = _bound(schema, "minimum", "exclusiveMinimum", 1)
    high = _bound(schema, "maximum", "exclusiveMaximum", -1)
    step = schema.get("multipleOf", 1)
    if low is None:
        low = Decimal(0) if high is None or high >= 0 else high - _SPAN * Decimal(str(step))
    if high is None:
        high = low + _SPAN * Decimal(str(step))
    first, last = ceil(low / Decimal(str(step))), floor(high / Decimal(str(step)))
    if first > last:
        return float((low + high) / 2)
    found = draws.between(first, last) * Decimal(str(step))
    return int(found) if found == int(found) else float(found)


def _bound(schema: dict[str, Any], closed: str, opened: str, inward: int) -> Decimal | None:
    """A bound that the value may have: an open one is moved by a thousandth."""
    found = [Decimal(str(schema[closed]))] if closed in schema else []
    if opened in schema:
        found.append(Decimal(str(schema[opened])) + Decimal(inward).scaleb(-3))
    return (max(found) if inward > 0 else min(found)) if found else None


def _uuid(draws: Draws) -> str:
    from uuid import UUID

    parts = (draws.below(2**48), draws.below(2**40), draws.below(2**40))
    return str(UUID(int=(parts[0] << 80) | (parts[1] << 40) | parts[2], version=4))


def _instant(draws: Draws) -> str:
    return (REFERENCE_INSTANT - timedelta(minutes=draws.below(365 * 24 * 60))).isoformat()


_FORMATS: dict[str, Callable[[Draws], str]] = {
    "uuid": _uuid,
    "date-time": _instant,
    "date": lambda draws: _instant(draws)[:10],
    "time": lambda draws: _instant(draws)[11:],
    "email": lambda draws: f"{draws.pick(WORDS)}.{draws.pick(WORDS)}@example.com",
    "hostname": lambda draws: f"{draws.pick(WORDS)}.example.com",
    "uri": lambda draws: f"https://example.com/{draws.pick(WORDS)}/{draws.pick(WORDS)}",
}
_MAKERS: dict[str, Callable[[dict[str, Any], Draws, int], Any]] = {
    "object": _object,
    "array": _array,
    "string": _string,
    "number": _number,
    "integer": _number,
    "boolean": lambda _schema, draws, _depth: draws.below(2) == 1,
    "null": lambda _schema, _draws, depth: None if depth else JSON_NULL,
}
