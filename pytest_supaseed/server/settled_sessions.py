"""Connections of our own, which read and write alike whatever a database or a role has set for its sessions.

`alter database ... set` and `alter role ... set` are for applications: a date in the German style would be
unreadable to psycopg, a statement timeout would end a seeding, an idle session of ours would be closed.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.pq import TransactionStatus

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_READABLE = {"DateStyle": "ISO", "IntervalStyle": "postgres"}
"""By a setting that Postgres reports: how the value begins that psycopg can read. It has no other reader."""


def settled(conninfo: str, *, autocommit: bool = True, own_role: bool = False) -> psycopg.Connection:
    """Connect, with settings of ours that last as long as the session.

    Args:
        conninfo: how to connect.
        autocommit: the connection's mode.
        own_role: whether to act as the login itself, also where a setting makes it another role: in databases
            of ours. In one of the user's own the login may have its rights by that other role.

    Raises:
        psycopg.Error: the database cannot be reached.
    """
    connection = psycopg.connect(conninfo, autocommit=True)
    settle(connection, own_role=own_role)
    connection.autocommit = autocommit
    return connection


def settle(connection: psycopg.Connection[Any], *, own_role: bool = False) -> None:
    """Give the session of a connection in autocommit mode these settings."""
    if own_role:
        connection.execute("set role none")
    connection.execute(_statement(), prepare=False)


@contextmanager
def readable(connection: psycopg.Connection[Any]) -> Iterator[None]:
    """Let psycopg read what a session writes, for as long as the context lasts; mostly it can as it is.

    Args:
        connection: somebody else's, such as a test's; its settings are left as they were.
    """
    theirs = {name: connection.info.parameter_status(name) or told for name, told in _READABLE.items()}
    unlike = {
        name: theirs[name] for name, told in _READABLE.items() if theirs[name].partition(",")[0] != told
    }
    if not unlike:
        yield
        return
    _set(connection, {name: _READABLE[name] for name in unlike})
    try:
        yield
    finally:
        if connection.info.transaction_status in {TransactionStatus.IDLE, TransactionStatus.INTRANS}:
            _set(connection, unlike)  # after an error in a transaction, its end does so


def _set(connection: psycopg.Connection[Any], settings: Mapping[str, str]) -> None:
    for name, value in settings.items():
        connection.execute("select pg_catalog.set_config(%s, %s, false)", (name, value))


@cache
def _statement() -> bytes:
    return files("pytest_supaseed.server").joinpath("sql", "session_settings.sql").read_bytes()
