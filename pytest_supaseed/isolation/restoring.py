"""Lending one clone to test after test, each time put back: `isolation = "restore"`."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
    """

    def __init__(self, spares: SpareClones[RestoredClone], on_replaced: Callable[[str], None]) -> None:
        self._spares = spares
        self._on_replaced = on_replaced
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
        """The clone as it was made, or another in its place.

        From the first that had to be replaced there is a spare: a suite that needed one will need another.
        """
        try:
            clone.make_ready()
        except BeyondRestoring as reason:
            self._on_replaced(str(reason))
            fresh = self._spares.take(dataset)
            self._spares.order(dataset)
            self._discard(clone)
            return fresh
        return clone

    def take_back(self, name: str, closing: Collection[int]) -> list[OpenConnection]:
        """Look what the test left behind; it is put back when the clone is lent again."""
        dataset, clone = self._lent.pop(name)
        found = clone.end_open(closing)
        self._idle.append((dataset, clone))
        while len(self._idle) > MOST_IDLE:
            self._discard(self._idle.pop(0)[1])
        return found

    def give_up(self, name: str) -> None:
        """Let go of it; the next test gets another."""
        _, clone = self._lent.pop(name)
        clone.close()

    def _discard(self, clone: RestoredClone) -> None:
        clone.close()
        self._spares.drop(clone.name)

    def close(self) -> None:
        """Disconnect; the databases go with the run."""
        for clone in (*(clone for _, clone in self._idle), *self._spares.ahead()):
            clone.close()
        self._idle.clear()
