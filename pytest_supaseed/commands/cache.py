"""`supaseed cache`: the servers of ours that are kept between runs, and the datasets on them."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from pytest_supaseed.commands.cache_archives import export_archive, import_archive
from pytest_supaseed.commands.cache_opening import open_kept
from pytest_supaseed.commands.cache_pruning import prune
from pytest_supaseed.commands.cached_server import MIB, cache_lines, cached_server, server_options
from pytest_supaseed.commands.conventions import (
    FAILED,
    print_json,
    read_options,
    said_plainly,
    shared_options,
)

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_supaseed.options import Options
    from pytest_supaseed.server.cached_clusters import CachedCluster


@click.group()
def cache() -> None:
    """What is kept between runs: servers of ours, datasets, databases of failed tests."""


for _command in (prune, open_kept, export_archive, import_archive):
    cache.add_command(_command)


@cache.command("list")
@server_options
@shared_options
def list_kept(
    *, url: str | None, allow_remote: bool, as_json: bool, cache_dir: str | None, config: Path | None
) -> None:
    """List servers of ours, and the datasets and kept databases of the one that a run here would use."""
    from pytest_supaseed.isolation.dataset_cache import list_cache
    from pytest_supaseed.server.cached_clusters import cached_clusters
    from pytest_supaseed.server.resolve import cache_folder

    with said_plainly(as_json=as_json):
        options = read_options(
            config, cache_dir=cache_dir, url=url, allow_remote="true" if allow_remote else None
        )
        clusters = cached_clusters(cache_folder(options))
        with cached_server(options) as endpoint:
            found = None if endpoint is None else list_cache(endpoint)
            title = "" if endpoint is None else endpoint.title
    if as_json:
        server = found and {"title": title, **found.to_json()}
        print_json({"clusters": [cluster.to_json() for cluster in clusters], "server": server})
        return
    for cluster in clusters:
        state = "in use" if cluster.in_use else "at rest"
        click.echo(f"{cluster.bytes / MIB:>8,.0f} MiB  {state:<7}  {cluster.folder}")
    if found is not None:
        click.echo(f"on {title}, {found.bytes / MIB:,.0f} MiB:")
        for line in cache_lines(found):
            click.echo(line)
    elif not clusters:
        click.echo("nothing is kept")


@cache.command()
@server_options
@shared_options
def clear(
    *, url: str | None, allow_remote: bool, as_json: bool, cache_dir: str | None, config: Path | None
) -> None:
    """Remove servers of ours; the next run makes what it needs. One in use is left alone: exit code 1.

    With --url, drop on that server what is ours and what no live run uses: datasets, and databases of failed
    tests that were kept. A URL of the environment or of pyproject.toml counts for nothing here.
    """
    with said_plainly(as_json=as_json):
        options = read_options(
            config, cache_dir=cache_dir, url=url, allow_remote="true" if allow_remote else None
        )
        left = _clear_clusters(options, as_json=as_json) if url is None else _clear_server(options, as_json)
    sys.exit(FAILED if left else 0)


def _clear_clusters(options: Options, *, as_json: bool) -> bool:
    from pytest_supaseed.server.cached_clusters import cached_clusters, remove_cluster
    from pytest_supaseed.server.resolve import cache_folder

    found = cached_clusters(cache_folder(options))
    removed = [cluster for cluster in found if remove_cluster(cluster.folder)]
    left = [cluster for cluster in found if cluster not in removed]
    if as_json:
        print_json({"removed": _plain(removed), "in_use": _plain(left)})
    else:
        click.echo(f"removed: {len(removed)}, {sum(cluster.bytes for cluster in removed) / MIB:,.0f} MiB")
        for cluster in left:
            click.echo(f"in use, left alone: {cluster.folder}", err=True)
    return bool(left)


def _plain(clusters: list[CachedCluster]) -> list[dict[str, Any]]:
    return [cluster.to_json() for cluster in clusters]


def _clear_server(options: Options, as_json: bool) -> bool:  # noqa: FBT001  # as the command's own
    from pytest_supaseed.isolation.dataset_cache import clear_cache

    with cached_server(options) as endpoint:
        if endpoint is None:
            raise AssertionError(options.url)
        dropped, left = clear_cache(endpoint)
    if as_json:
        print_json({"removed": dropped.to_json(), "in_use": left.to_json()})
    else:
        click.echo(dropped.summary("removed"))
        for one in left.templates:
            click.echo(f"in use, left alone: {one.title or one.name}", err=True)
    return bool(left.templates)
