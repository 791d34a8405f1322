"""CHECK expressions compiled to Python functions of a row, with SQL's three-valued logic.

A function returns a value, None for NULL, or `CANNOT_TELL` where we do not know what Postgres would say.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pytest_supaseed.rows.check_comparisons import equal, matches, same
from pytest_supaseed.rows.check_expressions import (
    VALUE,
    And,
    ArrayOf,
    Call,
    Case,
    Cast,
    Column,
    Compare,
    Constant,
    Every,
    Expression,
    Match,
    Not,
    NullTest,
    Or,
    Quantified,
    RowOf,
    TruthTest,
    Unknown,
    reads_clock,
    walk,
)
from pytest_supaseed.rows.check_functions import STRICT, cast
from pytest_supaseed.rows.check_json_parts import array_text
from pytest_supaseed.rows.check_logic import (
    CANNOT_TELL,
    DIRECT,
    ERRORS,
    LENIENT,
    Evaluated,
    Row,
    binary,
    comparison,
    direct,
    element_test,
    folded,
    junction,
    strict,
    with_doubt,
    with_elements,
)
from pytest_supaseed.rows.chunk import REFERENCE_INSTANT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

NO_TYPES: Mapping[str, str] = {}


FAR_AHEAD = timedelta(days=3653)
"""Rows have to pass for ten years after the reference instant, whenever `now()` is."""


class Compiler:
    """Compiles expressions over columns of known types, at one reading of the clock.

    Args:
        types: the storage type's name by column, with its length for `bpchar(n)`: it tells `char(n)`,
            `citext` and `numeric` from what their Python values would be taken for.
        now: what `now()` gives.
    """

    def __init__(self, types: Mapping[str, str] = NO_TYPES, now: datetime = REFERENCE_INSTANT) -> None:
        self._types = types
        self._now = now

    def compile(self, expression: Expression) -> Evaluated:
        """Return the function that evaluates an expression over a row."""
        make = _COMPILERS[type(expression)]
        found: Evaluated = make(self, expression)
        if isinstance(expression, Cast | Call | ArrayOf) and _is_constant(expression):
            value = found({})
            return lambda _row: value
        return found

    def column(self, node: Column) -> Evaluated:
        """Read a column."""
        name, kind = node.name, self._types.get(node.name)
        if kind is not None and kind.startswith("bpchar"):
            return lambda row: value.rstrip(" ") if isinstance(value := row[name], str) else value
        if kind == "numeric":
            return lambda row: Decimal(value) if type(value := row[name]) is int else value
        return lambda row: row[name]

    def now(self) -> Evaluated:
        """Read the clock."""
        now = self._now
        return lambda _row: now

    def type_of(self, node: Expression) -> str:
        """The static type of a column, a cast or a constant; empty for others."""
        if isinstance(node, Column):
            return self._types.get(node.name, "")
        if isinstance(node, Call) and node.name in {"->", "#>"}:
            return "jsonb"
        return node.type if isinstance(node, Cast | Constant) else ""


def _is_constant(expression: Expression) -> bool:
    """Whether it gives the same value in every row, at one reading of the clock."""
    return not any(isinstance(part, Column | Unknown | Every) for part in walk(expression))


def _constant(_compiler: Compiler, node: Constant) -> Evaluated:
    value = node.value
    return lambda _row: value


def _and(compiler: Compiler, node: And) -> Evaluated:
    return junction([compiler.compile(part) for part in node.parts], stop=False)


def _or(compiler: Compiler, node: Or) -> Evaluated:
    return junction([compiler.compile(part) for part in node.parts], stop=True)


def _not(compiler: Compiler, node: Not) -> Evaluated:
    part = compiler.compile(node.part)
    return lambda row: (not value) if isinstance(value := part(row), bool) else value


def _compare(compiler: Compiler, node: Compare) -> Evaluated:
    if node.operator == "is distinct from":
        return _distinct(compiler, node)
    left, right = compiler.compile(node.left), compiler.compile(node.right)
    test = comparison(node.operator)
    kinds = {compiler.type_of(node.left), compiler.type_of(node.right)}
    if "jsonb" in kinds and node.operator in {"=", "<>"}:
        return binary(lambda a, b: same(a, b) is (node.operator == "="), left, right)
    if "citext" in kinds:
        return strict(lambda a, b: test(folded(a), folded(b)), [left, right])
    return direct(DIRECT[node.operator], binary(test, left, right), left, right)


def _distinct(compiler: Compiler, node: Compare) -> Evaluated:
    left, right = compiler.compile(node.left), compiler.compile(node.right)

    def run(row: Row) -> Any:
        a, b = left(row), right(row)
        if a is CANNOT_TELL or b is CANNOT_TELL:
            return CANNOT_TELL
        if a is None or b is None:
            return a is not b
        try:
            return not equal(a, b)
        except ERRORS:
            return CANNOT_TELL

    return run


def _match(compiler: Compiler, node: Match) -> Evaluated:
    kind, operator = compiler.type_of(node.subject), node.operator
    if kind == "citext" and not operator.endswith("*"):
        operator += "*"
    padded = kind.startswith("bpchar")
    subject = _padded(node.subject, kind) if padded else compiler.compile(node.subject)
    pattern = compiler.compile(node.pattern)
    return binary(lambda text, form: matches(operator, text, form), subject, pattern)


def _padded(subject: Expression, kind: str) -> Evaluated:
    """A `char(n)` column with its blanks, which patterns see; doubt where we do not know how many."""
    while isinstance(subject, Cast):
        subject = subject.part
    size = int(kind[7:-1]) if kind[7:-1].isdigit() else None
    if size is None or not isinstance(subject, Column):
        return lambda _row: CANNOT_TELL
    name = subject.name
    return lambda row: value.ljust(size) if isinstance(value := row[name], str) else value


def _quantified(compiler: Compiler, node: Quantified) -> Evaluated:
    array = node.right
    while isinstance(array, Cast) and array.type.endswith("[]"):
        array = array.part
    left, right = compiler.compile(node.left), compiler.compile(array)
    test = element_test(node.operator)
    return with_elements(left, right, test, every=node.every)


def _null_test(compiler: Compiler, node: NullTest) -> Evaluated:
    null = node.null
    if isinstance(node.part, RowOf):
        parts = [compiler.compile(item) for item in node.part.items]
        return lambda row: all((part(row) is None) is null for part in parts)
    part = compiler.compile(node.part)
    return lambda row: CANNOT_TELL if (value := part(row)) is CANNOT_TELL else (value is None) is null


def _truth_test(compiler: Compiler, node: TruthTest) -> Evaluated:
    part, wanted = compiler.compile(node.part), node.value
    return lambda row: CANNOT_TELL if (value := part(row)) is CANNOT_TELL else value is wanted


def _cast(compiler: Compiler, node: Cast) -> Evaluated:
    target = node.type
    if target in {"text", "varchar"} and _is_plain_array(compiler.type_of(node.part)):
        return strict(array_text, [compiler.compile(node.part)])
    return strict(lambda value: cast(value, target), [compiler.compile(node.part)])


def _is_plain_array(kind: str) -> bool:
    """Whether it is an array type whose elements print as we hold them: no blanks or zeros are added."""
    element = kind.removeprefix("_").removesuffix("[]")
    return element != kind and element.partition("(")[0] not in {"bpchar", "json", "jsonb", "numeric"}


def _case(compiler: Compiler, node: Case) -> Evaluated:
    branches = [(compiler.compile(test), compiler.compile(result)) for test, result in node.branches]
    otherwise = compiler.compile(node.otherwise)

    def run(row: Row) -> Any:
        for test, result in branches:
            value = test(row)
            if value is CANNOT_TELL:
                return CANNOT_TELL
            if value is True:
                return result(row)
        return otherwise(row)

    return run


def _array(compiler: Compiler, node: ArrayOf) -> Evaluated:
    parts = [compiler.compile(item) for item in node.items]
    if all(isinstance(item, Constant) for item in node.items):
        whole = [part({}) for part in parts]
        return lambda _row: whole
    return lambda row: CANNOT_TELL if CANNOT_TELL in (found := [part(row) for part in parts]) else found


def _unknown(_compiler: Compiler, _node: Expression) -> Evaluated:
    return lambda _row: CANNOT_TELL


def _every(compiler: Compiler, node: Every) -> Evaluated:
    array, check = compiler.compile(node.array), compiler.compile(node.check)

    def run(row: Row) -> Any:
        items = array(row)
        if not isinstance(items, list):
            return None if items is None else CANNOT_TELL
        verdicts = [check({VALUE: item}) for item in items]
        return False if False in verdicts else CANNOT_TELL if CANNOT_TELL in verdicts else True

    return run


def _call(compiler: Compiler, node: Call) -> Evaluated:
    if node.name == "now":
        return compiler.now()
    parts = [compiler.compile(argument) for argument in node.arguments]
    lenient = LENIENT.get(node.name)
    if lenient is not None:
        return with_doubt(lenient, parts)
    function = STRICT.get(node.name)
    if function is None:
        return _unknown(compiler, node)
    if node.name == "age" and len(parts) == 1:
        parts = [compiler.compile(Cast(Call("now", ()), "date")), *parts]
    return strict(function, parts)


_COMPILERS: dict[type, Callable[[Compiler, Any], Evaluated]] = {
    Column: Compiler.column,
    Constant: _constant,
    And: _and,
    Or: _or,
    Not: _not,
    Compare: _compare,
    Match: _match,
    Quantified: _quantified,
    NullTest: _null_test,
    TruthTest: _truth_test,
    Cast: _cast,
    Case: _case,
    ArrayOf: _array,
    RowOf: _unknown,
    Call: _call,
    Every: _every,
    Unknown: _unknown,
}


def evaluate(
    expression: Expression,
    row: Row,
    *,
    types: Mapping[str, str] = NO_TYPES,
    now: datetime = REFERENCE_INSTANT,
) -> Any:
    """The value of an expression in one row: True, False, None, another value, or `CANNOT_TELL`."""
    return Compiler(types, now).compile(expression)(row)


def compile_check(expression: Expression, types: Mapping[str, str] = NO_TYPES) -> Evaluated:
    """The verdict of a check over a row, at any time in the ten years after the reference instant.

    False where it fails at some time, `CANNOT_TELL` where we do not know, True otherwise (NULL passes).
    """
    early = Compiler(types).compile(expression)
    if not reads_clock(expression):
        return lambda row: value if (value := early(row)) is False or value is CANNOT_TELL else True
    late = Compiler(types, REFERENCE_INSTANT + FAR_AHEAD).compile(expression)

    def run(row: Row) -> Any:
        verdicts = (early(row), late(row))
        return False if False in verdicts else CANNOT_TELL if CANNOT_TELL in verdicts else True

    return run


__all__ = ["FAR_AHEAD", "Compiler", "compile_check", "evaluate"]
