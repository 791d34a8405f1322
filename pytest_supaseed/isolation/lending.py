"""How a test comes by a database, and how it is undone: the seam between fixtures and isolation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection

    from pytest_supaseed.isolation.datasets import Dataset
    from pytest_supaseed.isolation.open_connections import OpenConnection


class Lender(Protocol):
    """Lends databases to tests."""

    def lend(self, dataset: Dataset) -> str:
        """Return the name of a database that is as the dataset, and nobody else's.

        Raises:
            DatasetError: none can be made.
        """

    def look(self, name: str, closing: Collection[int]) -> None:
        """Begin to look at a database, before connections are closed: backends that end are in the way.

        Args:
            name: what `lend` gave.
            closing: backends whose connections are about to be closed, and are idle.
        """

    def take_back(self, name: str, closing: Collection[int]) -> list[OpenConnection]:
        """Take a database back after a test, and return the connections that were left open.

        Args:
            name: what `lend` gave.
            closing: backends whose connections were closed, while they were idle.
        """

    def give_up(self, name: str) -> None:
        """Have nothing more to do with a database that is lent: somebody else takes care of it."""

    def close(self) -> None:
        """Disconnect; the databases go with the run."""
