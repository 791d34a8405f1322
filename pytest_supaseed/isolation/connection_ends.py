"""How connections of a test end: at once, whatever they are doing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from psycopg.pq import ConnStatus, ExecStatus, PipelineStatus, TransactionStatus

from pytest_supaseed.isolation.statements import read_statement

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


def hand_over(connections: Iterable[AnyConnection]) -> list[int]:
    """Have backends do at once what else they do when they end; return those of which nothing more will come.

    They hand over their counts and release their advisory locks. What is not committed is rolled back.
    """
    return [connection.pgconn.backend_pid for connection in connections if _hands_over(connection)]


def _hands_over(connection: AnyConnection) -> bool:
    pgconn = connection.pgconn
    if pgconn.status != ConnStatus.OK or pgconn.pipeline_status != PipelineStatus.OFF:
        return False
    if pgconn.transaction_status == TransactionStatus.ACTIVE:
        return False
    if pgconn.transaction_status != TransactionStatus.IDLE:
        pgconn.exec_(b"rollback")
    result = pgconn.exec_(read_statement("hand_over"))
    return result.status == ExecStatus.TUPLES_OK and result.get_value(0, 0) == b"t"


def finish(connections: Iterable[AnyConnection]) -> None:
    """Close connections at once."""
    for connection in connections:
        connection.pgconn.finish()
