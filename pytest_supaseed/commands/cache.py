"""`supaseed cache`: the servers of ours that are kept between runs."""

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

MIB = 1 << 20


@click.group()
def cache() -> None:
    """The servers of ours that are kept between runs, with their datasets."""


@cache.command("list")
@shared_options
def list_clusters(*, as_json: bool, cache_dir: str | None, config: Path | None) -> None:
    """List them: where each is, how much disk it takes, whether it is in use."""
    from pytest_supaseed.server.cached_clusters import cached_clusters
    from pytest_supaseed.server.resolve import cache_folder

    with said_plainly(as_json=as_json):
        found = cached_clusters(cache_folder(read_options(config, cache_dir=cache_dir)))
    if as_json:
        print_json([cluster.to_json() for cluster in found])
        return
    for cluster in found:
        state = "in use" if cluster.in_use else "at rest"
        click.echo(f"{cluster.bytes / MIB:>8,.0f} MiB  {state:<7}  {cluster.folder}")
    if not found:
        click.echo("nothing is kept")


@cache.command()
@shared_options
def clear(*, as_json: bool, cache_dir: str | None, config: Path | None) -> None:
    """Remove them; the next run makes what it needs. One in use is left alone, and the exit code is 1."""
    from pytest_supaseed.server.cached_clusters import cached_clusters, remove_cluster
    from pytest_supaseed.server.resolve import cache_folder

    with said_plainly(as_json=as_json):
        found = cached_clusters(cache_folder(read_options(config, cache_dir=cache_dir)))
        removed = [cluster for cluster in found if remove_cluster(cluster.folder)]
    left = [cluster for cluster in found if cluster not in removed]
    if as_json:
        said = {"removed": removed, "in_use": left}
        print_json({key: [one.to_json() for one in value] for key, value in said.items()})
    else:
        size = sum(cluster.bytes for cluster in removed) / MIB
        click.echo(f"removed: {len(removed)}, {size:,.0f} MiB")
        for cluster in left:
            click.echo(f"in use, left alone: {cluster.folder}", err=True)
    sys.exit(FAILED if left else 0)
