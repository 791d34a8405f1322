"""How much memory a seeding takes, and how much it may: by its own limit, and by that of a container."""

from __future__ import annotations

import gc
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MIB = 1024 * 1024
READ_EVERY = 0.005
"""Seconds that a reading holds: batches of one row are not to wait for it."""
WORTH_COLLECTING = 0.02
"""The share of the room that a collection must set free to be tried again."""

_UNLIMITED = 1 << 60
"""What version 1 of control groups says where there is no limit, and more: an exbibyte."""


class Meter(Protocol):
    """Reads how much memory is in use."""

    def __call__(self) -> int:
        """Return bytes."""
        ...


def resident_set() -> Meter:
    """Return a meter of this process's resident set; a reading takes some 10 microseconds."""
    import psutil

    process = psutil.Process()
    return lambda: int(process.memory_info().rss)


@dataclass(frozen=True, slots=True)
class ContainerMemory:
    """A control group that limits memory.

    Args:
        limit: bytes that all its processes may use, the server's included where it runs in it.
        usage: the file that says how much they use.
        statistics: the file that says how much of that is cached files, which the kernel takes back.
        cached: the name of that figure.
    """

    limit: int
    usage: Path
    statistics: Path
    cached: str

    def __call__(self) -> int:
        """Return bytes in use that cannot simply be taken back."""
        cached = 0
        for line in self.statistics.read_text(encoding="ascii").splitlines():
            name, _, value = line.partition(" ")
            if name == self.cached:
                cached = int(value)
        return max(int(self.usage.read_text(encoding="ascii")) - cached, 0)


def container_memory(
    groups: Path = Path("/sys/fs/cgroup"), own: Path = Path("/proc/self/cgroup")
) -> ContainerMemory | None:
    """Return the narrowest limit of the control groups that this process is in, of version 1 or 2.

    Args:
        groups: where they are mounted.
        own: the file that names those of this process.

    Returns:
        None where there is no limit, or no control group: on macOS and Windows.
    """
    try:
        lines = own.read_text(encoding="utf-8").splitlines()
    except OSError:
        return None
    found = [limit for line in lines for limit in _limits(groups, line)]
    return min(found, key=lambda memory: memory.limit, default=None)


def _limits(groups: Path, line: str) -> Iterator[ContainerMemory]:
    """The limits of one group and those above it; in a container its own is what is mounted."""
    _, controllers, path = line.split(":", 2)
    version_2 = not controllers
    if not version_2 and "memory" not in controllers.split(","):
        return
    root = groups if version_2 else groups / "memory"
    folder = root / path.strip("/")
    for place in (folder, *folder.parents):
        found = _limit_2(place) if version_2 else _limit_1(place)
        if found is not None and found.limit < _UNLIMITED:
            yield found
        if place == root:
            return


def _limit_2(folder: Path) -> ContainerMemory | None:
    limit = _number(folder / "memory.max")
    if limit is None:
        return None
    return ContainerMemory(limit, folder / "memory.current", folder / "memory.stat", "inactive_file")


def _limit_1(folder: Path) -> ContainerMemory | None:
    limit = _number(folder / "memory.limit_in_bytes")
    if limit is None:
        return None
    usage = folder / "memory.usage_in_bytes"
    return ContainerMemory(limit, usage, folder / "memory.stat", "total_inactive_file")


def _number(path: Path) -> int | None:
    """The number in a file; None where it says `max`, or is not there."""
    try:
        text = path.read_text(encoding="ascii").strip()
    except OSError:
        return None
    return int(text) if text.isdigit() else None


@dataclass
class Room:
    """What may be added to what was in use when the seeding began.

    Args:
        title: whose limit it is, for messages.
        meter: reads what is in use.
        size: bytes that may be added.
        begun: bytes in use at the beginning.
    """

    title: str
    meter: Meter
    size: int
    begun: int

    def share(self) -> float:
        """The share that is taken."""
        return max(self.meter() - self.begun, 0) / max(self.size, 1)


@dataclass
class MemoryGuard:
    """Watches the memory of one seeding; made by `watch_memory`.

    Args:
        meter: reads this process's resident set.
        rooms: what may be added.
        begun: bytes resident at the beginning.
    """

    meter: Meter
    rooms: tuple[Room, ...]
    begun: int
    peak: int = 0
    now: int = 0
    """Bytes resident at the last reading."""
    collects: bool = True
    """Whether collecting garbage is worth its time: so until it was tried and set nothing free."""
    release: list[Callable[[], None]] = field(default_factory=list)
    """What drops things that were only kept to be quick."""
    every: float = READ_EVERY
    _last: float = 0.0
    _read_at: float = 0.0

    def look(self) -> int:
        """Read the resident set, and return it."""
        self.now = self.meter()
        self.peak = max(self.peak, self.now)
        return self.now

    def share(self) -> float:
        """The share of the allowed memory that is taken, by the tightest limit; read now and then."""
        now = time.monotonic()
        if now - self._read_at >= self.every:
            self._read_at = now
            self.look()
            self._last = max((room.share() for room in self.rooms), default=0.0)
        return self._last

    def relieve(self) -> float:
        """Set free what can be; return the share that is taken then."""
        for drop in self.release:
            drop()
        before = self._share_now()
        if not self.collects:
            return before
        gc.collect()
        after = self._share_now()
        self.collects = before - after >= WORTH_COLLECTING
        return after

    def _share_now(self) -> float:
        self._read_at = 0.0
        return self.share()

    def describe(self) -> list[str]:
        """Say what is in use, and what may be, one line for each limit."""
        now, begun = self.look() / MIB, self.begun / MIB
        lines = [f"this process: {now:,.0f} MiB, {begun:,.0f} MiB of it before rows were made"]
        for room in self.rooms:
            taken, size = room.share() * room.size / MIB, room.size / MIB
            lines.append(f"{room.title}: {taken:,.0f} MiB taken of {size:,.0f} MiB that may be added")
        return lines


def watch_memory(
    limit: int | None, *, meter: Meter | None = None, container: ContainerMemory | None = None
) -> MemoryGuard:
    """Begin to watch: what is in use now is not the seeding's.

    Args:
        limit: bytes that may be added to this process; None for no limit of its own.
        meter: reads the resident set.
        container: a limit that holds for all processes together: what is left below it may be added.
    """
    meter = meter or resident_set()
    begun = meter()
    rooms = [] if limit is None else [Room("memory-limit", meter, limit, begun)]
    if container is not None:
        used = container()
        rooms.append(Room("the container's limit", container, container.limit - used, used))
    return MemoryGuard(meter, tuple(rooms), begun, peak=begun)
