"""Which tables a seeding gave rows, and which rows of a table are its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from psycopg import sql
from psycopg.rows import tuple_row

if TYPE_CHECKING:
    from pytest_supaseed.catalog.model import Table
    from pytest_supaseed.load.seeding import Seeding


@dataclass(frozen=True)
class TouchedTable:
    """A table with new rows, and the columns that each row of every part got from us.

    Triggers wrote rows of an adopted part: nothing in them is ours.
    """

    table: Table
    written: frozenset[str]


def touched_tables(run: Seeding) -> list[TouchedTable]:
    """The tables that hold new rows, in the order of loading."""
    found: dict[int, TouchedTable] = {}
    for part, report in zip(run.made, run.parts, strict=True):
        if report.loaded:
            ours = () if part.adopted_from else run.sources.source(part).columns
            before = found.get(part.table.oid)
            written = frozenset(ours) if before is None else before.written & frozenset(ours)
            found[part.table.oid] = TouchedTable(part.table, written)
    kept = [left.table for left in run.plan.unplanned if run.plan.existing.get(left.table.oid)]
    for table in kept if triggers_fire(run) else ():
        if _has_new_rows(run, table):
            found[table.oid] = TouchedTable(table, frozenset())
    return list(found.values())


def _has_new_rows(run: Seeding, table: Table) -> bool:
    statement = sql.SQL("select exists (select from {} where {})").format(
        sql.Identifier(table.schema, table.name), is_new(run)
    )
    with run.connection.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(statement).fetchone()
    return bool(row and row[0])


def triggers_fire(run: Seeding) -> bool:
    """Whether any trigger may have made or changed rows: one of another table may have written into this."""
    if run.triggers == "skip":
        return False
    return any(
        part.adopted_from or any("insert" in trigger.events for trigger in part.table.triggers)
        for part in run.made
    )


def is_new(run: Seeding) -> sql.Composed:
    """The condition that a row was written, or changed, by this seeding."""
    return sql.SQL("age(xmin) < age({}::xid)").format(sql.Literal(run.first_transaction))
