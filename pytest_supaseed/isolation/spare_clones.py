"""Clones of datasets: made when they are needed, or ahead, and dropped behind the tests' back."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

import psycopg
from psycopg.rows import tuple_row

from pytest_supaseed.errors import DatasetError, EndpointError
from pytest_supaseed.isolation.clone_names import oid_of, reclaim
from pytest_supaseed.isolation.open_connections import end_open
from pytest_supaseed.server.databases import list_databases
from pytest_supaseed.server.storage_room import has_room

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from concurrent.futures import Future

    from pytest_supaseed.isolation.background import BackgroundJobs
    from pytest_supaseed.isolation.datasets import Dataset
    from pytest_supaseed.isolation.open_connections import OpenConnection
    from pytest_supaseed.isolation.templates import TemplateStore

CLOSING_SECONDS = 2.0
"""How long a dropped database's backends may take to go; DROP itself then ends them, in steps of 100 ms."""
POLL_SECONDS = 0.001

_Clone = TypeVar("_Clone")


@dataclass(frozen=True)
class _MadeClone:
    """A clone that was made, whatever a test does to its name.

    Args:
        oid: the database's.
        registry: the connection to the registry then; there is another one when the server was restarted.
    """

    oid: int
    registry: psycopg.Connection


class SpareClones(Generic[_Clone]):
    """Makes clones of datasets, at most one of each ahead.

    Args:
        store: the templates.
        jobs: what runs beside the tests.
        opened: makes what is lent of a clone's name and its dataset.
        closed: undoes that, where a clone is not lent after all.
    """

    def __init__(
        self,
        store: TemplateStore,
        jobs: BackgroundJobs,
        opened: Callable[[str, Dataset], _Clone],
        closed: Callable[[_Clone], None],
    ) -> None:
        self._store = store
        self._jobs = jobs
        self._opened = opened
        self._closed = closed
        self._ahead: dict[str, tuple[str, Future[_Clone]]] = {}
        self._made: dict[str, _MadeClone] = {}

    def take(self, dataset: Dataset) -> _Clone:
        """Return a clone: the one that was made ahead, where there is one, or a new one.

        Raises:
            DatasetError: the server makes none.
        """
        registry, ahead = self._store.registry, self._ahead.pop(dataset.name, None)
        if ahead is not None and ahead[1].exception() is None:
            if not self.is_outdated(ahead[0]):
                return ahead[1].result()
            self._closed(ahead[1].result())
            self.drop(ahead[0])
        try:
            return self._make(dataset, self._store.new_name(), registry, registry)
        except (DatasetError, psycopg.OperationalError):
            # The server ended the connection; or the disk is full, and clones are about to be dropped.
            self._jobs.join()
        registry = self._store.registry
        return self._make(dataset, self._store.new_name(), registry, registry)

    def replace(self, name: str, dataset: Dataset) -> _Clone:
        """Return a clone in place of another, which is dropped before that where there is no room for both.

        From the first that had to be replaced there is a spare: a suite that needed one will need another.
        """
        try:
            fresh = self.take(dataset)
        except DatasetError:
            self._drop(name, self._store.registry)
            return self.take(dataset)
        self.order(dataset)
        self.drop(name)
        return fresh

    def end_open(
        self, name: str, known: Collection[int] = (), *, only: Collection[int] | None = None
    ) -> list[OpenConnection]:
        """End whatever is connected to a clone, and return what was left open; see `open_connections`."""
        registry, oid = self._store.registry, self._made[name].oid
        try:
            return end_open(registry, name, known, oid=oid, only=only)
        except psycopg.OperationalError:
            if not registry.closed:  # by a test, or a restart: the next one is another connection
                raise
        return end_open(self._store.registry, name, known, oid=oid, only=only)

    def forget(self, name: str) -> None:
        """Have nothing more to do with a clone: it goes by another name, on purpose."""
        self._made.pop(name, None)

    def is_there(self, name: str) -> bool:
        """Whether a clone is there, and still goes by its name."""
        return name in list_databases(self._store.registry, name)

    def is_outdated(self, name: str) -> bool:
        """Whether the server may have been restarted since a clone was made, and emptied unlogged tables."""
        return self._made[name].registry is not self._store.registry

    def order(self, dataset: Dataset) -> None:
        """Have one made ahead, where there is room for it and none is there."""
        size = self._store.size(dataset.template)
        if dataset.name in self._ahead or not has_room(self._store.endpoint, size):
            return
        name, registry = self._store.new_name(), self._store.registry
        making = self._jobs.submit(lambda connection: self._make(dataset, name, registry, connection))
        self._ahead[dataset.name] = name, making

    def _make(
        self, dataset: Dataset, name: str, registry: psycopg.Connection, connection: psycopg.Connection
    ) -> _Clone:
        """Make a clone, by a connection of the very thread; `registry` says since when the server runs."""
        self._store.clone(dataset.template, name, connection=connection)
        self._made[name] = _MadeClone(oid_of(connection, name), registry)
        return self._opened(name, dataset)

    def drop(self, name: str) -> None:
        """Drop a database, beside the tests; what is left in the end goes with the run."""
        self._jobs.submit(lambda connection: self._drop(name, connection))

    def _drop(self, name: str, connection: psycopg.Connection) -> None:
        reclaim(connection, {self._made[name].oid: name})
        await_backends(connection, name)
        self._store.drop(name, connection=connection)
        del self._made[name]

    def ahead(self) -> list[_Clone]:
        """Return what was made ahead and is not needed any more; call it when no job is running."""
        ended = [one for _, one in self._ahead.values() if not one.cancelled()]
        self._ahead.clear()
        return [one.result() for one in ended if one.exception() is None]

    def close(self) -> None:
        """Have the clones that are there go with the run; call it when no job is running."""
        try:
            registry = self._store.registry
        except EndpointError:  # said before, to who asked for a clone; the next run drops what is left
            return
        reclaim(registry, {made.oid: name for name, made in self._made.items()})


def await_backends(connection: psycopg.Connection, name: str) -> None:
    """Wait until closed connections have really gone, which takes a millisecond or two."""
    deadline = time.monotonic() + CLOSING_SECONDS
    query = (
        "select exists (select from pg_catalog.pg_stat_activity where datname = %s"
        " and backend_type in ('client backend', 'walsender'))"
    )
    while time.monotonic() < deadline:
        with connection.cursor(row_factory=tuple_row) as cursor:
            row = cursor.execute(query, (name,)).fetchone()
        if row is None or not row[0]:
            return
        time.sleep(POLL_SECONDS)
