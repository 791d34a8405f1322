"""Columns that stand in CHECK constraints, made so that every row passes.

Columns that share a check form a group. A group's columns are computed as they were declared, then each row
that fails is put right by the solver with draws of its own; rows that pass are left alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, cast

from pytest_supaseed.catalog.model import TypeKind
from pytest_supaseed.plan.dependency_order import rejects_null
from pytest_supaseed.plan.streams import Draws
from pytest_supaseed.rows.check_domains import ColumnFacts, Role, column_facts, redrawn_key
from pytest_supaseed.rows.check_draws import fit, listed_values
from pytest_supaseed.rows.check_evaluation import evaluate
from pytest_supaseed.rows.check_expressions import (
    VALUE,
    Every,
    Expression,
    NullTest,
    Unknown,
    columns_of,
    is_understood,
    reads_clock,
    substitute,
)
from pytest_supaseed.rows.check_expressions import Column as ColumnNode
from pytest_supaseed.rows.check_logic import CANNOT_TELL
from pytest_supaseed.rows.check_parsing import parse_check
from pytest_supaseed.rows.check_solving import ROUNDS, Solver
from pytest_supaseed.rows.chunk import Chunk
from pytest_supaseed.rows.columns import producer_of
from pytest_supaseed.rows.declarations import ColumnDeclaration, Constant, Numbered, PartOf
from pytest_supaseed.rows.values import present_declaration

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from pytest_supaseed.catalog.model import Check, Column, ForeignKey, Table, Type
    from pytest_supaseed.rows.chunk import Producer, Scope

HOPELESS = 16
"""Rows of a chunk that are tried in full before it is taken that no row can be put right."""
_SHARED = frozenset({bool, int, str})
"""Types of which values that are equal are the same to a check."""
SAMPLE = 40
"""Rows that are tried to tell whether a table's checks can be solved."""


@dataclass(frozen=True)
class TableCheck:
    """A check of a table or of a column's domain, over the table's columns."""

    check: Check
    expression: Expression
    columns: frozenset[str]


def table_checks(table: Table) -> tuple[TableCheck, ...]:
    """The checks that a row of a table has to pass: its own, those of domains and of arrays' elements.

    Generated columns are replaced by what generates them, so that a check on one is a check on its sources.
    """
    generated = {
        column.name: parse_check(column.generated) for column in table.columns if column.generated is not None
    }
    found = [(check, parse_check(check.expression)) for check in table.checks if check.enforced]
    for column in table.columns:
        found += [
            (check, substitute(expression, {VALUE: ColumnNode(column.name)}))
            for check, expression in _type_checks(column.type)
        ]
    names = frozenset(table.by_name)
    made = ((check, substitute(expression, generated)) for check, expression in found)
    return tuple(
        TableCheck(check, expression, (columns_of(expression) | _named(check, expression)) & names)
        for check, expression in made
    )


def _named(check: Check, expression: Expression) -> frozenset[str]:
    """Columns that the catalog says a check reads, where we do not see it ourselves."""
    return frozenset() if is_understood(expression) else frozenset(check.columns)


def _type_checks(kind: Type) -> Iterable[tuple[Check, Expression]]:
    """The checks of a domain and of those below it; of an array's elements, for each element."""
    while kind.kind is TypeKind.DOMAIN and kind.base is not None:
        yield from ((check, parse_check(check.expression)) for check in kind.checks)
        kind = kind.base
    if kind.kind is TypeKind.ARRAY and kind.element is not None:
        for check, expression in _type_checks(kind.element):
            yield check, Every(ColumnNode(VALUE), expression)


