"""One bad row costs one row: what is refused as a whole is tried in halves, down to the row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import psycopg

from pytest_supaseed.load.refusals import concerns_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T")

PATIENCE = 50
"""Rows that are not taken, one after the other without a good one between, after which no more are tried: a
constraint that no row satisfies is found after these, and a million rows do not fail a million times."""


@dataclass
class Patience:
    """How many rows in a row may fail to be taken."""

    limit: int = PATIENCE
    in_a_row: int = 0

    @property
    def is_exhausted(self) -> bool:
        """Whether nothing more is to be tried."""
        return self.in_a_row >= self.limit

    def told(self, tried: int, taken: int) -> None:
        """Hear that so many rows were tried, and so many taken: a trigger may drop some silently."""
        self.in_a_row = 0 if taken else self.in_a_row + tried


def keep_good(
    rows: Sequence[T],
    attempt: Callable[[Sequence[T]], int],
    on_refused: Callable[[T, psycopg.Error], None],
    patience: Patience,
) -> int:
    """Write the rows that Postgres takes, in order, and tell of the ones that it refuses.

    Args:
        rows: what is to be written.
        attempt: writes rows inside a savepoint of its own and returns how many were taken.
        on_refused: told of each refused row, with Postgres's error.
        patience: counts rows that are not taken; nothing more is tried once it is exhausted.

    Returns:
        The number of rows taken.

    Raises:
        psycopg.Error: it is not the rows that failed, but the connection, or a timeout was met.
    """
    if not rows or patience.is_exhausted:
        return 0
    try:
        taken = attempt(rows)
    except psycopg.Error as error:
        if not concerns_rows(error):
            raise
        if len(rows) == 1:
            patience.told(1, 0)
            on_refused(rows[0], error)
            return 0
        middle = len(rows) // 2
        return keep_good(rows[:middle], attempt, on_refused, patience) + keep_good(
            rows[middle:], attempt, on_refused, patience
        )
    patience.told(len(rows), taken)
    return taken
