"""Tables whose NOT NULL keys form a circle: loaded in one transaction, at whose end Postgres proves the keys.

A key that is not deferrable is made so for the time of the transaction, by the owner's right; switching
triggers off instead would take a superuser, and leave the keys unproven.
"""

from __future__ import annotations

import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from pytest_supaseed.errors import SupaseedError
from pytest_supaseed.load.batched_rows import chunks_from
from pytest_supaseed.load.bisection import Patience
from pytest_supaseed.load.ended_seeding import ends_seeding
from pytest_supaseed.load.part_reports import give_up, record
from pytest_supaseed.load.part_rows import copy_source, keep_rows
from pytest_supaseed.load.quiet_triggers import without_triggers
from pytest_supaseed.load.refusals import Refusal, Refusals
from pytest_supaseed.load.seeding import PART_SECONDS, ROW_SECONDS, Outcome
from pytest_supaseed.load.stored_rows import count_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_supaseed.catalog.model import ForeignKey, Table
    from pytest_supaseed.load.seeding import Seeding
    from pytest_supaseed.plan.seed_plan import SeedPlan, TablePlan
    from pytest_supaseed.rows.part_source import PartSource

_DEFER = sql.SQL("deferrable initially deferred")
_AS_IT_WAS = sql.SQL("not deferrable")
_NOT_AT_FIRST = sql.SQL("deferrable initially immediate")


def steps(plan: SeedPlan) -> Iterator[tuple[TablePlan, ...]]:
    """The parts in the order of loading; those of one circle together, where the first one stands."""
    done: set[int] = set()
    for part in plan.tables:
        group = next((oids for oids in plan.together if part.table.oid in oids), None)
        if group is None:
            yield (part,)
        elif part.table.oid not in done:
            done |= group
            yield tuple(other for other in plan.tables if other.table.oid in group)


@dataclass
class _Circle:
    run: Seeding
    parts: tuple[TablePlan, ...]
    found: dict[int, Refusals] = field(default_factory=dict)

    @property
    def tables(self) -> tuple[Table, ...]:
        return tuple({part.table.oid: part.table for part in self.parts}.values())

    @property
    def keys(self) -> list[tuple[Table, ForeignKey]]:
        """The keys from one of the tables to another, or to itself."""
        oids = {table.oid for table in self.tables}
        return [(table, key) for table in self.tables for key in table.foreign_keys if key.target_oid in oids]


def load_circle(run: Seeding, parts: tuple[TablePlan, ...]) -> None:
    """Load the parts of a circle: as a whole, else without the rows that are refused, else not at all.

    Raises:
        LoadError: a required part failed.
    """
    begun = time.perf_counter()
    for part in parts:
        run.begin(part)
    circle = _Circle(run, parts)
    outcomes = _loaded(circle)
    for part, outcome in zip(parts, outcomes, strict=True):
        if outcome.loaded != part.rows:
            run.sources.read_back(part)
        record(run, part, part, outcome, begun)


def _loaded(circle: _Circle) -> list[Outcome]:
    try:
        return _attempt(circle, _copy_whole)
    except psycopg.Error as error:
        if ends_seeding(circle.run, error):
            raise
        first = error
    except SupaseedError as error:
        return [give_up(circle.run, part, error) for part in circle.parts]
    required = [part for part in circle.parts if part.required]
    if required:
        give_up(circle.run, required[0], first)
    try:
        return _attempt(circle, _copy_good)
    except (psycopg.Error, SupaseedError) as error:
        if ends_seeding(circle.run, error):
            raise
        return [give_up(circle.run, part, error) for part in circle.parts]


def _attempt(circle: _Circle, copy: Callable[[_Circle], None]) -> list[Outcome]:
    run = circle.run
    rows = sum(part.rows for part in circle.parts)
    with run.transaction(), _deferred(circle):
        run.limit_time(PART_SECONDS + ROW_SECONDS * rows)
        for schema in dict.fromkeys(table.schema for table in circle.tables):
            run.look_into(schema)
        with ExitStack() as stack:
            for table in circle.tables if run.triggers == "skip" else ():
                stack.enter_context(without_triggers(run.connection, table, event="insert"))
            copy(circle)
            run.connection.execute("set constraints all immediate")
        return [_outcome(circle, part) for part in circle.parts]


@contextmanager
def _deferred(circle: _Circle) -> Iterator[None]:
    """Let the circle's keys wait for the end.

    `SET CONSTRAINTS` would not do: it goes by name, and another table's key may have the same one.
    """
    connection = circle.run.connection
    changed = [(table, key) for table, key in circle.keys if not key.initially_deferred]
    for table, key in changed:
        connection.execute(_alteration(table, key, _DEFER))
    yield
    for table, key in changed:
        connection.execute(_alteration(table, key, _NOT_AT_FIRST if key.deferrable else _AS_IT_WAS))


def _alteration(table: Table, key: ForeignKey, action: sql.SQL) -> sql.Composed:
    return sql.SQL("alter table {} alter constraint {} {}").format(
        sql.Identifier(table.schema, table.name), sql.Identifier(key.name), action
    )


def _copy_whole(circle: _Circle) -> None:
    for part in circle.parts:
        if part.rows:
            source = circle.run.sources.source(part)
            copy_source(circle.run, source, part.label, _watched(circle.run, source))


def _watched(run: Seeding, source: PartSource) -> Iterator[list[tuple[object, ...]]]:
    """All rows of a source; a circle is written in one transaction, so that memory can only end it."""
    for _, rows in chunks_from(source):
        yield rows
        run.check_memory()


def _copy_good(circle: _Circle) -> None:
    """Copy what is taken, then remove rows whose parent is missing, until none is."""
    for part in circle.parts:
        source = circle.run.sources.source(part)
        found = circle.found.setdefault(part.table.oid, Refusals(part.table, source.columns))
        patience = Patience()
        for rows in _watched(circle.run, source):
            keep_rows(circle.run, source, rows, found, patience)
    while sum(_removed(circle, table, key) for table, key in circle.keys):
        pass


def _removed(circle: _Circle, table: Table, key: ForeignKey) -> int:
    """Remove the rows whose parent is missing; return how many there were."""
    pairs = list(zip(key.columns, key.target_columns, strict=True))
    statement = sql.SQL(
        "delete from {child} as child where {complete}"
        " and not exists (select from {parent} as parent where {same})"
    ).format(
        child=sql.Identifier(table.schema, table.name),
        complete=sql.SQL(" and ").join(
            sql.SQL("child.{} is not null").format(sql.Identifier(own)) for own, _ in pairs
        ),
        parent=sql.Identifier(key.target_schema, key.target_table),
        same=sql.SQL(" and ").join(
            sql.SQL("child.{} = parent.{}").format(sql.Identifier(own), sql.Identifier(other))
            for own, other in pairs
        ),
    )
    count = circle.run.connection.execute(statement).rowcount
    found = circle.found[table.oid]
    found.count += count
    if count and found.first is None:
        parent = f"{key.target_schema}.{key.target_table}"
        found.first = Refusal(f"the row of {parent} that it refers to was refused", key.name)
    return count


def _outcome(circle: _Circle, part: TablePlan) -> Outcome:
    before = circle.run.plan.existing.get(part.table.oid, 0)
    found = circle.found.get(part.table.oid)
    loaded = count_rows(circle.run.connection, part.table) - before
    return Outcome(loaded, found.count, found.first) if found else Outcome(loaded)
