"""Tests of isolation.connection_ends: what a backend does when it ends, done before that."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest

from pytest_supaseed.isolation.connection_ends import finish, hand_over, waiting_backends

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def session(empty_database: psycopg.Connection) -> Iterator[psycopg.Connection]:
    """A connection as a test has it, to a database with a table."""
    empty_database.execute("create table t (v text)")
    with psycopg.connect(empty_database.info.dsn, password=empty_database.info.password) as connection:
        yield connection


def counted(observer: psycopg.Connection) -> int:
    """How many rows were inserted, as the server counts them."""
    row = observer.execute("select pg_stat_get_tuples_inserted('t'::regclass)").fetchone()
    return int(row[0]) if row else 0


def test_rows_are_counted_at_once(empty_database: psycopg.Connection, session: psycopg.Connection) -> None:
    """Those of a transaction that was left open too: it is rolled back, and nobody waits for the end."""
    session.execute("insert into t values ('a')")
    session.commit()
    session.execute("insert into t values ('b')")

    assert hand_over([session]) == [session.info.backend_pid]
    assert counted(empty_database) == 2
    assert empty_database.execute("select v from t").fetchall() == [("a",)]


def test_advisory_locks_are_free_at_once(
    empty_database: psycopg.Connection, session: psycopg.Connection
) -> None:
    """The next test may ask for the same."""
    session.execute("select pg_advisory_lock(7)")
    session.commit()

    assert hand_over([session]) == [session.info.backend_pid]
    assert empty_database.execute("select pg_try_advisory_lock(7)").fetchone() == (True,)


@pytest.mark.parametrize("statement", ["create temp table mine ()", "select 1 / 0", ""])
def test_who_writes_at_the_end_is_waited_for(session: psycopg.Connection, statement: str) -> None:
    """A temporary table is dropped by a backend's end; after an error there is nothing to wait for."""
    if statement:
        try:
            session.execute(statement.encode())
            session.commit()
        except psycopg.errors.DivisionByZero:
            pass

    assert hand_over([session]) == ([] if "temp" in statement else [session.info.backend_pid])


def test_who_is_at_work_is_left_alone(session: psycopg.Connection) -> None:
    """A statement that runs, a pipeline, and a connection that was closed."""
    session.pgconn.send_query(b"select pg_sleep(60)")
    assert hand_over([session]) == waiting_backends([session]) == []
    finish([session])
    assert hand_over([session]) == waiting_backends([session]) == []


def test_a_pipeline_is_left_alone(session: psycopg.Connection) -> None:
    """What was sent in one is not looked through."""
    with session.pipeline():
        assert hand_over([session]) == []
