"""How `supaseed seed` shows its progress: on standard error, since standard output has the result."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from pytest_supaseed.progress import unseen

if TYPE_CHECKING:
    from pytest_supaseed.progress import Progress

progress_option = click.option(
    "--progress",
    type=click.Choice(["auto", "json", "none"]),
    default="auto",
    show_default=True,
    help="On standard error: a bar on a terminal, else lines; or every event as JSON; or nothing.",
)


def progress_shown(wanted: str) -> Progress:
    """Return what shows the progress.

    Args:
        wanted: `auto`, `json` or `none`.
    """
    from pytest_supaseed.reporting.progress_display import shown_as_bar, shown_as_json, shown_as_lines

    if wanted == "none":
        return unseen
    if wanted == "json":
        return lambda: shown_as_json(_write)
    return (lambda: shown_as_bar(sys.stderr)) if sys.stderr.isatty() else lambda: shown_as_lines(_write)


def _write(line: str) -> None:
    click.echo(line, err=True)
