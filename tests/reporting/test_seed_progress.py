"""Tests of reporting.seed_progress and progress_display: what is shown of a seeding, and when nothing is."""

from __future__ import annotations

import io
import json
import re

import pytest

from pytest_supaseed.progress import (
    PartFailed,
    PartFinished,
    PartStarted,
    RowsSent,
    SeedingFinished,
    SeedingStarted,
)
from pytest_supaseed.reporting import progress_display
from pytest_supaseed.reporting.progress_display import shown_as_bar, shown_as_json
from pytest_supaseed.reporting.seed_progress import ProgressLines, SeedState

MIB = 1024 * 1024


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        """The time."""
        return self.now


def test_a_state_says_tables_rows_speed_time_and_memory() -> None:
    """All five, and the table that is being filled."""
    clock = Clock()
    state = SeedState(clock)
    state.hear(SeedingStarted(3, 10_000))
    state.hear(PartStarted("users", 1000))
    state.hear(PartFinished("users", 1000, 1.0))
    state.hear(PartStarted("orders", 8000))
    clock.now += 2
    state.hear(RowsSent("orders", 1000, 64 * MIB))
    assert state.describe() == (
        "1 of 3 tables, 2,000 of 10,000 rows, 1,000 rows/s, 8 s left, 64 MiB (orders)"
    )
    clock.now += 998
    assert "66 min 40 s left" in state.describe()


def test_rows_that_do_not_come_are_not_waited_for() -> None:
    """A table that failed, or got fewer rows than planned, is done."""
    state = SeedState(Clock())
    state.hear(SeedingStarted(2, 300))
    for label, rows in (("a", 100), ("b", 200)):
        state.hear(PartStarted(label, rows))
    state.hear(PartFailed("a", "no room"))
    state.hear(PartFinished("b", 150, 1.0))
    assert (state.parts_done, state.rows, state.planned) == (2, 150, 150)


def test_a_seed_of_less_than_a_second_is_not_spoken_of() -> None:
    """Not a line."""
    clock, lines = Clock(), list[str]()
    hear = ProgressLines(lines.append, clock)
    hear(SeedingStarted(1, 1000))
    hear(PartStarted("users", 1000))
    clock.now += 0.9
    hear(RowsSent("users", 1000))
    hear(PartFinished("users", 1000, 0.9))
    hear(SeedingFinished(1000, 0.9))
    assert lines == []


def test_lines_come_now_and_then() -> None:
    """The first after a second, then every five, however many events there are."""
    clock, lines = Clock(), list[str]()
    hear = ProgressLines(lines.append, clock)
    hear(SeedingStarted(1, 100_000))
    hear(PartStarted("users", 100_000))
    for step in range(120):
        clock.now += 0.1
        hear(RowsSent("users", 100 * step))
    assert len(lines) == 3
    assert all(line.startswith("seeding: 0 of 1 tables, ") for line in lines)


def test_json_lines_are_all_events() -> None:
    """One object each, with its name."""
    lines: list[str] = []
    with shown_as_json(lines.append) as hear:
        hear(SeedingStarted(1, 10))
        hear(RowsSent("users", 10, 5))
    assert [json.loads(line) for line in lines] == [
        {"event": "SeedingStarted", "parts": 1, "rows": 10},
        {"event": "RowsSent", "label": "users", "rows": 10, "memory": 5},
    ]


def drawn(monkeypatch: pytest.MonkeyPatch, quiet_seconds: float) -> tuple[str, list[str]]:
    """What a bar writes to a terminal, and how often it asked for a line of its own."""
    stream, asked = io.StringIO(), list[str]()
    monkeypatch.setattr(progress_display, "QUIET_SECONDS", quiet_seconds)
    with shown_as_bar(stream, lambda: asked.append("line")) as hear:
        hear(SeedingStarted(2, 20))
        hear(PartStarted("users", 20))
        hear(RowsSent("users", 10, 7 * MIB))
    return stream.getvalue(), asked


def test_a_bar_is_drawn_on_a_line_of_its_own_and_taken_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """Even where the seeding ends by an error: the cursor is shown again."""
    text, asked = drawn(monkeypatch, 0)
    assert "0 of 2 tables" in text
    assert "7 MiB" in text
    assert asked == ["line"]
    assert text.rstrip().endswith("\x1b[2K")
    assert text.count("\x1b[?25l") == text.count("\x1b[?25h") == 1


@pytest.mark.parametrize("columns", ["20", "3"])
def test_a_bar_on_a_narrow_terminal_without_colours(monkeypatch: pytest.MonkeyPatch, columns: str) -> None:
    """It takes what there is, in black and white, and goes as it came."""
    monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.setenv("NO_COLOR", "1")
    text, asked = drawn(monkeypatch, 0)
    assert asked == ["line"]
    assert re.findall(r"\x1b\[[0-9;]*[3-9][0-9]?[0-9;]*m", text) == []
    rows = re.split(r"[\r\n]+", re.sub(r"\x1b\[[?0-9;]*[A-Za-z]", "", text))
    assert max(map(len, rows)) <= int(columns)
    assert text.count("\x1b[?25l") == text.count("\x1b[?25h") == 1


def test_a_bar_of_a_short_seed_is_not_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not a byte, and rich is not asked for."""
    assert drawn(monkeypatch, 60) == ("", [])
