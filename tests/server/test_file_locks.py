"""Locks on files: one holder, released by death, never on a file that somebody removed."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from pytest_supaseed.server.file_locks import held, is_held, take_lock, try_lock

if TYPE_CHECKING:
    from pathlib import Path


def test_a_lock_has_one_holder(tmp_path: Path) -> None:
    """A second taker is turned away until the first lets go."""
    path = tmp_path / "lock"
    first = try_lock(path)
    assert first is not None
    assert try_lock(path) is None
    assert is_held(path)

    first.release()
    assert not is_held(path)
    with held(take_lock(path, seconds=1) or first):
        assert is_held(path)
    assert not is_held(path)


def test_releasing_twice_takes_it_from_nobody(tmp_path: Path) -> None:
    """A second release does nothing to the next holder."""
    path = tmp_path / "lock"
    first = try_lock(path)
    assert first is not None
    first.release()
    second = try_lock(path)
    first.release()
    assert second is not None
    assert is_held(path)
    second.release(remove=True)
    assert not path.exists()


def test_a_lock_is_released_by_death(tmp_path: Path) -> None:
    """The kernel lets go when a holder is killed."""
    path = tmp_path / "lock"
    code = (
        "import sys, time; from pathlib import Path; from pytest_supaseed.server.file_locks import try_lock\n"
        "lock = try_lock(Path(sys.argv[1])); print('held', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code, path], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        assert take_lock(path, seconds=0.05) is None
        holder.kill()
        lock = take_lock(path, seconds=10)
    assert lock is not None
    lock.release()


def test_a_lock_on_a_file_that_was_removed_does_not_count(tmp_path: Path) -> None:
    """Who takes a lock after its file was replaced gets the new file's lock."""
    path = tmp_path / "lock"
    old = try_lock(path)
    assert old is not None
    path.unlink()
    new = try_lock(path)
    assert new is not None
    assert is_held(path)
    old.release()
    assert is_held(path)
    new.release()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no shared locks")
def test_looking_at_a_lock_is_not_holding_it(tmp_path: Path) -> None:
    """Many look at one lock at once, and none takes another for its holder."""
    path = tmp_path / "lock"
    path.touch()
    with ThreadPoolExecutor(4) as pool:
        looks = [pool.submit(lambda: [is_held(path) for _ in range(500)]) for _ in range(4)]
        assert not any(any(look.result()) for look in looks)
