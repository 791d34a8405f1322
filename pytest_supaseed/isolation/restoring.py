"""Lending one clone to test after test, each time put back: `isolation = "restore"`."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING

import psycopg

from pytest_supaseed.isolation.changes import BeyondRestoring

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from pytest_supaseed.isolation.clones import RestoredClone
    from pytest_supaseed.isolation.datasets import Dataset
    from pytest_supaseed.isolation.open_connections import OpenConnection
    from pytest_supaseed.isolation.spare_clones import SpareClones

MOST_IDLE = 4
"""So many clones wait for their next test at most, of all datasets; the one that has waited longest goes."""


class RestoringLender:
    """Lends clones that are put back, as late as possible: before the next test, or never.

    Args:
        spares: makes clones.
        on_replaced: told the reason, where a clone had to be replaced.
        on_undone: told the clone, what became of it, and the seconds that it took.
    """

    def __init__(
        self,
        spares: SpareClones[RestoredClone],
        on_replaced: Callable[[str], None],
        on_undone: Callable[[str, str, float], None],
    ) -> None:
        self._spares = spares
        self._on_replaced = on_replaced
        self._on_undone = on_undone
        self._lent: dict[str, tuple[Dataset, RestoredClone]] = {}
        self._idle: list[tuple[Dataset, RestoredClone]] = []

    def lend(self, dataset: Dataset) -> str:
        """Return a clone that is as it was made."""
        clone = self._waiting(dataset)
        clone = self._spares.take(dataset) if clone is None else self._put_back(clone, dataset)
        self._lent[clone.name] = dataset, clone
        return clone.name

    def _waiting(self, dataset: Dataset) -> RestoredClone | None:
        for entry in reversed(self._idle):
            if entry[0].name == dataset.name:
                self._idle.remove(entry)
                return entry[1]
        return None

    def _put_back(self, clone: RestoredClone, dataset: Dataset) -> RestoredClone:
        """The clone as it was made, or another in its place."""
        begun, ready = time.perf_counter(), clone
        reason = self._beyond_restoring(clone)
        outcome = "put back" if clone.was_changed else "untouched"
        if reason is not None:
            outcome = f"replaced: {reason}"
            self._on_replaced(reason)
            # Whoever is connected to it still may hold locks that would keep us from making another.
            self._spares.end_open(clone.name, clone.backends)
            clone.close()
            ready = self._spares.replace(clone.name, dataset)
        self._on_undone(clone.name, outcome, time.perf_counter() - begun)
        return ready

    def _beyond_restoring(self, clone: RestoredClone) -> str | None:
        """Make a clone ready; return why it cannot be."""
        if self._spares.is_outdated(clone.name):
            return "the server was restarted, or ended our connections"
        try:
            clone.make_ready()
        except BeyondRestoring as reason:
            return str(reason)
        return None

    def look(self, name: str, closing: Collection[int]) -> None:
        """Ask whether the test can have changed anything, and who else is connected."""
        _, clone = self._lent[name]
        with suppress(psycopg.OperationalError):  # then there is no answer either
            clone.ask(closing)

    def take_back(self, name: str, closing: Collection[int]) -> list[OpenConnection]:
        """End what the test left connected; what it wrote is undone when the clone is lent again."""
        dataset, clone = self._lent.pop(name)
        self._idle.append((dataset, clone))
        try:
            others = clone.answer()
            found = self._spares.end_open(name, closing, only=others) if others else []
        except psycopg.OperationalError:  # the test ended our connection, or the server: `make_ready` says so
            clone.is_touched = True
            found = self._spares.end_open(name, closing)
        while len(self._idle) > MOST_IDLE:
            self._discard(self._idle.pop(0)[1])
        return found

    def give_up(self, name: str) -> None:
        """Let go of it; the next test gets another."""
        _, clone = self._lent.pop(name)
        clone.close()
        self._spares.forget(name)

    def _discard(self, clone: RestoredClone) -> None:
        clone.close()
        self._spares.drop(clone.name)

    def close(self) -> None:
        """Disconnect; the databases go with the run."""
        for clone in (*(clone for _, clone in self._idle), *self._spares.ahead()):
            clone.close()
        self._idle.clear()
