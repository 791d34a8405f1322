"""Comparisons solved for a column: what surrounds it on one side is undone on the other."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pytest_supaseed.rows.check_comparisons import CannotTellError
from pytest_supaseed.rows.check_expressions import Call, Cast, Constant, Expression
from pytest_supaseed.rows.check_moments import add, subtract

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_supaseed.rows.check_domains import Domain
    from pytest_supaseed.rows.check_narrowing import Narrowing


FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "<>": "<>"}


GIVEN_FIELDS = frozenset({"month", "day", "hour", "minute", "second", "dow", "isodow"})
"""Fields of a date or time that can be set."""


_LENGTHS = frozenset({"length", "octet_length", "cardinality", "array_length", "jsonb_array_length"})


JSON_STEPS = frozenset({"->", "->>", "#>", "#>>"})


def solve(to: Narrowing, node: Expression, operator: str, values: list[Any]) -> None:
    """Peel what surrounds the column off one side of a comparison, undoing it on the other side."""
    while not to.is_column(node):
        if isinstance(node, Cast):
            node = node.part
            continue
        step = _STEPS.get(node.name) if isinstance(node, Call) else None
        found = step(to, node, operator, values) if step and isinstance(node, Call) else None
        if found is None:
            return
        node, operator, values = found
    _bound(to.domain, operator, values)


def _bound(domain: Domain, operator: str, values: list[Any]) -> None:
    if operator == "in":
        domain.allow(values)
    elif operator == "=":
        domain.allow(values[:1])
    elif operator == "<>":
        domain.excluded += values
    elif operator.startswith("<"):
        for value in values:
            domain.at_most(value, open_=operator == "<")
    else:
        for value in values:
            domain.at_least(value, open_=operator == ">")


Solved = tuple[Expression, str, list[Any]] | None


def _inverse(to: Narrowing, node: Call, operator: str, values: list[Any]) -> Solved:
    """`x + c`, `x - c`, `c - x`, `x * c`, `x / c`, `-x` against a value."""
    if len(node.arguments) == 1:
        return node.arguments[0], FLIPPED.get(operator, operator), [-value for value in values]
    left, right = node.arguments
    mine, other = (left, right) if to.holds(left) else (right, left)
    operands = [] if to.holds(other) else to.read(other)
    if not operands:
        return None
    try:
        undone = [_undo(node.name, value, operand, mine is left) for value in values for operand in operands]
    except (CannotTellError, TypeError, ArithmeticError, ValueError):
        return None
    turned = (node.name == "-" and mine is right) or (node.name in {"*", "/"} and operands[0] < 0)
    return mine, FLIPPED.get(operator, operator) if turned else operator, undone


def _undo(name: str, value: Any, operand: Any, mine_is_left: bool) -> Any:  # noqa: FBT001  # one of four cases
    if name == "+":
        return subtract(value, operand)
    if name == "-":
        return add(value, operand) if mine_is_left else subtract(operand, value)
    exact = [Decimal(repr(item)) if isinstance(item, float) else item for item in (value, operand)]
    if name == "*":
        return Decimal(exact[0]) / Decimal(exact[1])
    if not mine_is_left:
        raise CannotTellError(name)
    return exact[0] * exact[1]


def _through(_to: Narrowing, node: Call, operator: str, values: list[Any]) -> Solved:
    """Functions that leave most values as they are."""
    return node.arguments[0], operator, values


def _cased(to: Narrowing, node: Call, operator: str, values: list[Any]) -> Solved:
    if node.name in {"lower", "upper"} and not any(isinstance(value, str | list) for value in values):
        if to.is_column(node.arguments[0]):
            _bound(to.domain.begin if node.name == "lower" else to.domain.end, operator, values)
        return None
    to.domain.form.append(node.name)
    if node.name == "btrim" and operator == "<>":
        to.domain.measure(1, None)
    return node.arguments[0], operator, values


def _dated(_to: Narrowing, node: Call, operator: str, values: list[Any]) -> Solved:
    return node.arguments[1], operator, values


def _absolute(to: Narrowing, node: Call, operator: str, values: list[Any]) -> Solved:
    value = min(values)
    if operator.startswith("<") and operator != "<>" and to.is_column(node.arguments[0]):
        to.domain.at_least(-value, open_=operator == "<")
    return node.arguments[0], operator, values


def _length(to: Narrowing, node: Call, operator: str, values: list[Any]) -> Solved:
    value, domain = int(values[0]), to.domain
    bounds: dict[str, tuple[int, int | None]] = {
        "=": (value, value),
        "in": (value, value),
        "<": (0, value - 1),
        "<=": (0, value),
        ">": (value + 1, None),
        ">=": (value, None),
        "<>": (1 if value == 0 else 0, None),
    }
    if node.name == "jsonb_array_length":
        domain.shapes.append(((), "type", "array"))
    inner = node.arguments[0]
    if isinstance(inner, Call) and inner.name in {"btrim", "lower", "upper"}:
        domain.form.append(inner.name)
        inner = inner.arguments[0]
    if to.is_column(inner):
        domain.measure(*bounds[operator])
    return None


def _remainder(to: Narrowing, node: Call, operator: str, values: list[Any]) -> Solved:
    modulus = to.read(node.arguments[1])
    if operator == "=" and modulus and to.is_column(node.arguments[0]):
        to.domain.step = (int(modulus[0]), int(values[0]))
    return None


def _prefix(to: Narrowing, node: Call, operator: str, values: list[Any]) -> Solved:
    inner, form = node.arguments[0], []
    if isinstance(inner, Call) and inner.name in {"btrim", "ltrim", "rtrim"}:
        inner, form = inner.arguments[0], ["btrim"]
    if operator in {"=", "in"} and to.is_column(inner):
        to.domain.form += form
        to.domain.patterns.append(("~~", f"{values[0]}%" if node.name != "right" else f"%{values[0]}"))
    return None


def _position(to: Narrowing, node: Call, operator: str, values: list[Any]) -> Solved:
    part = to.read(node.arguments[1])
    if part and (operator.startswith(">") or (operator == "<>" and values[0] == 0)):
        to.domain.patterns.append(("~~", f"_%{part[0]}%"))
    return None


def _field(to: Narrowing, node: Call, operator: str, values: list[Any]) -> Solved:
    """`extract(year from x)` against a number; `extract(epoch from x)` of an interval."""
    name, inner = node.arguments
    field, number = (name.value if isinstance(name, Constant) else ""), values[0]
    if field == "epoch":
        moments = [timedelta(seconds=float(value)) for value in values]
        if to.is_column(inner):
            return None
        return inner, operator, moments
    if field in GIVEN_FIELDS and operator in {"=", "in"} and to.is_column(inner):
        to.domain.fields[field] = number
        return None
    if field != "year" or not to.is_column(inner) or not 1 < number < 9999:  # noqa: PLR2004  # Python's years
        return None
    begin, end = (datetime(int(number) + more, 1, 1, tzinfo=UTC) for more in (0, 1))
    if operator in {"=", ">=", "in"}:
        to.domain.at_least(begin, open_=False)
    if operator in {"=", "<=", "in"}:
        to.domain.at_most(end, open_=True)
    if operator in {"<", ">"}:
        _bound(to.domain, "<" if operator == "<" else ">=", [begin if operator == "<" else end])
    return None


def _typed(to: Narrowing, node: Call, operator: str, values: list[Any]) -> Solved:
    target = json_target(to, node.arguments[0])
    if target is not None and operator in {"=", "in"}:
        to.domain.shapes.append((target, "type", values[0] if operator == "=" else list(values)))
    return None


def _json_part(to: Narrowing, node: Call, operator: str, values: list[Any]) -> Solved:
    target = json_target(to, node)
    if target is None:
        return None
    if operator in {"=", "in"}:
        to.domain.shapes.append((target, "value", values[0]))
    else:
        to.domain.shapes.append((target, "present", values[0]))
    return None


def json_target(to: Narrowing, node: Expression) -> tuple[Any, ...] | None:
    """The path from the column to a part of its JSON value; None where there is no such path."""
    path: list[Any] = []
    while not to.is_column(node):
        if isinstance(node, Cast):
            node = node.part
            continue
        if not isinstance(node, Call) or node.name not in JSON_STEPS or not to.holds(node.arguments[0]):
            return None
        keys = to.read(node.arguments[1])
        if not keys:
            return None
        path = [*(keys[0] if isinstance(keys[0], list) else [keys[0]]), *path]
        node = node.arguments[0]
    return tuple(path)


_STEPS: dict[str, Callable[[Narrowing, Call, str, list[Any]], Solved]] = {
    **dict.fromkeys(("+", "-", "*", "/"), _inverse),
    **dict.fromkeys(("coalesce", "nullif", "greatest", "least", "round", "floor", "ceil"), _through),
    **dict.fromkeys(("lower", "upper", "btrim", "ltrim", "rtrim"), _cased),
    **dict.fromkeys(("date_trunc", "timezone"), _dated),
    **dict.fromkeys(_LENGTHS, _length),
    **dict.fromkeys(("left", "right"), _prefix),
    **dict.fromkeys(JSON_STEPS, _json_part),
    "abs": _absolute,
    "%": _remainder,
    "strpos": _position,
    "extract": _field,
    "jsonb_typeof": _typed,
    "json_typeof": _typed,
}
