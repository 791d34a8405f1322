"""Databases with the platform, made once per run; each test's changes are rolled back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest
from platform_databases import STUBS, database

from pytest_supaseed.platform.bootstrap import install_platform
from pytest_supaseed.platform.extensions import ExtensionInstaller

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_supaseed.server.endpoint import Endpoint


@pytest.fixture(scope="session")
def platform_database(endpoint: Endpoint) -> Iterator[str]:
    """The name of a database with the platform and nothing else."""
    with database(endpoint, "supaseed_test_platform") as name:
        with psycopg.connect(endpoint.conninfo(name), autocommit=True) as login:
            install_platform(login, owner=endpoint.owner)
        yield name


@pytest.fixture(scope="session")
def stubbed_database(endpoint: Endpoint) -> Iterator[str]:
    """The name of a database with the platform and every stub, also of what the server really has."""
    forced = dict.fromkeys(STUBS, "stub")
    with database(endpoint, "supaseed_test_stubs") as name:
        with psycopg.connect(endpoint.conninfo(name), autocommit=True) as login:
            installer = ExtensionInstaller(login, owner=endpoint.owner, overrides=forced)
            install_platform(login, owner=endpoint.owner, extensions=installer)
            for stub in STUBS:
                installer.create(stub, schema="extensions", if_not_exists=True)
        yield name


@pytest.fixture
def owner(endpoint: Endpoint, platform_database: str) -> Iterator[psycopg.Connection]:
    """The platform as the owner sees it, in a transaction that is rolled back."""
    yield from _transaction(endpoint.conninfo(platform_database, as_owner=True))


@pytest.fixture
def login(endpoint: Endpoint, platform_database: str) -> Iterator[psycopg.Connection]:
    """The platform as the server's login sees it, in a transaction that is rolled back."""
    yield from _transaction(endpoint.conninfo(platform_database))


@pytest.fixture
def stubs(endpoint: Endpoint, stubbed_database: str) -> Iterator[psycopg.Connection]:
    """The platform with every stub, as the owner sees it, in a transaction that is rolled back."""
    yield from _transaction(endpoint.conninfo(stubbed_database, as_owner=True))


def _transaction(conninfo: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(conninfo) as connection:
        yield connection
        connection.rollback()


@pytest.fixture
def plain_owner(endpoint: Endpoint) -> None:
    """Skip where the login owns the databases itself: nothing is learnt of a role without its privileges."""
    if endpoint.owner == endpoint.user:
        pytest.skip("on this server the login owns the databases")
