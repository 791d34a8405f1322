"""`supaseed`: the command line. Each command is a few lines over a function that the plugin uses too.

Exit codes: 0 done, 1 something failed, 2 wrong usage.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from pytest_supaseed.errors import SupaseedError, UsageError
from pytest_supaseed.options import resolve_options

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_supaseed.options import Options

FAILED, WRONG_USAGE = 1, 2
MIB = 1 << 20


@contextmanager
def _said_plainly() -> Iterator[None]:
    """An error of ours is its whole message, on standard error."""
    try:
        yield
    except UsageError as error:
        _end(str(error), WRONG_USAGE)
    except SupaseedError as error:
        _end(str(error), FAILED)


def _end(message: str, code: int) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(code)


def _options(cache_dir: str | None) -> Options:
    return resolve_options({"cache_dir": cache_dir}, os.environ, Path.cwd() / "pyproject.toml")


_AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_CACHE_DIR = click.option("--cache-dir", help="Where servers of ours are kept.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="pytest-supaseed", prog_name="supaseed")
def main() -> None:
    """Real, seeded Postgres databases for tests: what pytest-supaseed does, without pytest."""


@main.command()
@_AS_JSON
@_CACHE_DIR
def doctor(*, as_json: bool, cache_dir: str | None) -> None:
    """Say whether this machine can run tests, by which Postgres, and how to mend what is missing."""
    from pytest_supaseed.reporting.diagnosis import diagnose

    with _said_plainly():
        found = diagnose(_options(cache_dir))
    if as_json:
        click.echo(json.dumps([finding.to_json() for finding in found], indent=2))
    else:
        for finding in found:
            click.echo(f"{'ok   ' if finding.fine else 'FAIL '} {finding.subject}: {finding.said}")
            for remedy in finding.remedies:
                click.echo(f"       {remedy}")
    sys.exit(0 if all(finding.fine for finding in found) else FAILED)


@main.group()
def cache() -> None:
    """The servers of ours that are kept between runs, with their datasets."""


@cache.command("list")
@_AS_JSON
@_CACHE_DIR
def list_clusters(*, as_json: bool, cache_dir: str | None) -> None:
    """List them: where each is, how much disk it takes, whether it is in use."""
    from pytest_supaseed.server.cached_clusters import cached_clusters
    from pytest_supaseed.server.resolve import cache_folder

    with _said_plainly():
        found = cached_clusters(cache_folder(_options(cache_dir)))
    if as_json:
        click.echo(json.dumps([cluster.to_json() for cluster in found], indent=2))
        return
    for cluster in found:
        state = "in use" if cluster.in_use else "at rest"
        click.echo(f"{cluster.bytes / MIB:>8,.0f} MiB  {state:<7}  {cluster.folder}")
    if not found:
        click.echo("nothing is kept")


@cache.command()
@_AS_JSON
@_CACHE_DIR
def clear(*, as_json: bool, cache_dir: str | None) -> None:
    """Remove them; the next run makes what it needs. One in use is left alone, and the exit code is 1."""
    from pytest_supaseed.server.cached_clusters import cached_clusters, remove_cluster
    from pytest_supaseed.server.resolve import cache_folder

    with _said_plainly():
        found = cached_clusters(cache_folder(_options(cache_dir)))
        removed = [cluster for cluster in found if remove_cluster(cluster.folder)]
    left = [cluster for cluster in found if cluster not in removed]
    if as_json:
        said = {"removed": removed, "in_use": left}
        click.echo(
            json.dumps({key: [one.to_json() for one in value] for key, value in said.items()}, indent=2)
        )
    else:
        size = sum(cluster.bytes for cluster in removed) / MIB
        click.echo(f"removed: {len(removed)}, {size:,.0f} MiB")
        for cluster in left:
            click.echo(f"in use, left alone: {cluster.folder}", err=True)
    sys.exit(FAILED if left else 0)
