"""Random streams that are addressed, never consumed: (seed, table, part, column, chunk or row).

`random.Random.random()` gives the same sequence for the same integer seed in every Python version (the
standard library's promise, "Notes on Reproducibility"); `choice`, `randrange` and `shuffle` promise nothing.
So every draw here goes through `random()` or through BLAKE2b, and no release of Python changes a row.
"""

from __future__ import annotations

import random
from collections import deque
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from itertools import repeat
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID, SafeUUID

if TYPE_CHECKING:
    from collections.abc import Sequence

GENERATOR_VERSION = 1
"""Raised when a release changes a generated value; part of every stream's key and of every dataset digest."""

CHUNK_ROWS = 1000
"""Rows in a chunk: the unit of determinism (DESIGN: words). Never changed without a new generator version."""

T = TypeVar("T")

_VERSION_AND_VARIANT = 0xF << 76 | 0x3 << 62
"""The bits of a UUID that say its version and variant (RFC 9562, section 4)."""
_RANDOM_UUID = 0x4 << 76 | 0x2 << 62
"""These bits of version 4."""
_SLOTS: Any = vars(UUID)
_exhaust = deque[object](maxlen=0).extend


class Draws(random.Random):
    """A stream's draws; only `random()` is taken from the standard library, see above."""

    def below(self, bound: int) -> int:
        """A whole number from 0 up to `bound`, exclusive; `bound` is at least 1."""
        return int(self.random() * bound)

    def between(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        return low + self.below(high - low + 1)

    def pick(self, items: Sequence[T]) -> T:
        """One of the items, each as likely as the others."""
        return items[int(self.random() * len(items))]

    def many(self, count: int) -> list[float]:
        """What `count` calls of `random` would give."""
        draw = self.random
        return [draw() for _ in range(count)]

    def many_below(self, bound: int, count: int) -> list[int]:
        """What `count` calls of `below` would give."""
        draw = self.random
        return [int(draw() * bound) for _ in range(count)]

    def picks(self, items: Sequence[T], count: int) -> list[T]:
        """What `count` calls of `pick` would give."""
        draw, size = self.random, len(items)
        return [items[int(draw() * size)] for _ in range(count)]


@dataclass(frozen=True)
class Stream:
    """The randomness of one column of one part of a table.

    Args:
        seed: the user's seed.
        table: the logical table, so that the same data comes out under another schema's names.
        part: the part of the table's rows, such as `teams`; empty where a table has one part.
        column: the column, or another purpose inside the table.
    """

    seed: str
    table: str
    part: str
    column: str

    @cached_property
    def _key(self) -> bytes:
        words = (str(GENERATOR_VERSION), self.seed, self.table, self.part, self.column)
        return blake2b("\x1f".join(words).encode(), digest_size=32).digest()

    def draws(self, chunk: int) -> Draws:
        """The draws of one chunk, from its beginning."""
        return Draws(self.number(chunk))

    def number(self, index: int) -> int:
        """A 64-bit number that belongs to this index and to no other."""
        return int.from_bytes(self.digest(index, 8), "big")

    def digest(self, index: int, size: int) -> bytes:
        """`size` bytes (at most 64) that belong to this index."""
        return blake2b(index.to_bytes(8, "big", signed=True), digest_size=size, key=self._key).digest()

    def uuid(self, index: int) -> UUID:
        """A version 4 UUID that belongs to this index (RFC 9562, section 5.4)."""
        return UUID(bytes=self.digest(index, 16), version=4)

    def uuids(self, indices: Sequence[int]) -> list[UUID]:
        """What `uuid` gives for each index, in half the time.

        Each hash begins as a copy of one that has the key; UUIDs are made without tests of their arguments.
        """
        begin = blake2b(digest_size=16, key=self._key).copy
        number_of, numbers = int.from_bytes, []
        for index in indices:
            hashed = begin()
            hashed.update(index.to_bytes(8, "big", signed=True))
            numbers.append(number_of(hashed.digest(), "big") & ~_VERSION_AND_VARIANT | _RANDOM_UUID)
        found = list(map(cast("Any", UUID.__new__), repeat(UUID, len(numbers))))
        _exhaust(map(_SLOTS["int"].__set__, found, numbers))
        _exhaust(map(_SLOTS["is_safe"].__set__, found, repeat(SafeUUID.unknown)))
        return found
