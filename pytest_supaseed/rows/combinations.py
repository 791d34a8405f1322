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

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_supaseed.rows.chunk import Chunk, Parents

_GOLDEN = 0.6180339887498949
"""Multiples of the golden ratio's fraction spread the most evenly (Knuth, TAOCP 3, section 6.4)."""


class Choices(Protocol):
    """A part of a unique key that can take a number of values."""

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

    def add(self, part: Choices) -> Digit:
        """Add a part; the digit says which of its choices a row gets."""
        self._parts.append(part)
        return Digit(self, len(self._parts) - 1)

    @property
    def ends_in_null(self) -> bool:
        """Whether rows beyond the last combination have NULL."""
        return self.beyond is Beyond.NULL

    def room(self, parents: Parents) -> int | None:
        """The number of rows that there can be; None where rows beyond it are harmless."""
        return prod(self._sizes(parents)) if self.beyond is Beyond.NOTHING else None

    def is_left(self, chunk: Chunk) -> list[bool]:
        """Whether there is a combination for each row of a chunk."""
        count = prod(self._sizes(chunk.scope.parents))
        return [index < count for index in chunk.indices]

    def digits(self, chunk: Chunk, position: int) -> list[int | None]:
        """The choice of one part in each row of a chunk; None where no combination is left."""
        sizes = self._sizes(chunk.scope.parents)
        count, size, below = prod(sizes), sizes[position], prod(sizes[:position])
        if not count:
            return [None] * chunk.count
        step = _step(count) if len(sizes) > 1 else 1
        round_and_round = self.beyond is Beyond.NOTHING
        return [
            None if index >= count and not round_and_round else index * step % count // below % size
            for index in chunk.indices
        ]

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
