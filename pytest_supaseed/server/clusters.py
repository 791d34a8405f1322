"""Servers of our own: one cluster for each version of Postgres and set of options, shared by all runs.

How a cluster lives, and why: docs/explanation/servers.md.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import sys
import time
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pytest_supaseed.errors import EndpointError
from pytest_supaseed.server.cluster_start import ClusterBroken, ClusterPlace, bring_up
from pytest_supaseed.server.file_locks import FileLock, held, is_held, take_lock
from pytest_supaseed.server.memory_tablespace import ClusterEndpoint
from pytest_supaseed.server.new_cluster import SUPERUSER, Logins, read_logins
from pytest_supaseed.server.own_folders import (
    OPEN_TO_PASS,
    home_for_servers,
    own_folder,
    unusable_folder,
)
from pytest_supaseed.server.server_settings import (
    CONTROL_PATH_SINCE,
    SETTINGS,
    server_settings,
)
from pytest_supaseed.server.server_user import ServerUser, choose_server_user
from pytest_supaseed.server.staged_files import reachable_binaries, staged_control_path
from pytest_supaseed.server.stale_clusters import remove_orphaned_homes, remove_stale_clusters
from pytest_supaseed.server.warden import START_LOCK, USERS, WARDEN_LOCK, has_users

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_supaseed.server.binaries import Binaries
    from pytest_supaseed.server.cluster_state import ClusterState
    from pytest_supaseed.server.endpoint import Endpoint

FORMAT = 1
"""Counts up when a cluster made by an older release of ours can no longer be used."""
START_SECONDS = 300.0
PATIENCE_SECONDS = 1.0
"""How long we wait for others without a word."""
STOP_SECONDS = 60.0
LOCK_SECONDS = 10.0
JOIN_ATTEMPTS = 5
LONGEST_SOCKET_PATH = 103
"""In bytes, ended by a null: macOS has 104, Linux 108."""
_SOCKET_NAME = "/.s.PGSQL.65535"


@contextmanager
def running_cluster(  # noqa: PLR0913  # where, on what, and who is told and called meanwhile
    binaries: Binaries,
    *,
    cache: Path,
    storage: Literal["auto", "disk", "memory"],
    control_path: Path | None,
    on_wait: Callable[[str], None],
    meanwhile: Callable[[], object] | None = None,
) -> Iterator[Endpoint]:
    """Give a server of ours for as long as the context lasts; who leaves last stops it, and waits for that.

    Args:
        binaries: what is run.
        cache: where clusters are kept.
        storage: `memory` insists on a tablespace in memory for databases of tests, `auto` has one where
            there is room, `disk` has none. The cluster itself is on disk.
        control_path: a folder of extensions of ours, for Postgres 18 and newer.
        on_wait: told what takes long, in a sentence.
        meanwhile: called while a server starts, which takes 80 ms; imports `psycopg` when not given.

    Raises:
        EndpointError: the folder cannot be used, or no server starts.
    """
    for _attempt in range(JOIN_ATTEMPTS):
        place, notes = cluster_place(binaries, cache, storage, control_path)
        try:
            user, endpoint = _join(place, notes, on_wait, meanwhile)
        except FileNotFoundError:
            continue  # it was removed under our feet, as by `supaseed cache clear`
        break
    else:
        raise unusable_folder(place.folder, FileNotFoundError("it is removed again and again"))
    try:
        yield endpoint
    finally:
        _leave(place.folder, user)


def cluster_place(
    binaries: Binaries,
    cache: Path,
    storage: Literal["auto", "disk", "memory"],
    control_path: Path | None,
) -> tuple[ClusterPlace, tuple[str, ...]]:
    """Return the place of the cluster that `running_cluster` would run, and notes; its folder is made."""
    user = choose_server_user()
    home, notes = home_for_servers(cache.absolute(), user)
    extensions = None
    if control_path is not None and binaries.major >= CONTROL_PATH_SINCE:
        extensions = staged_control_path(control_path, home)
    usable = reachable_binaries(binaries, home, user)
    folder = own_folder(home / _name(usable, user, extensions), OPEN_TO_PASS)
    own_folder(folder / USERS)
    socket = _socket_folder(folder, user)
    place = ClusterPlace(
        folder=folder,
        binaries=usable,
        user=user,
        settings=tuple(server_settings(usable.major, extensions, socket)),
        socket=socket,
        storage=storage,
    )
    runs_as = (f"runs as {user.name}: Postgres refuses root",) if user else ()
    return place, (*runs_as, *notes)


def _name(binaries: Binaries, user: ServerUser | None, extensions: Path | None) -> str:
    told = (FORMAT, binaries.kind, binaries.version, SETTINGS, user, extensions and extensions.name)
    return f"{binaries.kind}-{binaries.version}-{hashlib.sha256(repr(told).encode()).hexdigest()[:10]}"


def _socket_folder(folder: Path, user: ServerUser | None) -> Path | None:
    """A private folder for the server's socket, with a path that is short enough for one."""
    if sys.platform == "win32":
        return None
    inside = folder / "socket"
    if len(os.fsencode(inside)) + len(_SOCKET_NAME) > LONGEST_SOCKET_PATH:
        digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:8]
        short = Path("/tmp", f"supaseed-{os.geteuid()}-{digest}")  # noqa: S108  # its owner is checked
        inside = own_folder(short, OPEN_TO_PASS) / "socket"
    try:
        inside.mkdir(mode=0o700, exist_ok=True)
        if user is not None:
            os.chown(inside, user.uid, user.gid, follow_symlinks=False)
    except OSError as error:
        raise unusable_folder(inside, error) from error
    return inside


