"""Places as near as possible to wanted ones, in a given order, with given gaps."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def spread(wanted: Sequence[float], gaps: Sequence[float]) -> list[float]:
    """Return places of least squared distance to the wanted ones, each at least a gap after the one before.

    It is isotonic regression, by pooling adjacent violators (Best and Chakravarti 1990): in linear time.

    Args:
        wanted: the places, in any order.
        gaps: between each place and the next one; one fewer than places.
    """
    offsets = list(accumulate(gaps, initial=0.0))[: len(wanted)]
    pools: list[tuple[float, int]] = []
    for place, offset in zip(wanted, offsets, strict=True):
        total, count = place - offset, 1
        while pools and pools[-1][0] / pools[-1][1] > total / count:
            before, size = pools.pop()
            total, count = total + before, count + size
        pools.append((total, count))
    means = [total / count for total, count in pools for _ in range(count)]
    return [mean + offset for mean, offset in zip(means, offsets, strict=True)]
