"""Columns of few values that take part in a unique key, and columns that keep rows out of a partial one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_supaseed.rows.declarations import ColumnDeclaration

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_supaseed.rows.chunk import Chunk, Parents, Producer
    from pytest_supaseed.rows.combinations import Combinations, Digit


class Listed(ColumnDeclaration):
    """One of the given values in each row, as a digit of all-different combinations says.

    NULL where no combination is left and both the column and its key allow that.
    """

    def __init__(self, values: Sequence[object], *, may_be_null: bool = True) -> None:
        super().__init__()
        self.values = tuple(values)
        self.may_be_null = may_be_null
        self.digit: Digit | None = None

    def size(self, parents: Parents) -> int:
        """How many values there are to choose from."""
        del parents
        return len(self.values)

    def room(self, parents: Parents) -> int | None:
        """How many rows there can be, where each needs a combination of its own."""
        return None if self.digit is None else self.digit.combinations.room(parents)

    def fill(self, chunk: Chunk, name: str) -> Sequence[object]:
        """Fill the column, as the base class says."""
        draws = chunk.draws(name)
        if self.digit is None:
            return [draws.pick(self.values) for _ in range(chunk.count)]
        to_null = self.digit.combinations.ends_in_null and self.may_be_null
        return [
            self.values[choice] if choice is not None else None if to_null else draws.pick(self.values)
            for choice in self.digit.choices(chunk)
        ]


class OutsideIndex(ColumnDeclaration):
    """Another declaration's values; a value outside a partial index where no combination is left for a row.

    Args:
        inside: fills the rows that have a combination.
        outside: fills the others.
        combinations: says which rows have one.
    """

    def __init__(self, inside: Producer, outside: Producer, combinations: Combinations) -> None:
        super().__init__()
        self.inside = inside
        self.outside = outside
        self.combinations = combinations

    def fill(self, chunk: Chunk, name: str) -> Sequence[object]:
        """Fill the column, as the base class says."""
        return [
            within if is_left else without
            for is_left, within, without in zip(
                self.combinations.is_left(chunk),
                self.inside.fill(chunk, name),
                self.outside.fill(chunk, name),
                strict=True,
            )
        ]
