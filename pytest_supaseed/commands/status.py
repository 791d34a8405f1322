"""`supaseed status`: what was seeded into a database by which run, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from pytest_supaseed.commands.conventions import print_json, said_plainly, shared_options
from pytest_supaseed.commands.own import allow_remote, drift_json, drift_lines, own_database, own_url

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_supaseed.isolation.own_database import RecordedRun


@click.command()
@own_url
@allow_remote
@shared_options
def status(
    *, url: str | None, allow_remote: bool, as_json: bool, cache_dir: str | None, config: Path | None
) -> None:
    """Say what `supaseed seed` put into the database of --url, and what became of it since."""
    with said_plainly(as_json=as_json):
        _options, database = own_database(config, url=url, allow_remote=allow_remote, cache_dir=cache_dir)
        runs, drift = database.runs(), database.drift()
    if as_json:
        print_json({"runs": [_run_json(run) for run in runs], "tables": drift_json(drift)})
        return
    if not runs:
        click.echo("nothing was seeded here")
    for run in runs:
        click.echo(
            f"run {run.id}, {run.started_at:%Y-%m-%d %H:%M} ({run.state}): {run.rows:,} rows,"
            f" {run.users} users, seed {run.seed!r}"
        )
    for line in drift_lines(drift):
        click.echo(f"  {line}")


def _run_json(run: RecordedRun) -> dict[str, object]:
    return {**vars(run), "started_at": run.started_at.isoformat()}
