"""Connections to a test's database that nobody closed: told from those that are just about to end."""

from __future__ import annotations

import sys
import time
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, LiteralString

from psycopg.rows import class_row, tuple_row

from pytest_supaseed.errors import OpenConnectionWarning
from pytest_supaseed.isolation.statements import read_statement

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    import psycopg

ENDING_SECONDS = 0.5
"""How long a backend whose client has gone may take to end, before its connection counts as an open one.

On a busy machine a tenth of a second was not enough. Who is known to hold it open is not waited for.
"""
POLL_SECONDS = 0.0005
_ESTABLISHED = "01"


@dataclass(frozen=True)
class OpenConnection:
    """A connection that nobody closed.

    Args:
        pid: the backend's process.
        state: as `pg_stat_activity` names it: `idle`, `idle in transaction`, `active`.
        application: what it calls itself; may be empty.
        query: the beginning of its last query.
        client_port: the client's port; -1 on a socket of the file system, None for no client.
        is_local: whether the client came by the server's own loopback.
    """

    pid: int
    state: str
    application: str
    query: str
    client_port: int | None
    is_local: bool = False

    def __str__(self) -> str:
        caller = f", application {self.application}" if self.application else ""
        last = f", last: {' '.join(self.query.split())}" if self.query else ""
        return f"{self.state} (backend {self.pid}{caller}{last})"


def end_open(
    observer: psycopg.Connection,
    database: str,
    known: Collection[int] = (),
    *,
    oid: int | None = None,
    only: Collection[int] | None = None,
) -> list[OpenConnection]:
    """End whatever is connected to a database, and return what its clients had left open.

    Args:
        observer: a connection of a login that may end backends, in autocommit mode.
        database: the database.
        known: backends that are left alone: of ours, or about to end.
        oid: the database's, where it is known; whoever looks for it may have to wait for a lock.
        only: the backends that are ended, where somebody has looked already.
    """
    looked_at = _oid(observer, database) if oid is None else oid
    if looked_at is None:
        return []
    deadline = time.monotonic() + ENDING_SECONDS
    asked = {"oid": looked_at, "known": list(known), "only": None if only is None else list(only)}
    found = _connections(observer, asked)
    held = _ports_held(observer.info.port) if found else None
    while found and time.monotonic() < deadline and not _are_held(found, held):
        time.sleep(POLL_SECONDS)
        found, held = _connections(observer, asked), _ports_held(observer.info.port)
    if found:
        observer.execute(
            "select pg_catalog.pg_terminate_backend(pid) from unnest(%s::int4[]) as pid",
            ([one.pid for one in found],),
        )
    return [one for one in found if not _is_closed(one, held)]


def _oid(observer: psycopg.Connection, database: str) -> int | None:
    """The OID of a database; the observer's own without a look into `pg_database`."""
    query: LiteralString = (
        "select datid::int8 from pg_catalog.pg_stat_get_activity(pg_catalog.pg_backend_pid())"
        if observer.info.dbname == database
        else "select oid::int8 from pg_catalog.pg_database where datname = %(name)s"
    )
    with observer.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(query, {"name": database}).fetchone()
    return None if row is None else int(row[0])


def _connections(observer: psycopg.Connection, asked: Mapping[str, Any]) -> list[OpenConnection]:
    with observer.cursor(row_factory=class_row(OpenConnection)) as cursor:
        return cursor.execute(read_statement("open_connections"), asked).fetchall()


def _are_held(found: Iterable[OpenConnection], ports: Collection[int] | None) -> bool:
    """Whether a client on this machine holds each of them open; where that cannot be told, we wait."""
    return ports is not None and all(one.client_port in ports for one in found)


def _is_closed(one: OpenConnection, ports: Collection[int] | None) -> bool:
    """Whether its client, on this machine, has closed it: then only the backend is late."""
    return ports is not None and one.is_local and one.client_port not in ports


def _ports_held(server_port: int) -> set[int] | None:
    """The local ports of this machine's TCP connections to a port, as the kernel lists them: proc(5).

    Connections to other servers may have the same local port. None where there is no such list.
    """
    if sys.platform != "linux":
        return None
    ports = set()
    for name in ("tcp", "tcp6"):
        try:
            lines = Path("/proc/net", name).read_text(encoding="ascii").splitlines()[1:]
        except FileNotFoundError:
            continue
        for line in lines:
            _, local, remote, state, *_ = line.split()
            if state == _ESTABLISHED and _port(remote) == server_port:
                ports.add(_port(local))
    return ports


def _port(address: str) -> int:
    return int(address.rpartition(":")[2], 16)


def warn_of_open(test: str, found: Iterable[OpenConnection]) -> None:
    """Warn of connections that a test left open, which were ended for it."""
    listed = "; ".join(map(str, found))
    if listed:
        warnings.warn(
            OpenConnectionWarning(
                f"{test} left connections to its database open, which were ended: {listed}."
                " Close them in the test, or in the fixture that opened them."
            ),
            stacklevel=2,
        )
