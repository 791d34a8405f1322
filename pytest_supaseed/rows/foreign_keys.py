"""Declarations that fill the columns of a foreign key from the rows that it can refer to."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from pytest_supaseed.rows.declarations import ColumnDeclaration, no_parent

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pytest_supaseed.rows.chunk import Chunk

ROOT_SHARE = 0.2
"""Share of rows without a parent in a table that refers to itself: wide trees of small depth."""


class Reference(ColumnDeclaration):
    """Tuples of a parent's key values, one per row; the columns of the key are `PartOf` it.

    Args:
        target: the parent's qualified name.
        columns: the parent's columns, in the order of the foreign key.
        index: chooses the parent of each row, `index(row index, parent count)`; drawn when not given.
    """

    def __init__(
        self, target: str, columns: tuple[str, ...], *, index: Callable[[int, int], int] | None = None
    ) -> None:
        super().__init__()
        self.target = target
        self.columns = columns
        self.index = index

    def fill(self, chunk: Chunk, name: str) -> Sequence[object]:
        """Fill the column, as the base class says."""
        source = chunk.scope.parents.of(self.target)
        count = source.count
        if count == 0:
            raise no_parent(chunk.scope.table, name, self.target)
        if self.index is not None:
            chosen = [self.index(row, count) for row in chunk.indices]
        else:
            draws = chunk.draws(name)
            chosen = [draws.below(count) for _ in range(chunk.count)]
        return source.values(self.columns, chosen)


class ReferenceToSelf(ColumnDeclaration):
    """Tuples of key values of earlier rows of the same table: a forest, rooted where `nullable` allows.

    Where the columns may not be NULL, a root refers to itself, which Postgres accepts: foreign keys are
    checked at the end of the statement.
    """

    def __init__(self, columns: tuple[str, ...], *, nullable: bool) -> None:
        super().__init__()
        self.columns = columns
        self.nullable = nullable

    def fill(self, chunk: Chunk, name: str) -> Sequence[object]:
        """Fill the column, as the base class says."""
        draws = chunk.draws(name)
        chosen = [
            None if index == 0 or draws.random() < ROOT_SHARE else draws.below(index)
            for index in chunk.indices
        ]
        own = [
            index if parent is None else parent for index, parent in zip(chunk.indices, chosen, strict=True)
        ]
        source = chunk.scope.parents.of(chunk.scope.table, chunk.scope.part)
        values = source.values(self.columns, own)
        if not self.nullable:
            return values
        none = (None,) * len(self.columns)
        return [none if parent is None else value for parent, value in zip(chosen, values, strict=True)]


def one_to_one(row: int, count: int) -> int:
    """The parent of the same index: each parent is used once."""
    return row % count


def pair_member(position: int, counts: Callable[[int], int]) -> Callable[[int, int], int]:
    """The index function of one side of a junction table: pairs are all different, as long as there are any.

    The first side runs fastest; the second one is shifted by it, so that few rows already spread over both.
    """

    def index(row: int, count: int) -> int:
        if position == 0:
            return row % count
        first = counts(0)
        return (row // first + row % first) % count

    return index


def as_tuple(value: object) -> tuple[object, ...]:
    """A reference's value, by its type."""
    return cast("tuple[object, ...]", value)
