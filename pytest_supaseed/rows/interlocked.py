"""Choices for unique keys that share parts: `(a, b)` and `(b, c)` at once, each without a combination twice.

One part counts rows off, round after round; each other part counts the rounds, shifted by what the first one
shows where two parts would move in step otherwise. How many rows that is good for is found by trying.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import prod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROWS_TRIED = 200_000
"""Rows for which combinations are tried, a second's work; a table of such keys holds no more."""

Keys = tuple[tuple[int, ...], ...]
"""The positions of the parts of each key."""


@dataclass(frozen=True, slots=True)
class _Wheel:
    """How a part moves: `(turn // slowness + shift * place) % size`; what counts off shows the place."""

    size: int
    slowness: int = 1
    shift: int = 0
    counts_off: bool = False

    def at(self, turn: int, place: int) -> int:
        if self.counts_off:
            return place
        return (turn // self.slowness + self.shift * place) % self.size


@dataclass(frozen=True)
class Interlocked:
    """Choices for all parts of some keys.

    Args:
        wheels: how each part moves.
        rounds: after how many rows the part that counts off begins again.
        room: how many rows there are before a key would see a combination again.
    """

    wheels: tuple[_Wheel, ...]
    rounds: int
    room: int

    def choice(self, position: int, row: int) -> int:
        """The choice of a part in a row."""
        turn, place = divmod(row, self.rounds)
        return self.wheels[position].at(turn, place)


@lru_cache(256)
def interlocked(sizes: tuple[int, ...], keys: Keys) -> Interlocked:
    """Return the choices with the most room of those that are tried.

    Args:
        sizes: how many choices each part has.
        keys: the keys.
    """
    bound = min(prod(sizes[part] for part in key) for key in keys)
    best = Interlocked((), 1, 0)
    for wheels, rounds in _tried(sizes, keys) if bound else ():
        room = _room(wheels, rounds, keys, min(bound, ROWS_TRIED))
        if room > best.room:
            best = Interlocked(wheels, rounds, room)
        if room == min(bound, ROWS_TRIED):
            break
    return best


def _tried(sizes: Sequence[int], keys: Keys) -> Iterator[tuple[tuple[_Wheel, ...], int]]:
    """Each part in turn counts off, those first that stand in most keys and have the fewest choices."""
    order = sorted(range(len(sizes)), key=lambda part: (-sum(part in key for key in keys), sizes[part], part))
    for first in order:
        wheels = {first: _Wheel(sizes[first], counts_off=True)}
        for key in sorted(keys, key=lambda key: (first not in key, key)):
            for part in sorted(key, key=lambda part: (-sizes[part], part)):
                if part not in wheels:
                    wheels[part] = _wheel(part, key, wheels, keys, sizes)
        yield tuple(wheels[part] for part in range(len(sizes))), sizes[first]
    yield tuple(_Wheel(size) for size in sizes), 1


def _wheel(
    part: int, key: tuple[int, ...], wheels: dict[int, _Wheel], keys: Keys, sizes: Sequence[int]
) -> _Wheel:
    """A part that tells apart what the parts of its key that move already leave alike.

    Beside the one that counts off it moves when these begin again. In a key without that one, its shift tells
    the places apart.
    """
    moving = [wheels[other] for other in key if other in wheels]
    beside_first = any(wheel.counts_off for wheel in moving)
    slow = [wheel for wheel in moving if not wheel.counts_off]
    alike = {
        wheels[other].shift
        for found in keys
        if part in found and not any(wheels[one].counts_off for one in found if one in wheels)
        for other in found
        if other in wheels
    }
    shift = next(number for number in range(len(sizes) + 1) if number not in alike)
    return _Wheel(sizes[part], prod(wheel.size for wheel in (slow if beside_first else slow[1:])), shift)


def _room(wheels: Sequence[_Wheel], rounds: int, keys: Keys, bound: int) -> int:
    """How many rows come before the first one in which a key sees a combination again."""
    seen: list[set[tuple[int, ...]]] = [set() for _ in keys]
    for row in range(bound):
        turn, place = divmod(row, rounds)
        shown = [wheel.at(turn, place) for wheel in wheels]
        for key, known in zip(keys, seen, strict=True):
            known.add(tuple(shown[part] for part in key))
            if len(known) <= row:
                return row
    return bound
