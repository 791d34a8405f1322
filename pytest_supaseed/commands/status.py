"""`supaseed status`: what was seeded into a database by which run, and what became of it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from pytest_supaseed.commands.conventions import print_json, said_plainly, shared_options, verbose
from pytest_supaseed.commands.own import allow_remote, drift_json, drift_lines, own_database, own_url

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pytest_supaseed.isolation.own_database import RecordedPart, RecordedRun


@click.command()
@own_url
@allow_remote
@shared_options
@verbose
def status(  # noqa: PLR0913  # one argument for each option
    *,
    url: str | None,
    allow_remote: bool,
    as_json: bool,
    cache_dir: str | None,
    config: Path | None,
    verbose: bool,
) -> None:
    """Say what `supaseed seed` put into the database of --url, and what became of it since.

    With -v, say of each run how far the parts of its plan are.
    """
    with said_plainly(as_json=as_json):
        _options, database = own_database(config, url=url, allow_remote=allow_remote, cache_dir=cache_dir)
        runs, drift = database.runs(), database.drift()
        parts = {run.id: database.parts(run.id) for run in runs} if verbose else {}
    if as_json:
        said = [{**_run_json(run), **_parts_json(parts.get(run.id))} for run in runs]
        print_json({"runs": said, "tables": drift_json(drift)})
        return
    if not runs:
        click.echo("nothing was seeded here")
    for run in runs:
        click.echo(
            f"run {run.id}, {run.started_at:%Y-%m-%d %H:%M} ({run.state}): {run.rows:,} rows,"
            f" {run.users} users, seed {run.seed!r}"
        )
        if run.is_unfinished:
            click.echo(
                f"  {run.parts_done:,} of {run.parts:,} parts are done;"
                f" supaseed seed --resume {run.id} goes on with it"
            )
        for part in parts.get(run.id, ()):
            click.echo(
                f"  {part.label}: {'done' if part.done else f'{part.tried:,} of {part.planned:,} rows'}"
            )
    for line in drift_lines(drift):
        click.echo(f"  {line}")


def _parts_json(parts: Sequence[RecordedPart] | None) -> dict[str, object]:
    return {} if parts is None else {"plan": [asdict(part) for part in parts]}


def _run_json(run: RecordedRun) -> dict[str, object]:
    return {**vars(run), "started_at": run.started_at.isoformat()}
