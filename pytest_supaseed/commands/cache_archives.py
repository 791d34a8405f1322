"""`supaseed cache export` and `import`: a cluster and its datasets, carried to a machine that starts cold."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pytest_supaseed.commands.cached_server import MIB
from pytest_supaseed.commands.conventions import (
    print_json,
    read_options,
    said_plainly,
    say_waiting,
    shared_options,
)
from pytest_supaseed.errors import EndpointError, UsageError

if TYPE_CHECKING:
    from pytest_supaseed.options import Options
    from pytest_supaseed.server.archive_manifest import Manifest
    from pytest_supaseed.server.cluster_start import ClusterPlace

_url = click.option("--url", hidden=True, help="Refused: such a server keeps its datasets itself.")


@click.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@_url
@shared_options
def export_archive(
    *, file: Path, url: str | None, as_json: bool, cache_dir: str | None, config: Path | None
) -> None:
    """Write the cluster that a run here would use, with its datasets and without its passwords, to FILE."""
    from pytest_supaseed.server.cluster_export import export_cluster
    from pytest_supaseed.server.resolve import find_binaries

    with said_plainly(as_json=as_json):
        options = _own_options(config, url, cache_dir)
        place = _place(options)
        datasets = _tidied(options, place)
        manifest = export_cluster(place.folder, file.absolute(), binaries=find_binaries(), datasets=datasets)
    _say("exported", manifest, file, as_json=as_json)


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Throw away the cluster that is there.")
@_url
@shared_options
def import_archive(  # noqa: PLR0913  # one argument for each option
    *,
    file: Path,
    replace: bool,
    url: str | None,
    as_json: bool,
    cache_dir: str | None,
    config: Path | None,
) -> None:
    """Make the cluster that a run here would use of what `export` wrote to FILE."""
    from pytest_supaseed.server.cluster_import import import_cluster

    with said_plainly(as_json=as_json):
        options = _own_options(config, url, cache_dir)
        manifest = import_cluster(file.absolute(), _place(options), replace=replace)
    _say("imported", manifest, file, as_json=as_json)
    _warn_of_other_release(manifest)


def _own_options(config: Path | None, url: str | None, cache_dir: str | None) -> Options:
    options = read_options(config, cache_dir=cache_dir, url=url)
    if options.url is not None:
        raise UsageError(
            "A server that runs already keeps its datasets itself: all that name it reach the same ones.",
            looked_at=[f"{options.source('url')}: it is the server of a run here"],
            remedies=["nothing has to be carried: run pytest on each machine with this URL"],
        )
    return options


def _place(options: Options) -> ClusterPlace:
    from pytest_supaseed.platform.extensions import control_path
    from pytest_supaseed.server.current_cluster import current_place

    return current_place(options, control_path())


def _tidied(options: Options, place: ClusterPlace) -> list[dict[str, Any]]:
    """Start and stop the cluster's server, without a tablespace in memory; return what datasets are there.

    What dead runs left is dropped, and whatever a killed server left undone is recovered.
    """
    from pytest_supaseed.isolation.dataset_cache import prune_cache
    from pytest_supaseed.isolation.template_pruning import PruneRules
    from pytest_supaseed.platform.extensions import control_path
    from pytest_supaseed.server.clusters import running_cluster
    from pytest_supaseed.server.resolve import cache_folder, find_binaries
    from pytest_supaseed.server.resting_cluster import refuse_if_used
    from pytest_supaseed.server.warden import DATA

    if not (place.folder / DATA).is_dir():
        raise EndpointError(
            "There is no cluster to export.",
            looked_at=[str(place.folder)],
            remedies=["run pytest once: that makes one, with the datasets that the tests need"],
        )
    refuse_if_used(place.folder)
    with running_cluster(
        find_binaries(),
        cache=cache_folder(options),
        storage="disk",
        control_path=control_path(),
        on_wait=say_waiting,
    ) as endpoint:
        _dropped, left = prune_cache(endpoint, PruneRules(), kept=False)
    return [
        {"name": one.name, "kind": one.kind, "title": one.title, "bytes": one.bytes} for one in left.templates
    ]


def _say(done: str, manifest: Manifest, file: Path, *, as_json: bool) -> None:
    size = file.stat().st_size
    if as_json:
        facts = {
            "package": manifest.package,
            "postgres": manifest.postgres,
            "system": manifest.system,
            "datasets": [dict(one) for one in manifest.datasets],
            "bytes": manifest.bytes,
            "archive_bytes": size,
        }
        print_json({done: facts})
        return
    click.echo(
        f"{done}: {len(manifest.datasets)} datasets and schemas of Postgres ({manifest.postgres}),"
        f" {manifest.bytes / MIB:,.0f} MiB in an archive of {size / MIB:,.1f} MiB"
    )


def _warn_of_other_release(manifest: Manifest) -> None:
    from importlib.metadata import version

    if manifest.package != version("pytest-supaseed"):
        click.echo(
            f"it is of pytest-supaseed {manifest.package}: this release makes its own datasets beside them",
            err=True,
        )
