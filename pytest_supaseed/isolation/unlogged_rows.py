"""Rows of unlogged tables, which a crash of the server takes: a template that had any is not whole then.

Postgres empties unlogged tables when it recovers
(https://www.postgresql.org/docs/current/sql-createtable.html#SQL-CREATETABLE-UNLOGGED). So what is known of
them is written into an unlogged table of the registry, which is emptied with them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.rows import tuple_row

from pytest_supaseed.server.databases import database_lock
from pytest_supaseed.server.settled_sessions import settled

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_supaseed.server.endpoint import Endpoint


def has_unlogged(endpoint: Endpoint, database: str) -> bool:
    """Return whether a database has unlogged tables or sequences, whoever's they are."""
    query = "select exists (select from pg_catalog.pg_class where relpersistence = 'u')"
    with (
        settled(endpoint.conninfo(database), own_role=True) as connection,
        connection.cursor(row_factory=tuple_row) as cursor,
    ):
        return cursor.execute(query).fetchone() == (True,)


def note_unlogged(registry: psycopg.Connection, oid: int, content: Mapping[str, Any]) -> None:
    """Write down that a template is whole, where a crash would change that.

    Args:
        registry: a connection to the registry, in autocommit mode.
        oid: that of the database that is about to become a template.
        content: what is written down of it.
    """
    if not content.get("unlogged"):
        return
    with database_lock(registry, "unlogged"):
        registry.execute("create unlogged table if not exists public.unlogged_template (oid oid primary key)")
    registry.execute(
        "insert into public.unlogged_template values (%s::int8::oid) on conflict do nothing", (oid,)
    )


def keeps_unlogged(registry: psycopg.Connection, oid: int, content: Mapping[str, Any]) -> bool:
    """Return whether a template still has what it had in unlogged tables; see `note_unlogged`."""
    if not content.get("unlogged"):
        return True
    query = "select exists (select from public.unlogged_template where oid = %s::int8::oid)"
    try:
        with registry.cursor(row_factory=tuple_row) as cursor:
            return cursor.execute(query, (oid,)).fetchone() == (True,)
    except psycopg.errors.UndefinedTable:
        return False
