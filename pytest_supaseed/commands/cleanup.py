"""`supaseed cleanup`: takes exactly the rows out of a database that `supaseed seed` put in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from pytest_supaseed.commands.conventions import print_json, said_plainly, shared_options, verbose
from pytest_supaseed.commands.own import (
    agreed,
    allow_remote,
    assent,
    drift_json,
    drift_lines,
    own_database,
    own_url,
)

if TYPE_CHECKING:
    from pathlib import Path


@click.command()
@own_url
@allow_remote
@click.option("--run", type=int, metavar="N", help="One run, by its number; `supaseed status` lists them.")
@click.option("--force", is_flag=True, help="Delete rows too that somebody changed since.")
@assent
@shared_options
@verbose
def cleanup(  # noqa: PLR0913  # one argument for each option
    *,
    url: str | None,
    allow_remote: bool,
    run: int | None,
    force: bool,
    yes: bool,
    as_json: bool,
    cache_dir: str | None,
    config: Path | None,
    verbose: bool,
) -> None:
    """Delete the rows that `supaseed seed` put into the database of --url, all in one transaction.

    What somebody changed since is kept and said, unless --force; what rows of others refer to is kept in any
    case. Rows of others are never touched. With -v, say which runs the rows are of.
    """
    with said_plainly(as_json=as_json):
        _options, database = own_database(config, url=url, allow_remote=allow_remote, cache_dir=cache_dir)
        found = database.drift(run)
        for one in database.runs() if verbose and not as_json else ():
            if run is None or one.id == run:
                click.echo(f"run {one.id}, {one.started_at:%Y-%m-%d %H:%M} ({one.state}): {one.rows:,} rows")
        if not as_json:
            for line in drift_lines(found):
                click.echo(line)
        rows = sum(one.unchanged + (one.changed if force else 0) for one in found)
        if not found:
            click.echo("nothing was seeded here" if not as_json else "[]")
            return
        if not agreed(f"Delete {rows:,} rows of this database?", yes=yes, as_json=as_json):
            click.echo("nothing was deleted")
            return
        done = database.clean(run, force=force)
    kept = sum(one.kept for one in done)
    if as_json:
        print_json(drift_json(done))
    else:
        click.echo(f"deleted: {sum(one.unchanged for one in done):,} rows; kept: {kept:,}")
