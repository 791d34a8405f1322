"""Fixtures that many tests share: one server for the whole run, and empty databases on it."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psycopg
import pytest

from pytest_supaseed.server.databases import begin_run, connect_registry, create_database, drop_database

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_supaseed.server.endpoint import Endpoint


@dataclass(frozen=True)
class Maker:
    """Makes databases of this run: a later run drops what a killed one left."""

    endpoint: Endpoint
    registry: psycopg.Connection
    prefix: str

    @contextmanager
    def database(self, name: str) -> Iterator[psycopg.Connection]:
        """An autocommit connection, as the server's own login, to a fresh database."""
        unique = self.prefix + name
        create_database(self.registry, unique, owner=self.endpoint.user)
        try:
            with psycopg.connect(self.endpoint.conninfo(unique), autocommit=True) as connection:
                yield connection
        finally:
            drop_database(self.registry, unique)


@pytest.fixture(scope="session")
def endpoint(supaseed_endpoint: Endpoint) -> Endpoint:
    """The server of this run."""
    return supaseed_endpoint


@pytest.fixture(scope="session")
def maker(endpoint: Endpoint) -> Iterator[Maker]:
    """What makes the databases of this run."""
    with connect_registry(endpoint) as registry:
        yield Maker(endpoint, registry, begin_run(registry))


@pytest.fixture
def empty_database(maker: Maker) -> Iterator[psycopg.Connection]:
    """An autocommit connection, as the server's own login, to a fresh database."""
    with maker.database("one") as connection:
        yield connection


@pytest.fixture
def another_database(maker: Maker) -> Iterator[psycopg.Connection]:
    """A second empty database, for tests that compare two."""
    with maker.database("two") as connection:
        yield connection
