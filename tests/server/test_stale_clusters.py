"""Clusters of older versions do not pile up, and one that is in use is never touched."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from pytest_supaseed.server.file_locks import try_lock
from pytest_supaseed.server.own_folders import home_prefix
from pytest_supaseed.server.stale_clusters import (
    STALE_SECONDS,
    remove_orphaned_homes,
    remove_stale_clusters,
)

if TYPE_CHECKING:
    from pathlib import Path


def _cluster(home: Path, name: str, *, age: float) -> Path:
    folder = home / name
    (folder / "users").mkdir(parents=True)
    (folder / "state.json").write_text("{}")
    _age(folder / "state.json", age)
    return folder


def _age(path: Path, age: float) -> None:
    then = time.time() - age
    os.utime(path, (then, then))


def test_what_has_rested_for_a_month_goes(tmp_path: Path) -> None:
    """Old clusters and old copies of binaries; not our own, the young, what is in use, or the unknown."""
    old = STALE_SECONDS + 60
    own, gone = _cluster(tmp_path, "own", age=old), _cluster(tmp_path, "gone", age=old)
    young = _cluster(tmp_path, "young", age=60)
    starting, running, used = (_cluster(tmp_path, name, age=old) for name in ("starting", "running", "used"))
    locks = [
        try_lock(starting / "start.lock"),
        try_lock(running / "warden.lock"),
        try_lock(used / "users" / "1.lock"),
    ]
    unknown, binaries, fresh = (tmp_path / name for name in ("unknown", "binaries-1", "binaries-2"))
    for folder in (unknown, binaries, fresh):
        folder.mkdir()
    _age(unknown, old)
    _age(binaries, old)

    remove_stale_clusters(own)

    assert not gone.exists()
    assert not binaries.exists()
    assert all(folder.is_dir() for folder in (own, young, starting, running, used, unknown, fresh))
    for lock in locks:
        assert lock is not None
        lock.release()


def test_clusters_whose_cache_folder_is_gone_go(tmp_path: Path) -> None:
    """Those kept elsewhere for a folder that was removed; not if it is there, or somebody uses them."""
    homes = {name: tmp_path / f"{home_prefix()}{name}" for name in ("own", "gone", "used", "there")}
    for home in homes.values():
        _cluster(home, "embedded", age=0)
        (home / "origin").write_text(str(tmp_path / "no such folder" / "cache"))
    (homes["there"] / "origin").write_text(str(tmp_path / "cache"))
    lock = try_lock(homes["used"] / "embedded" / "users" / "1.lock")

    remove_orphaned_homes(homes["own"])

    assert {name for name, home in homes.items() if home.exists()} == {"own", "used", "there"}
    assert lock is not None
    lock.release()
