"""The expressions of CHECK constraints as a small frozen tree of our own, and walks over it.

Parsing (`check_parsing`) makes it, evaluation and solving read it. What we do not understand is an `Unknown`
with its text: the rest of the expression is still used.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@dataclass(frozen=True, slots=True)
class Column:
    """A column's value. `VALUE` in a domain's check is replaced by the column before use."""

    name: str


@dataclass(frozen=True, slots=True)
class Constant:
    """A literal as a Python value; `type` is its SQL type's name, `""` for a number, `text` for a string."""

    value: object
    type: str = ""


@dataclass(frozen=True, slots=True)
class And:
    """All parts hold."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Some part holds."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: Expression


@dataclass(frozen=True, slots=True)
class Compare:
    """`=`, `<>`, `<`, `<=`, `>`, `>=` or `is distinct from`."""

    operator: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Match:
    """Text against a pattern: `~`, `~*` (regular expressions), `~~`, `~~*` (LIKE, ILIKE)."""

    operator: str
    subject: Expression
    pattern: Expression


@dataclass(frozen=True, slots=True)
class Quantified:
    """A comparison or match with `ANY` (or, where `every`, `ALL`) elements of an array."""

    operator: str
    left: Expression
    right: Expression
    every: bool


@dataclass(frozen=True, slots=True)
class NullTest:
    """`IS NULL`, or `IS NOT NULL` where `null` is False: for a row these are not each other's opposite."""

    part: Expression
    null: bool


@dataclass(frozen=True, slots=True)
class TruthTest:
    """`IS TRUE`, or `IS FALSE`."""

    part: Expression
    value: bool


@dataclass(frozen=True, slots=True)
class Cast:
    """A cast; `type` is the lower-case type name, with its modifier and `[]` where it has them."""

    part: Expression
    type: str


@dataclass(frozen=True, slots=True)
class Case:
    """A searched CASE; the simple form is written as comparisons."""

    branches: tuple[tuple[Expression, Expression], ...]
    otherwise: Expression


@dataclass(frozen=True, slots=True)
class ArrayOf:
    """`ARRAY[...]`."""

    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class RowOf:
    """`ROW(...)`."""

    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """A function or an operator by its Postgres name, unqualified: `lower`, `+`, `||`, `->>`, `@>`."""

    name: str
    arguments: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Every:
    """Each element of an array column passes a check on `VALUE`: how arrays of domains are checked."""

    array: Expression
    check: Expression


@dataclass(frozen=True, slots=True)
class Unknown:
    """What we do not understand, as SQL text."""

    text: str
    columns: tuple[str, ...] = ()


Expression: TypeAlias = (
    Column | Constant | And | Or | Not | Compare | Match | Quantified | NullTest | TruthTest | Cast | Case
    | ArrayOf | RowOf | Call | Every | Unknown
)  # fmt: skip
VALUE = "VALUE"
"""What a domain's check calls the value that it checks."""
TRUE, FALSE, NULL = Constant(True, "bool"), Constant(False, "bool"), Constant(None)  # noqa: FBT003  # SQL's


def parts_of(expression: Expression) -> Iterator[Expression]:
    """The direct parts of an expression, in order."""
    if isinstance(expression, Case):
        for condition, result in expression.branches:
            yield condition
            yield result
        yield expression.otherwise
        return
    for field in fields(expression):
        value = getattr(expression, field.name)
        if isinstance(value, tuple):
            yield from (part for part in value if not isinstance(part, str))
        elif isinstance(value, _NODES):
            yield value


def walk(expression: Expression) -> Iterator[Expression]:
    """The expression and everything in it, outermost first."""
    yield expression
    for part in parts_of(expression):
        yield from walk(part)


def columns_of(expression: Expression) -> frozenset[str]:
    """The columns that an expression reads, as far as we understand it."""
    found: set[str] = set()
    for part in walk(expression):
        if isinstance(part, Column) and part.name != VALUE:
            found.add(part.name)
        elif isinstance(part, Unknown):
            found.update(part.columns)
    return frozenset(found)


def is_understood(expression: Expression) -> bool:
    """Whether no part of it is unknown to us."""
    return not any(isinstance(part, Unknown) for part in walk(expression))


def reads_clock(expression: Expression) -> bool:
    """Whether it reads the time of day."""
    return any(isinstance(part, Call) and part.name == "now" for part in walk(expression))


def substitute(expression: Expression, by_name: Mapping[str, Expression]) -> Expression:
    """The expression with columns replaced: a domain's `VALUE`, a generated column by what generates it."""
    if isinstance(expression, Column):
        return by_name.get(expression.name, expression)
    if isinstance(expression, Case):
        branches = tuple((substitute(a, by_name), substitute(b, by_name)) for a, b in expression.branches)
        return Case(branches, substitute(expression.otherwise, by_name))
    if isinstance(expression, Every):
        return Every(substitute(expression.array, by_name), expression.check)
    changed: dict[str, object] = {}
    for field in fields(expression):
        value = getattr(expression, field.name)
        if isinstance(value, _NODES):
            changed[field.name] = substitute(value, by_name)
        elif isinstance(value, tuple) and value and isinstance(value[0], _NODES):
            changed[field.name] = tuple(substitute(part, by_name) for part in value)
    return replace(expression, **changed) if changed else expression  # type: ignore[arg-type]


_NODES = (
    Column, Constant, And, Or, Not, Compare, Match, Quantified, NullTest, TruthTest, Cast, Case, ArrayOf,
    RowOf, Call, Every, Unknown,
)  # fmt: skip
