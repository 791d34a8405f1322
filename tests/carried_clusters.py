"""Clusters that are carried as files, and archives that somebody spoiled."""

from __future__ import annotations

import io
import tarfile
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from cluster_processes import execute
from own_clusters import cache_folder, some_binaries

from pytest_supaseed.options import resolve_options
from pytest_supaseed.server.cluster_export import export_cluster
from pytest_supaseed.server.clusters import running_cluster
from pytest_supaseed.server.current_cluster import current_place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from pytest_supaseed.server.cluster_start import ClusterPlace
    from pytest_supaseed.server.endpoint import Endpoint

CARRIED = "supaseed_tpl_carried"


def running(cache: Path) -> AbstractContextManager[Endpoint]:
    """The server of a cache folder."""
    return running_cluster(
        some_binaries(), cache=cache, storage="disk", control_path=None, on_wait=lambda _: None
    )


def place_in(cache: Path) -> ClusterPlace:
    """Where the cluster of a cache folder goes."""
    return current_place(resolve_options({"cache_dir": str(cache)}, {}), None)


def export(cache: Path, target: Path) -> Any:
    """The manifest of what was exported."""
    return export_cluster(
        place_in(cache).folder, target, binaries=some_binaries(), datasets=[{"name": CARRIED}]
    )


@contextmanager
def carried_cluster() -> Iterator[Path]:
    """A cache folder with a cluster at rest, which holds a database with rows, and a role with a password."""
    with cache_folder() as folder:
        with running(folder) as endpoint:
            execute(endpoint.conninfo(), f"create database {CARRIED}")
            execute(endpoint.conninfo(), "create role postgres login password 'known'")
            execute(
                endpoint.conninfo(CARRIED),
                "create table t as select n, repeat('x', 100) as x from generate_series(1, 20000) as n",
            )
        yield folder


def nothing_is_left(cache: Path) -> bool:
    """Whether a refused import left no cluster, and no piece of one."""
    return not [
        *cache.glob("servers/*/data"),
        *cache.glob("servers/*/making-*"),
        *cache.glob("servers/*/*.json"),
    ]


def first_member(archive: Path) -> bytes:
    """An archive's manifest, as it is."""
    with tarfile.open(archive) as tar:
        content = tar.extractfile("manifest.json")
        assert content is not None
        return content.read()


def write_tar(target: Path, members: list[tuple[tarfile.TarInfo, bytes]]) -> None:
    """Write an archive."""
    with tarfile.open(target, "w:xz", preset=0) as tar:
        for member, content in members:
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))


def rewrite(archive: Path, target: Path, change: Callable[[list[Any]], list[Any]]) -> None:
    """Write an archive anew with other members."""
    with tarfile.open(archive) as tar:
        members = [(member, (tar.extractfile(member) or io.BytesIO()).read()) for member in tar]
    write_tar(target, change(members))
