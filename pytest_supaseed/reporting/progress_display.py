"""Shows a seeding while it goes on: a bar on a terminal, lines elsewhere, JSON for tools."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from pytest_supaseed.progress import ProgressListener, event_json
from pytest_supaseed.reporting.seed_progress import QUIET_SECONDS, ProgressLines, SeedState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import IO

    from pytest_supaseed.progress import ProgressEvent


class ProgressBar:
    """One line on a terminal, drawn anew as rows are sent, and gone in the end.

    Args:
        stream: the terminal.
        before: called before the first drawing, which has to begin on a line of its own.
    """

    def __init__(self, stream: IO[str], before: Callable[[], None]) -> None:
        self._stream = stream
        self._before = before
        self._state = SeedState()
        self._drawn: Any = None
        self._task: Any = None

    def __call__(self, event: ProgressEvent) -> None:
        """Hear an event."""
        state = self._state
        state.hear(event)
        if self._drawn is None and state.parts and state.seconds >= QUIET_SECONDS and not state.finished:
            self._begin()
        if self._drawn is not None:
            self._drawn.update(
                self._task, completed=state.rows, total=max(state.planned, 1), said=state.describe()
            )

    def _begin(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, SpinnerColumn, TaskProgressColumn, TextColumn

        self._before()
        self._drawn = Progress(
            SpinnerColumn(),
            BarColumn(bar_width=20),
            TaskProgressColumn(),
            TextColumn("{task.fields[said]}", markup=False),
            console=Console(file=self._stream, force_terminal=True, highlight=False),
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self._task = self._drawn.add_task("", total=1, said=self._state.describe())
        self._drawn.start()

    def close(self) -> None:
        """Take it off the terminal."""
        if self._drawn is not None:
            self._drawn.stop()
            self._drawn = None


@contextmanager
def shown_as_bar(stream: IO[str], before: Callable[[], None] = lambda: None) -> Iterator[ProgressListener]:
    """Show a bar while the context lasts, however it ends.

    Args:
        stream: a terminal.
        before: called before the first drawing.
    """
    bar = ProgressBar(stream, before)
    try:
        yield bar
    finally:
        bar.close()


@contextmanager
def shown_as_lines(write: Callable[[str], None]) -> Iterator[ProgressListener]:
    """Write a line now and then."""
    yield ProgressLines(write)


@contextmanager
def shown_as_json(write: Callable[[str], None]) -> Iterator[ProgressListener]:
    """Write every event as a line of JSON, from the first moment on: who reads them wants them all."""
    yield lambda event: write(json.dumps(event_json(event)))
