"""Clusters that nobody has used for long: of an older Postgres, or an older release of ours."""

from __future__ import annotations

import shutil
import time
from typing import TYPE_CHECKING

from pytest_supaseed.server.cached_clusters import remove_cluster
from pytest_supaseed.server.staged_files import BINARIES, HALF_STAGED
from pytest_supaseed.server.warden import STATE

if TYPE_CHECKING:
    from pathlib import Path

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


def _remove_binaries(folder: Path, limit: float) -> None:
    """Those of a running server stay usable: an open program outlives its name."""
    if folder.stat().st_mtime < limit:
        shutil.rmtree(folder, ignore_errors=True)
