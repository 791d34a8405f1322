"""Work on the server that no test waits for: one thread, one connection, one job after another."""

from __future__ import annotations

import os
import threading
import weakref
from collections import deque
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, TypeVar

from pytest_supaseed.isolation.registry_connection import has_ended
from pytest_supaseed.server.databases import connect_registry

if TYPE_CHECKING:
    from collections.abc import Callable

    import psycopg

    from pytest_supaseed.server.endpoint import Endpoint

_Result = TypeVar("_Result")


class BackgroundJobs:
    """Jobs that run beside the tests, in order.

    There is a thread only while there are jobs, and none while a process forks: the child would have whatever
    lock the thread holds just then, and nobody to let go of it. Whoever forks waits for the jobs.

    Args:
        endpoint: the server; jobs get a connection to its registry, in autocommit mode.
    """

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._connection: psycopg.Connection | None = None
        self._jobs: deque[tuple[Future[Any], Callable[[psycopg.Connection], Any]]] = deque()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        if hasattr(os, "register_at_fork"):
            _join_before_forks(weakref.ref(self))

    def submit(self, job: Callable[[psycopg.Connection], _Result]) -> Future[_Result]:
        """Have a job done; what it raises is raised by whoever asks for its result."""
        future: Future[_Result] = Future()
        with self._lock:
            self._jobs.append((future, job))
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="supaseed")
                self._thread.start()
        return future

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._jobs:
                    self._thread = None
                    return
                future, job = self._jobs.popleft()
            if not future.set_running_or_notify_cancel():
                continue
            try:
                future.set_result(job(self._connected()))
            except BaseException as error:  # noqa: BLE001  # it belongs to who asked for the job
                future.set_exception(error)

    def _connected(self) -> psycopg.Connection:
        if self._connection is None or has_ended(self._connection):
            self._connection = connect_registry(self._endpoint)
        return self._connection

    def join(self) -> None:
        """Wait until there is nothing to do."""
        thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join()

    def close(self) -> None:
        """Leave out what has not begun, wait for what has, and disconnect."""
        with self._lock:
            while self._jobs:
                self._jobs.popleft()[0].cancel()
        self.join()
        if self._connection is not None:
            self._connection.close()


def _join_before_forks(jobs: weakref.ref[BackgroundJobs]) -> None:
    """It holds for good: what is registered for forks is never taken back. Hence the weak reference."""

    def join() -> None:
        if (found := jobs()) is not None:
            found.join()

    os.register_at_fork(before=join)
