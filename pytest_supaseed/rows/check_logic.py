"""SQL's three-valued logic, and a fourth value for doubt, over functions of a row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from operator import eq, ge, gt, le, lt, ne
from typing import Any, Final, TypeAlias
from uuid import UUID

from pytest_supaseed.rows.check_comparisons import CannotTellError, comparable, equal, matches, ordered
from pytest_supaseed.rows.check_json_parts import as_text
from pytest_supaseed.rows.check_ranges import CONSTRUCTORS, make_range

Row: TypeAlias = Mapping[str, Any]


Evaluated: TypeAlias = Callable[[Row], Any]


class CannotTell:
    """The type of `CANNOT_TELL`."""

    def __repr__(self) -> str:
        return "CANNOT_TELL"


CANNOT_TELL: Final = CannotTell()


DIRECT: dict[str, Callable[[Any, Any], Any]] = {"=": eq, "<>": ne, "<": lt, "<=": le, ">": gt, ">=": ge}


_NUMBERS = frozenset({int, float, Decimal})


_ORDERED = frozenset({bool, date, time, timedelta, UUID})


_EXACT = _ORDERED | {str}


ERRORS = (CannotTellError, TypeError, ValueError, ArithmeticError, AttributeError, KeyError, LookupError)


def junction(parts: list[Evaluated], *, stop: bool) -> Evaluated:
    """AND stops at the first False, OR at the first True; doubt outweighs NULL, which outweighs the rest."""

    def run(row: Row) -> Any:
        result: Any = not stop
        for part in parts:
            value = part(row)
            if value is stop:
                return stop
            if value is not (not stop) and result is not CANNOT_TELL:
                result = CANNOT_TELL if value is CANNOT_TELL else None
        return result

    return run


def folded(value: Any) -> Any:
    """Text in lower case: how `citext` compares."""
    return value.lower() if isinstance(value, str) else value


def direct(
    operator: Callable[[Any, Any], Any], careful: Evaluated, left: Evaluated, right: Evaluated
) -> Evaluated:
    """A comparison of two values of one plain type, or of two numbers; others are left to `careful`."""
    kinds = _EXACT if operator in {eq, ne} else _ORDERED

    def run(row: Row) -> Any:
        a, b = left(row), right(row)
        kind, other = type(a), type(b)
        if (kind is other and kind in kinds) or (kind in _NUMBERS and other in _NUMBERS):
            return operator(a, b)
        if kind is other is datetime and kinds is _ORDERED and (a.tzinfo is None) is (b.tzinfo is None):
            return operator(a, b)
        return careful(row)

    return run


def comparison(operator: str) -> Callable[[Any, Any], bool]:
    """The function of a comparison operator."""
    if operator == "=":
        return equal
    if operator == "<>":
        return lambda left, right: not equal(left, right)
    return lambda left, right: ordered(operator, left, right)


def binary(function: Callable[[Any, Any], Any], left: Evaluated, right: Evaluated) -> Evaluated:
    """`strict` of two arguments, written out: most of a check's time is spent here."""

    def run(row: Row) -> Any:
        a, b = left(row), right(row)
        if a is None or b is None:
            return None
        if a is CANNOT_TELL or b is CANNOT_TELL:
            return CANNOT_TELL
        try:
            return function(a, b)
        except ERRORS:
            return CANNOT_TELL

    return run


def strict(function: Callable[..., Any], parts: list[Evaluated]) -> Evaluated:
    """NULL where an argument is NULL, doubt where one is in doubt or the function does not know."""

    def run(row: Row) -> Any:
        values = [part(row) for part in parts]
        if any(value is None for value in values):
            return None
        if any(value is CANNOT_TELL for value in values):
            return CANNOT_TELL
        try:
            return function(*values)
        except ERRORS:
            return CANNOT_TELL

    return run


def element_test(operator: str) -> Callable[[Any, Any], bool]:
    """The function of the operator before `ANY` or `ALL`."""
    negated = operator.startswith("!")
    if operator.lstrip("!").startswith("~"):
        return lambda a, b: matches(operator.lstrip("!"), a, b) is not negated
    return comparison(operator)


def with_elements(
    left: Evaluated, right: Evaluated, test: Callable[[Any, Any], bool], *, every: bool
) -> Evaluated:
    """`value operator ANY (array)`, or `ALL` where `every`."""

    def run(row: Row) -> Any:
        value, items = left(row), right(row)
        if value is CANNOT_TELL or items is CANNOT_TELL or not isinstance(items, list | None):
            return CANNOT_TELL
        if items is None or (value is None and items):
            return None
        try:
            return _any_or_all([None if item is None else test(value, item) for item in items], every=every)
        except ERRORS:
            return CANNOT_TELL

    return run


def _any_or_all(results: list[Any], *, every: bool) -> Any:
    if (not every) in results:
        return not every
    return None if None in results else every


def with_doubt(function: Callable[[list[Any]], Any], parts: list[Evaluated]) -> Evaluated:
    """A function that treats NULL itself, called unless an argument is in doubt."""

    def run(row: Row) -> Any:
        values = [part(row) for part in parts]
        if any(value is CANNOT_TELL for value in values):
            return CANNOT_TELL
        try:
            return function(values)
        except ERRORS:
            return CANNOT_TELL

    return run


def _extreme(operator: str) -> Callable[[list[Any]], Any]:
    def run(values: list[Any]) -> Any:
        best = None
        for value in values:
            if value is not None and (best is None or ordered(operator, *comparable(value, best))):
                best = value
        return best

    return run


def _concat(values: list[Any]) -> Any:
    return "".join(as_text(value) for value in values if value is not None)


LENIENT: dict[str, Callable[[list[Any]], Any]] = {
    "coalesce": lambda values: next((value for value in values if value is not None), None),
    "nullif": lambda pair: None if None not in pair and equal(*pair) else pair[0],
    "greatest": _extreme(">"),
    "least": _extreme("<"),
    "num_nonnulls": lambda values: sum(value is not None for value in values),
    "num_nulls": lambda values: sum(value is None for value in values),
    "concat": _concat,
    **dict.fromkeys(CONSTRUCTORS, make_range),
    "element": lambda pair: pair[0][pair[1] - 1] if pair[0] and 0 < pair[1] <= len(pair[0]) else None,
    "array_position": lambda pair: (
        None if pair[0] is None or pair[1] not in pair[0] else pair[0].index(pair[1]) + 1
    ),
}
