"""What is said on pytest's terminal while a fixture works: beside whatever is captured just then."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pytest

    from pytest_supaseed.progress import Progress, ProgressListener


def teller(config: pytest.Config) -> Callable[[str], None]:
    """Return what tells the terminal why nothing happens for a while; silent on a worker of xdist."""
    reporter: Any = config.pluginmanager.get_plugin("terminalreporter")

    def tell(line: str) -> None:
        if reporter is not None:
            with _uncaptured(config):
                reporter.ensure_newline()
                reporter.write_line(f"supaseed: {line}")

    return tell


def progress_shown(config: pytest.Config) -> Progress:
    """Return how a seeding is shown: a bar on a terminal, else lines; nothing on a worker, or with `-q`."""
    reporter: Any = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or config.get_verbosity() < 0:
        from pytest_supaseed.progress import unseen

        return unseen
    from pytest_supaseed.reporting.progress_display import shown_as_lines

    return (lambda: _bar(config, reporter)) if reporter.isatty else lambda: shown_as_lines(teller(config))


@contextmanager
def _bar(config: pytest.Config, reporter: Any) -> Iterator[ProgressListener]:
    """A bar on a stream of its own: what factories print meanwhile is captured as ever."""
    from pytest_supaseed.reporting.progress_display import shown_as_bar

    def begin() -> None:
        with _uncaptured(config):
            reporter.ensure_newline()
            reporter.flush()

    written = reporter._tw._file  # noqa: SLF001  # pytest has no public name for it
    with _uncaptured(config):
        terminal = os.fdopen(os.dup(written.fileno()), "w", encoding=written.encoding)
    with terminal, shown_as_bar(terminal, begin) as listener:
        yield listener


def _uncaptured(config: pytest.Config) -> AbstractContextManager[None]:
    """Let what is written reach the terminal: capturing redirects the file that the reporter writes to."""
    manager: Any = config.pluginmanager.get_plugin("capturemanager")
    disabled: AbstractContextManager[None] = (
        nullcontext() if manager is None else manager.global_and_fixture_disabled()
    )
    return disabled
