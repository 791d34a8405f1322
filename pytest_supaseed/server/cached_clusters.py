"""The clusters that are kept between runs: what there is, and removing it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pytest_supaseed.server.file_locks import is_held, try_lock
from pytest_supaseed.server.own_folders import home_for_servers
from pytest_supaseed.server.server_user import choose_server_user
from pytest_supaseed.server.warden import DATA, START_LOCK, WARDEN_LOCK, has_users

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True)
class CachedCluster:
    """A cluster: its folder, the bytes that it takes, and whether its server runs for somebody."""

    folder: Path
    bytes: int
    in_use: bool

    def to_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {"folder": str(self.folder), "bytes": self.bytes, "in_use": self.in_use}


def cached_clusters(cache: Path) -> list[CachedCluster]:
    """Return the clusters of a cache folder, by name.

    Raises:
        EndpointError: the folder cannot be used.
    """
    home, _ = home_for_servers(cache.absolute(), choose_server_user())
    return [
        CachedCluster(folder, sum(_sizes(folder)), in_use=_in_use(folder))
        for folder in sorted(home.iterdir())
        if not folder.is_symlink() and (folder / DATA).is_dir()
    ]


def _sizes(folder: Path) -> Iterator[int]:
    """The size of each file; a server may remove one while we look."""
    for path in folder.rglob("*"):
        try:
            facts = path.lstat()
        except FileNotFoundError:
            continue
        yield facts.st_blocks * 512 if hasattr(facts, "st_blocks") else facts.st_size


def _in_use(folder: Path) -> bool:
    return is_held(folder / WARDEN_LOCK) or has_users(folder)


def remove_cluster(folder: Path) -> bool:
    """Remove a cluster that nobody uses; return whether it was removed.

    Under the locks of who starts and who runs a server: a run that comes meanwhile waits, and makes it anew.
    """
    guard = try_lock(folder / START_LOCK)
    if guard is None:
        return False
    try:
        warden = try_lock(folder / WARDEN_LOCK)
        if warden is None:
            return False
        try:
            if has_users(folder):
                return False
            shutil.rmtree(folder)
            return True
        finally:
            warden.release()
    finally:
        guard.release()
