"""Roles that plain schemas name or make, on a server where roles outlive the databases."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg import sql

from pytest_supaseed.platform.role_run import RolePolicy, RoleRun

if TYPE_CHECKING:
    from collections.abc import Iterator

MINE = f"supaseed_role_{os.getpid()}"
OTHER = f"{MINE}_other"


@pytest.fixture
def connection(empty_database: psycopg.Connection) -> Iterator[psycopg.Connection]:
    """A connection in a transaction, so that no role is left on the server."""
    with empty_database.transaction(force_rollback=True):
        yield empty_database


def attributes(connection: psycopg.Connection, name: str) -> tuple[bool, bool] | None:
    """Whether a role may log in and create databases; None where there is none."""
    return connection.execute(
        "select rolcanlogin, rolcreatedb from pg_roles where rolname = %s", (name,)
    ).fetchone()


def test_a_role_that_is_only_named_is_made_without_a_login(connection: psycopg.Connection) -> None:
    """The statement runs as it is, the role is made once, and the summary says so."""
    run = RoleRun(connection, RolePolicy(makes=True))
    for statement in (f"grant usage on schema public to {MINE}, {OTHER}", f"set role {MINE}"):
        assert run.prepare(statement) == statement
        connection.execute(statement.encode())
    assert attributes(connection, MINE) == (False, False)
    assert run.notes() == [
        f"made without a login, for the schema names them and does not make them: roles {MINE}, {OTHER}"
    ]


def test_a_role_is_not_made_on_a_server_of_others(connection: psycopg.Connection) -> None:
    """There the statement is left to Postgres, which names the role."""
    statement = f"grant usage on schema public to {MINE}"
    assert RoleRun(connection, RolePolicy()).prepare(statement) == statement
    assert attributes(connection, MINE) is None


def test_a_role_of_an_earlier_run_takes_on_what_is_said_now(connection: psycopg.Connection) -> None:
    """`create role` works the second time as well: a schema that changed is made anew on the same server."""
    connection.execute(sql.SQL("create role {}").format(sql.Identifier(MINE)))
    run = RoleRun(connection, RolePolicy(alters=True))
    prepared = run.prepare(f"create user {MINE} login createdb")
    assert prepared is not None
    connection.execute(prepared.encode())
    assert attributes(connection, MINE) == (True, True)
    assert run.prepare(f"create role {OTHER}") == f"create role {OTHER}"
    assert run.notes() == []


@pytest.mark.parametrize("policy", [RolePolicy(alters=True, kept=frozenset({MINE})), RolePolicy()])
def test_a_role_that_is_not_ours_to_change_is_left(
    connection: psycopg.Connection, policy: RolePolicy
) -> None:
    """The platform's, the server's own, and all of a server that is not ours: passed over, and said."""
    connection.execute(sql.SQL("create role {}").format(sql.Identifier(MINE)))
    run = RoleRun(connection, policy)
    assert run.prepare(f"create role {MINE} superuser login") is None
    assert attributes(connection, MINE) == (False, False)
    assert run.notes() == [f"there already, and left as they are: roles {MINE}"]
