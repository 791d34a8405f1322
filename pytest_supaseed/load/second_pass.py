"""The second pass: foreign keys that were loaded as NULL, because they close a circle, are filled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql
from psycopg.rows import tuple_row

from pytest_supaseed.catalog.row_keys import key_of
from pytest_supaseed.load.bisection import Patience, keep_good
from pytest_supaseed.load.quiet_triggers import without_triggers
from pytest_supaseed.load.refusals import reason_of
from pytest_supaseed.load.seeding import PART_SECONDS, ROW_SECONDS
from pytest_supaseed.plan.streams import CHUNK_ROWS, Stream

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pytest_supaseed.catalog.model import ForeignKey, Table
    from pytest_supaseed.load.seeding import Seeding

_CHILDREN = sql.Identifier("pg_temp", "supaseed_children")
_PARENTS = sql.Identifier("pg_temp", "supaseed_parents")


@dataclass(frozen=True)
class CutKey:
    """A foreign key to fill.

    Args:
        table: the child.
        key: the foreign key.
        parent: the table that it refers to.
        fixed: its columns that hold values already, since another key or NOT NULL asks for them.
        empty: its other columns, which are NULL.
    """

    table: Table
    key: ForeignKey
    parent: Table
    fixed: tuple[str, ...]
    empty: tuple[str, ...]

    @property
    def is_unique(self) -> bool:
        """Whether a parent may have one child only."""
        columns = set(self.key.columns)
        return any(set(unique.columns) <= columns for unique in self.table.unique_keys)

    def target(self, column: str) -> str:
        """The parent's column that one of ours refers to."""
        return self.key.target_columns[self.key.columns.index(column)]


def fill_cut_keys(run: Seeding) -> None:
    """Fill each cut key: a child's parent is drawn from those stored, in the order of their keys.

    A row that Postgres refuses then (a check, a unique key) keeps its NULL, and the report says so.
    """
    for cut in _cut_keys(run):
        if cut.key.oid in run.filled:
            continue
        try:
            filled, refused, reason = _fill(run, cut)
        except psycopg.Error as error:
            if run.connection.broken:
                raise
            filled, refused, reason = 0, 0, reason_of(error)
        if reason:
            run.notes.append(
                f"{cut.table.qualified}: the key {cut.key.name} closes a circle and was filled afterwards, in"
                f" {filled:,} rows; {refused or 'the others'} stay NULL: {reason}"
            )
        run.filled.add(cut.key.oid)
        run.mark()
        run.stop.heed()


def _cut_keys(run: Seeding) -> Iterator[CutKey]:
    """The cut keys of tables that got rows, in the order of loading."""
    tables = {part.table.oid: part.table for part in run.made}
    for table in tables.values():
        for key in table.foreign_keys:
            if key.oid in run.plan.cut_keys and not key.period:
                fixed = tuple(name for name in key.columns if _is_fixed(run, table, key, name))
                empty = tuple(name for name in key.columns if name not in fixed)
                if empty:
                    yield CutKey(table, key, run.catalog.by_oid[key.target_oid], fixed, empty)


def _is_fixed(run: Seeding, table: Table, cut: ForeignKey, column: str) -> bool:
    others = (key for key in table.foreign_keys if key.oid not in run.plan.cut_keys and key is not cut)
    return table.by_name[column].not_null or any(column in key.columns for key in others)


def _fill(run: Seeding, cut: CutKey) -> tuple[int, int, str]:
    """Fill one key; return the rows filled, those refused, and the first reason."""
    refusals: list[psycopg.Error] = []
    patience, filled = Patience(), 0
    stream = Stream(run.plan.seed, cut.table.qualified, "", f"second pass of {cut.key.name}")
    with run.connection.transaction(), without_triggers(run.connection, cut.table, event="update"):
        run.connection.execute("set constraints all immediate")
        count = _number_rows(run, cut)
        run.limit_time(PART_SECONDS + ROW_SECONDS * count)
        for start in range(0, count, CHUNK_ROWS):
            pairs = _drawn(run, cut, stream, start)
            filled += keep_good(
                pairs,
                lambda some: _write(run, cut, some),
                lambda _pair, error: refusals.append(error),
                patience,
            )
        run.connection.execute(sql.SQL("drop table {}, {}").format(_CHILDREN, _PARENTS))
    return filled, len(refusals), reason_of(refusals[0]) if refusals else ""


def _number_rows(run: Seeding, cut: CutKey) -> int:
    """Number parents and children in the order of their keys; return the number of children.

    Parents whose fixed columns are equal stand together, so that each child's choice is a run of numbers.
    """
    run.connection.execute(_parents(cut))
    run.connection.execute(_children(run, cut))
    for table in (_PARENTS, _CHILDREN):
        run.connection.execute(sql.SQL("create index on {} (number)").format(table))
        run.connection.execute(sql.SQL("analyze {}").format(table))
    with run.connection.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(sql.SQL("select count(*) from {}").format(_CHILDREN)).fetchone()
    return int(row[0]) if row else 0