def _join(
    place: ClusterPlace,
    notes: tuple[str, ...],
    on_wait: Callable[[str], None],
    meanwhile: Callable[[], object] | None,
) -> tuple[FileLock, Endpoint]:
    """Become a user of the cluster, and start its server if nobody has.

    All of it under the start lock: the warden stops the server under the same lock, and not while there is a
    user.
    """
    with held(_start_lock(place, on_wait)):
        user = _become_user(place.folder)
        try:
            remove_stale_clusters(place.folder)
            remove_orphaned_homes(place.folder.parent)
            state, made = bring_up(place, partial(_prepare, place), partial(_ask, place), on_wait, meanwhile)
            endpoint = _endpoint(place, state, (*notes, *made))
        except BaseException:
            user.release(remove=True)
            raise
    return user, endpoint


def _become_user(folder: Path) -> FileLock:
    path = folder / USERS / f"{os.getpid()}-{secrets.token_hex(4)}.lock"
    lock = _take(path, LOCK_SECONDS)
    if lock is None:
        raise EndpointError(
            f"The new file {path} could not be locked.",
            remedies=["name a folder of another file system: --supaseed-cache-dir=FOLDER"],
        )
    return lock


def _start_lock(place: ClusterPlace, on_wait: Callable[[str], None]) -> FileLock:
    path = place.folder / START_LOCK
    lock = _take(path, PATIENCE_SECONDS)
    if lock is None:
        on_wait(f"Waiting for another run that starts or stops {place.binaries.title}.")
        lock = _take(path, START_SECONDS)
    if lock is None:
        raise EndpointError(
            f"Another run has been starting or stopping {place.binaries.title} for {START_SECONDS:.0f} s.",
            looked_at=[str(path)],
            remedies=["end that run", "name another folder with --supaseed-cache-dir"],
        )
    return lock


def _take(path: Path, seconds: float) -> FileLock | None:
    try:
        return take_lock(path, seconds=seconds)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise unusable_folder(path.parent, error) from error


def _prepare(place: ClusterPlace, state: ClusterState) -> None:
    """Get a server ready that has just been started."""
    import psycopg

    from pytest_supaseed.server.fresh_start import prepare_server

    try:
        prepare_server(_endpoint(place, state, ()), None if state.memory is None else Path(state.memory))
    except psycopg.Error as error:
        raise ClusterBroken(" ".join(str(error).split()), [], by_server=True) from error


def _endpoint(place: ClusterPlace, state: ClusterState, notes: tuple[str, ...]) -> ClusterEndpoint:
    logins = read_logins(place.folder) or Logins("", "")
    return ClusterEndpoint(
        kind=place.binaries.kind,
        host="127.0.0.1",
        port=state.port,
        user=SUPERUSER,
        password=logins.superuser,
        owner_password=logins.owner,
        version=place.binaries.version,
        title=place.binaries.title,
        notes=notes,
        folder=place.folder,
        memory=None if state.memory is None or place.storage == "disk" else Path(state.memory),
    )


def _ask(place: ClusterPlace, state: ClusterState) -> None:
    """Make sure that a server that runs is there for us too: it may belong to another container."""
    import psycopg

    endpoint = _endpoint(place, state, ())
    try:
        psycopg.connect(endpoint.conninfo(), connect_timeout=10).close()
    except psycopg.Error as error:
        said = " ".join(str(error).split())
        raise EndpointError(
            f"The server at {endpoint.address} runs and cannot be used from here: {said}",
            looked_at=[f"cluster {endpoint.folder}"],
            remedies=[
                "if another container uses the same cache folder, name one of your own: --supaseed-cache-dir"
            ],
        ) from error


def _leave(folder: Path, user: FileLock) -> None:
    """Stop being a user; who was the last waits until the server has stopped: nothing runs on after us."""
    user.release(remove=True)
    deadline = time.monotonic() + STOP_SECONDS
    while time.monotonic() < deadline and is_held(folder / WARDEN_LOCK) and not has_users(folder):
        time.sleep(0.005)
