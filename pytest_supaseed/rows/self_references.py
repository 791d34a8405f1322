"""Foreign keys from a table to itself: trees of bounded depth, made inside a chunk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_supaseed.rows.declarations import ColumnDeclaration

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_supaseed.plan.streams import Draws
    from pytest_supaseed.rows.chunk import Chunk

ROOT_SHARE = 0.2
"""Share of rows without a parent in a table that refers to itself."""
DEEPEST = 5
"""Ancestors of a row at the most: threads, folders and departments are rarely deeper."""


class SelfReference(ColumnDeclaration):
    """Tuples of key values of earlier rows of the same chunk: a forest, rooted where `nullable` allows.

    Where the columns may not be NULL, a root refers to itself, which Postgres accepts: foreign keys are
    checked at the end of the statement.

    Args:
        targets: the columns that are referred to.
        shared: pairs (our column, column referred to) that other keys or values fix: parent and child agree
            in them, as in `(tenant_id, parent_id)` to `(tenant_id, id)`.
        nullable: whether a root may have NULL.
        unique: whether no two rows may have the same parent: chains instead of trees.
        stored: key values of rows that were there before: roots hang from these.
    """

    def __init__(
        self,
        targets: tuple[str, ...],
        *,
        shared: tuple[tuple[str, str], ...] = (),
        nullable: bool,
        unique: bool = False,
        stored: Sequence[tuple[object, ...]] = (),
    ) -> None:
        super().__init__()
        self.targets = targets
        self.shared = shared
        self.nullable = nullable
        self.unique = unique
        self.stored = () if unique or shared else tuple(stored)

    def fill(self, chunk: Chunk, name: str) -> Sequence[object]:
        """Fill the column, as the base class says."""
        chosen = [(parent, row) for row, parent in enumerate(self._parents(chunk, name))]
        values = list(zip(*(chunk.column(column) for column in self.targets), strict=True))
        draws = chunk.draws(f"{name} roots")
        return [
            values[parent] if parent is not None else self._root(draws, values[row]) for parent, row in chosen
        ]

    def _root(self, draws: Draws, itself: tuple[object, ...]) -> tuple[object, ...]:
        if self.stored:
            return self.stored[draws.below(len(self.stored))]
        return (None,) * len(self.targets) if self.nullable else itself

    def _parents(self, chunk: Chunk, name: str) -> list[int | None]:
        """The position of each row's parent in the chunk; None for roots."""
        draws = chunk.draws(name)
        groups = [_key(chunk, [mine for mine, _ in self.shared], row) for row in range(chunk.count)]
        places = [_key(chunk, [theirs for _, theirs in self.shared], row) for row in range(chunk.count)]
        depths: list[int] = []
        free: dict[tuple[str, ...], list[int]] = {}
        chosen: list[int | None] = []
        for row in range(chunk.count):
            candidates = free.get(groups[row], [])
            parent = None
            if candidates and draws.random() >= ROOT_SHARE:
                place = draws.below(len(candidates))
                parent = candidates.pop(place) if self.unique else candidates[place]
            depths.append(0 if parent is None else depths[parent] + 1)
            if depths[row] < DEEPEST and not (self.unique and parent is None and not self.nullable):
                free.setdefault(places[row], []).append(row)
            chosen.append(parent)
        return chosen


def _key(chunk: Chunk, columns: Sequence[str], row: int) -> tuple[str, ...]:
    return tuple(str(chunk.column(column)[row]) for column in columns)
