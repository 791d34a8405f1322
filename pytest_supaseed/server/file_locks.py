"""Locks between processes, on files. The kernel releases them when a process ends, however it ends.

The standard library alone: the warden, which has to start in milliseconds, uses them too.
"""

from __future__ import annotations

import os
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

POLL_SECONDS = 0.004
"""How often a lock that somebody else holds is asked for again."""

if sys.platform == "win32":
    import msvcrt

    def _take(file: int) -> bool:
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    _is_free = _take

else:
    import fcntl

    def _take(file: int) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _is_free(file: int) -> bool:
        """Ask for a shared lock: two who only look do not take each other for a holder."""
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


class FileLock:
    """A lock that this process holds until `release`, or until it ends."""

    def __init__(self, path: Path, file: int) -> None:
        self.path = path
        self._file: int | None = file

    def release(self, *, remove: bool = False) -> None:
        """Let go of it; a second time does nothing."""
        file, self._file = self._file, None
        if file is None:
            return
        if remove and sys.platform != "win32":
            self.path.unlink(missing_ok=True)
        os.close(file)
        if remove and sys.platform == "win32":
            self.path.unlink(missing_ok=True)


def try_lock(path: Path) -> FileLock | None:
    """Take a lock if nobody holds it.

    Raises:
        OSError: the file cannot be made or opened.
    """
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if _take(file) and _is_still(path, file):
            return FileLock(path, file)
    except BaseException:
        os.close(file)
        raise
    os.close(file)
    return None


def _is_still(path: Path, file: int) -> bool:
    """Whether the opened file is the one that the path names: somebody may have removed it in between."""
    try:
        return os.path.samestat(os.fstat(file), path.stat())
    except FileNotFoundError:
        return False


def take_lock(path: Path, *, seconds: float) -> FileLock | None:
    """Take a lock, waiting for it; None where it was not to be had in time."""
    deadline = time.monotonic() + seconds
    while (lock := try_lock(path)) is None:
        if time.monotonic() >= deadline:
            return None
        time.sleep(POLL_SECONDS)
    return lock


def is_held(path: Path) -> bool:
    """Whether some process holds a lock; a file that is not there is not held."""
    try:
        file = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        return not _is_free(file)
    finally:
        os.close(file)


@contextmanager
def held(lock: FileLock) -> Iterator[None]:
    """Release a lock at the end."""
    try:
        yield
    finally:
        lock.release()
