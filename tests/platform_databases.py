"""Databases for tests of the platform, and the one row that most of their queries give."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, LiteralString

from pytest_supaseed.platform.bootstrap import ensure_roles
from pytest_supaseed.platform.extension_policy import POLICIES
from pytest_supaseed.server.databases import create_database, drop_database, maintenance_connection

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

    from pytest_supaseed.server.endpoint import Endpoint

STUBS = sorted(name for name, policy in POLICIES.items() if policy.without == "stub")
"""Every extension that something stands in for."""


@contextmanager
def database(endpoint: Endpoint, name: str) -> Iterator[str]:
    """A database that the owner owns, on a cluster with the platform's roles; dropped at the end."""
    unique = f"{name}_{os.getpid()}"
    with maintenance_connection(endpoint) as maintenance:
        ensure_roles(maintenance, owner=endpoint.owner, owner_password=endpoint.owner_password or "")
        drop_database(maintenance, unique)  # of a run that was killed, long ago, under this number
        create_database(maintenance, unique, owner=endpoint.owner)
        try:
            yield unique
        finally:
            drop_database(maintenance, unique)


def one_row(connection: psycopg.Connection, query: LiteralString, *parameters: Any) -> tuple[Any, ...]:
    """The first row that a query gives."""
    row = connection.execute(query, parameters).fetchone()
    assert row is not None
    return row


def one_value(connection: psycopg.Connection, query: LiteralString, *parameters: Any) -> Any:
    """The first value of that row."""
    return one_row(connection, query, *parameters)[0]
