"""`supaseed detect`: what a schema is recognised as, before anything is planned."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from pytest_supaseed.commands.conventions import print_json, said_plainly, shared_options, verbose
from pytest_supaseed.commands.inspection import inspected, looking

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@looking
@shared_options
@verbose
def detect(  # noqa: PLR0913  # one argument for each option
    *,
    url: str | None,
    framework: str | None,
    allow_remote: bool,
    as_json: bool,
    cache_dir: str | None,
    config: Path | None,
    verbose: bool,
) -> None:
    """Say what the schema is: framework and evidence, table names, triggers, extensions, policies.

    Without --url, the schema is made from the project's own sources, as for a test run. With it, that
    database is read as it is, and nothing is written to it.
    """
    from pytest_supaseed.reporting.detected import detection_json, detection_lines

    with said_plainly(as_json=as_json):
        _, schema = inspected(
            config, url=url, framework=framework, allow_remote=allow_remote, cache_dir=cache_dir
        )
        if as_json:
            print_json(detection_json(schema))
            return
        for line in detection_lines(schema, verbose=verbose):
            click.echo(line)
