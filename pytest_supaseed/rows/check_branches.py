"""The ways in which an expression becomes True or False, where there is more than one or it has parts."""

from __future__ import annotations

from itertools import combinations, permutations
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from pytest_supaseed.plan.streams import Draws
from pytest_supaseed.rows.check_comparisons import equal, ordered
from pytest_supaseed.rows.check_expressions import (
    And,
    ArrayOf,
    Call,
    Case,
    Cast,
    Column,
    Compare,
    Constant,
    Expression,
    Match,
    Not,
    NullTest,
    Or,
    Quantified,
    RowOf,
    TruthTest,
)
from pytest_supaseed.rows.check_parsing import operation

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pytest_supaseed.rows.check_domains import ColumnFacts

Way: TypeAlias = list[tuple[Expression, bool]]
"""Expressions that have to come out as told, together."""
MOST_WAYS = 40
"""Ways that are listed of choosing some of several columns; of more, a drawn share."""
_OPPOSITES = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_CONDITIONS = (And, Or, Not, Compare, Match, Quantified, NullTest, TruthTest)


def ways(node: Expression, *, want: bool, facts: Mapping[str, ColumnFacts]) -> list[Way] | None:
    """The ways in which `node` becomes `want`; None where it is a condition of its own.

    Args:
        node: the expression.
        want: what it has to be.
        facts: the columns, which tell a boolean column from others.
    """
    rule = _RULES.get(type(node))
    return None if rule is None else rule(node, want, _Known(facts))


class _Known:
    """What a rule may look at beside the expression."""

    def __init__(self, facts: Mapping[str, ColumnFacts]) -> None:
        self.facts = facts

    def is_condition(self, node: Expression) -> bool:
        if isinstance(node, Column):
            return node.name in self.facts and self.facts[node.name].kind == "bool"
        return isinstance(node, _CONDITIONS)


def _and(node: And, want: bool, _known: _Known) -> list[Way]:  # noqa: FBT001  # a rule's signature
    return [[(part, True) for part in node.parts]] if want else [[(part, False)] for part in node.parts]


def _or(node: Or, want: bool, _known: _Known) -> list[Way]:  # noqa: FBT001
    return [[(part, True)] for part in node.parts] if want else [[(part, False) for part in node.parts]]


def _not(node: Not, want: bool, _known: _Known) -> list[Way]:  # noqa: FBT001
    return [[(node.part, not want)]]


def _truth(node: TruthTest, want: bool, _known: _Known) -> list[Way]:  # noqa: FBT001
    if want:
        return [[(node.part, node.value)]]
    return [[(node.part, not node.value)], [(NullTest(node.part, null=True), True)]]


def _case(node: Case, want: bool, _known: _Known) -> list[Way]:  # noqa: FBT001
    found: list[Way] = []
    before: Way = []
    for condition, result in node.branches:
        found.append([*before, (condition, True), (result, want)])
        before = [*before, (condition, False)]
    return [*found, [*before, (node.otherwise, want)]]


def _null(node: NullTest, want: bool, _known: _Known) -> list[Way] | None:  # noqa: FBT001
    if isinstance(node.part, RowOf):
        parts: list[Expression] = [NullTest(item, null=node.null) for item in node.part.items]
        return [[(part, True) for part in parts]] if want else [[(part, False)] for part in parts]
    if isinstance(node.part, Call) and node.part.name == "coalesce":
        null = node.null is want
        tests: list[Expression] = [NullTest(item, null=null) for item in node.part.arguments]
        return [[(test, True) for test in tests]] if null else [[(test, True)] for test in tests]
    return None


def _quantified(node: Quantified, want: bool, _known: _Known) -> list[Way] | None:  # noqa: FBT001
    array = node.right
    while isinstance(array, Cast):
        array = array.part
    if not isinstance(array, ArrayOf):
        return None
    plain = isinstance(node.left, Column | Cast) and all(isinstance(item, Constant) for item in array.items)
    if plain and node.operator in {"=", "<>"}:
        return None
    parts: list[Expression] = [operation(node.operator, node.left, item) for item in array.items]
    every = node.every is want
    return [[(part, want) for part in parts]] if every else [[(part, want)] for part in parts]


