"""Partitions that a schema leaves to be made later: a default one takes the rows that have no place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
from psycopg import sql
from psycopg.rows import tuple_row

if TYPE_CHECKING:
    from collections.abc import Iterator

_STRATEGY = (
    "select p.partstrat, exists (select from pg_catalog.pg_inherits i where i.inhparent = p.partrelid)"
    " from pg_catalog.pg_partitioned_table p where p.partrelid = %s::regclass"
)
_HASH = "h"
NAME_BYTES = 63
"""Bytes of a name that Postgres keeps (`NAMEDATALEN` less one)."""


def lacks_partition(error: psycopg.Error) -> bool:
    """Whether a row found no partition: a violated check that has no name but a table."""
    found = error.diag
    nameless = not (found.constraint_name or found.datatype_name)
    return isinstance(error, psycopg.errors.CheckViolation) and nameless and bool(found.table_name)


def make_partition(connection: psycopg.Connection, error: psycopg.Error) -> str | None:
    """Make a partition for the rows that Postgres could not place, in the caller's transaction.

    Args:
        connection: acts as the table's owner.
        error: what `lacks_partition` is true of; it names the table.

    Returns:
        What was made, for the report; None where no partition can take all rows (by hash, some are there).
    """
    schema, name = str(error.diag.schema_name), str(error.diag.table_name)
    parent = sql.Identifier(schema, name)
    with connection.transaction(), connection.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(_STRATEGY, (parent.as_string(connection),)).fetchone()
        by_hash, has_some = (row[0] == _HASH, row[1]) if row else (False, False)
        if by_hash and has_some:
            return None
        made = _free_name(cursor, schema, name)
        bounds = "for values with (modulus 1, remainder 0)" if by_hash else "default"
        statement = sql.SQL("create table {made} partition of {parent} " + bounds)
        cursor.execute(statement.format(made=sql.Identifier(schema, made), parent=parent))
    return f"{schema}.{name}: the partition {made} was made for rows that no partition took"


def _free_name(cursor: psycopg.Cursor[tuple[object, ...]], schema: str, table: str) -> str:
    for name in _names(table):
        place = sql.Identifier(schema, name).as_string(cursor)
        row = cursor.execute("select to_regclass(%s) is null", (place,)).fetchone()
        if row and row[0]:
            return name
    raise AssertionError  # pragma: no cover  # the names do not end


def _names(table: str) -> Iterator[str]:
    yield _cut(table, "_default")
    number = 1
    while True:
        number += 1
        yield _cut(table, f"_default_{number}")


def _cut(name: str, ending: str) -> str:
    """The name with its ending, cut to the bytes that Postgres keeps."""
    kept = name.encode()[: NAME_BYTES - len(ending)]
    return kept.decode(errors="ignore") + ending
