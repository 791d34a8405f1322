"""What is known of a cluster between runs, and when it is no longer trusted."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import psutil
import pytest

from pytest_supaseed.server.cluster_state import (
    ClusterState,
    boot_identity,
    booted_at,
    distrust,
    read_state,
    write_state,
)

if TYPE_CHECKING:
    from pathlib import Path

NOON = 1_000_000.0


@pytest.mark.parametrize(
    ("state", "boot", "booted", "said"),
    [
        (ClusterState(running=False, boot="a", since=NOON), "a", 0.0, None),
        (ClusterState(running=True, boot="a", since=NOON), "a", 0.0, None),
        (ClusterState(running=True, boot="a", since=NOON), "b", NOON + 500, "restarted while"),
        (ClusterState(running=False, boot="a", since=NOON), "b", NOON + 500, None),
        (ClusterState(running=False, boot="a", since=NOON), "b", NOON + 20, "right after"),
        (ClusterState(running=False, boot="a", since=NOON), "b", NOON - 500, None),
        (None, "a", 0.0, "nothing is known"),
    ],
    ids=[
        "stopped",
        "killed",
        "killed and restarted",
        "stopped, restarted later",
        "restarted at once",
        "moved",
        "lost",
    ],
)
def test_a_cluster_is_distrusted_only_where_the_disk_may_lack_something(
    state: ClusterState | None, boot: str, booted: float, said: str | None
) -> None:
    """Without fsync a restart of the machine may lose what was just written; death of a process does not."""
    reason = distrust(state, boot=boot, booted_at=booted)
    assert (reason is None) == (said is None)
    assert said is None or (reason is not None and said in reason)


def test_a_state_is_read_as_it_was_written(tmp_path: Path) -> None:
    """Whole, and private."""
    state = ClusterState(running=True, boot="a", since=1.5, port=2, warden=3, postgres=4, memory="/m")
    write_state(tmp_path / "state.json", state)
    assert read_state(tmp_path / "state.json") == state
    assert (tmp_path / "state.json").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("text", ["", "{", "[]", '{"running": true}', '{"other": 1}', "3"])
def test_a_garbled_state_is_none(tmp_path: Path, text: str) -> None:
    """Nothing is made of what cannot be read."""
    (tmp_path / "state.json").write_text(text)
    assert read_state(tmp_path / "state.json") is None
    assert read_state(tmp_path / "missing.json") is None


def test_the_boot_is_known() -> None:
    """It is the same when asked twice, and lies in the past."""
    assert boot_identity() == boot_identity() != ""
    assert abs(booted_at() - psutil.boot_time()) < 120
    assert booted_at() < time.time()
