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


class EachInTurn(InTurn):
    """Each value once, then the usual one as often, and so on round: all occur soon, and most are usual.

    Args:
        values: what is given. Where a column lists what it allows, all of that is given, and nothing else.
        usual: what half of the rows have besides.
    """

    def __init__(self, *values: object, usual: object) -> None:
        super().__init__(*values, *(usual,) * len(values))
        self.each = values
        self.usual = usual

    def among(self, allowed: Sequence[object]) -> EachInTurn:
        """The same for a column that allows these values alone."""
        kept = [value for value in self.each if value in allowed]
        others = [value for value in allowed if value not in kept]
        usual = self.usual if self.usual in allowed else (*kept, *others)[0]
        return EachInTurn(*kept, *others, usual=usual)
