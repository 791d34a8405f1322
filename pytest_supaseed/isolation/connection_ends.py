"""How connections of a test end: at once, whatever they are doing."""

from __future__ import annotations

import asyncio
import os
import socket
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeAlias

from psycopg.pq import ConnStatus, TransactionStatus

if TYPE_CHECKING:
    from collections.abc import Iterable

    import psycopg

    AnyConnection: TypeAlias = psycopg.Connection[Any] | psycopg.AsyncConnection[Any]


def waiting_backends(connections: Iterable[AnyConnection]) -> list[int]:
    """The backends of connections that are open, and wait for the next statement."""
    return [
        connection.pgconn.backend_pid
        for connection in connections
        if connection.pgconn.status == ConnStatus.OK
        and connection.pgconn.transaction_status != TransactionStatus.ACTIVE
    ]


def finish(connections: Iterable[AnyConnection]) -> None:
    """Close connections at once."""
    for connection in connections:
        _finish(connection)


def _finish(connection: AnyConnection) -> None:
    """Close a connection; where another thread waits for an answer on it, only hang up, so that it gets none.

    To close it would free what libpq uses in that thread, and the next connection may be put in its place.
    """
    lock = connection.lock
    if isinstance(lock, asyncio.Lock):
        connection.pgconn.finish()
    elif lock.acquire(blocking=False):
        try:
            connection.pgconn.finish()
        finally:
            lock.release()
    elif connection.pgconn.status == ConnStatus.OK:
        with socket.socket(fileno=os.dup(connection.pgconn.socket)) as shared, suppress(OSError):
            shared.shutdown(socket.SHUT_RDWR)  # it fails where the server has hung up already
