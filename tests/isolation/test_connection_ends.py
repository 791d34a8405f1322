"""Tests of isolation.connection_ends: connections that end while somebody uses them."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import psycopg

from pytest_supaseed.isolation.connection_ends import finish

if TYPE_CHECKING:
    from conftest import Maker


def test_a_thread_that_waits_gets_an_error(empty_database: psycopg.Connection, maker: Maker) -> None:
    """What it uses is not freed under it: the next connection might be put there, and lose its answers."""
    connection = psycopg.connect(maker.endpoint.conninfo(empty_database.info.dbname))
    raised: list[psycopg.Error] = []

    def work() -> None:
        try:
            connection.execute("select pg_sleep(60)")
        except psycopg.Error as error:
            raised.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    query = "select from pg_stat_activity where pid = %s and wait_event = 'PgSleep'"
    deadline = time.monotonic() + 10
    while empty_database.execute(query, (connection.info.backend_pid,)).fetchone() is None:
        assert time.monotonic() < deadline
        time.sleep(0.005)
    finish([connection])
    thread.join(10)

    assert not thread.is_alive()
    assert [type(error) for error in raised] == [psycopg.OperationalError]
    finish([connection])
    assert connection.closed
