"""The database that factories write to: set by the fixture for the length of a test, never at import."""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING, Protocol

from pytest_supaseed.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_supaseed.rows.row import Row


class RowWriter(Protocol):
    """What a factory needs of the database in use."""

    def create_from(self, factory: type, count: int, values: Mapping[str, object]) -> list[Row]:
        """Make `count` rows by a factory class, with `values` in place of its declarations."""
        ...


current_database: ContextVar[RowWriter | None] = ContextVar("supaseed_current_database", default=None)


def database_in_use(factory: type) -> RowWriter:
    """Return the database of the running test.

    Raises:
        UsageError: the factory is used where no test has asked for a database.
    """
    found = current_database.get()
    if found is None:
        raise UsageError(
            f"{factory.__name__} was asked to create a row, and no test database is in use here.",
            looked_at=["the database that the fixture supaseed_db sets for the length of a test"],
            remedies=[
                "ask for the fixture in the test: def test_x(supaseed_db): ...",
                f"use {factory.__name__}.build() where no database is needed",
            ],
        )
    return found
