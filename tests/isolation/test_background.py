"""Tests of isolation.background: work beside the tests, and processes that fork meanwhile."""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
from concurrent.futures import CancelledError
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from factory_databases import session

from pytest_supaseed.isolation.background import BackgroundJobs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytest_supaseed.server.endpoint import Endpoint

SECONDS = 0.3
"""So long a job takes."""
PATIENCE = 30.0


@pytest.fixture
def jobs(endpoint: Endpoint) -> Iterator[BackgroundJobs]:
    """Jobs on the server of this run."""
    made = BackgroundJobs(endpoint)
    yield made
    made.close()


def slow(connection: psycopg.Connection) -> int:
    """A job that takes its time, and returns its backend."""
    connection.execute("select pg_sleep(%s)", (SECONDS,))
    return connection.info.backend_pid


def exit_code(work: Callable[[], None]) -> int:
    """Fork a child that works; return how it ended, without waiting for ever."""
    child = os.fork()
    if child == 0:
        try:
            work()
        except BaseException:  # noqa: BLE001  # a child that gets away runs the rest of the tests
            os._exit(1)
        os._exit(0)
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.01)
    os.kill(child, 9)
    os.waitpid(child, 0)
    raise AssertionError("the child hangs")


def test_there_is_a_thread_only_while_there_is_work(jobs: BackgroundJobs) -> None:
    """A test that counts threads, or forks, finds none of ours most of the time."""
    before = threading.active_count()
    first, second = jobs.submit(slow), jobs.submit(slow)
    assert threading.active_count() == before + 1
    assert first.result() == second.result()
    jobs.join()
    assert threading.active_count() == before


def test_an_ended_connection_is_replaced(jobs: BackgroundJobs, maker: Any) -> None:
    """The next job has another, and does not fail for what happened between two jobs."""
    backend = jobs.submit(slow).result()
    maker.registry.execute("select pg_terminate_backend(%s, 5000)", (backend,))
    assert jobs.submit(slow).result() != backend


def test_what_a_job_raises_is_its_own_affair(jobs: BackgroundJobs) -> None:
    """Whoever asks for its result hears of it; the next job is done."""
    with pytest.raises(psycopg.errors.DivisionByZero):
        jobs.submit(lambda connection: connection.execute("select 1 / 0")).result()
    assert jobs.submit(slow).result() > 0


def test_closing_leaves_out_what_has_not_begun(endpoint: Endpoint) -> None:
    """The end of a run waits for one job, and not for all."""
    jobs = BackgroundJobs(endpoint)
    begun = threading.Event()

    def first(connection: psycopg.Connection) -> int:
        begun.set()
        return slow(connection)

    doing, waiting = jobs.submit(first), jobs.submit(slow)
    begun.wait()
    jobs.close()
    assert doing.result() > 0
    with pytest.raises(CancelledError):
        waiting.result()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are not forked here")
def test_a_fork_waits_for_the_job(jobs: BackgroundJobs) -> None:
    """The child has no lock that a thread held, and no thread; the parent's job is done."""
    doing = jobs.submit(slow)

    def child() -> None:
        assert threading.active_count() == 1
        with jobs._lock:
            os.write(1, b"")

    assert exit_code(child) == 0
    assert doing.done()
    assert jobs.submit(slow).result() == doing.result()


def _work(conninfo: str, answers: Any) -> None:
    """What a test's own worker process does: it connects for itself."""
    with psycopg.connect(conninfo) as connection:
        connection.execute("insert into kinds (name) values ('by the child')")
    answers.put("done")


@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="no fork here")
def test_processes_while_spares_are_made(endpoint: Endpoint, tmp_path: Path) -> None:
    """A suite that alters tables and forks: no child hangs, and the parent's connections are sound."""
    context: Any = multiprocessing.get_context("fork")
    with session(endpoint, tmp_path) as opened:
        table_map = opened.table_map()
        dataset = opened.dataset(table_map, opened.plan(table_map))
        for _ in range(5):
            with opened.clone(dataset, test="t") as database:
                before = database.count("kinds")
                answers = context.SimpleQueue()
                process = context.Process(target=_work, args=(database.conninfo, answers))
                process.start()
                process.join(PATIENCE)
                assert process.exitcode == 0
                assert answers.get() == "done"
                database.connection.rollback()
                assert database.count("kinds") == before + 1
                database.execute("alter table kinds add column extra text")
                database.connection.commit()
            assert before == 4
