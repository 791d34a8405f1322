"""Tests of rows.memory_guard: limits of our own and of containers, and what is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pytest_supaseed.rows.memory_guard import (
    MemoryGuard,
    container_memory,
    resident_set,
    watch_memory,
)

if TYPE_CHECKING:
    from pathlib import Path

MIB = 1024 * 1024


class Gauge:
    """A meter that a test sets."""

    def __init__(self, now: int) -> None:
        self.now = now
        self.readings = 0

    def __call__(self) -> int:
        """What it shows."""
        self.readings += 1
        return self.now


def eager(guard: MemoryGuard) -> MemoryGuard:
    """A guard that reads whenever it is asked."""
    guard.every = 0
    return guard


def test_what_was_there_before_does_not_count() -> None:
    """A suite that holds a gigabyte may seed: the limit is what the seeding adds."""
    gauge = Gauge(1024 * MIB)
    guard = eager(watch_memory(100 * MIB, meter=gauge))
    assert guard.share() == 0
    gauge.now += 50 * MIB
    assert guard.share() == pytest.approx(0.5)
    gauge.now -= 200 * MIB
    assert guard.share() == 0
    assert guard.peak == 1074 * MIB


def test_without_a_limit_nothing_is_near_it() -> None:
    """And the peak is read all the same."""
    gauge = Gauge(10)
    guard = eager(watch_memory(None, meter=gauge))
    gauge.now = 10**12
    assert guard.share() == 0
    assert guard.peak == 10**12


def test_a_reading_holds_for_a_while() -> None:
    """Batches of one row do not each cost a reading."""
    gauge = Gauge(10)
    guard = watch_memory(100, meter=gauge)
    guard.every = 60
    guard.share()
    before = gauge.readings
    for _ in range(1000):
        guard.share()
    assert gauge.readings == before


def test_garbage_is_collected_again_only_where_it_helped(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first collection shows whether there is any to be collected."""
    gauge, collections = Gauge(0), []
    guard = watch_memory(100, meter=gauge)
    monkeypatch.setattr("gc.collect", lambda: collections.append(1))
    gauge.now = 90
    assert guard.relieve() == pytest.approx(0.9)
    assert guard.relieve() == pytest.approx(0.9)
    assert len(collections) == 1


def test_what_is_kept_to_be_quick_is_dropped_first() -> None:
    """Memory that chunks took which were kept for children is there again."""
    gauge = Gauge(0)
    guard = watch_memory(100, meter=gauge)
    gauge.now = 90
    guard.release.append(lambda: setattr(gauge, "now", 20))
    assert guard.relieve() == pytest.approx(0.2)


def test_the_resident_set_is_that_of_this_process() -> None:
    """It grows with what is kept."""
    meter = resident_set()
    before = meter()
    kept = bytearray(64 * MIB)
    assert 0 < before < meter()
    assert meter() - before > 32 * MIB
    assert kept


def group(folder: Path, **files: object) -> None:
    """Write the files of a control group."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, value in files.items():
        (folder / name.replace("__", ".")).write_text(f"{value}\n", encoding="ascii")


def test_the_limit_of_a_version_2_group_or_one_above_it_counts(tmp_path: Path) -> None:
    """The narrowest on the way to the root; cached files that the kernel takes back are not in use."""
    own = tmp_path / "own"
    own.write_text("0::/pod/tests\n", encoding="utf-8")
    group(
        tmp_path / "groups" / "pod", memory__max=1000, memory__current=700, memory__stat="inactive_file 100"
    )
    group(tmp_path / "groups" / "pod" / "tests", memory__max="max", memory__current=300, memory__stat="")
    found = container_memory(tmp_path / "groups", own)
    assert found is not None
    assert (found.limit, found()) == (1000, 600)


def test_the_limit_of_a_version_1_group_counts(tmp_path: Path) -> None:
    """Inside a container its path may not be there: its own group is what is mounted."""
    own = tmp_path / "own"
    own.write_text("5:cpu:/docker/1\n4:memory:/docker/1\n", encoding="utf-8")
    group(
        tmp_path / "groups" / "memory",
        memory__limit_in_bytes=500,
        memory__usage_in_bytes=200,
        memory__stat="cache 9\ntotal_inactive_file 50",
    )
    found = container_memory(tmp_path / "groups", own)
    assert found is not None
    assert (found.limit, found()) == (500, 150)


@pytest.mark.parametrize("limit", ["max", 9223372036854771712])
def test_no_limit_is_none(tmp_path: Path, limit: object) -> None:
    """What either version says where nothing is limited."""
    own = tmp_path / "own"
    own.write_text("4:memory:/\n0::/\n", encoding="utf-8")
    group(tmp_path / "groups", memory__max=limit)
    group(tmp_path / "groups" / "memory", memory__limit_in_bytes=limit)
    assert container_memory(tmp_path / "groups", own) is None
    assert container_memory(tmp_path / "groups", tmp_path / "nowhere") is None


def test_a_container_leaves_what_it_has_not_used(tmp_path: Path) -> None:
    """Whoever takes it: the server's rows in memory count as well, and the tightest limit decides."""
    own = tmp_path / "own"
    own.write_text("0::/\n", encoding="utf-8")
    group(tmp_path / "groups", memory__max=1000, memory__current=600, memory__stat="inactive_file 0")
    gauge = Gauge(50)
    guard = eager(watch_memory(1000, meter=gauge, container=container_memory(tmp_path / "groups", own)))
    assert guard.share() == 0
    group(tmp_path / "groups", memory__current=900)
    assert guard.share() == pytest.approx(0.75)
    assert any("the container's limit" in line for line in guard.describe())
