"""Rows made to pass their checks: conditions chosen from each check, then values drawn that meet them all.

A check is taken apart into conditions that have to hold together. Where there is a choice (an OR, a CASE, how
many of some columns are set) the way that the row already goes is tried first, then the others in a drawn
order. A column's conditions, over all checks at once, are intersected before a value is drawn for it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pytest_supaseed.rows.check_branches import Way, ordered_columns, ways
from pytest_supaseed.rows.check_domains import ColumnFacts, Domain, Role
from pytest_supaseed.rows.check_draws import candidates, fit
from pytest_supaseed.rows.check_evaluation import FAR_AHEAD, Compiler
from pytest_supaseed.rows.check_expressions import (
    And,
    Expression,
    NullTest,
    columns_of,
    is_understood,
    reads_clock,
    walk,
)
from pytest_supaseed.rows.check_logic import CANNOT_TELL, Evaluated
from pytest_supaseed.rows.check_narrowing import Narrowing
from pytest_supaseed.rows.chunk import REFERENCE_INSTANT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pytest_supaseed.plan.streams import Draws

REDRAWS = 8
"""Parents that are tried for a reference."""
SORTS = 4
"""Times that the columns of a chain are drawn together: equal ones may not do."""
HALVINGS = 12
"""Halvings of numbers that have to add up: from thousands down to ones."""
ROUNDS = 12
"""Times that a row is begun anew before it is given up."""


@dataclass(frozen=True)
class Condition:
    """What has to be True (or False, as `want` says) of a row, at both ends of the clock's range."""

    node: Expression
    want: bool
    columns: tuple[str, ...]
    verdicts: tuple[Evaluated, ...]
    understood: bool
    about_null: bool

    def holds(self, row: Mapping[str, Any], *, lenient: bool) -> bool:
        """Whether a row meets it; NULL does where `lenient`, and what we cannot know always does."""
        for verdict in self.verdicts:
            value = verdict(row)
            if value is self.want or (value is None and lenient):
                continue
            if value is CANNOT_TELL and not self.understood:
                continue
            return False
        return True


class Solver:
    """Solves the checks of one group of columns.

    Args:
        facts: the group's columns, in table order.
        checks: the checks, over these columns alone.
    """

    def __init__(self, facts: Mapping[str, ColumnFacts], checks: Sequence[Expression]) -> None:
        self.facts = facts
        types = {name: found.evaluated_type for name, found in facts.items()}
        self._compilers = (Compiler(types), Compiler(types, REFERENCE_INSTANT + FAR_AHEAD))
        self._compiled: dict[int, tuple[Expression, tuple[Evaluated, ...]]] = {}
        self._conditions: dict[tuple[int, bool], Condition] = {}
        self._domains: dict[tuple[str, tuple[int, ...]], Domain] = {}
        self._ways: dict[tuple[int, bool], list[Way] | None] = {}
        self.order = {name: number for number, name in enumerate(facts)}
        self.checks = tuple(part for check in checks for part in _conjuncts(check))
        self.wanted = tuple(self.condition(check, want=True) for check in self.checks)

    def verdicts(self, node: Expression) -> tuple[Evaluated, ...]:
        """The functions that evaluate an expression: two where it reads the clock."""
        found = self._compiled.get(id(node))
        if found is None:
            compilers = self._compilers if reads_clock(node) else self._compilers[:1]
            made = tuple(compiler.compile(node) for compiler in compilers)
            found = self._compiled[id(node)] = (node, made)
        return found[1]

    def ways(self, node: Expression, *, want: bool) -> list[Way] | None:
        """The ways in which an expression becomes `want`, made once: conditions are known by identity."""
        key = (id(node), want)
        if key not in self._ways:
            self._ways[key] = ways(node, want=want, facts=self.facts)
        return self._ways[key]

    def condition(self, node: Expression, *, want: bool) -> Condition:
        """The condition that an expression is `want`."""
        key = (id(node), want)
        if key not in self._conditions:
            columns = tuple(sorted(columns_of(node) & self.facts.keys(), key=lambda name: self.order[name]))
            about_null = any(isinstance(part, NullTest) for part in walk(node))
            self._conditions[key] = Condition(
                node, want, columns, self.verdicts(node), is_understood(node), about_null
            )
        return self._conditions[key]

    def static_domain(self, column: str) -> Domain:
        """What a column may hold whatever the other columns are."""
        sure: list[Condition] = []
        for check in self.checks:
            sure += self._sure(check, want=True)
        return self.domain(column, [one for one in sure if one.columns == (column,)], {})

    def _sure(self, node: Expression, *, want: bool) -> list[Condition]:
        """The conditions that hold in every row that passes: those to which there is only one way."""
        found = self.ways(node, want=want)
        if found is None:
            return [self.condition(node, want=want)]
        if len(found) != 1:
            return []
        return [one for part, wanted in found[0] for one in self._sure(part, want=wanted)]

    def least(self, column: str) -> int | None:
        """The least whole number that a column may hold whatever the others are, where there is one."""
        domain = self.static_domain(column)
        if domain.allowed is not None:
            return min(domain.allowed) if all(isinstance(one, int) for one in domain.allowed) else None
        if not isinstance(domain.low, int):
            return None
        return domain.low + 1 if domain.low_open else domain.low

    def passes(self, row: Mapping[str, Any]) -> bool:
        """Whether a row passes all checks, as far as we can tell."""
        return all(check.holds(row, lenient=True) for check in self.wanted)

    def solve(
        self,
        row: Mapping[str, Any],
        draws: Draws,
        index: int,
        spare: Callable[[str], Any],
        rounds: int = ROUNDS,
    ) -> dict[str, Any] | None:
        """Return the row with as few columns changed as were needed to pass; None where we found no way.

        Args:
            row: the values of the group's columns.
            draws: the row's draws.
            index: the row's index.
            spare: gives a value that reads as real for a column that has none.
            rounds: how often the row is begun anew before it is given up.
        """
        for number in range(rounds):
            attempt = Attempt(self, dict(row), draws, index, spare, number)
            done = all(attempt.take(check, want=True) and attempt.repair() for check in self.checks)
            if done and self.passes(attempt.row):
                return attempt.row
        return None

    def domain(self, column: str, conditions: Sequence[Condition], row: Mapping[str, Any]) -> Domain:
        """What a column may hold under conditions, given the row's other values."""
        static = [condition for condition in conditions if len(condition.columns) == 1]
        key = (column, tuple(id(condition) for condition in static))
        if key not in self._domains:
            found = Domain()
            _narrow(Narrowing(column, found, lambda node: self._values(node, {})), static)
            self._domains[key] = found
        if len(static) == len(conditions):
            return self._domains[key]
        domain = self._domains[key].copy()
        others = [condition for condition in conditions if len(condition.columns) != 1]
        _narrow(Narrowing(column, domain, lambda node: self._values(node, row)), others)
        return domain

    def _values(self, node: Expression, row: Mapping[str, Any]) -> list[Any]:
        try:
            values = [verdict(row) for verdict in self.verdicts(node)]
        except KeyError:
            return []
        return [] if None in values or any(value is CANNOT_TELL for value in values) else values


