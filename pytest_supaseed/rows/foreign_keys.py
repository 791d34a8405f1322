"""Declarations that fill the columns of a foreign key from the rows that it can refer to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from pytest_supaseed.rows.declarations import ColumnDeclaration, no_parent
from pytest_supaseed.rows.row_steps import is_without_database

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pytest_supaseed.plan.streams import Draws
    from pytest_supaseed.rows.chunk import Chunk, Parents
    from pytest_supaseed.rows.combinations import Digit
    from pytest_supaseed.rows.deals import Deal

SKEW = 1.7
"""Exponent of the draw: the first tenth of the parents gets a quarter of the children."""

NULL_SHARE = 0.1
"""Share of rows without a parent where a key may be NULL and nothing needs it."""


class Reference(ColumnDeclaration):
    """Tuples of a parent's key values, one per row; the columns of the key are `PartOf` it.

    Args:
        target: the parent's address, or its logical name.
        columns: the parent's columns, in the order of the foreign key.
        index: chooses the parent of each row, `index(row index, parent count)`; drawn when not given.
        nullable: whether the key may be NULL: it is where there is no parent.
        null_share: the share of rows that have no parent although there are some.
        label: what messages call it; the field's name when not given.
    """

    def __init__(  # noqa: PLR0913  # one argument for each thing that the choice of a parent depends on
        self,
        target: str,
        columns: tuple[str, ...],
        *,
        index: Callable[[int, int], int] | None = None,
        nullable: bool = False,
        null_share: float = 0.0,
        label: str = "",
    ) -> None:
        super().__init__()
        self.target = target
        self.columns = columns
        self.index = index
        self.nullable = nullable
        self.null_share = null_share
        self.label = label
        self.digit: Digit | None = None
        self.deal: Deal | None = None

    @property
    def may_be_null(self) -> bool:
        """Whether the key can be NULL where no value is left."""
        return self.nullable

    def ways(self, parents: Parents) -> None:
        """One for each parent, see `deals.Dealt`."""
        del parents

    def size(self, parents: Parents) -> int:
        """How many parents there are to choose from."""
        return parents.of(self.target).count

    def room(self, parents: Parents) -> int | None:
        """How many rows there can be, where each needs a parent of its own."""
        return None if self.digit is None else self.digit.combinations.room(parents)

    def evaluate(self, instance: object, step: Any, extra: object) -> object:
        """One row's reference; of None where a row is built without a database."""
        if is_without_database():
            return (None,) * len(self.columns)
        return super().evaluate(instance, step, extra)

    def fill(self, chunk: Chunk, name: str) -> Sequence[object]:
        """Fill the column, as the base class says."""
        if self.deal is not None:
            return _dealt(self.deal, chunk, self.columns)
        source = chunk.scope.parents.of(self.target)
        none = (None,) * len(self.columns)
        if source.count == 0:
            if self.nullable:
                return [none] * chunk.count
            raise no_parent(chunk.scope.table, self.label or name, self.target)
        chosen = self._choose(chunk, name, source.count)
        if None not in chosen:
            return source.values(self.columns, cast("Sequence[int]", chosen))
        values = iter(source.values(self.columns, [index for index in chosen if index is not None]))
        return [none if index is None else next(values) for index in chosen]

    def _choose(self, chunk: Chunk, name: str, count: int) -> Sequence[int | None]:
        if self.index is not None:
            return [self.index(row, count) for row in chunk.positions]
        draws = chunk.draws(name)
        if self.digit is None and not self.null_share:
            return [int(count * share**SKEW) for share in draws.many(chunk.count)]
        if self.digit is None:
            return [
                None if self.null_share and draws.random() < self.null_share else skewed(draws, count)
                for _ in range(chunk.count)
            ]
        if self.nullable and self.digit.combinations.ends_in_null:
            return self.digit.choices(chunk)
        return [skewed(draws, count) if digit is None else digit for digit in self.digit.choices(chunk)]


def _dealt(deal: Deal, chunk: Chunk, columns: tuple[str, ...]) -> Sequence[object]:
    parents = [place.parent for place in deal.places(chunk)]
    return deal.source(chunk.scope.parents).values(columns, parents)


def skewed(draws: Draws, count: int) -> int:
    """An index below `count`: small ones are drawn more often, as some parents have more children."""
    return int(count * draws.random() ** SKEW)


def one_to_one(row: int, count: int) -> int:
    """The parent of the same index: each parent is used once."""
    return row % count


def as_tuple(value: object) -> tuple[object, ...]:
    """A reference's value, by its type."""
    return cast("tuple[object, ...]", value)
