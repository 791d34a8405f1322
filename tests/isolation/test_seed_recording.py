"""What is kept of a seeding while somebody else shows it."""

from __future__ import annotations

from contextlib import contextmanager
from itertools import pairwise
from typing import TYPE_CHECKING

from pytest_supaseed.isolation.seed_recording import MOST, SeedRecording
from pytest_supaseed.progress import PartFinished, PartStarted, RowsSent, SeedingFinished, SeedingStarted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_supaseed.progress import ProgressEvent, ProgressListener


class Clock:
    """A clock that goes on by a step each time it is looked at."""

    def __init__(self, step: float) -> None:
        self.now, self.step = 100.0, step

    def __call__(self) -> float:
        """The time."""
        self.now += self.step
        return self.now


def test_events_are_kept_with_their_seconds_and_passed_on() -> None:
    """Whoever shows the seeding hears each of them, opened and closed as ever."""
    heard: list[ProgressEvent] = []
    ended: list[bool] = []

    @contextmanager
    def shown() -> Iterator[ProgressListener]:
        yield heard.append
        ended.append(True)

    recording = SeedRecording(Clock(0.5))
    events: list[ProgressEvent] = [
        SeedingStarted(1, 10),
        PartStarted("a", 10),
        PartFinished("a", 10, 1.0),
        SeedingFinished(10, 1.0),
    ]
    with recording.beside(shown)() as listener:
        for event in events:
            listener(event)
    assert heard == events
    assert ended == [True]
    assert recording.heard == [(0.0, events[0]), (0.5, events[1]), (1.0, events[2]), (1.5, events[3])]


def test_a_long_seeding_takes_no_more_memory_than_a_curve_needs() -> None:
    """Of a hundred thousand events of rows, spread over its whole time; parts are all kept."""
    recording = SeedRecording(Clock(0.02))
    recording.hear(PartStarted("a", 100_000))
    for rows in range(1, 100_001):
        recording.hear(RowsSent("a", rows))
    recording.hear(PartFinished("a", 100_000, 1.0))
    sent = [event.rows for _, event in recording.heard if isinstance(event, RowsSent)]
    assert MOST / 4 < len(sent) <= MOST
    assert sent == sorted(sent)
    assert sent[-1] > 90_000
    gaps = [after - before for before, after in pairwise(sent)]
    assert max(gaps) < 100_000 / 40
    assert isinstance(recording.heard[0][1], PartStarted)
    assert isinstance(recording.heard[-1][1], PartFinished)
