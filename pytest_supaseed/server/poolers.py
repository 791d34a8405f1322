"""Poolers of connections: one that shares a session among many is told from one that keeps it."""

from __future__ import annotations

from contextlib import closing
from select import select
from typing import TYPE_CHECKING, LiteralString

from psycopg.rows import tuple_row

from pytest_supaseed.errors import EndpointError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import psycopg

SUPABASE_HOSTS = ".pooler.supabase.com"
"""How the names of Supabase's poolers end: https://supabase.com/docs/guides/database/connecting-to-postgres."""

TRANSACTION_PORT, SESSION_PORT = "6543", "5432"
"""Where Supabase's poolers give a session for a transaction, and where for as long as one is connected."""

PROBES = 3
"""Times that two connections compare their backends: in transaction mode one that is free is given out."""

WAIT_SECONDS = 2.0
"""How long a pooler in session mode may let wait for a session of which it has no more."""

WHY = "What is said to a session (locks, settings, temporary tables) is not there in the next transaction."


def is_transaction_port(given: Mapping[str, str]) -> bool:
    """Whether connection parameters name the port of Supabase's pooler in transaction mode.

    Args:
        given: `host`, `port` and the others, as libpq calls them.
    """
    ports = given.get("port", "").split(",")
    return TRANSACTION_PORT in ports


def refuse_transaction_port(given: Mapping[str, str], source: str) -> None:
    """See that a URL does not lead to Supabase's pooler in transaction mode; nothing is connected to.

    Args:
        given: the connection parameters, of a server on another machine.
        source: who said them, for messages.

    Raises:
        EndpointError: it does; which port to use is said.
    """
    if is_transaction_port(given):
        raise EndpointError(
            f"The port of {source}, {TRANSACTION_PORT}, is that of Supabase's pooler in transaction mode,"
            f" in which a session does not last. {WHY}",
            looked_at=[f"host {given.get('host') or given.get('hostaddr')}, port {TRANSACTION_PORT}"],
            remedies=_other_ways(given),
        )


def _other_ways(given: Mapping[str, str]) -> list[str]:
    host, user = given.get("host", ""), given.get("user", "")
    database = given.get("dbname", "postgres")
    ways = [f"use the pooler's port for sessions: {SESSION_PORT}"]
    if host.endswith(SUPABASE_HOSTS):
        ways[0] += f", postgresql://{user}:PASSWORD@{host}:{SESSION_PORT}/{database}"
        name, _, project = user.partition(".")
        if project:
            ways.append(
                f"or the database itself: postgresql://{name}:PASSWORD@db.{project}.supabase.co"
                f":{SESSION_PORT}/{database}"
            )
    return ways


def shares_sessions(connection: psycopg.Connection, connect: Callable[[], psycopg.Connection]) -> bool:
    """Return whether there is a pooler between, and another client has met a backend of this connection.

    A pooler tells its clients a number of its own where Postgres tells the process of the session
    (https://www.postgresql.org/docs/current/protocol-flow.html, BackendKeyData): where the two are the same
    there is none, and nothing more is asked.

    Args:
        connection: in autocommit mode.
        connect: makes another one like it.
    """
    seen = {_backend(connection)}
    if seen == {connection.info.backend_pid}:
        return False
    try:
        other = connect()
    except EndpointError:  # there is no other session to be had, so they are not shared
        return False
    with closing(other):
        for _ in range(PROBES):
            met = _backend_in_time(other)
            if met is None:
                return False
            if met in seen:
                return True
            seen.add(_backend(connection))
    return len(seen) > 1


def refuse_shared_sessions(
    connection: psycopg.Connection, source: str, connect: Callable[[], psycopg.Connection]
) -> None:
    """See that a session lasts as long as its connection.

    Args:
        connection: in autocommit mode.
        source: who named the server, for messages.
        connect: makes another connection like it.

    Raises:
        EndpointError: a pooler shares it among many.
    """
    if shares_sessions(connection, connect):
        info = connection.info
        raise EndpointError(
            f"{source} names a pooler in transaction mode, in which a session does not last. {WHY}",
            looked_at=[f"pg_backend_pid() of two connections to {info.host}:{info.port}: one process"],
            remedies=[
                f"name the Postgres behind it: its own port, mostly {SESSION_PORT}",
                "or a port of the pooler in session mode (of PgBouncer: pool_mode = session)",
            ],
        )


_BACKEND: LiteralString = "select pg_catalog.pg_backend_pid()"


def _backend(connection: psycopg.Connection) -> int:
    """The process that serves a connection just now."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(_BACKEND, prepare=False).fetchone()
    assert row is not None  # noqa: S101  # a SELECT without FROM gives one row
    return int(row[0])


def _backend_in_time(connection: psycopg.Connection) -> int | None:
    """The same; None where a pooler has no session to give, and lets wait for one."""
    pgconn = connection.pgconn
    pgconn.send_query(_BACKEND.encode())
    while pgconn.is_busy():
        if not select([pgconn.socket], [], [], WAIT_SECONDS)[0]:
            return None
        pgconn.consume_input()
    found = None
    while (result := pgconn.get_result()) is not None:  # until there is none, the query is not over
        found = int(result.get_value(0, 0) or 0)
    return found
