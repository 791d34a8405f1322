"""How many rows are sent and committed at once: sizes and readings in, the next size out.

No size changes a row: rows are made in chunks, and a batch is only where one COPY ends and the next begins.
"""

from __future__ import annotations

from dataclasses import dataclass

from pytest_supaseed.memory_size import DEFAULT_MEMORY

FIRST_ROWS = 100_000
"""The first batch: a second or two of work, of which the commit is one thousandth. It takes no more memory
than a smaller one, since rows are sent as they are made, and ends early where memory becomes scarce."""
MOST_ROWS = 1_000_000
"""The largest batch: a run that is stopped loses at the most these."""
NEAR = 0.7
"""The share of the memory at which batches get smaller."""
FAR = 0.35
"""The share below which they may grow: twice as much is still not near the limit."""
GAIN = 1.02
"""Rows per second, as a multiple of those of the batch before, from which growing was worth it."""


@dataclass(frozen=True, slots=True)
class Batching:
    """What was asked for.

    Args:
        rows: rows of each batch; None lets them adapt.
        memory_limit: bytes that a seeding may add to this process; None for no limit.
    """

    rows: int | None = None
    memory_limit: int | None = DEFAULT_MEMORY


AS_FITS = Batching()
"""Batches that adapt, within the default limit."""


@dataclass(frozen=True, slots=True)
class BatchReading:
    """What one batch came to.

    Args:
        rows: how many rows it had.
        seconds: how long it took, commit included.
        memory: the share of the allowed memory that was in use at its end.
    """

    rows: int
    seconds: float
    memory: float

    @property
    def speed(self) -> float:
        """Rows per second."""
        return self.rows / max(self.seconds, 1e-9)


def next_size(size: int, last: BatchReading, before: BatchReading | None) -> int:
    """Return the size of the next batch.

    Half, where memory is near its limit. Double, where it is far from it and the last batch, if it was larger
    than the one before, was faster for it. Otherwise the same.

    Args:
        size: the size that was allowed for the last batch.
        last: what it came to; a batch that ended early, with its table, says nothing of speed.
        before: the full batch before it; None where there is none.
    """
    if last.memory >= NEAR:
        return max(size // 2, 1)
    if last.memory >= FAR or last.rows < size:
        return size
    gained = before is None or before.rows > last.rows or last.speed >= GAIN * before.speed
    return min(size * 2, MOST_ROWS) if gained else size


class BatchSizes:
    """The size of each batch of a seeding, one after the other.

    Args:
        fixed: the rows that somebody asked for; None lets the size adapt.
    """

    def __init__(self, fixed: int | None = None) -> None:
        self.fixed = fixed
        self.rows = FIRST_ROWS if fixed is None else fixed
        self._before: BatchReading | None = None

    def hear(self, last: BatchReading) -> None:
        """Take in what the last batch came to."""
        if self.fixed is not None:
            return
        full = last.rows >= self.rows
        self.rows = next_size(self.rows, last, self._before)
        self._before = last if full else self._before

    def begin_table(self) -> None:
        """Another table begins: the speed of its rows says nothing about those of the last one."""
        self._before = None