@dataclass(frozen=True, eq=False)
class CheckedGroup:
    """Columns that share checks, with what fills them before the checks are looked at."""

    name: str
    facts: Mapping[str, ColumnFacts]
    checks: tuple[Expression, ...]
    bases: Mapping[str, Producer]
    spares: Mapping[str, Producer]
    keys: Mapping[str, ForeignKey]
    _solvers: dict[frozenset[str], Solver] = field(default_factory=dict)

    def solver(self, free: frozenset[str]) -> Solver:
        """The solver where only `free` columns are ours: a factory may have taken others over."""
        if free not in self._solvers:
            facts = {
                name: found if name in free else replace(found, role=Role.FIXED, redrawn=False)
                for name, found in self.facts.items()
            }
            self._solvers[free] = Solver(facts, self.checks)
        return self._solvers[free]

    def columns(self, chunk: Chunk) -> Mapping[str, Sequence[object]]:
        """The columns of a chunk, put right; computed once."""
        return cast("Mapping[str, Sequence[object]]", chunk.shared(self, lambda: self._solved(chunk)))

    def _solved(self, chunk: Chunk) -> dict[str, list[object]]:
        ours = frozenset(name for name in self.facts if self._is_ours(chunk.scope.producers.get(name)))
        base = Chunk(self._base_scope(chunk, ours), chunk.number, chunk.start, chunk.count)
        solver, names = self.solver(ours), list(self.facts)
        columns = {name: list(base.column(name)) for name in names}
        stream = chunk.scope.stream(f"check:{self.name}")
        solved = tried = 0
        passing = _passing_values(solver, columns)
        for position, values in enumerate(zip(*columns.values(), strict=True)):
            if passing and values[0] in passing:
                continue
            row = dict(zip(names, values, strict=True))
            if solver.passes(row):
                continue
            index = chunk.start + position
            draws = Draws(stream.number(index))
            rounds = 1 if tried >= HOPELESS and not solved else ROUNDS
            spare = _Spare(base, position, self, draws)
            found = solver.solve(row, draws, index, spare, rounds)
            tried, solved = tried + 1, solved + (found is not None)
            for name, value in (found or {}).items():
                columns[name][position] = value
        return columns

    def _is_ours(self, producer: object) -> bool:
        return isinstance(producer, Checked) and producer.group is self

    def _base_scope(self, chunk: Chunk, ours: frozenset[str]) -> Scope:
        """The scope in which our columns are what they were declared as, for those that read others."""
        given = chunk.scope.producers
        bases = {name: base for name, base in self.bases.items() if name in ours or name not in given}
        spares = {f"{name} {VALUE}": producer for name, producer in self.spares.items()}
        return replace(chunk.scope, producers={**given, **bases, **spares})


def _passing_values(solver: Solver, columns: Mapping[str, Sequence[object]]) -> Collection[object]:
    """The values that pass, where a group is one column of a type of which many rows share a value."""
    (name, values), *others = columns.items()
    kinds = {*map(type, values)} - {type(None)}
    if others or len(kinds) != 1 or not kinds <= _SHARED:
        return ()
    return {value for value in set(values) if solver.passes({name: value})}


@dataclass(frozen=True)
class _Spare:
    """Gives a row's value for a column that has none, drawn for its name; None where we know none."""

    base: Chunk
    position: int
    group: CheckedGroup
    draws: Draws

    def __call__(self, name: str) -> object:
        key = self.group.keys.get(name)
        if key is not None:
            return self._parent(key)
        return self.base.column(f"{name} {VALUE}")[self.position] if name in self.group.spares else None

    def _parent(self, key: ForeignKey) -> object:
        """The key of another parent."""
        source = self.base.scope.parents.of(f"{key.target_schema}.{key.target_table}")
        if source.count == 0:
            return None
        return source.values(key.target_columns, [self.draws.below(source.count)])[0][0]


class Checked(ColumnDeclaration):
    """One column of a group."""

    def __init__(self, group: CheckedGroup, column: str) -> None:
        super().__init__()
        self.group = group
        self.column = column

    def fill(self, chunk: Chunk, name: str) -> Sequence[object]:
        """Fill the column, as the base class says."""
        del name
        return self.group.columns(chunk)[self.column]


def with_checks(
    table: Table, declarations: Mapping[str, object], fixed: Collection[str]
) -> dict[str, object]:
    """Return the declarations of a table with those of its checked columns wrapped, so that rows pass.

    Args:
        table: the table.
        declarations: what fills its columns, and fields beside them such as those of references.
        fixed: columns that keys and references decide about. A nullable reference may be set to NULL where a
            check asks for it; the columns of a unique key are rewritten so that they still differ.
    """
    found = dict(declarations)
    roles = {column.name: _role(table, column, declarations, fixed) for column in table.columns}
    for group in _groups(table, roles, declarations):
        _renumber(group, found)
        for name, facts in group.facts.items():
            if facts.changeable:
                found[name] = Checked(group, name)
    return found


def _role(table: Table, column: Column, declarations: Mapping[str, object], fixed: Collection[str]) -> Role:
    if column.generated is not None:
        return Role.FIXED
    declaration = declarations.get(column.name)
    if isinstance(declaration, PartOf) and _is_dealt(declarations[declaration.source], column):
        return Role.FIXED
    if isinstance(declaration, PartOf) or any(column.name in key.columns for key in table.foreign_keys):
        return Role.REFERENCE
    if column.identity is not None or column.sequence is not None:
        return Role.FIXED
    if isinstance(declaration, Numbered):
        return Role.FIXED if rejects_null(table, column.name) else Role.REFERENCE
    return Role.DISTINCT if column.name in fixed else Role.FREE


def _is_dealt(reference: object, column: Column) -> bool:
    """Whether a reference deals rows to parents by this column: then it stays as it is."""
    deal = getattr(reference, "deal", None)
    return deal is not None and column.name in deal.children.key.columns


