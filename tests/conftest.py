"""Fixtures that many tests share: one server for the whole run, and empty databases on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest

from pytest_supaseed.server.databases import create_database, drop_database, maintenance_connection

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_supaseed.server.endpoint import Endpoint


@pytest.fixture(scope="session")
def endpoint(supaseed_endpoint: Endpoint) -> Endpoint:
    """The server of this run."""
    return supaseed_endpoint


@pytest.fixture
def empty_database(endpoint: Endpoint, request: pytest.FixtureRequest) -> Iterator[psycopg.Connection]:
    """An autocommit connection, as the server's own login, to a fresh database."""
    yield from _database(endpoint, "supaseed_test_one", request)


@pytest.fixture
def another_database(endpoint: Endpoint, request: pytest.FixtureRequest) -> Iterator[psycopg.Connection]:
    """A second empty database, for tests that compare two."""
    yield from _database(endpoint, "supaseed_test_two", request)


def _database(endpoint: Endpoint, name: str, request: pytest.FixtureRequest) -> Iterator[psycopg.Connection]:
    worker = getattr(request.config, "workerinput", {}).get("workerid", "main")
    unique = f"{name}_{worker}"
    with maintenance_connection(endpoint) as maintenance:
        drop_database(maintenance, unique)
        create_database(maintenance, unique, owner=endpoint.user)
        try:
            with psycopg.connect(endpoint.conninfo(unique), autocommit=True) as connection:
                yield connection
        finally:
            drop_database(maintenance, unique)
