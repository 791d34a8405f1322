"""Tests of server.existing: servers that run already, and every way in which they cannot be used."""

from __future__ import annotations

import socket
from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING

import psycopg
import pytest

from pytest_supaseed.errors import EndpointError, UsageError
from pytest_supaseed.server.existing import (
    RoleFacts,
    _remedy,
    choose_owner,
    endpoint_from_process,
    endpoint_from_url,
    read_only_connection,
)

if TYPE_CHECKING:
    from pytest_supaseed.server.endpoint import Endpoint


def login_url(endpoint: Endpoint, database: str = "postgres") -> str:
    """A URL of the server's own login."""
    return replace(endpoint, owner=endpoint.user, owner_password=endpoint.password).url(database)


def refused(url: str, *, allow_remote: bool = False) -> EndpointError:
    """The error that a URL gives."""
    with pytest.raises(EndpointError) as raised:
        endpoint_from_url(url, source="--supaseed-url", allow_remote=allow_remote)
    return raised.value


def test_a_running_server_is_described(endpoint: Endpoint) -> None:
    """Address, version and login are those of the server, and a SQLAlchemy URL is understood too."""
    url = login_url(endpoint).replace("postgresql://", "postgresql+psycopg://")
    found = endpoint_from_url(url, source="--supaseed-url", allow_remote=False)
    assert (found.kind, found.port, found.user) == ("existing", endpoint.port, endpoint.user)
    assert found.major == endpoint.major
    assert found.version in found.title


def test_further_parameters_are_kept(endpoint: Endpoint) -> None:
    """What the URL says of TLS or the application's name holds for every connection."""
    found = endpoint_from_url(
        login_url(endpoint) + "?application_name=mine", source="url", allow_remote=False
    )
    assert "application_name=mine" in found.conninfo("x")


@pytest.mark.parametrize("url", ["postgresql://host:port/x", "not a url", "postgresql://u@h/d?nothing=1"])
def test_what_is_no_url_is_said(url: str) -> None:
    """The message names who said it, and shows how one is written."""
    with pytest.raises(UsageError, match="--supaseed-url is no URL") as raised:
        endpoint_from_url(url, source="--supaseed-url", allow_remote=False)
    assert "postgresql://user:password@host:port/database" in str(raised.value)


@pytest.mark.parametrize(
    "host", ["db.internal", "10.0.0.7", "localhost.evil.example", "127.0.0.1,db.internal"]
)
def test_another_machine_is_refused(host: str) -> None:
    """A URL of production in the environment does no harm: nothing is even connected to."""
    error = refused(f"postgresql://me:secret@{host}/postgres")
    assert "on another machine" in str(error)
    assert "--supaseed-allow-remote" in str(error)
    assert "secret" not in str(error)


def test_nobody_listens() -> None:
    """The message says what libpq said, where, and what to do; no password is shown."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        error = refused(f"postgresql://me:secret@127.0.0.1:{taken.getsockname()[1]}/postgres")
    assert "refused" in str(error)
    assert "start the server" in str(error)
    assert "secret" not in str(error)


def test_a_wrong_password(endpoint: Endpoint) -> None:
    """It is the password that is to be corrected, not the server."""
    error = refused(replace(endpoint, owner=endpoint.user, owner_password="wrong").url("postgres"))
    assert "correct the user and the password" in str(error)
    assert "wrong" not in str(error.looked_at)


def test_a_database_that_is_not_there(endpoint: Endpoint) -> None:
    """The first database has to exist; nothing is written into it."""
    assert "name a database that exists" in str(refused(login_url(endpoint, "no_such_database")))


@pytest.mark.parametrize(
    ("said", "advised"),
    [
        ("connection failed: FATAL: Passwort-Authentifizierung schlug fehl", "correct in the URL what"),
        ("connection failed: server does not support SSL, but SSL was required", "correct in the URL what"),
        ('could not translate host name "db.test" to address', "start the server, or correct the host"),
        ("connection timeout expired", "start the server, or correct the host"),
        ("FATAL: the database system is starting up", "wait until the server"),
        ("FATAL: permission denied for database x", "grant CONNECT"),
    ],
)
def test_what_to_do_follows_from_what_was_said(said: str, advised: str) -> None:
    """Nobody is told to start a server that has answered, in whatever language."""
    assert advised in _remedy(said)


def test_a_read_only_connection_writes_nothing(endpoint: Endpoint) -> None:
    """Postgres itself refuses every write, in each transaction, and each is one moment."""
    with read_only_connection(login_url(endpoint), source="--url", allow_remote=False) as connection:
        for _ in range(2):
            with pytest.raises(psycopg.errors.ReadOnlySqlTransaction), connection.transaction():
                connection.execute("create table public.trace (id int)")
        with connection.transaction():
            found = connection.execute("show transaction_isolation").fetchone()
        assert found == ("repeatable read",)


def test_the_flag_is_that_of_the_command_line_in_use() -> None:
    """Who said `--url` is told of `--allow-remote`, and not of pytest's flag."""
    with (
        pytest.raises(EndpointError) as raised,
        read_only_connection("postgresql://db.example.com/x", source="--url", allow_remote=False),
    ):
        raise AssertionError
    assert "say --allow-remote " in str(raised.value)


def test_a_named_fixture_gives_its_server(endpoint: Endpoint) -> None:
    """What pytest-postgresql's process says is enough."""
    process = SimpleNamespace(
        host=endpoint.host, port=endpoint.port, user=endpoint.user, password=endpoint.password
    )
    found = endpoint_from_process(process, name="postgresql_my_proc")
    assert (found.kind, found.port) == ("fixture", endpoint.port)
    assert "postgresql_my_proc" in found.title


def test_a_fixture_of_another_kind_is_refused() -> None:
    """A connection is no process: the message says what was found, and how to make one."""
    with pytest.raises(EndpointError, match="no process fixture") as raised:
        endpoint_from_process(object(), name="postgresql")
    assert "postgresql_proc()" in str(raised.value)


FACTS = RoleFacts(
    "root", login_is_superuser=True, owner_exists=False, owner_is_superuser=False, owner_verifier=None
)


@pytest.mark.parametrize(
    ("facts", "owner"),
    [
        (FACTS, "postgres"),
        (replace(FACTS, login="postgres", owner_exists=True, owner_is_superuser=True), "postgres"),
        (replace(FACTS, owner_exists=True, owner_is_superuser=True), "root"),
        (replace(FACTS, owner_exists=True), "root"),
        (replace(FACTS, login_is_superuser=False), "root"),
    ],
    ids=["ours to make", "is the login", "is a superuser", "is somebody's", "not ours to make"],
)
def test_who_owns_the_databases(facts: RoleFacts, owner: str) -> None:
    """`postgres`, as on Supabase, unless that role is somebody else's: then the login itself."""
    found, password = choose_owner(facts, "secret")
    assert found == owner
    assert (password == "secret") is (owner == facts.login)
