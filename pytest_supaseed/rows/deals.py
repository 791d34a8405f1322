"""Rows dealt to parents: each parent gets its number of children, in the order of the parents.

The number is the plan's; what a unique key or a check leaves room for, now that the parents are there, can
only cut it. Rows beyond the last child stand in for refused ones: they come in rounds, in each of which every
child has its place again, so that a parent's missing child can be made by another row.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from pytest_supaseed.errors import PlanError
from pytest_supaseed.plan.streams import CHUNK_ROWS
from pytest_supaseed.rows.columns import producer_of
from pytest_supaseed.rows.declarations import ColumnDeclaration, Parent, PartOf

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from pytest_supaseed.plan.child_counts import ChildCounts, Children
    from pytest_supaseed.rows.chunk import Chunk, KeySource, Parents, Producer
    from pytest_supaseed.rows.combinations import Combinations


@dataclass(frozen=True, slots=True)
class Place:
    """A row's place.

    Args:
        parent: the parent's number.
        first: the number of the parent's first child, counted over all parents.
        way: which of the ways to be that parent's child the row takes; None where a unique key leaves none.
    """

    parent: int
    first: int
    way: int | None


class Dealt(Protocol):
    """What fills the foreign key by which rows are dealt."""

    def ways(self, parents: Parents) -> Sequence[int] | None:
        """By parent, how many rows its key alone tells apart; 0 where none can refer to it; None: one."""
        ...


class Deal:
    """Deals the rows of a part to the rows of its parent table.

    Args:
        children: the numbers, as planned.
        seed: whose randomness it is.
        table: the table's logical name.
        target: the parent's address.
    """

    def __init__(self, children: Children, seed: str, table: str, target: str) -> None:
        self.children = children
        self.dealt: Dealt | None = None
        self.combinations: Combinations | None = None
        self._seed = seed
        self._table = table
        self._target = target
        self._made: _Prepared | None = None

    def source(self, parents: Parents) -> KeySource:
        """The parents."""
        return parents.of(self._target, self.children.part or None)

    def rows(self, parents: Parents) -> int:
        """How many rows there are in all."""
        return self.counts(parents).total(self.source(parents).count)

    def limit(self, parents: Parents, planned: int) -> int:
        """How many rows there are where `planned` are wanted: more where more parents came than planned."""
        total = self.rows(parents)
        return total if self.source(parents).count > self.children.parents else min(planned, total)

    def counts(self, parents: Parents) -> ChildCounts:
        """The numbers of children, for the parents that there are."""
        return self._prepared(parents).counts

    def span(self, parents: Parents) -> int:
        """How many rows a round has: whole chunks."""
        return -(-self.rows(parents) // CHUNK_ROWS) * CHUNK_ROWS

    def places(self, chunk: Chunk) -> Sequence[Place]:
        """The place of each row of a chunk."""
        found: Sequence[Place] = chunk.shared(self, lambda: self._places(chunk))  # type: ignore[assignment]
        return found

    def own_ways(self, parents: Parents) -> Callable[[int], int]:
        """In how many ways one parent's key can be filled, by its number."""
        ways = self._prepared(parents).ways
        return (lambda _parent: 1) if ways is None else ways.__getitem__

    def _places(self, chunk: Chunk) -> list[Place]:
        parents = chunk.scope.parents
        counts, total, span = self.counts(parents), self.rows(parents), self.span(parents)
        way = self._way(parents)
        found = []
        for index in chunk.positions:
            turn, child = divmod(index, span)
            child %= total
            parent, number = counts.place(child)
            further = number + turn * counts.of(parent) if turn else number
            found.append(Place(parent, child - number, way(parent, further)))
        return found

    def _way(self, parents: Parents) -> Callable[[int, int], int | None]:
        """Which way a child of a parent takes, by the number of children before it."""
        combinations = self.combinations
        if combinations is None:
            return lambda _parent, number: number
        own, others, is_open = self.own_ways(parents), combinations.others(parents), combinations.is_open

        def way(parent: int, number: int) -> int | None:
            most = own(parent) * others
            if number < most:
                return number
            return None if is_open or not most else number % most

        return way

    def _prepared(self, parents: Parents) -> _Prepared:
        source = self.source(parents)
        count = source.count
        if self._made is None or self._made.source is not source or self._made.count != count:
            ways = self.dealt.ways(parents) if self.dealt is not None else None
            self._made = _Prepared(source, count, self._counted(parents, ways), ways)
        return self._made

    def _counted(self, parents: Parents, ways: Sequence[int] | None) -> ChildCounts:
        """The numbers of children, cut where a parent can have no more."""
        children = self.children
        bound = self.combinations is not None and not self.combinations.is_open
        others = self.combinations.others(parents) if bound and self.combinations is not None else 0
        if ways is None:
            most = children.high if children.most is None else children.most
            wanted = replace(children, most=min(most, others)) if bound else children
            return wanted.counts(self._seed, self._table)
        caps = [way * others if bound else children.high if way else 0 for way in ways]
        return children.counts(self._seed, self._table, caps)


def follow_deal(
    deal: Deal, producers: dict[str, Producer], derived: Mapping[str, object], *, in_step: bool
) -> None:
    """Let the fields of a factory follow the deal: the foreign key by which rows are dealt.

    Args:
        deal: the deal, which the derived declarations know of.
        producers: what fills each field; changed in place.
        derived: the derived declarations.
        in_step: whether the factory finds other parents by the row's number, as our own do where what belongs
            together has one number: these are found by the parent's number then.

    Raises:
        PlanError: something else decides about the foreign key.
    """
    if deal.dealt is None:
        raise PlanError(
            f"Rows cannot be counted by {deal.children.key.name}: something else fills its columns.",
            remedies=["ask for a plain number of rows"],
        )
    for name, producer in list(producers.items()):
        if in_step and isinstance(producer, Parent) and producer.index is not None:
            producers[name] = InStep(producer, deal)
    for name in deal.children.key.columns:
        producers[name] = producer_of(derived[name])
    for name in _sources(producers.values()):
        producers.setdefault(name, producer_of(derived[name]))


def _sources(producers: Iterable[Producer]) -> list[str]:
    return [producer.source for producer in producers if isinstance(producer, PartOf)]


class InStep(ColumnDeclaration):
    """A parent that is found by the number of the row's other parent, to which the row is dealt."""

    def __init__(self, parent: Parent, deal: Deal) -> None:
        super().__init__()
        self.parent = parent
        self.deal = deal

    def fill(self, chunk: Chunk, name: str) -> Sequence[object]:
        """Fill the column, as the base class says."""
        numbers = [place.parent for place in self.deal.places(chunk)]
        return self.parent.of_rows(chunk, name, numbers)


@dataclass(frozen=True)
class _Prepared:
    """What the parents that there are come to."""

    source: KeySource
    count: int
    counts: ChildCounts
    ways: Sequence[int] | None
