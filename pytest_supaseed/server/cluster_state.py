"""What is known of a cluster between runs, in a file beside it; and whether it can still be trusted.

The standard library alone: the warden, which has to start in milliseconds, writes it.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

WRITEBACK_SECONDS = 60.0
"""What was written without fsync is on the disk after so long: the kernel's own limit is 30 to 35 seconds."""


@dataclass(frozen=True)
class ClusterState:
    """What the warden last wrote.

    Args:
        running: whether a server was started and has not been shut down.
        boot: which boot of the machine that was in.
        since: when this was written, in seconds since 1970.
        port: the server's.
        warden: the process that watches the server.
        postgres: the server's first process.
        memory: the folder that the server has in memory, if any.
    """

    running: bool
    boot: str
    since: float
    port: int = 0
    warden: int = 0
    postgres: int = 0
    memory: str | None = None

    @property
    def token(self) -> str:
        """Names this very start of the server."""
        return f"{self.warden} {self.port} {self.since}"


def read_state(path: Path) -> ClusterState | None:
    """Return what was last written; None where nothing was, or nothing readable."""
    try:
        return ClusterState(**json.loads(path.read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def write_state(path: Path, state: ClusterState) -> None:
    """Write it, whole or not at all."""
    half = path.with_suffix(".half")
    half.write_text(json.dumps(asdict(state)), encoding="utf-8")
    if sys.platform != "win32":
        half.chmod(0o600)
    os.replace(half, path)  # noqa: PTH105  # Path.replace would do the same


def distrust(state: ClusterState | None, *, boot: str, booted_at: float) -> str | None:
    """Return why a cluster cannot be trusted; None where it can, if need be after Postgres has recovered it.

    It runs without fsync: what was written reaches the disk when the kernel sees fit. That is no matter as
    long as the machine stays up, whatever becomes of the processes.
    """
    if state is None:
        return "nothing is known of how it was left"
    if state.running and state.boot != boot:
        return "the machine was restarted while its server ran"
    if state.boot != boot and 0 <= booted_at - state.since < WRITEBACK_SECONDS:
        return "the machine was restarted right after its server had been stopped"
    return None


def boot_identity() -> str:
    """Return what is different after each restart of the machine."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return str(round(booted_at()))


def booted_at() -> float:
    """Return when the machine was started, in seconds since 1970."""
    try:
        with Path("/proc/stat").open(encoding="ascii") as facts:
            return float(next(line for line in facts if line.startswith("btime ")).split()[1])
    except (OSError, StopIteration):
        import psutil

        return float(psutil.boot_time())
