"""Tests of server.login_keys: connections that do not hash their password, and those that have to."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from pytest_supaseed.server.databases import maintenance_connection
from pytest_supaseed.server.login_keys import FIRST_LIBPQ, read_owner_keys, with_keys
from pytest_supaseed.server.scram import LoginKeys

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_supaseed.server.endpoint import Endpoint

needs_libpq_18 = pytest.mark.skipif(psycopg.pq.version() < FIRST_LIBPQ, reason="this libpq takes no keys")


@pytest.fixture
def registry(endpoint: Endpoint) -> Iterator[psycopg.Connection]:
    """A connection as the server's own login."""
    with maintenance_connection(endpoint) as connection:
        yield connection


@needs_libpq_18
def test_keys_do_for_a_password(endpoint: Endpoint, registry: psycopg.Connection) -> None:
    """Who has them logs in, whatever stands in the password's place, and the password is there to be read."""
    keys = read_owner_keys(registry, endpoint)
    conninfo = make_conninfo(endpoint.conninfo(as_owner=True), password="wrong")

    with psycopg.connect(with_keys(conninfo, keys, {"autocommit": True}), autocommit=True) as connection:
        assert connection.info.user == endpoint.owner
        assert connection.info.password == "wrong"


@needs_libpq_18
def test_keys_go_with_their_login_only(endpoint: Endpoint, registry: psycopg.Connection) -> None:
    """Another user, password or server means that the password is sent as it is."""
    keys = read_owner_keys(registry, endpoint)
    conninfo = endpoint.conninfo(as_owner=True)

    assert "scram_client_key" in with_keys(conninfo, keys, {})
    for name in ("user", "password", "host", "port"):
        assert with_keys(conninfo, keys, {name: "other"}) == conninfo


def test_without_keys_nothing_changes(endpoint: Endpoint, registry: psycopg.Connection) -> None:
    """A login that may not read them, and a password that is not the role's, give none."""
    assert read_owner_keys(registry, replace(endpoint, is_superuser=False)) is None
    assert read_owner_keys(registry, replace(endpoint, owner_password="another")) is None
    assert read_owner_keys(registry, replace(endpoint, owner="nobody_of_that_name")) is None
    assert with_keys("host=a", None, {}) == "host=a"


def test_keys_are_not_printed() -> None:
    """They are as good as the password."""
    assert "secret" not in repr(LoginKeys("secret", "secret"))
