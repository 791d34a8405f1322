"""Clusters that nobody has used for long: of an older Postgres, or an older release of ours."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

from pytest_supaseed.server.cached_clusters import remove_cluster
from pytest_supaseed.server.own_folders import ORIGIN, home_prefix
from pytest_supaseed.server.staged_files import BINARIES, HALF_STAGED
from pytest_supaseed.server.warden import STATE

STALE_SECONDS = 30 * 24 * 3600.0


def remove_stale_clusters(cluster: Path) -> None:
    """Remove the neighbours of a cluster that have been at rest for a month, and copies as old as that."""
    limit = time.time() - STALE_SECONDS
    for folder in cluster.parent.iterdir():
        if folder == cluster or folder.is_symlink():
            continue
        if folder.name.startswith((BINARIES, HALF_STAGED)):
            _remove_binaries(folder, limit)
        elif (folder / STATE).exists() and (folder / STATE).stat().st_mtime < limit:
            remove_cluster(folder)


def remove_orphaned_homes(home: Path) -> None:
    """Remove the neighbours of a folder in `/var/tmp` whose cache folder is gone, as after inner test runs.

    Args:
        home: holds clusters; nothing is done where it is in the cache folder itself.
    """
    if not (home / ORIGIN).exists():
        return
    for folder in home.parent.glob(f"{home_prefix()}*"):
        if folder == home or folder.is_symlink() or folder.stat().st_uid != home.stat().st_uid:
            continue
        try:
            origin = Path((folder / ORIGIN).read_text(encoding="utf-8"))
        except FileNotFoundError:
            continue  # it is being made, or removed
        if not origin.parent.exists() and _are_removed(folder):
            shutil.rmtree(folder, ignore_errors=True)


def _are_removed(home: Path) -> bool:
    """Remove the clusters of a folder that nobody uses; whether that was all of them."""
    removed = [remove_cluster(path.parent) for path in home.glob(f"*/{STATE}")]
    return all(removed)


def _remove_binaries(folder: Path, limit: float) -> None:
    """Those of a running server stay usable: an open program outlives its name."""
    if folder.stat().st_mtime < limit:
        shutil.rmtree(folder, ignore_errors=True)
