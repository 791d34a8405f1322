"""How connections of a test end: at once, whatever they are doing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psycopg.pq import ConnStatus, TransactionStatus

if TYPE_CHECKING:
    import psycopg


def finish(connection: psycopg.Connection[Any] | psycopg.AsyncConnection[Any]) -> int | None:
    """Close a connection at once; return its backend if that was waiting for the next statement."""
    pgconn = connection.pgconn
    if pgconn.status != ConnStatus.OK:
        return None
    waits = pgconn.transaction_status != TransactionStatus.ACTIVE
    pid = pgconn.backend_pid
    pgconn.finish()
    return pid if waits else None
