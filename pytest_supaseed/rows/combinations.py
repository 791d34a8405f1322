"""Combinations that never repeat: how the rows of a junction table, or of a few codes, are told apart.

Each part of a unique key offers a number of choices. Row *i* gets the combination whose number is *i* times
a step, modulo the number of all combinations: with a step that has no divisor in common with it, none comes
twice before all came once, and few rows already spread over every part.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from math import gcd, prod
from typing import TYPE_CHECKING, Protocol

from pytest_supaseed.rows.interlocked import Interlocked, interlocked

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from pytest_supaseed.rows.chunk import Chunk, Parents
    from pytest_supaseed.rows.deals import Deal

_GOLDEN = 0.6180339887498949
"""Multiples of the golden ratio's fraction spread the most evenly (Knuth, TAOCP 3, section 6.4)."""


class Choices(Protocol):
    """A part of a unique key that can take a number of values."""

    @property
    def may_be_null(self) -> bool:
        """Whether it can be NULL where no value is left."""
        ...

    def size(self, parents: Parents) -> int:
        """How many values there are to choose from."""
        ...


class Beyond(Enum):
    """What rows get for which no combination is left."""

    NOTHING = "nothing"
    """There are no such rows: the table holds as many as there are combinations."""
    NULL = "null"
    """The parts that may be NULL are."""
    OUTSIDE = "outside"
    """They stay outside the partial index, by its predicate."""


class Combinations:
    """All-different choices for several parts of a row.

    Args:
        beyond: what rows get for which no combination is left.
    """

    def __init__(self, beyond: Beyond) -> None:
        self.beyond = beyond
        self._parts: list[Choices] = []
        self._names: list[int | str] = []
        self._locks: list[frozenset[int | str]] = []
        self._deal: Deal | None = None
        self._dealt = 0

    def add(self, part: Choices, name: int | str = "") -> Digit:
        """Add a part; the digit says which of its choices a row gets. `name` is for `lock`."""
        self._parts.append(part)
        self._names.append(name)
        return Digit(self, len(self._parts) - 1)

    def lock(self, names: Collection[int | str]) -> None:
        """Tell the combinations of these parts apart, as those of each set that is locked."""
        self._locks.append(frozenset(names))

    def deal_by(self, digit: Digit, deal: Deal) -> None:
        """Let a part follow the rows' parents: the others tell apart the children of one parent."""
        self._deal, self._dealt = deal, digit.position
        deal.combinations = self

    @property
    def is_open(self) -> bool:
        """Whether the part that follows the parents may have more children than there are combinations."""
        if self.beyond is Beyond.NULL:
            return any(part.may_be_null for place, part in enumerate(self._parts) if place != self._dealt)
        return self.beyond is Beyond.OUTSIDE

    def others(self, parents: Parents) -> int:
        """How many combinations the parts have that do not follow the parents."""
        sizes = self._sizes(parents)
        return prod(sizes[: self._dealt]) * prod(sizes[self._dealt + 1 :])

    @property
    def ends_in_null(self) -> bool:
        """Whether rows beyond the last combination have NULL."""
        return self.beyond is Beyond.NULL

    def room(self, parents: Parents) -> int | None:
        """The number of rows that there can be; None where rows beyond it are harmless."""
        if self._deal is not None or self.beyond is not Beyond.NOTHING:
            return None
        sizes = self._sizes(parents)
        return self._interlocked(sizes).room if self._locks else prod(sizes)

    def _interlocked(self, sizes: Sequence[int]) -> Interlocked:
        places = {name: place for place, name in enumerate(self._names)}
        keys = tuple(tuple(sorted(places[name] for name in names)) for names in self._locks)
        return interlocked(tuple(sizes), keys)

    def is_left(self, chunk: Chunk) -> list[bool]:
        """Whether there is a combination for each row of a chunk."""
        if self._deal is not None:
            return [place.way is not None for place in self._deal.places(chunk)]
        count = prod(self._sizes(chunk.scope.parents))
        return [index < count for index in chunk.positions]

    def digits(self, chunk: Chunk, position: int) -> list[int | None]:
        """The choice of one part in each row of a chunk; None where no combination is left."""
        if self._deal is not None:
            return self._dealt_digits(self._deal, chunk, position)
        sizes = self._sizes(chunk.scope.parents)
        if self._locks:
            return self._locked_digits(self._interlocked(sizes), chunk, position)
        count, size, below = prod(sizes), sizes[position], prod(sizes[:position])
        if not count:
            return [None] * chunk.count
        step = _step(count) if len(sizes) > 1 else 1
        round_and_round = self.beyond is Beyond.NOTHING
        return [
            None if index >= count and not round_and_round else index * step % count // below % size
            for index in chunk.positions
        ]

    @staticmethod
    def _locked_digits(found: Interlocked, chunk: Chunk, position: int) -> list[int | None]:
        """The choice of a part that several keys share; spread over all rows that there is room for."""
        if not found.room:
            return [None] * chunk.count
        step = _step(found.room)
        return [found.choice(position, index * step % found.room) for index in chunk.positions]

    def _dealt_digits(self, deal: Deal, chunk: Chunk, position: int) -> list[int | None]:
        """The choice of a part that tells one parent's children apart; spread over all parents."""
        parents = chunk.scope.parents
        sizes = [1 if place == self._dealt else size for place, size in enumerate(self._sizes(parents))]
        count, size, below = prod(sizes), sizes[position], prod(sizes[:position])
        step = _step(count) if sum(size > 1 for size in sizes) > 1 else 1
        found: list[int | None] = []
        ways = deal.own_ways(parents)
        for place in deal.places(chunk):
            own = ways(place.parent)
            number = None if place.way is None or not count or not own else place.first + place.way // own
            found.append(None if number is None else number * step % count // below % size)
        return found

    def _sizes(self, parents: Parents) -> Sequence[int]:
        return [part.size(parents) for part in self._parts]


@dataclass(frozen=True)
class Digit:
    """One part's choice in a set of combinations."""

    combinations: Combinations
    position: int

    def choices(self, chunk: Chunk) -> list[int | None]:
        """The number of the choice in each row of a chunk."""
        return self.combinations.digits(chunk, self.position)


def _step(count: int) -> int:
    """A step near the golden section of `count` that has no divisor in common with it."""
    step = max(int(count * _GOLDEN), 1)
    while gcd(step, count) != 1:
        step += 1
    return step