def _conjuncts(check: Expression) -> list[Expression]:
    """The parts of a conjunction, each of which is a check on its own: less has to be solved at once."""
    if isinstance(check, And):
        return [found for part in check.parts for found in _conjuncts(part)]
    return [check]


def _narrow(to: Narrowing, conditions: Sequence[Condition]) -> None:
    for condition in conditions:
        to.apply(condition.node, want=condition.want)


@dataclass
class Attempt:
    """One try at a row: the row as it stands, and the conditions that were chosen so far."""

    solver: Solver
    row: dict[str, Any]
    draws: Draws
    index: int
    spare: Callable[[str], Any]
    number: int
    conditions: list[Condition] = field(default_factory=list)

    @property
    def lenient(self) -> bool:
        """Whether a NULL may stay where a condition is then unknown: tried on every other round."""
        return self.number % 2 == 0

    def take(self, node: Expression, *, want: bool) -> bool:
        """Choose conditions under which an expression is `want`; False where nothing can make it so."""
        found = self.solver.ways(node, want=want)
        if found is None:
            condition = self.solver.condition(node, want=want)
            self.conditions.append(condition)
            return self.possible(condition)
        if len(found) == 1:
            return all(self.take(part, want=wanted) for part, wanted in found[0])
        return any(self._goes(way) for way in self._ordered(found))

    def possible(self, condition: Condition) -> bool:
        """Whether a condition holds or anything may be done about it."""
        if condition.holds(self.row, lenient=self.lenient):
            return True
        facts = [self.solver.facts[name] for name in condition.columns]
        if any(found.writable for found in facts):
            return True
        if any(found.redrawn for found in facts):
            return True
        return (condition.about_null or self.lenient) and any(found.changeable for found in facts)

    def _goes(self, way: Way) -> bool:
        """Go a way, and back where it leads nowhere."""
        count, before = len(self.conditions), dict(self.row)
        if all(self.take(part, want=wanted) for part, wanted in way) and self.repair():
            return True
        del self.conditions[count:]
        self.row.clear()
        self.row.update(before)
        return False

    def _ordered(self, found: Sequence[Way]) -> list[Way]:
        """The ways in a drawn order, those that the row goes already first while nothing else was tried."""
        keyed = [
            (self.number < 2 and not self._is_gone(way), self.draws.random(), number)  # noqa: PLR2004  # both leniencies
            for number, way in enumerate(found)
        ]
        return [found[number] for _rank, _draw, number in sorted(keyed)]

    def _is_gone(self, way: Way) -> bool:
        return all(self.solver.verdicts(part)[0](self.row) is wanted for part, wanted in way)

    def repair(self) -> bool:
        """Draw values until all conditions hold; False where that does not come about."""
        for _ in range(2 * len(self.conditions) + 2):
            broken = next((one for one in self.conditions if not self._holds(one)), None)
            if broken is None:
                return True
            if self._sort(broken):
                continue
            if not any(self._assign(name, broken) for name in self._movable(broken)) and not self._shrink(
                broken
            ):
                return False
        return False

    def _sort(self, broken: Condition) -> bool:
        """Draw the columns of a chain of `<` anew, all between the bounds of all, and put them in order."""
        if len(broken.columns) != 2:  # noqa: PLR2004  # the lesser and the greater
            return False
        order = ordered_columns(broken, self.conditions, self.solver.facts)
        if not order:
            return False
        shared = Domain()
        for name in order:
            own = [one for one in self.conditions if one.columns == (name,)]
            shared.meet(self.solver.domain(name, own, self.row))
        facts, before = self.solver.facts[order[0]], dict(self.row)
        for _ in range(SORTS):
            drawn = [next(candidates(facts, shared, (), self.draws, self.index), None) for _name in order]
            if None in drawn:
                return False
            self.row.update(zip(order, sorted(found for found in drawn if found is not None), strict=True))
            if all(self._holds(one) for one in self.conditions if not set(order).isdisjoint(one.columns)):
                return True
        self.row.update(before)
        return False

    def _shrink(self, broken: Condition) -> bool:
        """Halve the numbers of a condition until one of them can make up the rest: parts of a fixed sum."""
        names = [
            name for name in self._movable(broken) if self.solver.facts[name].kind in {"whole", "numeric"}
        ]
        if len(names) < 3:  # noqa: PLR2004  # of two, one has been tried against the other
            return False
        for _ in range(HALVINGS):
            for name in names:
                self.row[name] = self._halved(self.solver.facts[name], self.row[name])
            if any(self._assign(name, broken) for name in names):
                return True
        return False

    def _halved(self, facts: ColumnFacts, value: Any) -> Any:
        low = self.solver.static_domain(facts.name).low or 0
        if value is None or value <= low:
            return value
        return fit(facts, low + (value - low) // 2)

    def _holds(self, condition: Condition) -> bool:
        return condition.holds(self.row, lenient=self.lenient)

    def _movable(self, broken: Condition) -> list[str]:
        """The columns that may change, the last of the table first: what ends comes after what begins."""
        facts = [found for name in broken.columns if (found := self.solver.facts[name]).changeable]
        shuffle = self.number >= 2 and len(facts) > 1  # noqa: PLR2004  # first the natural order, under both leniencies
        roles = list(Role)
        keys = {
            found.name: (
                roles.index(found.role),
                self.draws.random() if shuffle else -self.solver.order[found.name],
            )
            for found in facts
        }
        return sorted(keys, key=lambda name: keys[name])

    def _assign(self, name: str, broken: Condition) -> bool:
        """Give a column a value under which the broken condition holds, all of its other ones if possible."""
        facts = self.solver.facts[name]
        mine = [condition for condition in self.conditions if name in condition.columns]
        own = [condition for condition in mine if len(condition.columns) == 1 or condition is broken]
        if facts.redrawn and self._redraw(facts, mine):
            return True
        if facts.writable:
            return self._draw(facts, mine) or (len(own) < len(mine) and self._draw(facts, own))
        return self._set_null(facts, mine)

    def _draw(self, facts: ColumnFacts, conditions: Sequence[Condition]) -> bool:
        domain = self.solver.domain(facts.name, conditions, self.row)
        before = self.row[facts.name]
        seen = (before, self.spare(facts.name)) if before is None or before == [] else (before,)
        for value in candidates(facts, domain, seen, self.draws, self.index):
            if value is None and not facts.nullable:
                continue
            self.row[facts.name] = value
            if all(self._holds(condition) for condition in conditions):
                return True
        self.row[facts.name] = before
        return facts.nullable and domain.null is not False and self._set_null(facts, conditions)

    def _redraw(self, facts: ColumnFacts, conditions: Sequence[Condition]) -> bool:
        """Refer to another parent."""
        before = self.row[facts.name]
        for _ in range(REDRAWS):
            value = self.spare(facts.name)
            if value is None:
                break
            self.row[facts.name] = value
            if all(self._holds(condition) for condition in conditions):
                return True
        self.row[facts.name] = before
        return False

    def _set_null(self, facts: ColumnFacts, conditions: Sequence[Condition]) -> bool:
        """Set a column to NULL, with the others of its foreign key, where its conditions then hold."""
        if not facts.nullable:
            return False
        before = dict(self.row)
        for name in facts.together or (facts.name,):
            if name in self.row:
                self.row[name] = None
        if all(self._holds(condition) for condition in conditions):
            return True
        self.row.update(before)
        return False
