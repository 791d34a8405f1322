"""How a cluster is brought up: made where it is missing, thrown away where it is not sound, and started."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal, cast

from pytest_supaseed.errors import EndpointError
from pytest_supaseed.server.cluster_state import (
    ClusterState,
    boot_identity,
    booted_at,
    distrust,
    read_state,
)
from pytest_supaseed.server.file_locks import is_held
from pytest_supaseed.server.memory_tablespace import memory_folder, restore_folder, sweep_memory
from pytest_supaseed.server.new_cluster import (
    discard_cluster,
    make_cluster,
    read_logins,
    server_environment,
    sweep_leftovers,
)
from pytest_supaseed.server.warden import DATA, LOG, STATE, WARDEN_LOCK, Task

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_supaseed.server.binaries import Binaries
    from pytest_supaseed.server.server_user import ServerUser

ANSWER_SECONDS = 180.0
PREPARED = "prepared"
"""Names the start of the server that was last made ready for use."""
NOT_CORRUPTION = (
    "No space left on device",
    "could not bind",
    "Permission denied",
    "Operation not permitted",
    "Read-only file system",
    "could not create shared memory",
    "could not create semaphores",
    "Cannot allocate memory",
    "out of memory",
    "Too many open files",
    "unrecognized configuration parameter",
    "cannot be run",
    "error while loading shared libraries",
)
"""What a log says when the cluster is sound and something around it is not: making it anew would not help."""

if sys.platform == "win32":
    _running_wardens: list[subprocess.Popen[str]] = []  # kept from being collected while they run


@dataclass(frozen=True)
class ClusterPlace:
    """A cluster as a value: where it is, and what it is run with.

    Args:
        folder: holds its data, locks, logins and log.
        binaries: what the server's account can run.
        user: the server's account; None for our own.
        settings: `name=value`.
        socket: the folder of its private socket.
        storage: whether databases of tests may be in memory.
    """

    folder: Path
    binaries: Binaries
    user: ServerUser | None
    settings: tuple[str, ...]
    socket: Path | None
    storage: Literal["auto", "disk", "memory"]


class ClusterBroken(Exception):  # noqa: N818  # caught where a cluster is brought up
    """A cluster does not work.

    Args:
        reason: why.
        said: the last lines of what its server said.
        by_server: whether it was the server that gave up.
    """

    def __init__(self, reason: str, said: list[str], *, by_server: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.said = said
        self.by_server = by_server

    @property
    def is_corruption(self) -> bool:
        """Whether making the cluster anew can help."""
        text = "\n".join([self.reason, *self.said])
        return self.by_server and not any(words in text for words in NOT_CORRUPTION)


def bring_up(
    place: ClusterPlace,
    ready: Callable[[ClusterState], None],
    joined: Callable[[ClusterState], None],
    on_wait: Callable[[str], None],
    meanwhile: Callable[[], object] | None = None,
) -> tuple[ClusterState, tuple[str, ...]]:
    """Return the state of the server, started if need be, and notes on what was done.

    Call it under the start lock, as a user of the cluster.

    Args:
        place: the cluster.
        ready: called with a server that has just been started; raises ClusterBroken where it does not answer.
        joined: called with one that ran already, which may be out of reach from here.
        on_wait: told what takes long.
        meanwhile: called while a server starts, which takes 80 ms; imports `psycopg` when not given.

    Raises:
        EndpointError: there is no server to be had, not even from a new cluster.
    """
    state = _running(place.folder)
    if state is not None and _is_prepared(place.folder, state):
        joined(state)
        return state, ()
    if state is not None:
        _end_warden(place.folder)  # whoever started it died before it was ready
    notes = []
    reason = _reason_to_discard(place.folder)
    try:
        if reason is None:
            return _start(place, ready, meanwhile), ()
    except ClusterBroken as error:
        if not error.is_corruption:
            raise _did_not_start(place, error) from error
        reason = f"its server did not start: {_gist(error)}"
    if reason:
        notes.append(f"its cluster was made anew: {reason}")
        on_wait(f"The cached cluster of {place.binaries.title} is thrown away and made anew: {reason}.")
    _end_warden(place.folder)
    discard_cluster(place.folder)
    make_cluster(place.folder, place.binaries, place.user, boot=boot_identity())
    try:
        return _start(place, ready, meanwhile), tuple(notes)
    except ClusterBroken as error:
        _end_warden(place.folder)
        discard_cluster(place.folder)
        raise _did_not_start(place, error) from error


def _running(folder: Path) -> ClusterState | None:
    """The state of a server that runs; one that is just being started by a run that died is waited for."""
    deadline = time.monotonic() + ANSWER_SECONDS
    while is_held(folder / WARDEN_LOCK):
        state = read_state(folder / STATE)
        if state is not None and state.running and _is_alive(state.warden):
            return state
        if time.monotonic() > deadline:
            raise EndpointError(
                f"Another process holds {folder} and starts no server.",
                looked_at=[str(folder / WARDEN_LOCK)],
                remedies=["end it", "name another folder with --supaseed-cache-dir"],
            )
        time.sleep(0.005)
    return None


def _is_alive(pid: int) -> bool:
    """Whether there is such a process: the state may be an earlier warden's, which was killed."""
    if sys.platform == "win32":
        import psutil

        return psutil.pid_exists(pid)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _is_prepared(folder: Path, state: ClusterState) -> bool:
    try:
        return (folder / PREPARED).read_text(encoding="utf-8") == state.token
    except FileNotFoundError:
        return False


