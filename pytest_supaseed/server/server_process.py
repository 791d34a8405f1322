"""The process `postgres`: started on a free port, watched until it answers, stopped without losing anything.

The standard library alone: the warden, which has to start in milliseconds, is its parent.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

READY_SECONDS = 120.0
"""Recovery after a crash replays up to 256 MB."""
POLL_SECONDS = 0.002
ATTEMPTS = 20
"""How often a start is tried where another process is in the way."""
STOP_STEPS = (("SIGINT", 60.0), ("SIGQUIT", 10.0), ("SIGKILL", 10.0))
"""Fast shutdown (10 to 30 ms), then without a checkpoint, then without asking; and how long each is given."""
LOG_LINES = 12

_PORT_TAKEN = "could not bind"
_IN_THE_WAY = ("pre-existing shared memory block", 'lock file "postmaster.pid" already exists')
_STATUS_LINE = 7
"""Where in `postmaster.pid` a server says whether it takes connections."""
_PR_SET_PDEATHSIG = 1


class ServerFailed(Exception):  # noqa: N818  # never leaves the warden
    """A server did not start.

    Args:
        reason: why.
        log: the last lines of its log.
        ended: whether it was started, and ended by itself.
    """

    def __init__(self, reason: str, log: list[str], *, ended: bool = False) -> None:
        super().__init__(reason)
        self.log = log
        self.ended = ended


@dataclass(frozen=True)
class ServerProcess:
    """A running server."""

    process: subprocess.Popen[bytes]
    port: int

    def stop(self) -> None:
        """Stop it, and return when it has ended."""
        for name, seconds in STOP_STEPS:
            number = getattr(signal, name, signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                if self.process.poll() is None:
                    self.process.send_signal(number)
                self.process.wait(seconds)
                return


@dataclass(frozen=True)
class ServerCommand:
    """How a server is started.

    Args:
        postgres: the program.
        data: the cluster's data.
        settings: `name=value`.
        environment: the server's.
        user: the numbers of the account and group to run as; None for our own.
    """

    postgres: str
    data: Path
    settings: list[str]
    environment: dict[str, str]
    user: list[int] | None


def start_server(command: ServerCommand, log: IO[bytes]) -> ServerProcess:
    """Start a server on a free port of the loopback, and wait until it takes connections.

    Args:
        command: what is started.
        log: where it writes what it says.

    Raises:
        ServerFailed: it ended, or did not answer in time.
    """
    end_leftover(command.data)
    path = Path(log.name)
    for _attempt in range(ATTEMPTS):
        begun = path.stat().st_size
        server = _spawn(command, free_port(), log)
        if _is_ready(server.process, command.data / "postmaster.pid"):
            return server
        if server.process.poll() is None:
            server.stop()
            raise ServerFailed(f"it did not answer within {READY_SECONDS:.0f} s", log_tail(path))
        said = path.read_bytes()[begun:].decode(errors="replace")
        if any(words in said for words in _IN_THE_WAY):
            time.sleep(0.1)
        elif _PORT_TAKEN not in said:
            reason = f"it ended with status {server.process.returncode}"
            raise ServerFailed(reason, log_tail(path), ended=True)
    raise ServerFailed(f"it could not start in {ATTEMPTS} attempts", log_tail(path))


def free_port() -> int:
    """Return a port of the loopback that nobody listens on just now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def log_tail(path: Path) -> list[str]:
    """Return the last lines of a server's log."""
    try:
        return path.read_bytes()[-20_000:].decode(errors="replace").splitlines()[-LOG_LINES:]
    except FileNotFoundError:
        return []


def _spawn(command: ServerCommand, port: int, log: IO[bytes]) -> ServerProcess:
    arguments = [command.postgres, "-D", str(command.data), "-p", str(port)]
    for setting in command.settings:
        arguments += ["-c", setting]
    account: dict[str, Any] = {}
    if command.user is not None:
        account = {"user": command.user[0], "group": command.user[1], "extra_groups": []}
    try:
        process = subprocess.Popen(
            arguments,
            env=command.environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            preexec_fn=_end_with_parent(),  # noqa: PLW1509  # the warden has one thread
            **account,
        )
    except OSError as error:
        raise ServerFailed(f"{command.postgres} cannot be run: {error}", []) from error
    return ServerProcess(process, port)


def _end_with_parent() -> Callable[[], None] | None:
    """Have the kernel shut the server down if the warden is killed; where it cannot, the next run does."""
    if sys.platform != "linux":
        return None
    import ctypes

    library, parent = ctypes.CDLL(None), os.getpid()

    def ask_kernel() -> None:
        library.prctl(_PR_SET_PDEATHSIG, signal.SIGINT)
        if os.getppid() != parent:  # it died before we could ask
            os._exit(1)

    return ask_kernel


def _is_ready(process: subprocess.Popen[bytes], pid_file: Path) -> bool:
    deadline = time.monotonic() + READY_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        lines = _lines(pid_file)
        if len(lines) > _STATUS_LINE and lines[0] == str(process.pid) and lines[_STATUS_LINE] == "ready":
            return True
        time.sleep(POLL_SECONDS)
    return False


def _lines(pid_file: Path) -> list[str]:
    try:
        return [line.strip() for line in pid_file.read_text(encoding="utf-8", errors="replace").splitlines()]
    except OSError:
        return []


def has_ended_well(data: Path) -> bool:
    """Whether a server that has ended said goodbye: it removes its file only after a clean shutdown."""
    return not (data / "postmaster.pid").exists()


def end_leftover(data: Path) -> None:
    """End a server whose warden was killed, before another is started on its data."""
    lines = _lines(data / "postmaster.pid")
    if not lines or not lines[0].isdigit():
        return
    pid = int(lines[0])
    for name, seconds in (("SIGINT", 20.0), ("SIGQUIT", 10.0), ("SIGKILL", 10.0)):
        if not _runs_on(pid, data):
            return
        with suppress(ProcessLookupError):
            os.kill(pid, getattr(signal, name, signal.SIGTERM))
        deadline = time.monotonic() + seconds
        while _runs_on(pid, data) and time.monotonic() < deadline:
            time.sleep(POLL_SECONDS)


def _runs_on(pid: int, data: Path) -> bool:
    """Whether a process is a server on this very data: its number may be another's by now."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except FileNotFoundError:
        if sys.platform in {"linux", "win32"}:
            return False
        command = ["ps", "-o", "command=", "-p", str(pid)]
        shown = subprocess.run(command, capture_output=True, check=False).stdout
        return os.fsencode(data) in shown and b"postgres" in shown
    return os.fsencode(data) in words