def _compare(node: Compare, want: bool, known: _Known) -> list[Way] | None:  # noqa: FBT001
    left, right = node.left, node.right
    if node.operator in {"=", "<>", "is distinct from"} and known.is_condition(left):
        same = (node.operator == "=") is want
        if known.is_condition(right):
            return [[(left, True), (right, same)], [(left, False), (right, not same)]]
        if isinstance(right, Constant) and isinstance(right.value, bool):
            return [[(left, right.value is same)]]
    if node.operator in {"<=", ">="} and known.is_condition(left) and known.is_condition(right):
        return _implied(node, left, right, want=want)
    return _defaulted(node, want=want) or _counted(node, want=want, known=known) or _extreme(node, want=want)


def _implied(node: Compare, left: Expression, right: Expression, *, want: bool) -> list[Way]:
    """`a <= b` between booleans is "a implies b"."""
    if node.operator == ">=":
        left, right = right, left
    return [[(left, False)], [(right, True)]] if want else [[(left, True), (right, False)]]


def _extreme(node: Compare, *, want: bool) -> list[Way] | None:
    """`greatest(a, b) < x` means each of them, `greatest(a, b) - least(a, b) <= x` each pair of them.

    NULL among them is left out by Postgres; here it leaves a part unknown.
    """
    operator, other = node.operator, node.right
    if operator not in _OPPOSITES:
        return None
    if operator.startswith("<") and (spread := _spread(node.left)) is not None:
        parts: list[Expression] = [
            Compare(operator, Call("-", pair), other) for pair in permutations(spread, 2)
        ]
        return [[(part, True) for part in parts]] if want else [[(part, False)] for part in parts]
    if not (isinstance(node.left, Call) and node.left.name in {"greatest", "least"}):
        return None
    parts = [Compare(operator, item, other) for item in node.left.arguments]
    every = (operator.startswith("<") is (node.left.name == "greatest")) is want
    return [[(part, want) for part in parts]] if every else [[(part, want)] for part in parts]


def _spread(node: Expression) -> tuple[Expression, ...] | None:
    """What `greatest(...) - least(...)` measures; None for another expression."""
    if not (isinstance(node, Call) and node.name == "-" and len(node.arguments) == 2):  # noqa: PLR2004  # a difference
        return None
    high, low = node.arguments
    if not (isinstance(high, Call) and isinstance(low, Call)):
        return None
    if (high.name, low.name) != ("greatest", "least"):
        return None
    return high.arguments if set(high.arguments) == set(low.arguments) else None


def _defaulted(node: Compare, *, want: bool) -> list[Way] | None:
    """`coalesce(x, 0) > y`: either x is there and compared, or what stands in for it is."""
    for side, other, first in ((node.left, node.right, True), (node.right, node.left, False)):
        inner = side
        while isinstance(inner, Cast):
            inner = inner.part
        if not (isinstance(inner, Call) and inner.name == "coalesce" and len(inner.arguments) > 1):
            continue
        value, *rest = inner.arguments
        stand_in = rest[0] if len(rest) == 1 else Call("coalesce", tuple(rest))
        tests = [
            Compare(node.operator, *((item, other) if first else (other, item))) for item in (value, stand_in)
        ]
        return [
            [(NullTest(value, null=False), True), (tests[0], want)],
            [(NullTest(value, null=True), True), (tests[1], want)],
        ]
    return None


def _counted(node: Compare, *, want: bool, known: _Known) -> list[Way] | None:
    """`num_nonnulls(a, b) = 1`, `(a IS NULL)::integer + ... <= 1`: the ways to choose which of them hold."""
    found = _conditions_of(node.left, known)
    if found is None or not isinstance(limit := _constant(node.right), int) or not found[1]:
        return None
    offset, conditions = found
    counts = [
        count
        for count in range(len(conditions) + 1)
        if _compares(node.operator, count + offset, limit) is want
    ]
    chosen = _choices(len(conditions), counts)
    return [[(part, number in some) for number, part in enumerate(conditions)] for some in chosen]


def _compares(operator: str, count: int, limit: int) -> bool:
    if operator in {"=", "<>", "is distinct from"}:
        return equal(count, limit) is (operator == "=")
    return ordered(operator, count, limit)


def _choices(size: int, counts: list[int]) -> list[frozenset[int]]:
    """The sets of positions of the sizes that are allowed; of very many, some that are drawn once for all."""
    draws = Draws(size)
    found: list[frozenset[int]] = []
    for count in counts:
        for some in combinations(range(size), count):
            found.append(frozenset(some))
            if len(found) > MOST_WAYS:
                return [_drawn(size, draws.pick(counts), draws) for _ in range(MOST_WAYS)]
    return found


