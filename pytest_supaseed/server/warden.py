"""The warden: a small process of its own that starts a server, and stops it when the last user has left.

It belongs to no run, so that runs come and go; and it is the server's parent, so that the server ends with
it. Users are lock files, which the kernel releases at death, however that comes about. The standard library
alone, and nothing else of this package but what keeps to that: it has to start in milliseconds.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from pytest_supaseed.server.cluster_state import ClusterState, write_state
from pytest_supaseed.server.file_locks import FileLock, is_held, take_lock, try_lock
from pytest_supaseed.server.server_process import (
    ServerCommand,
    ServerFailed,
    ServerProcess,
    has_ended_well,
    start_server,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

WATCH_SECONDS = 0.04
"""How often users are looked for: 0.8% of a core, and the last one waits 20 ms at the mean."""
LOCK_SECONDS = 10.0

START_LOCK = "start.lock"
WARDEN_LOCK = "warden.lock"
DATA = "data"
STATE = "state.json"
LOG = "server.log"
USERS = "users"


@dataclass(frozen=True)
class Task:
    """What a warden is told.

    Args:
        cluster: the cluster's folder.
        postgres: the program.
        settings: `name=value`, for the server.
        environment: the server's.
        user: the numbers of the account and group that the server runs as; None for our own.
        boot: which boot of the machine this is.
        memory: the server's folder in memory, removed when it stops.
        socket: the folder of its private socket.
    """

    cluster: str
    postgres: str
    settings: list[str]
    environment: dict[str, str]
    user: list[int] | None
    boot: str
    memory: str | None
    socket: str | None


def main() -> None:
    """Read a task, answer in one line, and stay until nobody needs the server."""
    task = Task(**json.loads(sys.stdin.read()))
    answer = _detach()
    lock = take_lock(Path(task.cluster) / WARDEN_LOCK, seconds=LOCK_SECONDS)
    if lock is None:
        _answer(answer, _failure("another warden does not let go of the cluster"))
        return
    try:
        _serve(task, lambda said: _answer(answer, said))
    except ServerFailed as error:
        _answer(answer, _failure(str(error), error.log, ended=error.ended))
    except Exception as error:
        _answer(answer, _failure(f"its warden failed: {error!r}"))
        raise
    finally:
        lock.release()


def _failure(reason: str, log: list[str] | None = None, *, ended: bool = False) -> dict[str, Any]:
    return {"failed": reason, "log": log or [], "ended": ended}


def _detach() -> IO[str]:
    """Leave the run that started us: its process group, its terminal, its standard streams."""
    if sys.platform != "win32":
        if os.fork():
            os._exit(0)  # whoever started us waits for this one, and has no child left
        os.setsid()
    answer = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)
    os.close(nothing)
    os.chdir(os.sep)
    return answer


def _answer(stream: IO[str], said: dict[str, Any]) -> None:
    """Say one line to who started us; it may be dead by now, which the watch will find."""
    if stream.closed:
        return
    with contextlib.suppress(BrokenPipeError):
        stream.write(json.dumps(said) + "\n")
        stream.close()


def _serve(task: Task, answer: Callable[[dict[str, Any]], None]) -> None:
    cluster = Path(task.cluster)
    ordered = _orders()
    command = ServerCommand(task.postgres, cluster / DATA, task.settings, task.environment, task.user)
    (cluster / LOG).unlink(missing_ok=True)
    (cluster / LOG).touch(mode=0o600)
    with (cluster / LOG).open("ab") as log:
        server = start_server(command, log)
    state = ClusterState(
        running=True,
        boot=task.boot,
        since=time.time(),
        port=server.port,
        warden=os.getpid(),
        postgres=server.process.pid,
        memory=task.memory,
    )
    guard: FileLock | None = None
    try:
        write_state(cluster / STATE, state)
        answer(asdict(state))
        guard = _watch(cluster, server, ordered)
    finally:
        _finish(cluster, server, state)
        if guard is not None:
            guard.release()


def _orders() -> list[int]:
    """Take note of orders to stop, and never die of one: the server has to be stopped first."""
    ordered: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        del frame
        ordered.append(number)

    for name in ("SIGTERM", "SIGHUP", "SIGINT"):
        if (number := getattr(signal, name, None)) is not None:
            signal.signal(number, note)
    return ordered


def _watch(cluster: Path, server: ServerProcess, ordered: list[int]) -> FileLock | None:
    """Stay until the server ends, an order comes, or nobody uses it; then return the start lock, held.

    Who wants to join holds the start lock, and is a user before it lets go: nobody is turned away while we
    stop.
    """
    while server.process.poll() is None and not ordered:
        if not has_users(cluster):
            guard = try_lock(cluster / START_LOCK)
            if guard is not None:
                if not has_users(cluster, sweep=True):
                    return guard
                guard.release()
        time.sleep(WATCH_SECONDS)
    return None


def has_users(cluster: Path, *, sweep: bool = False) -> bool:
    """Whether any process uses a cluster.

    Args:
        cluster: the cluster's folder.
        sweep: remove the files of users that died; only under the start lock, where nobody is just joining.
    """
    folder = cluster / USERS
    try:
        names = os.listdir(folder)  # noqa: PTH208  # half the price of iterdir, and called 25 times a second
    except FileNotFoundError:
        return False
    for name in names:
        if is_held(folder / name):
            return True
        if sweep:
            (folder / name).unlink(missing_ok=True)
    return False


def _finish(cluster: Path, server: ServerProcess, state: ClusterState) -> None:
    """Stop the server and take note of how that went; what it had in memory goes only after a clean end."""
    server.stop()
    if not has_ended_well(cluster / DATA):
        return
    if state.memory is not None:
        shutil.rmtree(state.memory, ignore_errors=True)
    write_state(cluster / STATE, ClusterState(running=False, boot=state.boot, since=time.time()))


if __name__ == "__main__":
    main()