def _renumber(group: CheckedGroup, found: dict[str, object]) -> None:
    """Begin a numbered key where its checks allow it to begin."""
    for name in group.facts:
        declaration = found.get(name)
        if not isinstance(declaration, Numbered):
            continue
        least = group.solver(frozenset()).least(name)
        if least is not None and least > declaration.first and declaration.step > 0:
            found[name] = Numbered(least, declaration.step)
            cast("dict[str, Producer]", group.bases)[name] = producer_of(found[name])


def _groups(
    table: Table, roles: Mapping[str, Role], declarations: Mapping[str, object]
) -> list[CheckedGroup]:
    """The groups of a table, each with the checks over its columns."""
    checks = [check for check in table_checks(table) if not isinstance(check.expression, Unknown)]
    checks = [check for check in checks if check.columns]
    groups = []
    for names in _components([check.columns for check in checks]):
        mine = tuple(check.expression for check in checks if check.columns <= names)
        columns = [column for column in table.columns if column.name in names]
        groups.append(_group(table, columns, mine, roles, declarations))
    return groups


def _group(
    table: Table,
    columns: Sequence[Column],
    checks: tuple[Expression, ...],
    roles: Mapping[str, Role],
    declarations: Mapping[str, object],
) -> CheckedGroup:
    facts, bases, spares, keys = {}, {}, {}, {}
    for column in columns:
        name, base = column.name, _base(table, column, declarations)
        found = column_facts(table, column, roles[name] if base is not None else Role.FIXED)
        key = redrawn_key(table, name) if isinstance(base, PartOf) else None
        facts[name] = replace(found, redrawn=found.redrawn and key is not None)
        bases[name] = producer_of(base or Constant(None))
        if key is not None:
            keys[name] = key
        spare = present_declaration(table, column) if found.writable else None
        if spare is not None:
            spares[name] = producer_of(spare)
    return CheckedGroup(columns[0].name, facts, checks, bases, spares, keys)


def _components(sets: Sequence[frozenset[str]]) -> list[frozenset[str]]:
    """The connected components of columns that share a set, in the order of their first set."""
    found: list[frozenset[str]] = []
    for columns in sets:
        touching = [component for component in found if component & columns]
        merged = frozenset(columns).union(*touching)
        at = found.index(touching[0]) if touching else len(found)
        found[at : at + 1] = [merged]
        found = [component for component in found if component is merged or not component & merged]
    return found


def _base(table: Table, column: Column, declarations: Mapping[str, object]) -> object | None:
    """What fills a column before the checks: its declaration, what its default comes to, or NULL.

    None where its default is left to Postgres: we do not know its value, and none of its type.
    """
    if column.name in declarations:
        return declarations[column.name]
    if column.default is None or column.generated is not None:
        return Constant(None)
    default = parse_check(column.default)
    if is_understood(default) and not reads_clock(default) and not columns_of(default):
        found = evaluate(default, {})
        if found is not CANNOT_TELL:
            return Constant(fit(column_facts(table, column, Role.FREE), found))
    return present_declaration(table, column)


def unsolved(table: Table) -> tuple[Check, ...]:
    """The checks of which we cannot say that rows pass them: not understood, or not solved in a sample.

    Postgres has to judge rows by these.
    """
    doubtful = {
        id(found.check): found.check for found in table_checks(table) if not is_understood(found.expression)
    }
    for found in table_checks(table):
        if id(found.check) not in doubtful and not _is_solved(table, found):
            doubtful[id(found.check)] = found.check
    return tuple(doubtful.values())


def _is_solved(table: Table, found: TableCheck) -> bool:
    """Whether rows without any value can be made to pass a check."""
    columns = [column for column in table.columns if column.name in found.columns]
    facts = {column.name: column_facts(table, column, Role.FREE) for column in columns}
    filled = [NullTest(ColumnNode(name), null=False) for name, fact in facts.items() if not fact.nullable]
    solver = Solver(facts, [found.expression, *filled])
    row = dict.fromkeys(facts, None)
    return all(
        solver.solve(row, Draws(index), index, lambda _name: None) is not None for index in range(SAMPLE)
    )


def allowed_values(table: Table, column: str) -> Sequence[object] | None:
    """The values that a table's checks leave for a column, where these are finitely many; None otherwise.

    Only checks on that column alone count. Whole numbers between two bounds come as a `range`.
    """
    facts = column_facts(table, table.by_name[column], Role.FREE)
    mine = [check.expression for check in table_checks(table) if check.columns == {column}]
    solver = Solver({column: facts}, mine)
    return listed_values(facts, solver.static_domain(column), solver.passes)


__all__ = [
    "Checked",
    "CheckedGroup",
    "TableCheck",
    "allowed_values",
    "table_checks",
    "unsolved",
    "with_checks",
]
