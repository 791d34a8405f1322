"""Lending clones that are not put back: a new one for each test, or one that nobody writes to."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

    from pytest_supaseed.isolation.datasets import Dataset
    from pytest_supaseed.isolation.open_connections import OpenConnection
    from pytest_supaseed.isolation.spare_clones import SpareClones


class FreshLender:
    """Lends a new clone each time, and drops it afterwards: `isolation = "clone"`.

    Args:
        spares: makes clones, the next one while a test runs.
    """

    def __init__(self, spares: SpareClones[str]) -> None:
        self._spares = spares

    def lend(self, dataset: Dataset) -> str:
        """Return a new clone."""
        name = self._spares.take(dataset)
        self._spares.order(dataset)
        return name

    def look(self, name: str, closing: Collection[int]) -> None:
        """Whatever was done to it, it goes."""

    def take_back(self, name: str, closing: Collection[int]) -> list[OpenConnection]:
        """Drop it."""
        found = self._spares.end_open(name, closing)
        self._spares.drop(name)
        return found

    def give_up(self, name: str) -> None:
        """Nothing is known of it any more."""
        self._spares.forget(name)

    def close(self) -> None:
        """Nothing is kept."""


class SharedLender:
    """Lends one clone of a dataset to everybody, where Postgres refuses writes and nothing can be put back.

    Args:
        spares: makes clones that are read only.
    """

    def __init__(self, spares: SpareClones[str]) -> None:
        self._spares = spares
        self._clones: dict[str, str] = {}

    def lend(self, dataset: Dataset) -> str:
        """Return the clone."""
        clone = self._clones.get(dataset.name)
        if clone is not None and self._spares.is_there(clone) and not self._spares.is_outdated(clone):
            return clone
        fresh = self._clones[dataset.name] = self._spares.take(dataset)
        if clone is not None:
            self._spares.drop(clone)
        return fresh

    def look(self, name: str, closing: Collection[int]) -> None:
        """Nothing can be done to it."""

    def take_back(self, name: str, closing: Collection[int]) -> list[OpenConnection]:
        """Leave it to the next test."""
        return self._spares.end_open(name, closing)

    def give_up(self, name: str) -> None:
        """The next test gets another."""
        self._spares.forget(name)
        self._clones = {dataset: clone for dataset, clone in self._clones.items() if clone != name}

    def close(self) -> None:
        """It goes with the run."""
