"""User triggers switched off for a while, by the owner's right.

`session_replication_role = replica` would be one statement, but takes a superuser, and foreign keys are not
checked then. `ALTER TABLE ... DISABLE TRIGGER` by name takes the owner, leaves the keys' own triggers on, and
being transactional it is undone by whatever goes wrong.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from psycopg import sql

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    import psycopg

    from pytest_supaseed.catalog.model import Table, Trigger

_AGAIN = {"origin": sql.SQL("enable"), "always": sql.SQL("enable always")}
"""How a trigger is switched on again, by how it was; those that do not fire here are left alone."""


@contextmanager
def without_triggers(
    connection: psycopg.Connection, table: Table, *, event: str, functions: Collection[str] | None = None
) -> Iterator[None]:
    """Switch off the table's user triggers of an event for the block, in the caller's transaction.

    Args:
        connection: acts as the table's owner.
        table: the table; triggers that a partitioned one hands down to its partitions are meant too.
        event: `insert` or `update`.
        functions: only the triggers that call one of these functions; all when not given.

    Raises:
        psycopg.Error: the role does not own the table.
    """
    quiet = [
        trigger
        for trigger in table.triggers
        if trigger.enabled in _AGAIN
        and event in trigger.events
        and (functions is None or trigger.function_name in functions)
    ]
    for trigger in quiet:
        connection.execute(_alteration(table, trigger, sql.SQL("disable")))
    yield
    if quiet:
        connection.execute("set constraints all immediate")
    for trigger in quiet:
        connection.execute(_alteration(table, trigger, _AGAIN[trigger.enabled]))


def _alteration(table: Table, trigger: Trigger, action: sql.SQL) -> sql.Composed:
    return sql.SQL("alter table {table} {action} trigger {trigger}").format(
        table=sql.Identifier(table.schema, table.name), action=action, trigger=sql.Identifier(trigger.name)
    )
