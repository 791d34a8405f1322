"""How connections of a test end: at once, whatever they are doing."""

from __future__ import annotations

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
        connection.pgconn.finish()
