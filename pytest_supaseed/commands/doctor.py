"""`supaseed doctor`: whether this machine can run tests."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from pytest_supaseed.commands.conventions import (
    FAILED,
    print_json,
    read_options,
    said_plainly,
    shared_options,
)

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@click.option("--url", help="A server that runs, instead of one of ours.")
@shared_options
def doctor(*, url: str | None, as_json: bool, cache_dir: str | None, config: Path | None) -> None:
    """Say whether this machine can run tests, by which Postgres, and how to mend what is missing."""
    from pytest_supaseed.reporting.diagnosis import diagnose

    with said_plainly(as_json=as_json):
        found = diagnose(read_options(config, cache_dir=cache_dir, url=url))
    if as_json:
        print_json([finding.to_json() for finding in found])
    else:
        for finding in found:
            click.echo(f"{'ok   ' if finding.fine else 'FAIL '} {finding.subject}: {finding.said}")
            for remedy in finding.remedies:
                click.echo(f"       {remedy}")
    sys.exit(0 if all(finding.fine for finding in found) else FAILED)
