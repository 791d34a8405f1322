"""The cluster that a run here would use, as far as it has been made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_supaseed.server.cached_clusters import cached_clusters
from pytest_supaseed.server.clusters import cluster_place
from pytest_supaseed.server.resolve import cache_folder, find_binaries
from pytest_supaseed.server.warden import DATA

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_supaseed.options import Options
    from pytest_supaseed.server.cluster_start import ClusterPlace


def current_place(options: Options, control_path: Path | None) -> ClusterPlace:
    """Return the place of the cluster that a run would use; its folder is made, its data is not.

    Raises:
        EndpointError: there is no Postgres to run, or the folder cannot be used.
    """
    place, _notes = cluster_place(find_binaries(), cache_folder(options), options.storage, control_path)
    return place


def is_made(options: Options, control_path: Path | None) -> bool:
    """Whether that cluster has been made; nothing is made, or copied, where there is none at all.

    Raises:
        EndpointError: there is no Postgres to run, or the folder cannot be used.
    """
    if not cached_clusters(cache_folder(options)):
        return False
    return (current_place(options, control_path).folder / DATA).is_dir()
