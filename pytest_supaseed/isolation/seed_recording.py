"""What was heard of a seeding, and when: kept beside whoever shows it, for a report afterwards."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pytest_supaseed.progress import Progress, ProgressListener, RowsSent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_supaseed.progress import ProgressEvent

MOST = 400
"""Moments of rows sent that are kept; beyond them every second one goes, and later ones lie further apart."""
FIRST_STEP = 0.01
"""Seconds between two of them at first."""


@dataclass
class SeedRecording:
    """The events of a seeding with their seconds since it began.

    Args:
        clock: seconds, by any beginning.
    """

    clock: Callable[[], float] = time.monotonic
    heard: list[tuple[float, ProgressEvent]] = field(default_factory=list)
    _begun: float | None = None
    _step: float = FIRST_STEP
    _last: float = float("-inf")
    _rows_sent: int = 0

    def hear(self, event: ProgressEvent) -> None:
        """Keep an event; of those of rows sent, as many as make a curve."""
        now = self.clock()
        if self._begun is None:
            self._begun = now
        seconds = now - self._begun
        if isinstance(event, RowsSent):
            if seconds - self._last < self._step:
                return
            self._last = seconds
            self._rows_sent += 1
        self.heard.append((seconds, event))
        if self._rows_sent > MOST:
            self._thin_out()

    def _thin_out(self) -> None:
        kept, every = [], 0
        for seconds, event in self.heard:
            every += isinstance(event, RowsSent)
            if every % 2 or not isinstance(event, RowsSent):
                kept.append((seconds, event))
        self.heard = kept
        self._rows_sent = sum(isinstance(event, RowsSent) for _, event in kept)
        self._step *= 2

    def beside(self, progress: Progress) -> Progress:
        """Return what shows a seeding as `progress` does, and records it here."""

        @contextmanager
        def opened() -> Iterator[ProgressListener]:
            with progress() as listener:

                def both(event: ProgressEvent) -> None:
                    self.hear(event)
                    listener(event)

                yield both

        return opened
