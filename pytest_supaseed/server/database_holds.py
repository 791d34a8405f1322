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
    info = connection.info
    with psycopg.connect(
        info.dsn, dbname=name, password=info.password or None, autocommit=True, row_factory=tuple_row
    ) as inside:
        inside.execute("set lock_timeout = '10s'")
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
