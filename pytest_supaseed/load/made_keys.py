"""Takes chance out of the keys of rows that triggers made.

A trigger that inserts a row leaves its id to the column's default, which is another one in each run. Such ids
are set to values that follow from the seed, the table and the row's place among the rows that triggers made,
and so is whatever refers to them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
from psycopg import sql
from psycopg.rows import tuple_row

from pytest_supaseed.catalog.model import TableKind
from pytest_supaseed.load.made_tokens import random_texts, settle_texts
from pytest_supaseed.load.new_rows import is_new, touched_tables, triggers_fire
from pytest_supaseed.load.stored_rows import count_rows
from pytest_supaseed.plan.dependency_order import order_tables
from pytest_supaseed.rows.auto_factories import is_volatile

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from pytest_supaseed.catalog.model import Column, Table
    from pytest_supaseed.load.seeding import Seeding

_CLOCK_TYPES = frozenset({"timestamptz", "timestamp", "date", "time", "timetz"})
_MAPPING = sql.Identifier("pg_temp", "supaseed_new_keys")
_NUMBERED = sql.SQL(
    """
    create temporary table supaseed_new_keys on commit drop as
    select {column}::uuid as old,
        overlay(overlay(
            md5(concat_ws(':', {address}::text, row_number() over (order by {order})))
            placing '4' from 13) placing '8' from 17)::uuid as new
    from {table} where {new} and {column} is not null
    """
)
"""Ids of version 4, as the defaults make them, by their old ones."""
_APPLIED = sql.SQL(
    "update {table} as target set {column} = mapped.new from {mapping} as mapped"
    " where target.{column} = mapped.old"
)


def settle_made_keys(run: Seeding, table: Table, written: Collection[str] = ()) -> None:
    """Settle the random ids of a table whose new rows are all made by triggers.

    References are found by value in all uuid columns, be there a foreign key or not; copies inside JSON or
    text stay as they are. A column that holds another table's ids (`accounts.id` = the user's) is left alone.

    Args:
        run: the seeding.
        table: the table.
        written: columns that we wrote, which are not random.
    """
    if run.triggers == "skip":
        return
    columns = [column for column in _random_columns(table) if column.name not in written]
    texts = random_texts(run, table, written)
    if not columns and not texts:
        return
    if not run.may_disable_triggers:
        _note(run, table, "only a superuser can set them without firing triggers again")
        return
    try:
        for column in columns:
            with run.connection.transaction():
                _settle_column(run, table, column)
        for name in texts:
            with run.connection.transaction():
                if not settle_texts(run, table, name, _order(table, texts)):
                    _note(run, table, f"what {name} is made of could not be told")
    except psycopg.Error as error:
        if run.connection.broken:
            raise
        _note(run, table, str(error.diag.message_primary or error))
    run.settled[table.oid] = count_rows(run.connection, table)


def settle_late_keys(run: Seeding) -> None:
    """Settle what triggers added to tables after these were loaded, in columns that we did not write."""
    if not triggers_fire(run):
        return
    found = {touched.table.oid: touched for touched in touched_tables(run)}
    for table in order_tables([touched.table for touched in found.values()]).tables:
        touched = found[table.oid]
        ids = [column for column in _random_columns(table) if column.name not in touched.written]
        left = ids or random_texts(run, table, touched.written)
        if left and run.settled.get(table.oid) != count_rows(run.connection, table):
            settle_made_keys(run, table, touched.written)
        mixed = [name for name in random_texts(run, table, ()) if name in touched.written]
        if mixed and count_rows(run.connection, table) > _written_by_us(run, table):
            _settle_mixed(run, table, mixed)


def _written_by_us(run: Seeding, table: Table) -> int:
    before = run.plan.existing.get(table.oid, 0)
    return before + sum(run.sources.source(part).rows for part in run.plan.parts_of(table))


def _settle_mixed(run: Seeding, table: Table, names: Sequence[str]) -> None:
    """Settle texts in the rows that triggers made, of a table to which we wrote others."""
    if not run.may_disable_triggers:
        return
    for name in names:
        ours: set[str] = set()
        for part in run.plan.parts_of(table):
            source = run.sources.source(part)
            place = source.columns.index(name)
            ours.update(str(row[place]) for row in source.all_rows())
        try:
            with run.connection.transaction():
                settle_texts(run, table, name, _order(table, names), ours)
        except psycopg.Error as error:
            if run.connection.broken:
                raise
            _note(run, table, str(error.diag.message_primary or error))


def _note(run: Seeding, table: Table, why: str) -> None:
    note = f"{table.qualified}: values of rows that triggers made differ from run to run: {why}"
    if note not in run.notes:
        run.notes.append(note)


def _random_columns(table: Table) -> list[Column]:
    referring = {name for key in table.foreign_keys for name in key.columns}
    return [
        column
        for column in table.columns
        if _is_written_uuid(column) and is_volatile(column) and column.name not in referring
    ]


def _is_written_uuid(column: Column) -> bool:
    return column.type.storage.name == "uuid" and column.generated is None


def _settle_column(run: Seeding, table: Table, column: Column) -> None:
    if _holds_ids_of_others(run, table, column):
        return
    connection = run.connection
    connection.execute("set local role none")
    connection.execute("set local session_replication_role = replica")
    address = f"{run.plan.seed}:{table.qualified}:{column.name}:{len(run.settled)}"
    statement = _NUMBERED.format(
        column=sql.Identifier(column.name),
        address=sql.Literal(address),
        order=_order(table, random_texts(run, table, ())),
        table=sql.Identifier(table.schema, table.name),
        new=is_new(run),
    )
    connection.execute(statement)
    for other in _own_tables(run):
        for reference in other.columns:
            if _is_written_uuid(reference):
                connection.execute(
                    _APPLIED.format(
                        table=sql.Identifier(other.schema, other.name),
                        column=sql.Identifier(reference.name),
                        mapping=_MAPPING,
                    )
                )


def _order(table: Table, left: Collection[str] = ()) -> sql.Composable:
    """Foreign keys first, which are the same in each run; then what else chance and the clock leave alone.

    Rows that do not differ in that are taken as they came.
    """
    referring = {name for key in table.foreign_keys for name in key.columns}
    stable = [
        column
        for column in table.columns
        if not is_volatile(column)
        and column.name not in left
        and (column.name in referring or column.type.storage.name not in _CLOCK_TYPES)
    ]
    stable.sort(key=lambda column: column.name not in referring)
    terms = [
        sql.SQL('{}::text collate "C"').format(sql.Identifier(column.name))
        for column in stable
        if not column.virtual
    ]
    return sql.SQL(", ").join([*terms, sql.SQL("tableoid"), sql.SQL("ctid")])


def _holds_ids_of_others(run: Seeding, table: Table, column: Column) -> bool:
    """Whether a row's value is the id of a row elsewhere that does not stand below this table."""
    query = sql.SQL(
        "select exists (select from {table} as own join {other} as other on own.{column} = other.{key})"
    )
    for other in _own_tables(run):
        key = other.primary_key
        below = any(found.target_oid == table.oid for found in other.foreign_keys)
        if key is None or len(key.columns) != 1 or below or other.oid == table.oid:
            continue
        name = key.columns[0]
        if name is None or other.by_name[name].type.storage.name != "uuid":
            continue
        statement = query.format(
            table=sql.Identifier(table.schema, table.name),
            other=sql.Identifier(other.schema, other.name),
            column=sql.Identifier(column.name),
            key=sql.Identifier(name),
        )
        with run.connection.cursor(row_factory=tuple_row) as cursor:
            row = cursor.execute(statement).fetchone()
        if row and row[0]:
            return True
    return False


def _own_tables(run: Seeding) -> Iterator[Table]:
    """The tables that may hold such ids: those of the schema, and what the plan fills of the platform."""
    planned = {part.table.oid for part in run.plan.tables}
    for table in run.catalog.tables:
        holds_rows = table.kind in {TableKind.TABLE, TableKind.PARTITIONED} and not table.is_partition
        if holds_rows and (table.oid in planned or table.schema not in run.catalog.platform_schemas):
            yield table
