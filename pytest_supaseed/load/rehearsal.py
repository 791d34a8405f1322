"""A seeding that leaves nothing: one transaction on one connection, which is rolled back in the end."""

from __future__ import annotations

from contextlib import contextmanager
from importlib.resources import files
from typing import TYPE_CHECKING

import psycopg
from psycopg import IsolationLevel, sql
from psycopg.rows import tuple_row

if TYPE_CHECKING:
    from collections.abc import Iterator

LOCK_SECONDS = 10
"""How long to wait for who uses a sequence, before an error says so."""


@contextmanager
def rolled_back(connection: psycopg.Connection) -> Iterator[None]:
    """Roll back whatever the block does.

    Numbers that were drawn from a sequence do not come back with a rollback. `ALTER SEQUENCE` gives it a new
    file, though, which a rollback drops: whatever the block draws is drawn from that one. Others wait for the
    sequence meanwhile. What the login does not own cannot be held like that; see `sequences_of_others`.

    Args:
        connection: an autocommit connection.

    Raises:
        psycopg.errors.LockNotAvailable: somebody else uses a sequence all the time.
    """
    before = connection.isolation_level
    connection.isolation_level = IsolationLevel.REPEATABLE_READ
    try:
        with connection.transaction(force_rollback=True):
            _hold_sequences(connection)
            yield
    finally:
        if not connection.closed:
            connection.isolation_level = before


def _hold_sequences(connection: psycopg.Connection) -> None:
    query = files("pytest_supaseed.load").joinpath("sql", "own_sequences.sql").read_bytes()
    connection.execute(sql.SQL("set local lock_timeout = {}").format(sql.Literal(LOCK_SECONDS * 1000)))
    with connection.cursor(row_factory=tuple_row) as cursor:
        for schema, name, cache in cursor.execute(query).fetchall():
            connection.execute(
                sql.SQL("alter sequence {} cache {}").format(sql.Identifier(schema, name), sql.Literal(cache))
            )
    connection.execute("set local lock_timeout to default")


def sequences_of_others(connection: psycopg.Connection) -> dict[str, int | None]:
    """Return the last number of each sequence that the login may draw from and does not own, by its name."""
    query = files("pytest_supaseed.load").joinpath("sql", "sequences_of_others.sql").read_bytes()
    with connection.cursor(row_factory=tuple_row) as cursor:
        return dict(cursor.execute(query).fetchall())
