"""Tests of server.poolers: a pooler that shares sessions is refused with the port to use instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pgbouncers import needs_pgbouncer, pgbouncer
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from pytest_supaseed.errors import EndpointError
from pytest_supaseed.server.existing import endpoint_from_url, own_connection, read_only_connection

if TYPE_CHECKING:
    from pytest_supaseed.server.endpoint import Endpoint

HOST = "aws-0-eu-central-1.pooler.supabase.com"


def refused(url: str, *, allow_remote: bool = True) -> str:
    """What is said of a URL by a test run, and by a command that writes: the same."""
    with pytest.raises(EndpointError) as raised:
        endpoint_from_url(url, source="the URL", allow_remote=allow_remote)
    with (
        pytest.raises(EndpointError) as other,
        own_connection(url, source="the URL", allow_remote=allow_remote),
    ):
        raise AssertionError
    assert str(raised.value) == str(other.value)
    return str(raised.value)


def test_supabase_in_transaction_mode() -> None:
    """By host and port, before anything is connected to; the ways around it can be pasted."""
    said = refused(f"postgresql://postgres.abcdefgh:secret@{HOST}:6543/postgres?sslmode=require")
    assert "6543, is that of Supabase's pooler in transaction mode" in said
    assert f"5432, postgresql://postgres.abcdefgh:PASSWORD@{HOST}:5432/postgres" in said
    assert "postgresql://postgres:PASSWORD@db.abcdefgh.supabase.co:5432/postgres" in said
    assert "secret" not in said


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://postgres:pw@db.abcdefgh.supabase.co:6543/postgres",
        f"host={HOST} port=6543 user=postgres",
        f"postgresql+psycopg://me:pw@pooler.internal:5432,{HOST}:6543/app",
    ],
    ids=["a dedicated pooler", "a connection string", "several hosts, as SQLAlchemy has it"],
)
def test_other_spellings(url: str) -> None:
    """The port tells; without the project's name, only the other port can be said."""
    said = refused(url)
    assert "port for sessions: 5432" in said
    assert "or the database itself" not in said


def test_a_remote_pooler_is_first_of_all_remote() -> None:
    """Nobody is sent to another port of a server that might be production."""
    assert "on another machine" in refused(f"postgresql://u:p@{HOST}:6543/postgres", allow_remote=False)


@needs_pgbouncer
def test_a_pooler_in_transaction_mode(endpoint: Endpoint) -> None:
    """Whatever its port: two clients meet one process. What only reads can be done through it."""
    with pgbouncer(endpoint, "transaction") as login:
        said = refused(login)
        assert "names a pooler in transaction mode" in said
        assert "pool_mode = session" in said
        with read_only_connection(login, source="--url", allow_remote=False) as connection:
            assert connection.execute("select count(*) > 0 from pg_class").fetchone() == (True,)


@needs_pgbouncer
@pytest.mark.parametrize("size", [5, 1])
def test_a_pooler_in_session_mode(endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    """A session lasts as long as the connection: it serves as the server itself does, be it the only one."""
    monkeypatch.setattr("pytest_supaseed.server.poolers.WAIT_SECONDS", 0.2)
    with pgbouncer(endpoint, "session", size) as login:
        found = endpoint_from_url(login, source="the URL", allow_remote=False)
        assert found.port == int(conninfo_to_dict(login)["port"] or 0)
        with own_connection(login, source="--url", allow_remote=False) as connection:
            connection.execute("set work_mem = '5MB'")
            assert connection.execute("show work_mem").fetchone() == ("5MB",)


def test_no_pooler_is_not_asked_twice(endpoint: Endpoint) -> None:
    """Postgres tells the process itself: there is no second connection."""
    login = make_conninfo(endpoint.conninfo(), application_name="asked_once")
    query = "select count(*) from pg_stat_activity where application_name = 'asked_once'"
    with own_connection(login, source="--url", allow_remote=False) as connection:
        assert connection.execute(query).fetchone() == (1,)
