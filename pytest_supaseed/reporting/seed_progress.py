"""How far a seeding is, from its events, in words."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pytest_supaseed.progress import (
    PartFailed,
    PartFinished,
    PartStarted,
    ProgressEvent,
    RowsSent,
    SeedingFinished,
    SeedingStarted,
)

if TYPE_CHECKING:
    from collections.abc import Callable

QUIET_SECONDS = 1.0
"""A seed shorter than this is not spoken of."""
LINE_SECONDS = 5.0
"""Between two lines, where lines cannot be written over."""
_MIB = 1024 * 1024


@dataclass
class SeedState:
    """What is known of a seeding while it goes on.

    Args:
        clock: seconds, by any beginning.
    """

    clock: Callable[[], float] = time.monotonic
    parts: int = 0
    planned: int = 0
    parts_done: int = 0
    rows_done: int = 0
    label: str = ""
    memory: int = 0
    finished: bool = False
    _begun: float = 0.0
    _open: dict[str, tuple[int, int]] = field(default_factory=dict)

    def hear(self, event: ProgressEvent) -> None:
        """Take in an event."""
        if isinstance(event, SeedingStarted):
            self.parts, self.planned, self._begun = event.parts, event.rows, self.clock()
        elif isinstance(event, PartStarted):
            self.label = event.label
            self._open[event.label] = (event.rows, 0)
        elif isinstance(event, RowsSent):
            planned, _ = self._open.get(event.label, (0, 0))
            self._open[event.label] = (planned, event.rows)
            self.memory = event.memory
        elif isinstance(event, PartFinished | PartFailed):
            self._end(event.label, event.rows if isinstance(event, PartFinished) else 0)
        elif isinstance(event, SeedingFinished):
            self.finished = True

    def _end(self, label: str, rows: int) -> None:
        planned, _ = self._open.pop(label, (rows, 0))
        self.planned -= planned - rows
        self.parts_done += 1
        self.rows_done += rows

    @property
    def rows(self) -> int:
        """Rows that were sent so far."""
        return self.rows_done + sum(sent for _, sent in self._open.values())

    @property
    def seconds(self) -> float:
        """How long it has been going on."""
        return self.clock() - self._begun

    @property
    def speed(self) -> float:
        """Rows per second, so far."""
        return self.rows / self.seconds if self.seconds > 0 else 0.0

    @property
    def seconds_left(self) -> float | None:
        """How long it may still take; None where nothing can be said."""
        return max(self.planned - self.rows, 0) / self.speed if self.speed > 0 else None

    def describe(self) -> str:
        """One line: tables, rows, speed, time left, memory."""
        left = "" if self.seconds_left is None else f", {_time(self.seconds_left)} left"
        memory = f", {self.memory / _MIB:,.0f} MiB" if self.memory else ""
        return (
            f"{self.parts_done} of {self.parts} tables, {self.rows:,} of {self.planned:,} rows,"
            f" {self.speed:,.0f} rows/s{left}{memory} ({self.label})"
        )


def _time(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


class ProgressLines:
    """Writes a line now and then, for logs; none for a seed that is over at once.

    Args:
        write: writes one line.
        clock: seconds, by any beginning.
    """

    def __init__(self, write: Callable[[str], None], clock: Callable[[], float] = time.monotonic) -> None:
        self._write = write
        self._state = SeedState(clock)
        self._next = QUIET_SECONDS

    def __call__(self, event: ProgressEvent) -> None:
        """Hear an event."""
        state = self._state
        state.hear(event)
        if state.parts and not state.finished and state.seconds >= self._next:
            self._write(f"seeding: {state.describe()}")
            self._next = state.seconds + LINE_SECONDS