def _parents(cut: CutKey) -> sql.Composed:
    names = (*cut.fixed, *cut.empty)
    return sql.SQL(
        "create temporary table {table} on commit drop as"
        " select row_number() over (order by {order}) - 1 as number, {order} from"
        " (select distinct {columns} from {parent} where {complete}) as parents"
    ).format(
        table=_PARENTS,
        order=sql.SQL(", ").join(_numbered(names)),
        columns=sql.SQL(", ").join(
            sql.SQL("{} as {}").format(sql.Identifier(cut.target(name)), alias)
            for name, alias in zip(names, _numbered(names), strict=True)
        ),
        parent=sql.Identifier(cut.parent.schema, cut.parent.name),
        complete=sql.SQL(" and ").join(
            sql.SQL("{} is not null").format(sql.Identifier(cut.target(name))) for name in names
        ),
    )


def _numbered(names: Sequence[str]) -> list[sql.Identifier]:
    """Names of our own for the parents' key columns, which may meet any name otherwise."""
    return [sql.Identifier(f"key_{position}") for position in range(len(names))]


def _children(run: Seeding, cut: CutKey) -> sql.Composed:
    """Each child without a parent: its number, place and rank, and the run of its possible parents."""
    fixed = _numbered(cut.fixed)
    groups = sql.SQL(", ").join(fixed) if fixed else sql.SQL("()")
    same = [
        sql.SQL("child.{} = possible.{}").format(sql.Identifier(name), alias)
        for name, alias in zip(cut.fixed, fixed, strict=True)
    ]
    own = [sql.SQL("child.{} is null").format(sql.Identifier(name)) for name in cut.empty]
    if run.plan.existing.get(cut.table.oid):
        own.append(sql.SQL("age(child.xmin) < age({}::xid)").format(sql.Literal(run.first_transaction)))
    order = _order(cut.table)
    return sql.SQL(
        "create temporary table {table} on commit drop as"
        " select row_number() over (order by {order}) - 1 as number, child.tableoid as relation,"
        " child.ctid as place, possible.first, possible.size,"
        " row_number() over (partition by possible.first order by {order}) - 1 as rank"
        " from {child} as child join (select min(number) as first, count(*) as size{keys} from {parents}"
        " group by {groups}) as possible on {same} where {own}"
    ).format(
        table=_CHILDREN,
        order=order,
        child=sql.Identifier(cut.table.schema, cut.table.name),
        keys=sql.SQL("").join(sql.SQL(", {}").format(alias) for alias in fixed),
        parents=_PARENTS,
        groups=groups,
        same=sql.SQL(" and ").join([*same, sql.SQL("possible.size > 0")]),
        own=sql.SQL(" and ").join(own),
    )


def _order(table: Table) -> sql.Composable:
    """The order of a table's rows that every run agrees on: by key, else by the whole row's text."""
    if any(key.is_plain for key in table.unique_keys):
        return sql.SQL(", ").join(sql.SQL("child.{}").format(sql.Identifier(name)) for name in key_of(table))
    return sql.SQL('child::text collate "C"')


def _drawn(run: Seeding, cut: CutKey, stream: Stream, start: int) -> list[tuple[int, int]]:
    """Pairs of a child's number and its parent's, for one chunk of children."""
    query = sql.SQL(
        "select number, first, size, rank from {} where number >= {} and number < {} order by number"
    ).format(_CHILDREN, sql.Literal(start), sql.Literal(start + CHUNK_ROWS))
    with run.connection.cursor(row_factory=tuple_row) as cursor:
        rows = cursor.execute(query).fetchall()
    if cut.is_unique:
        return [(number, first + rank) for number, first, size, rank in rows if rank < size]
    draws = stream.draws(start // CHUNK_ROWS)
    return [(number, first + draws.below(size)) for number, first, size, _rank in rows]


def _write(run: Seeding, cut: CutKey, pairs: Sequence[tuple[int, int]]) -> int:
    if not pairs:
        return 0
    with run.connection.transaction():
        return run.connection.execute(_update(cut, pairs)).rowcount


def _update(cut: CutKey, pairs: Sequence[tuple[int, int]]) -> sql.Composed:
    names = (*cut.fixed, *cut.empty)
    parts = [
        sql.SQL("{} = parent.{}").format(sql.Identifier(name), alias)
        for name, alias in zip(names, _numbered(names), strict=True)
        if name in cut.empty
    ]
    return sql.SQL(
        "update {table} as target set {columns}"
        " from unnest({numbers}::bigint[], {others}::bigint[]) as pair (child, parent)"
        " join {children} as child on child.number = pair.child"
        " join {parents} as parent on parent.number = pair.parent"
        " where target.tableoid = child.relation and target.ctid = child.place"
    ).format(
        table=sql.Identifier(cut.table.schema, cut.table.name),
        columns=sql.SQL(", ").join(parts),
        numbers=sql.Literal([child for child, _parent in pairs]),
        others=sql.Literal([parent for _child, parent in pairs]),
        children=_CHILDREN,
        parents=_PARENTS,
    )
