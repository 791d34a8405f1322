"""From a condition on a column to what the column may hold: the condition solved for the column.

What cannot be solved for it narrows nothing; values are tried out against the condition anyway.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pytest_supaseed.rows.check_expressions import (
    VALUE,
    And,
    Call,
    Cast,
    Column,
    Compare,
    Constant,
    Every,
    Expression,
    Match,
    Not,
    NullTest,
    Quantified,
    TruthTest,
    columns_of,
    walk,
)
from pytest_supaseed.rows.check_inversion import FLIPPED, JSON_STEPS, json_target, solve
from pytest_supaseed.rows.check_ranges import bound_ends

if TYPE_CHECKING:
    from pytest_supaseed.rows.check_domains import Domain


DENIED = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "=": "<>", "<>": "="}


_FORMS = frozenset({"lower", "upper", "btrim", "ltrim", "rtrim", "round", "date_trunc"})


Read = Callable[[Expression], list[Any]]


@dataclass(frozen=True)
class Narrowing:
    """Narrows one column's domain.

    Args:
        column: the column.
        domain: what is narrowed.
        read: gives the values that an expression without the column may have now: two where it reads the
            clock, none where it is NULL or in doubt.
    """

    column: str
    domain: Domain
    read: Read

    def apply(self, node: Expression, *, want: bool) -> None:
        """Take in that `node` is True, or False where `want` says so."""
        rule = _RULES.get(type(node))
        if rule is not None:
            rule(self, node, want)

    def holds(self, node: Expression) -> bool:
        """Whether an expression reads the column."""
        return self.column in columns_of(node) or (self.column == VALUE and Column(VALUE) in walk(node))

    def is_column(self, node: Expression) -> bool:
        """Whether an expression is the column, but for casts."""
        while isinstance(node, Cast):
            node = node.part
        return isinstance(node, Column) and node.name == self.column


def _not(to: Narrowing, node: Not, want: bool) -> None:  # noqa: FBT001  # a rule's signature
    to.apply(node.part, want=not want)


def _and(to: Narrowing, node: And, want: bool) -> None:  # noqa: FBT001
    if want:
        for part in node.parts:
            to.apply(part, want=True)


def _column(to: Narrowing, _node: Column, want: bool) -> None:  # noqa: FBT001
    to.domain.allow([want])


def _truth(to: Narrowing, node: TruthTest, want: bool) -> None:  # noqa: FBT001
    to.apply(node.part, want=node.value is want)


def _null(to: Narrowing, node: NullTest, want: bool) -> None:  # noqa: FBT001
    null = node.null is want
    if to.is_column(node.part):
        to.domain.null = null
    elif isinstance(node.part, Call) and node.part.name in JSON_STEPS:
        target = json_target(to, node.part)
        if target is not None:
            to.domain.shapes.append((target, "absent" if null else "present", None))
    elif not null:
        to.domain.null = False


def _match(to: Narrowing, node: Match, want: bool) -> None:  # noqa: FBT001
    to.domain.null = False
    patterns = to.read(node.pattern)
    subject = node.subject
    if isinstance(subject, Call) and subject.name in {"lower", "upper"}:
        to.domain.form.append(subject.name)
        subject = subject.arguments[0]
    if want and to.is_column(subject) and patterns:
        to.domain.patterns.append((node.operator, str(patterns[0])))


def _quantified(to: Narrowing, node: Quantified, want: bool) -> None:  # noqa: FBT001
    if to.is_column(node.right):
        if want and node.operator == "=" and not node.every:
            to.domain.holding += to.read(node.left)
        return
    lists = to.read(node.right)
    if not lists or not isinstance(lists[0], list):
        return
    positive = want is not node.every and node.operator == ("=" if want else "<>")
    if positive:
        solve(to, node.left, "in", lists[0])
    elif node.operator == ("<>" if want else "="):
        to.domain.null = False
        to.domain.excluded += lists[0]
    elif want and not node.every and node.operator in {"~", "~*", "~~", "~~*"} and len(lists[0]) == 1:
        to.domain.patterns.append((node.operator, lists[0][0]))


def _compare(to: Narrowing, node: Compare, want: bool) -> None:  # noqa: FBT001
    operator = "<>" if node.operator == "is distinct from" else node.operator
    operator = operator if want else DENIED[operator]
    left, right = node.left, node.right
    if to.holds(left) and to.holds(right):
        _own_form(to, operator, left, right)
        return
    if to.holds(right):
        left, right, operator = right, left, FLIPPED[operator]
    values = to.read(right)
    if values:
        if node.operator != "is distinct from" or operator == "=":
            to.domain.null = False
        solve(to, left, operator, values)
    elif node.operator == "is distinct from" and not values:
        to.domain.null = operator == "="


def _own_form(to: Narrowing, operator: str, left: Expression, right: Expression) -> None:
    """`lower(x) = x`, `date_trunc('day', x) = x`: the value has been through a function already."""
    for one, other in ((left, right), (right, left)):
        call = one
        while isinstance(call, Cast):
            call = call.part
        if operator == "=" and isinstance(call, Call) and call.name in _FORMS and to.is_column(other):
            unit = [item.value for item in call.arguments if isinstance(item, Constant)]
            to.domain.form.append(" ".join([call.name, *map(str, unit)]))


def _call(to: Narrowing, node: Call, want: bool) -> None:  # noqa: FBT001
    """Calls that are conditions themselves: containment, keys, prefixes."""
    if len(node.arguments) != 2:  # noqa: PLR2004  # operators
        return
    left, right = node.arguments
    name = node.name
    if not to.is_column(left):
        left, right, name = right, left, {"@>": "<@", "<@": "@>"}.get(name, name)
    values = [] if to.holds(right) else to.read(right)
    if not want or not to.is_column(left) or not values:
        return
    to.domain.null = False
    _hold(to.domain, name, values[0])
    bound_ends(to.domain, name, values[0])


def _hold(domain: Domain, name: str, value: Any) -> None:
    if name in {"?", "?|"}:
        domain.shapes.append((((value if name == "?" else value[0]),), "present", None))
    elif name in {"jsonb_matches_schema", "json_matches_schema"}:
        domain.shapes.append(((), "schema", value))
    elif name == "?&":
        domain.shapes += [((key,), "present", None) for key in value]
    elif name == "starts_with":
        domain.patterns.append(("~~", f"{value}%"))
    elif name == "<@" and isinstance(value, list):
        domain.within = value
    elif name == "@>" and isinstance(value, list):
        domain.holding += value
    elif name == "@>":
        domain.shapes.append(((), "holding", value))
    elif name == "&&" and isinstance(value, list):
        domain.holding += value[:1]


def _every(to: Narrowing, node: Every, want: bool) -> None:  # noqa: FBT001
    if want:
        to.domain.element = to.domain.element or type(to.domain)()
        Narrowing(VALUE, to.domain.element, to.read).apply(node.check, want=True)


_RULES: dict[type, Callable[[Narrowing, Any, bool], None]] = {
    Not: _not,
    And: _and,
    Column: _column,
    TruthTest: _truth,
    NullTest: _null,
    Match: _match,
    Quantified: _quantified,
    Compare: _compare,
    Call: _call,
    Every: _every,
}
