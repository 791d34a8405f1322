"""What keeps a database from being dropped even by force, and ending that."""

from __future__ import annotations

from typing import LiteralString

import psycopg
from psycopg import sql
from psycopg.rows import tuple_row

PREPARED: LiteralString = (
    "select gid from pg_catalog.pg_prepared_xacts where database = pg_catalog.current_database()"
)
SUBSCRIPTIONS: LiteralString = (
    "select s.subname from pg_catalog.pg_subscription as s"
    " join pg_catalog.pg_database as d on d.oid = s.subdbid where d.datname = pg_catalog.current_database()"
)
REPLICATION: LiteralString = (
    "select pg_catalog.pg_terminate_backend(active_pid, 1000) from pg_catalog.pg_replication_slots"
    " where database = pg_catalog.current_database() and active_pid is not null"
)
"""A slot that nobody reads from goes with its database."""

EVENT_TRIGGERS_SINCE = 170000
"""From here on there are triggers at login, and a setting that switches them off."""

OPENED: tuple[LiteralString, ...] = (
    "alter database {} allow_connections true connection limit -1",
    # What is set for the database may keep everybody out: a time limit, a role, a library that is not there.
    "alter database {} reset all",
)
_UNDISTURBED = "-c statement_timeout=0 -c lock_timeout=10s -c default_transaction_read_only=off"
"""What a connection is told weighs more than what is set for a role or a database."""


def release_database(connection: psycopg.Connection, name: str) -> None:
    """End what holds a database: prepared transactions, subscriptions, replication from it.

    `drop database ... with (force)` ends connections alone
    (https://www.postgresql.org/docs/current/sql-dropdatabase.html).

    Args:
        connection: to another database of the server, by a superuser or by who made all that.
        name: the database.

    Raises:
        psycopg.Error: the database cannot be reached, or the login may not do this.
    """
    for opened in OPENED:
        connection.execute(sql.SQL(opened).format(sql.Identifier(name)))
    info = connection.info
    with psycopg.connect(
        info.dsn,
        dbname=name,
        password=info.password or None,
        options=_options(connection),
        autocommit=True,
        row_factory=tuple_row,
    ) as inside:
        for (gid,) in inside.execute(PREPARED).fetchall():
            inside.execute(sql.SQL("rollback prepared {}").format(sql.Literal(gid)))
        for (subscription,) in inside.execute(SUBSCRIPTIONS).fetchall():
            known = sql.Identifier(subscription)
            for statement in (
                "alter subscription {} disable",
                "alter subscription {} set (slot_name = none)",
            ):
                inside.execute(sql.SQL(statement).format(known))
            inside.execute(sql.SQL("drop subscription {}").format(known))
        inside.execute(REPLICATION)


def _options(connection: psycopg.Connection) -> str:
    """Settings for a connection, beside those that the endpoint gives: no trigger at login keeps it out."""
    given = connection.info.get_parameters().get("options", "")
    newer = connection.info.server_version >= EVENT_TRIGGERS_SINCE
    return " ".join(filter(None, (given, _UNDISTURBED, "-c event_triggers=off" if newer else "")))
