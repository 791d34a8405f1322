"""A tablespace in memory, for databases that live as long as a test.

The cluster itself stays on disk, where datasets rest. A clone of 18 MB takes 18 ms in memory. On disk it
takes 27, and up to 500 was seen after a few dozen others (docs/explanation/servers.md).
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pytest_supaseed.errors import EndpointError
from pytest_supaseed.server.cluster_state import read_state
from pytest_supaseed.server.endpoint import Endpoint
from pytest_supaseed.server.file_locks import is_held
from pytest_supaseed.server.own_folders import OPEN_TO_PASS, own_folder
from pytest_supaseed.server.warden import START_LOCK, STATE, WARDEN_LOCK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_supaseed.server.server_user import ServerUser

TABLESPACE = "supaseed_memory"
SHARED_MEMORY = Path("/dev/shm")  # noqa: S108  # ownership of what is inside is checked
ROOM_TO_START = 192 << 20
"""Below so many free bytes it is not tried: Docker gives 64 MB, which a second clone would fill."""
SHARE_OF_ROOM = 4
"""A clone may take one part in so many of what is free: tests write into it, and there are other workers."""
OWNER = "owner"
RECOVERY_SECONDS = 3600.0
"""For so long the memory of a killed server is kept for its next run; without it, recovery may fail."""


@dataclass(frozen=True, kw_only=True)
class ClusterEndpoint(Endpoint):
    """A server of ours.

    Args:
        folder: where its cluster is kept.
        memory: the folder in memory that its tablespace lies in; None where it has none.
    """

    folder: Path
    memory: Path | None = None
    is_superuser: bool = True


def tablespace_for(endpoint: Endpoint, size: int) -> str | None:
    """Return the tablespace for a database that goes with its test; None is the ordinary one, on disk.

    A database there is gone when the server stops: never put one there that is to be kept.

    Args:
        endpoint: any server; others than ours have no such tablespace.
        size: bytes that the database will take at first.
    """
    if not isinstance(endpoint, ClusterEndpoint) or endpoint.memory is None:
        return None
    return TABLESPACE if size * SHARE_OF_ROOM <= free_memory(endpoint.memory) else None


def free_memory(folder: Path) -> int:
    """Return how many bytes can be put into a folder in memory: what it admits, and what the machine has."""
    if not hasattr(os, "statvfs"):
        return 0
    facts = os.statvfs(folder)
    admitted = facts.f_bavail * facts.f_frsize
    with Path("/proc/meminfo").open(encoding="ascii") as lines:
        for line in lines:
            if line.startswith("MemAvailable:"):
                return min(admitted, int(line.split()[1]) << 10)
    return admitted


def memory_folder(
    cluster: Path, user: ServerUser | None, storage: Literal["auto", "disk", "memory"]
) -> Path | None:
    """Make a folder in memory for a cluster that is about to start; None where it does without.

    Raises:
        EndpointError: `storage` is `memory`, and there is none or not enough.
    """
    if storage == "disk":
        return None
    room = free_memory(SHARED_MEMORY) if _is_in_memory(SHARED_MEMORY) else 0
    if room < ROOM_TO_START:
        if storage == "auto":
            return None
        raise EndpointError(
            f"There is no room for databases in memory: {room >> 20} MB of {ROOM_TO_START >> 20}.",
            looked_at=[f"{SHARED_MEMORY}: a tmpfs, and what is free there"],
            remedies=[
                "leave --supaseed-storage out, or say disk",
                "in Docker: run with --shm-size=1g",
            ],
        )
    folder = SHARED_MEMORY / f"{_prefix()}{_digest(cluster)}-{secrets.token_hex(4)}"
    _make(folder, cluster, user)
    return folder


def restore_folder(folder: Path, cluster: Path, user: ServerUser | None) -> None:
    """Make an empty folder where a killed server had one: Postgres needs the place to recover the rest."""
    if not folder.exists() and folder.parent == SHARED_MEMORY and folder.name.startswith(_prefix()):
        _make(folder, cluster, user)


def _make(folder: Path, cluster: Path, user: ServerUser | None) -> None:
    own_folder(folder, OPEN_TO_PASS)
    (folder / OWNER).write_text(str(cluster), encoding="utf-8")
    inside = location(folder)
    inside.mkdir(mode=0o700)
    if user is not None:
        os.chown(inside, user.uid, user.gid)


def location(folder: Path) -> Path:
    """Return where in a folder in memory the tablespace is."""
    return folder / "tablespace"


def sweep_memory(cluster: Path, *, kept: Path | None) -> None:
    """Remove what servers that are no more left in memory.

    Args:
        cluster: the asking cluster; everything of it goes, but for `kept`.
        kept: the folder of its running server.
    """
    for folder in _ours():
        if folder == kept:
            continue
        try:
            owner = Path((folder / OWNER).read_text(encoding="utf-8"))
        except FileNotFoundError:
            continue  # being made, or being removed
        if owner == cluster or not _is_needed(folder, owner):
            shutil.rmtree(folder, ignore_errors=True)


def _is_needed(folder: Path, cluster: Path) -> bool:
    """Whether somebody uses a cluster or starts it, or its server was killed and may yet recover."""
    if not cluster.is_dir():
        return False
    if is_held(cluster / WARDEN_LOCK) or is_held(cluster / START_LOCK):
        return True
    state = read_state(cluster / STATE)
    killed = state is not None and state.running and state.memory == str(folder)
    return killed and time.time() - folder.stat().st_mtime < RECOVERY_SECONDS


def _ours() -> Iterator[Path]:
    if sys.platform == "win32" or not SHARED_MEMORY.is_dir():
        return
    for folder in SHARED_MEMORY.glob(f"{_prefix()}*"):
        facts = folder.lstat()
        if facts.st_uid == os.geteuid() and folder.is_dir() and not folder.is_symlink():
            yield folder


def _prefix() -> str:
    return f"supaseed-{os.geteuid() if hasattr(os, 'geteuid') else 0}-"


def _digest(cluster: Path) -> str:
    return hashlib.sha256(os.fsencode(cluster)).hexdigest()[:8]


def _is_in_memory(folder: Path) -> bool:
    try:
        mounts = Path("/proc/mounts").read_text(encoding="utf-8").splitlines()
    except OSError:
        return False
    return any(line.split()[1:3] == [str(folder), "tmpfs"] for line in mounts) and os.access(folder, os.W_OK)
