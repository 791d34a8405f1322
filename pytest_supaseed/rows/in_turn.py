"""A declaration that gives the same values again and again, in their order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_supaseed.rows.declarations import ColumnDeclaration

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_supaseed.rows.chunk import Chunk


class InTurn(ColumnDeclaration):
    """The first value in the first row, the second in the second one, and so on round: a share for each.

    Args:
        values: what is given; one that occurs twice is given twice as often.
    """

    def __init__(self, *values: object) -> None:
        super().__init__()
        self.values = values

    def fill(self, chunk: Chunk, name: str) -> Sequence[object]:
        """Fill the column, as the base class says."""
        del name
        values, size = self.values, len(self.values)
        return [values[index % size] for index in chunk.indices]
