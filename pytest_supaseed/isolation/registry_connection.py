"""This process's connection to the registry, made anew when the server has ended it: by a restart, or a test.

The connection says that the run is alive, by a lock. While it is gone, another run may drop this one's
databases; whoever has one asks `renewals` whether that can have happened.
"""

from __future__ import annotations

import os
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import psycopg
from psycopg.pq import PGconn, Ping

from pytest_supaseed.errors import DatasetError, EndpointError
from pytest_supaseed.server.databases import REGISTRY, begin_run, connect_registry, resume_run
from pytest_supaseed.server.file_locks import is_held
from pytest_supaseed.server.memory_tablespace import ClusterEndpoint
from pytest_supaseed.server.warden import WARDEN_LOCK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_supaseed.server.endpoint import Endpoint

REFUSED_SECONDS = 10.0
"""How long a server may answer nothing at all: `pg_ctl restart` takes a second, a container some."""
RECOVERY_SECONDS = 120.0
"""How long it may say that it starts: after a crash it does again what it had not written to its files."""
POLL_SECONDS = 0.05


class RegistryConnection:
    """A connection to the registry, in autocommit mode, and the lock that says that a run is alive.

    Args:
        endpoint: the server.

    Raises:
        EndpointError: the login may not create databases.
        psycopg.Error: the server cannot be reached.
    """

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._process = os.getpid()
        self._connection = connect_registry(endpoint)
        self._lock = threading.Lock()
        self._gone: EndpointError | None = None
        self.prefix = begin_run(self._connection)
        self.renewals = 0
        self._on_renewed: list[Callable[[psycopg.Connection], None]] = []

    def on_renewed(self, act: Callable[[psycopg.Connection], None]) -> None:
        """Have something done with each new connection, such as taking locks again."""
        self._on_renewed.append(act)

    @property
    def is_own(self) -> bool:
        """Whether it is this process's: a forked child has its parent's, and must leave it alone."""
        return os.getpid() == self._process

    def is_alive(self) -> bool:
        """Whether this process can use it, now or as soon as the server has started."""
        try:
            self.alive()
        except (DatasetError, EndpointError):
            return False
        return True

    def alive(self) -> psycopg.Connection:
        """Return the connection, a new one where the old one has ended; wait for a server that starts.

        Raises:
            EndpointError: the server does not come back.
            DatasetError: it is the connection of the process that this one was forked from.
        """
        if not self.is_own:
            raise _forked()
        with self._lock:
            if has_ended(self._connection):
                self._renew()
            return self._connection

    def _renew(self) -> None:
        if self._gone is not None:
            raise self._gone
        self._connection.close()
        self._connection = self._reconnected()
        resume_run(self._connection, self.prefix)  # waits for who just drops what is a dead run's to it
        self.renewals += 1
        for act in self._on_renewed:
            act(self._connection)

    def _reconnected(self) -> psycopg.Connection:
        begun = time.monotonic()
        while True:
            try:
                return connect_registry(self._endpoint)
            except psycopg.OperationalError as error:
                waited = time.monotonic() - begun
                if waited > _patience(self._endpoint):
                    self._gone = _gone(self._endpoint, error, waited)
                    raise self._gone from error
            time.sleep(POLL_SECONDS)

    def close(self) -> None:
        """Disconnect; a forked child does not, for it would do so in its parent's name."""
        if self.is_own:
            self._connection.close()


@contextmanager
def registry_connection(endpoint: Endpoint) -> Iterator[RegistryConnection]:
    """A connection to the registry for as long as the context lasts."""
    opened = RegistryConnection(endpoint)
    try:
        yield opened
    finally:
        opened.close()


def has_ended(connection: psycopg.Connection) -> bool:
    """Whether the server has ended an idle connection, as far as the machine has heard: nothing is sent.

    The server says why before it hangs up: the first look reads that, the second one finds the end. What
    another thread is using is left alone: it would wait for ever for what was read here.
    """
    if not connection.lock.acquire(blocking=False):
        return False
    try:
        for _ in range(2):
            if connection.closed:
                return True
            connection.pgconn.consume_input()
    except psycopg.OperationalError:
        return True
    finally:
        connection.lock.release()
    return connection.closed


def _patience(endpoint: Endpoint) -> float:
    """How many seconds a server is waited for, as it is just now.

    One that is there and lets nobody in starts, recovers, or shuts down. One of ours is started by nobody
    once its warden has ended.
    """
    if PGconn.ping(endpoint.conninfo(REGISTRY).encode()) == Ping.REJECT:
        return RECOVERY_SECONDS
    if isinstance(endpoint, ClusterEndpoint) and not is_held(endpoint.folder / WARDEN_LOCK):
        return 0.0
    return REFUSED_SECONDS


def _gone(endpoint: Endpoint, error: psycopg.OperationalError, waited: float) -> EndpointError:
    return EndpointError(
        f"The server ended while it was used, and did not come back within {waited:.1f} s:"
        f" {' '.join(str(error).split())}",
        looked_at=[endpoint.title],
        remedies=[
            "see in the server's log why it ended",
            "run again: a server of ours is started anew, and what was seeded is there still",
        ],
    )


def _forked() -> DatasetError:
    return DatasetError(
        "A process that a test has forked goes on with the tests, on connections of its parent.",
        looked_at=[f"process {os.getpid()}, forked from {os.getppid()}"],
        remedies=[
            "end the child by os._exit(0), whatever happens in it: try: ... finally: os._exit(0)",
            "or start processes by multiprocessing, which does so",
        ],
    )
