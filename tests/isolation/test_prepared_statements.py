"""Tests of isolation.prepared_statements: many statements in one go, each parsed once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest

from pytest_supaseed.isolation.prepared_statements import PreparedStatements, Statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_supaseed.server.endpoint import Endpoint

ADD = b"insert into numbers values ($1)"


@pytest.fixture
def connection(empty_database: psycopg.Connection, endpoint: Endpoint) -> Iterator[psycopg.Connection]:
    """A connection to a database with one table, of which errors are expected."""
    empty_database.execute("create table numbers (n int primary key)")
    with psycopg.connect(endpoint.conninfo(empty_database.info.dbname), autocommit=True) as other:
        yield other


def numbers(connection: psycopg.Connection) -> list[int]:
    """What the table holds."""
    return [n for (n,) in connection.execute("select n from numbers order by n")]


def test_results_come_by_transaction_in_order(connection: psycopg.Connection) -> None:
    """Each statement has its result, where it was given; a later transaction sees what an earlier one did."""
    statements = PreparedStatements(connection)

    added, counted = statements.run(
        [Statement(ADD, (b"7",)), Statement(ADD, (b"8",))], [Statement(b"select count(*), null from numbers")]
    )

    assert [result.command_tuples for result in added] == [1, 1]
    assert (counted[0].get_value(0, 0), counted[0].get_value(0, 1)) == (b"2", None)
    assert numbers(connection) == [7, 8], "the connection is as usable as before"


def test_a_statement_is_parsed_once(connection: psycopg.Connection) -> None:
    """However often it is run, and with whatever values, its text is sent once."""
    statements = PreparedStatements(connection)

    for n in range(5):
        statements.run([Statement(ADD, (b"%d" % n,))])

    prepared = connection.execute("select statement from pg_prepared_statements where name ~ '^supaseed'")
    assert prepared.fetchall() == [(ADD.decode(),)]


def test_a_refused_statement_undoes_its_transaction(
    connection: psycopg.Connection, empty_database: psycopg.Connection
) -> None:
    """The error is what Postgres said of the statement that it refused, not of those after it."""
    statements = PreparedStatements(connection)

    with pytest.raises(psycopg.OperationalError, match="duplicate key value"):
        statements.run([Statement(ADD, (b"1",)), Statement(ADD, (b"1",)), Statement(ADD, (b"2",))])

    assert numbers(empty_database) == []


def test_a_statement_that_cannot_be_parsed_is_refused(connection: psycopg.Connection) -> None:
    """It is told by what is wrong with it."""
    with pytest.raises(psycopg.OperationalError, match="no_such_table"):
        PreparedStatements(connection).run([Statement(b"select from no_such_table")])


def test_a_connection_that_is_no_more_is_an_error(
    connection: psycopg.Connection, empty_database: psycopg.Connection
) -> None:
    """Whoever ended it, nothing is taken for a result."""
    empty_database.execute("select pg_terminate_backend(%s, 5000)", (connection.info.backend_pid,))

    with pytest.raises(psycopg.OperationalError):
        PreparedStatements(connection).run([Statement(b"select 1")])
