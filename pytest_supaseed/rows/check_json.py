"""JSON values that have the parts which checks ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_supaseed.rows.check_comparisons import CannotTellError
from pytest_supaseed.rows.check_json_schema import meets_schema
from pytest_supaseed.rows.check_json_values import schema_value

if TYPE_CHECKING:
    from pytest_supaseed.plan.streams import Draws
    from pytest_supaseed.rows.check_domains import Domain

_EMPTY: dict[str, Any] = {"object": {}, "array": [], "string": "value", "number": 1, "boolean": True}


def shaped(domain: Domain, known: tuple[Any, ...], draws: Draws) -> Any:
    """A JSON value with the parts that a domain's shapes name, made from a known one where that serves.

    Args:
        domain: the conditions; `shapes` are taken in order, types before the parts in them.
        known: values that the column had.
        draws: the row's draws.
    """
    value: Any = _copied(known[0]) if known else {}
    for path, condition, operand in sorted(domain.shapes, key=lambda shape: len(shape[0])):
        if condition == "absent":
            value = _without(value, path)
        elif condition == "schema":
            value = _along_schema(operand, value, draws)
        elif condition == "holding":
            value = _merged(value, operand)
        else:
            value = _with(value, path, _wanted(condition, operand, _part(value, path), draws))
    if domain.longest is not None and isinstance(value, list):
        value = value[: domain.longest]
    if domain.shortest and not isinstance(value, dict):
        items = value if isinstance(value, list) else []
        value = items + [f"item {number + 1}" for number in range(len(items), domain.shortest)]
    return value


def _along_schema(schema: Any, value: Any, draws: Draws) -> Any:
    """The value, or one made along a JSON schema where it does not meet that; itself where we cannot tell."""
    try:
        return value if meets_schema(schema, value) else schema_value(schema, draws)
    except CannotTellError:
        return value


def _wanted(condition: str, operand: Any, present: Any, draws: Draws) -> Any:
    """The part that a condition asks for: of a type, equal to a value, or there at all."""
    if condition == "value":
        return operand
    if condition == "type":
        kinds = operand if isinstance(operand, list) else [operand]
        if _kind(present) in kinds:
            return present
        return _copied(_EMPTY.get(draws.pick(kinds)))
    return present if present is not None else operand if operand is not None else "value"


def _kind(value: Any) -> str:
    kinds = ((bool, "boolean"), (dict, "object"), (list, "array"), (str, "string"), (int | float, "number"))
    return next((name for kind, name in kinds if isinstance(value, kind)), "null")


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copied(item) for key, item in value.items()}
    return [_copied(item) for item in value] if isinstance(value, list) else value


def _part(value: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _with(value: Any, path: tuple[Any, ...], part: Any) -> Any:
    if not path:
        return part
    if isinstance(path[0], int):
        items = value if isinstance(value, list) else []
        return [part if number == path[0] else item for number, item in enumerate([*items, part])]
    inner = value if isinstance(value, dict) else {}
    return {**inner, path[0]: _with(inner.get(path[0]), path[1:], part)}


def _without(value: Any, path: tuple[Any, ...]) -> Any:
    if not path or not isinstance(value, dict) or path[0] not in value:
        return value
    if len(path) == 1:
        return {key: item for key, item in value.items() if key != path[0]}
    return {**value, path[0]: _without(value[path[0]], path[1:])}


def _merged(value: Any, wanted: Any) -> Any:
    if isinstance(value, dict) and isinstance(wanted, dict):
        return {**value, **{key: _merged(value.get(key), item) for key, item in wanted.items()}}
    return _copied(wanted)
