"""How many children each parent has, where a number per parent was asked for.

A parent's number belongs to (seed, table, foreign key, the parent's place among its table's rows) and to
nothing else. Sums are kept for whole blocks of parents only: a million parents cost a list of a thousand.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING

from pytest_supaseed.plan.streams import CHUNK_ROWS, Stream

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_supaseed.catalog.model import ForeignKey, Table

BLOCKS_KEPT = 16
"""Blocks of parents whose numbers are kept: rows ask for neighbouring parents."""


@dataclass(frozen=True)
class Children:
    """How many rows of a table each row of a parent table gets.

    Args:
        parent: the parent table.
        name: what the user calls it.
        key: the table's foreign key to it.
        low: the fewest rows for each parent.
        high: the most.
        named_key: whether the key has to be said, because there are several to the parent.
        part: the part of the parent's rows that gets them; all of them when empty.
        parents: how many parents the plan counts with.
        most: what a unique key leaves room for, for each parent; None where nothing bounds it.
        cycle: the numbers themselves, for the parents in turn; drawn between `low` and `high` when empty.
    """

    parent: Table
    name: str
    key: ForeignKey
    low: int
    high: int
    named_key: bool = False
    part: str = ""
    parents: int = 0
    most: int | None = None
    cycle: tuple[int, ...] = ()

    def __str__(self) -> str:
        numbers = f"{self.low:,}" if self.low == self.high else f"{self.low:,} to {self.high:,}"
        key = f" by {', '.join(self.key.columns)}" if self.named_key else ""
        most = f", at most {self.most:,}" if self.most is not None and self.most < self.high else ""
        return f"{numbers} per {self.name}{key}{most}"

    def counts(self, seed: str, table: str, caps: Sequence[int] | None = None) -> ChildCounts:
        """The numbers of children.

        Args:
            seed: whose randomness it is.
            table: the child table's logical name.
            caps: by parent, the most children that it can have; as `most` says when not given.
        """
        stream = Stream(seed, table, "", f"children by {', '.join(self.key.columns)}")
        most = self.high if self.most is None else min(self.high, self.most)
        return ChildCounts(stream, self.low, self.high, most=most, caps=caps, cycle=self.cycle)


class ChildCounts:
    """Numbers of children, addressable by parent and by child.

    Args:
        stream: what they are drawn from.
        low: the fewest for each parent.
        high: the most.
        most: what is cut off above; the number drawn stays the same.
        caps: by parent, the same for each one; parents beyond them have no children.
        cycle: the numbers for the parents in turn, in place of drawn ones.
    """

    def __init__(  # noqa: PLR0913  # one argument for each thing that the numbers depend on
        self,
        stream: Stream,
        low: int,
        high: int,
        *,
        most: int,
        caps: Sequence[int] | None = None,
        cycle: Sequence[int] = (),
    ) -> None:
        self._stream = stream
        self._low = low
        self._high = high
        self._most = most
        self._caps = caps
        self._cycle = cycle
        self._ends = [0]
        self._sums = lru_cache(BLOCKS_KEPT)(self._summed)

    def total(self, parents: int) -> int:
        """The children of the first so many parents."""
        whole, rest = divmod(parents, CHUNK_ROWS)
        return self._end(whole) + (self._sums(whole)[rest - 1] if rest else 0)

    def of(self, parent: int) -> int:
        """The number of one parent's children."""
        sums = self._sums(parent // CHUNK_ROWS)
        place = parent % CHUNK_ROWS
        return sums[place] - (sums[place - 1] if place else 0)

    def place(self, child: int) -> tuple[int, int]:
        """A child's parent, and how many children of that parent come before it.

        `child` is below the total of some number of parents.
        """
        while self._ends[-1] <= child:
            self._end(len(self._ends))
        block = bisect_right(self._ends, child) - 1
        inside = child - self._ends[block]
        sums = self._sums(block)
        place = bisect_right(sums, inside)
        return block * CHUNK_ROWS + place, inside - (sums[place - 1] if place else 0)

    def _end(self, blocks: int) -> int:
        while len(self._ends) <= blocks:
            self._ends.append(self._ends[-1] + self._sums(len(self._ends) - 1)[-1])
        return self._ends[blocks]

    def _summed(self, block: int) -> list[int]:
        """The children of the first one, two, three... parents of a block."""
        if self._cycle:
            first, size = block * CHUNK_ROWS, len(self._cycle)
            drawn = [self._cycle[parent % size] for parent in range(first, first + CHUNK_ROWS)]
        elif self._low == self._high:
            drawn = [self._low] * CHUNK_ROWS
        else:
            draws = self._stream.draws(block)
            drawn = [draws.between(self._low, self._high) for _ in range(CHUNK_ROWS)]
        numbers = [min(number, self._most) for number in drawn]
        if self._caps is not None:
            start = block * CHUNK_ROWS
            caps = self._caps[start : start + CHUNK_ROWS]
            numbers = [min(pair) for pair in zip(numbers, caps, strict=False)]
            numbers += [0] * (CHUNK_ROWS - len(numbers))
        return list(accumulate(numbers))


def widest_fit(children: Children, seed: str, table: str, room: int) -> int | None:
    """The most rows for each parent with which all parents' children fit into a room; None where none do not.

    So a table that cannot hold what was asked for has fewer rows for each parent, not none for some.
    """
    low, high = 0, children.high if children.most is None else min(children.high, children.most)
    while low < high:
        middle = (low + high + 1) // 2
        if replace(children, most=middle).counts(seed, table).total(children.parents) <= room:
            low = middle
        else:
            high = middle - 1
    return low or None