def _drawn(size: int, count: int, draws: Draws) -> frozenset[int]:
    left = list(range(size))
    return frozenset(left.pop(draws.below(len(left))) for _ in range(count))


def _constant(node: Expression) -> Any:
    while isinstance(node, Cast):
        node = node.part
    return node.value if isinstance(node, Constant) else None


def _conditions_of(node: Expression, known: _Known) -> tuple[int, list[Expression]] | None:
    """A sum of conditions counted as numbers: what is added to their count, and the conditions."""
    if isinstance(node, Call) and node.name in {"num_nonnulls", "num_nulls"}:
        return 0, [NullTest(item, null=node.name == "num_nulls") for item in node.arguments]
    if isinstance(node, Call) and node.name == "+" and len(node.arguments) == 2:  # noqa: PLR2004  # a sum
        left, right = (_conditions_of(item, known) for item in node.arguments)
        return None if left is None or right is None else (left[0] + right[0], left[1] + right[1])
    if isinstance(node, Cast) and known.is_condition(node.part):
        return 0, [node.part]
    if isinstance(node, Case) and len(node.branches) == 1:
        results = _constant(node.branches[0][1]), _constant(node.otherwise)
        if results in {(1, 0), (0, 1)}:
            condition = node.branches[0][0]
            return 0, [condition if results[0] else Not(condition)]
    if isinstance(node, Cast):
        return _conditions_of(node.part, known)
    value = _constant(node)
    return (value, []) if isinstance(value, int) and not isinstance(value, bool) else None


def _call(node: Call, want: bool, _known: _Known) -> list[Way] | None:  # noqa: FBT001
    """`coalesce(condition, false)` as a condition."""
    if node.name != "coalesce":
        return None
    value, *rest = node.arguments
    stand_in = rest[0] if len(rest) == 1 else Call("coalesce", tuple(rest))
    return [[(value, want)], [(NullTest(value, null=True), True), (stand_in, want)]]


_RULES: dict[type, Callable[[Any, bool, _Known], list[Way] | None]] = {
    And: _and,
    Or: _or,
    Not: _not,
    TruthTest: _truth,
    Case: _case,
    NullTest: _null,
    Quantified: _quantified,
    Compare: _compare,
    Call: _call,
}


class Chosen(Protocol):
    """A condition as a solver keeps it."""

    @property
    def node(self) -> Expression:
        """What has to hold."""
        ...

    @property
    def want(self) -> bool:
        """Whether it has to be True or False."""
        ...


def ordered_columns(
    broken: Chosen, conditions: Sequence[Chosen], facts: Mapping[str, ColumnFacts]
) -> list[str]:
    """The columns that a chain of `<` and `<=` orders, the least first; empty where there is no chain.

    Args:
        broken: a condition of the chain.
        conditions: the conditions that hold together.
        facts: the columns; those of a chain are of one kind, and may all be changed.
    """
    pairs = [pair for one in conditions if (pair := _pair(one, facts)) is not None]
    start = _pair(broken, facts)
    if start is None:
        return []
    chain = set(start)
    for _ in pairs:
        chain |= {name for pair in pairs if chain & set(pair) for name in pair}
    order: list[str] = []
    while len(order) < len(chain):
        free = sorted(
            name for name in chain - set(order) if all(low in order for low, high in pairs if high == name)
        )
        if not free:
            return []
        order.append(free[0])
    return order if len(order) > 2 else []  # noqa: PLR2004  # a pair is solved by moving one of them


def _pair(one: Chosen, facts: Mapping[str, ColumnFacts]) -> tuple[str, str] | None:
    """The lesser and the greater column of an order condition."""
    node = one.node
    if not isinstance(node, Compare) or node.operator not in _OPPOSITES:
        return None
    names = [_column_name(node.left), _column_name(node.right)]
    if None in names or not all(facts[str(name)].writable for name in names):
        return None
    operator = node.operator if one.want else _OPPOSITES[node.operator]
    low, high = (str(name) for name in (names if operator.startswith("<") else reversed(names)))
    return (low, high) if facts[low].kind == facts[high].kind else None


def _column_name(node: Expression) -> str | None:
    while isinstance(node, Cast):
        node = node.part
    return node.name if isinstance(node, Column) else None
