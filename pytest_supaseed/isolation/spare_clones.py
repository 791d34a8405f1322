"""Clones of datasets: made when they are needed, or ahead, and dropped behind the tests' back."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Generic, TypeVar

from psycopg.rows import tuple_row

from pytest_supaseed.server.storage_room import has_room

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    import psycopg

    from pytest_supaseed.isolation.background import BackgroundJobs
    from pytest_supaseed.isolation.datasets import Dataset
    from pytest_supaseed.isolation.templates import TemplateStore

CLOSING_SECONDS = 2.0
"""How long a dropped database's backends may take to go; DROP itself then ends them, in steps of 100 ms."""
POLL_SECONDS = 0.001

_Clone = TypeVar("_Clone")


class SpareClones(Generic[_Clone]):
    """Makes clones of datasets, at most one of each ahead.

    Args:
        store: the templates.
        jobs: what runs beside the tests.
        opened: makes what is lent of a clone's name and its dataset.
    """

    def __init__(
        self, store: TemplateStore, jobs: BackgroundJobs, opened: Callable[[str, Dataset], _Clone]
    ) -> None:
        self._store = store
        self._jobs = jobs
        self._opened = opened
        self._ahead: dict[str, Future[_Clone]] = {}

    @property
    def registry(self) -> psycopg.Connection:
        """The connection of this process to the registry."""
        return self._store.registry

    def take(self, dataset: Dataset) -> _Clone:
        """Return a clone: the one that was made ahead, where there is one, or a new one.

        Raises:
            DatasetError: the server makes none.
        """
        ahead = self._ahead.pop(dataset.name, None)
        if ahead is not None and ahead.exception() is None:
            return ahead.result()
        return self._make(dataset, self._store.new_name(), self._store.registry)

    def order(self, dataset: Dataset) -> None:
        """Have one made ahead, where there is room for it and none is there."""
        size = self._store.size(dataset.template)
        if dataset.name in self._ahead or not has_room(self._store.endpoint, size):
            return
        name = self._store.new_name()
        self._ahead[dataset.name] = self._jobs.submit(
            lambda connection: self._make(dataset, name, connection)
        )

    def _make(self, dataset: Dataset, name: str, connection: psycopg.Connection) -> _Clone:
        self._store.clone(dataset.template, name, connection=connection)
        return self._opened(name, dataset)

    def drop(self, name: str) -> None:
        """Drop a database, beside the tests; what is left in the end goes with the run."""
        self._jobs.submit(lambda connection: self._drop(name, connection))

    def _drop(self, name: str, connection: psycopg.Connection) -> None:
        await_backends(connection, name)
        self._store.drop(name, connection=connection)

    def ahead(self) -> list[_Clone]:
        """Return what was made ahead and is not needed any more; call it when no job is running."""
        ended = [one for one in self._ahead.values() if not one.cancelled()]
        self._ahead.clear()
        return [one.result() for one in ended if one.exception() is None]


def await_backends(connection: psycopg.Connection, name: str) -> None:
    """Wait until closed connections have really gone, which takes a millisecond or two."""
    deadline = time.monotonic() + CLOSING_SECONDS
    query = "select exists (select from pg_catalog.pg_stat_activity where datname = %s)"
    while time.monotonic() < deadline:
        with connection.cursor(row_factory=tuple_row) as cursor:
            row = cursor.execute(query, (name,)).fetchone()
        if row is None or not row[0]:
            return
        time.sleep(POLL_SECONDS)