def _reason_to_discard(folder: Path) -> str | None:
    """Why there has to be a new cluster: empty where there is none yet; None where there is a good one."""
    if not (folder / DATA).is_dir():
        return ""
    if read_logins(folder) is None:
        return "its passwords are missing"
    return distrust(read_state(folder / STATE), boot=boot_identity(), booted_at=booted_at())


def _start(
    place: ClusterPlace, ready: Callable[[ClusterState], None], meanwhile: Callable[[], object] | None
) -> ClusterState:
    sweep_leftovers(place.folder)
    before = read_state(place.folder / STATE)
    if before is not None and before.running and before.memory is not None:
        restore_folder(Path(before.memory), place.folder, place.user)
    memory = memory_folder(place.folder, place.user, place.storage)
    try:
        state = _run_warden(place, memory, meanwhile or _load_driver)
        ready(state)
        (place.folder / PREPARED).write_text(state.token, encoding="utf-8")
    except BaseException:
        if memory is not None and not is_held(place.folder / WARDEN_LOCK):
            shutil.rmtree(memory, ignore_errors=True)
        raise
    sweep_memory(place.folder, kept=memory)
    return state


def _load_driver() -> None:
    """Import what speaks to the server: 100 ms, in which it starts."""
    import psycopg  # noqa: F401


def _run_warden(place: ClusterPlace, memory: Path | None, meanwhile: Callable[[], object]) -> ClusterState:
    task = Task(
        cluster=str(place.folder),
        postgres=str(place.binaries.postgres),
        settings=list(place.settings),
        environment=server_environment(),
        user=None if place.user is None else [place.user.uid, place.user.gid],
        boot=boot_identity(),
        memory=None if memory is None else str(memory),
        socket=None if place.socket is None else str(place.socket),
    )
    said = _answer(_spawn_warden(), json.dumps(asdict(task)), meanwhile)
    if "failed" in said:
        raise ClusterBroken(said["failed"], said["log"], by_server=said["ended"])
    return ClusterState(**said)


def _spawn_warden() -> subprocess.Popen[str]:
    """Start it with the same interpreter, deaf to the environment; what it imports is this very package."""
    root = str(Path(__file__).parents[2])
    code = "import sys; sys.path.append(sys.argv[1]); from pytest_supaseed.server.warden import main; main()"
    flags = 0
    if sys.platform == "win32":
        flags = subprocess.DETACHED_PROCESS | subprocess.CREATE_NEW_PROCESS_GROUP
    return subprocess.Popen(
        [sys.executable, "-I", "-c", code, root],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        creationflags=flags,
    )


def _answer(warden: subprocess.Popen[str], task: str, meanwhile: Callable[[], object]) -> dict[str, Any]:
    """Hand over the task, get ready for the answer while the warden starts, and read it."""
    to_warden, from_warden, complaints = (
        cast("IO[str]", stream) for stream in (warden.stdin, warden.stdout, warden.stderr)
    )
    with from_warden, complaints:
        with suppress(BrokenPipeError), to_warden:  # if it died, what it said comes next
            to_warden.write(task)
        meanwhile()
        line = from_warden.readline()
        said: dict[str, Any] = json.loads(line) if line else _no_answer(complaints.read())
    if sys.platform == "win32":
        _running_wardens.append(warden)
    else:
        warden.wait()  # it left us at once, and lives on as nobody's child
    return said


def _no_answer(complaints: str) -> dict[str, Any]:
    last = complaints.strip().splitlines()[-5:]
    return {"failed": f"its warden, run by {sys.executable}, gave no answer", "log": last, "ended": False}


def _end_warden(folder: Path) -> None:
    """End the server of a cluster that does not work, and wait for it."""
    import psutil

    state = read_state(folder / STATE)
    deadline = time.monotonic() + ANSWER_SECONDS
    if state is not None and state.running and is_held(folder / WARDEN_LOCK):
        try:
            psutil.Process(state.warden).terminate()
        except psutil.NoSuchProcess:
            return
    while is_held(folder / WARDEN_LOCK) and time.monotonic() < deadline:
        time.sleep(0.005)


def _gist(error: ClusterBroken) -> str:
    telling = [line for line in error.said if "FATAL" in line or "PANIC" in line]
    return (telling or [error.reason])[-1].strip()


def _did_not_start(place: ClusterPlace, error: ClusterBroken) -> EndpointError:
    text = "\n".join([error.reason, *error.said])
    remedies = ["use a server that runs already: --supaseed-url"]
    if "No space left" in text:
        remedies.insert(0, "make room, or name another folder: --supaseed-cache-dir=FOLDER")
    elif "Permission denied" in text or "Operation not permitted" in text:
        remedies.insert(0, "name a folder that the server may use: --supaseed-cache-dir=FOLDER")
    return EndpointError(
        f"The server of {place.binaries.title} does not start: {error.reason}.",
        looked_at=[
            f"cluster {place.folder}",
            f"log {place.folder / LOG}, its last lines:",
            *(f"  {line}" for line in error.said),
        ],
        remedies=remedies,
    )
