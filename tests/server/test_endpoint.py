"""Tests of server.endpoint: the ways to connect that an endpoint gives."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from pytest_supaseed.server.endpoint import Endpoint

PLAIN = Endpoint(
    kind="existing",
    host="127.0.0.1",
    port=5432,
    user="admin",
    password="a b/c",
    owner="the owner",
    owner_password="p@ss:w/rd?",
    version="18.6",
    title="a server",
)


def test_both_logins_have_their_own_string() -> None:
    """The login that makes databases and the owner of what is in them do not get mixed up."""
    login = conninfo_to_dict(PLAIN.conninfo())
    owner = conninfo_to_dict(PLAIN.conninfo("supaseed_x", as_owner=True))
    assert (login["user"], login["password"], login["dbname"]) == ("admin", "a b/c", "postgres")
    assert (owner["user"], owner["password"], owner["dbname"]) == ("the owner", "p@ss:w/rd?", "supaseed_x")


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "/var/run/a folder", "localhost"])
@pytest.mark.parametrize("password", ["p@ss:w/rd?", "%41", None])
def test_a_url_says_what_the_string_says(host: str, password: str | None) -> None:
    """Special characters, IPv6 and sockets survive: any client reads the same parameters out of the URL."""
    endpoint = replace(
        PLAIN,
        host=host,
        owner_password=password,
        parameters=MappingProxyType({"sslmode": "prefer", "application_name": "a&b"}),
    )
    assert conninfo_to_dict(endpoint.url("my db")) == conninfo_to_dict(
        endpoint.conninfo("my db", as_owner=True)
    )


def test_another_driver_is_only_another_scheme() -> None:
    """SQLAlchemy's URL differs in its scheme alone."""
    assert PLAIN.url("x", driver="postgresql+psycopg").removeprefix("postgresql+psycopg") == PLAIN.url(
        "x"
    ).removeprefix("postgresql")


def test_nothing_secret_is_shown() -> None:
    """A password never stands in a repr: those end up in logs of CI."""
    assert "a b/c" not in repr(PLAIN)
    assert "p@ss" not in repr(PLAIN)


def test_the_version_is_read_as_a_number() -> None:
    """Decisions by version compare numbers."""
    assert (PLAIN.major, replace(PLAIN, version="9.6.1").major) == (18, 9)


def test_the_url_of_the_real_server_connects(endpoint: Endpoint) -> None:
    """Not only in theory: the login gets in by what the endpoint says of itself."""
    as_login = replace(endpoint, owner=endpoint.user, owner_password=endpoint.password)
    with psycopg.connect(as_login.url(endpoint.database)) as connection:
        assert connection.info.server_version // 10000 == endpoint.major
