"""Statements of one connection that are parsed once and sent many at a time, past psycopg.

psycopg takes as long over a short statement as Postgres does, and what a test costs is a dozen of them.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

import psycopg
from psycopg.pq import ExecStatus

if TYPE_CHECKING:
    from collections.abc import Sequence

_DONE = frozenset({ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK})


class Statement(NamedTuple):
    """A statement with `$1`, `$2` in it, and their values as text."""

    query: bytes
    values: tuple[bytes, ...] = ()


class PreparedStatements:
    """Runs statements on a connection.

    Args:
        connection: in autocommit mode; after an error it is of no use here any more.
    """

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._pgconn = connection.pgconn
        self._names: dict[bytes, bytes] = {}

    def run(self, *transactions: Sequence[Statement]) -> list[list[Any]]:
        """Send everything at once; return libpq's results, by transaction.

        Args:
            transactions: each is all or nothing.

        Raises:
            psycopg.OperationalError: Postgres refuses a statement, or the connection is no more.
        """
        pgconn = self._pgconn
        pgconn.enter_pipeline_mode()
        sent = []
        for statements in transactions:
            sent.append([self._send(statement) for statement in statements])
            pgconn.pipeline_sync()
        results = []
        for new in sent:
            results.append([self._result(is_new=is_new) for is_new in new])
            self._next()  # the end of the transaction
        pgconn.exit_pipeline_mode()
        for result in chain.from_iterable(results):
            if result.status not in _DONE:
                raise psycopg.OperationalError(result.get_error_message())
        return results

    def _send(self, statement: Statement) -> bool:
        """Send a statement, after its text if that is new; return whether it is."""
        name = self._names.get(statement.query)
        is_new = name is None
        if name is None:
            name = self._names[statement.query] = b"supaseed_%d" % len(self._names)
            self._pgconn.send_prepare(name, statement.query)
        self._pgconn.send_query_prepared(name, statement.values)
        return is_new

    def _result(self, *, is_new: bool) -> Any:
        """The result of a statement; of its text, where Postgres refuses that."""
        parsed = self._one() if is_new else None
        result = self._one()
        return result if parsed is None or parsed.status in _DONE else parsed

    def _one(self) -> Any:
        result = self._next()
        self._pgconn.get_result()  # None: there is one for each statement
        return result

    def _next(self) -> Any:
        result = self._pgconn.get_result()
        if result is None:
            raise psycopg.OperationalError("the connection is lost")
        return result
