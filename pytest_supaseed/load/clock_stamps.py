"""Takes the clock out of rows that triggers and defaults stamped with it.

The same seed has to give the same rows tomorrow. What we write is anchored to the reference instant; what a
trigger or a default stamps with `now()` is not, and is set to the reference instant after loading.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from psycopg import sql

from pytest_supaseed.rows.auto_factories import is_volatile
from pytest_supaseed.rows.chunk import REFERENCE_INSTANT

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    import psycopg

    from pytest_supaseed.catalog.model import Column, Table

_CLOCK_TYPES = frozenset({"timestamptz", "timestamp", "date"})


def stamped_columns(table: Table, written: Collection[str], *, adopted: bool) -> tuple[Column, ...]:
    """The columns that a trigger or a default may have stamped with the clock while rows were loaded."""
    fires = adopted or any("insert" in trigger.events for trigger in table.triggers)
    return tuple(
        column
        for column in table.columns
        if column.type.storage.name in _CLOCK_TYPES
        and column.generated is None
        and (fires or (column.name not in written and is_volatile(column)))
    )


def settle(
    connection: psycopg.Connection,
    table: Table,
    columns: tuple[Column, ...],
    started: datetime,
    written: Collection[str] = (),
) -> int:
    """Set values not older than `started` to the reference instant, in the caller's transaction.

    A column that we wrote may hold a date far ahead on purpose (an invitation that is open): there only
    values up to now are stamps.

    User triggers do not fire when `session_replication_role` is `replica`, which the caller sets where it
    may; elsewhere a trigger may stamp the row again.

    Args:
        connection: the connection that loaded the rows.
        table: the table.
        columns: as `stamped_columns` returns them.
        written: the columns that every row got from us.
        started: the server's clock before the first row was loaded.

    Returns:
        The number of rows changed.
    """
    changed = 0
    for column in columns:
        until = sql.SQL("clock_timestamp()" if column.name in written else "'infinity'")
        query = sql.SQL(
            "update {table} set {column} = {instant} where {column} >= {started} and {column} <= {until}"
        ).format(
            until=until,
            table=sql.Identifier(table.schema, table.name),
            column=sql.Identifier(column.name),
            instant=sql.Literal(REFERENCE_INSTANT),
            started=sql.Literal(started),
        )
        changed += max(connection.execute(query).rowcount, 0)
    return changed
