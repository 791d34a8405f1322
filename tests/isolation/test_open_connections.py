"""Tests of isolation.open_connections: who counts as connected."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import psycopg
import pytest

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
