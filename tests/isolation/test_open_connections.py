"""Tests of isolation.open_connections: who counts as connected."""

from __future__ import annotations

import socket
import sys
import threading
import time
from typing import TYPE_CHECKING

import psycopg
import pytest

from pytest_supaseed.isolation import open_connections
from pytest_supaseed.isolation.open_connections import end_open

if TYPE_CHECKING:
    from conftest import Maker


def test_a_process_of_the_server_is_nobodys_connection(
    empty_database: psycopg.Connection, maker: Maker
) -> None:
    """A parallel worker, as autovacuum or an extension's, was not left open by a test."""
    database = empty_database.info.dbname
    seen = "select count(*) from pg_stat_activity where backend_type = %s"

    def work() -> None:
        with psycopg.connect(maker.endpoint.conninfo(database)) as connection:
            newer = connection.info.server_version >= 160000
            forced = "debug_parallel_query" if newer else "force_parallel_mode"
            connection.execute(f"set {forced} = on; set max_parallel_workers_per_gather = 2".encode())
            with pytest.raises(psycopg.errors.AdminShutdown):
                connection.execute("select pg_sleep(20)")

    sleeper = threading.Thread(target=work)
    sleeper.start()
    deadline = time.monotonic() + 10
    while maker.registry.execute(seen, ("parallel worker",)).fetchone() == (0,):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    found = end_open(maker.registry, database, [empty_database.info.backend_pid])
    sleeper.join()
    assert [one.query for one in found] == ["select pg_sleep(20)"]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere it cannot be told")
def test_a_backend_that_is_late_was_not_left_open(
    empty_database: psycopg.Connection, maker: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its client has closed the connection; on a busy machine its end may take longer than we wait."""
    monkeypatch.setattr(open_connections, "ENDING_SECONDS", 0.05)
    database = empty_database.info.dbname
    closed = psycopg.connect(maker.endpoint.conninfo(database))
    closed.pgconn.send_query(b"select pg_sleep(20)")
    pid = closed.info.backend_pid
    closed.pgconn.finish()
    with psycopg.connect(maker.endpoint.conninfo(database)) as held:
        known = [empty_database.info.backend_pid]
        assert [one.pid for one in end_open(maker.registry, database, known)] == [held.info.backend_pid]
        deadline = time.monotonic() + 10
        while is_there(maker.registry, pid):
            assert time.monotonic() < deadline, "it is ended all the same"
            time.sleep(0.01)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere it cannot be told")
def test_another_servers_connection_holds_none_open() -> None:
    """It may have the very same port on this side, which says nothing of a connection to ours."""
    with (
        socket.create_server(("127.0.0.1", 0)) as ours,
        socket.create_server(("127.0.0.1", 0)) as other,
        socket.create_connection(other.getsockname()) as connection,
    ):
        port = connection.getsockname()[1]
        assert port in (open_connections._ports_held(other.getsockname()[1]) or ())
        assert port not in (open_connections._ports_held(ours.getsockname()[1]) or ())


def is_there(observer: psycopg.Connection, pid: int) -> bool:
    """Whether a backend is there."""
    found = observer.execute("select from pg_stat_activity where pid = %s", (pid,))
    return found.fetchone() is not None
