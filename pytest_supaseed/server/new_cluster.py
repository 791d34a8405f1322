"""A cluster made by initdb: whole or not at all, with logins that only its owner knows."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from pytest_supaseed.errors import EndpointError
from pytest_supaseed.server.cluster_state import ClusterState, write_state
from pytest_supaseed.server.own_folders import OPEN_TO_PASS, own_folder, unusable_folder
from pytest_supaseed.server.server_settings import initdb_arguments
from pytest_supaseed.server.warden import DATA, STATE

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_supaseed.server.binaries import Binaries
    from pytest_supaseed.server.server_user import ServerUser

SUPERUSER = "supabase_admin"
INITDB_SECONDS = 300
HALF_MADE = "making-"
DISCARDED = "discarded-"
LOGINS = "logins.json"


@dataclass(frozen=True, repr=False)
class Logins:
    """The passwords of a cluster."""

    superuser: str
    owner: str


def read_logins(cluster: Path) -> Logins | None:
    """Return a cluster's passwords; None where they are missing, garbled, or not ours alone."""
    path = cluster / LOGINS
    try:
        facts = path.stat()
        if sys.platform != "win32" and (facts.st_uid != os.geteuid() or facts.st_mode & 0o077):
            return None
        return Logins(**json.loads(path.read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def make_cluster(cluster: Path, binaries: Binaries, user: ServerUser | None, *, boot: str) -> None:
    """Make a cluster's data and logins in its folder.

    Call it under the cluster's start lock, with no data there.

    Args:
        cluster: the folder.
        binaries: whose `initdb` is run.
        user: the server's account, which the data will belong to; None for our own.
        boot: the boot of the machine that this happens in.

    Raises:
        EndpointError: the folder is full or read-only, or initdb failed; nothing half-made is left.
    """
    half = cluster / f"{HALF_MADE}{secrets.token_hex(6)}"
    logins = random_logins()
    try:
        own_folder(half, OPEN_TO_PASS)
        _run_initdb(half, binaries, user, logins.superuser)
        put_cluster(cluster, half / DATA, logins, boot=boot)
    except OSError as error:
        raise unusable_folder(cluster, error) from error
    finally:
        shutil.rmtree(half, ignore_errors=True)


def random_logins() -> Logins:
    """Return passwords that nobody has had before."""
    return Logins(secrets.token_urlsafe(24), secrets.token_urlsafe(24))


def put_cluster(cluster: Path, data: Path, logins: Logins, *, boot: str) -> None:
    """Put a cluster's data in its place, in that of what is there; under the locks that keep it at rest.

    Args:
        cluster: the folder.
        data: whole, in the same file system.
        logins: the passwords that it has.
        boot: the boot of the machine that this happens in.

    Raises:
        OSError: the folder is full or read-only.
    """
    discarded = _set_aside(cluster)
    _write_private(cluster / LOGINS, json.dumps(asdict(logins)))
    write_state(cluster / STATE, ClusterState(running=False, boot=boot, since=time.time()))
    data.rename(cluster / DATA)
    shutil.rmtree(discarded, ignore_errors=True)


def discard_cluster(cluster: Path) -> None:
    """Remove a cluster's data and logins, and whatever an interrupted run left half-made or half-removed."""
    try:
        _set_aside(cluster)
    except OSError as error:
        raise unusable_folder(cluster, error) from error
    sweep_leftovers(cluster)


def _set_aside(cluster: Path) -> Path:
    """Move a cluster's data away, if there is any, and forget its logins; return where the data is."""
    data, discarded = cluster / DATA, cluster / f"{DISCARDED}{secrets.token_hex(6)}"
    if data.exists() or data.is_symlink():
        data.rename(discarded)
    (cluster / LOGINS).unlink(missing_ok=True)
    (cluster / STATE).unlink(missing_ok=True)
    return discarded


def sweep_leftovers(cluster: Path) -> None:
    """Remove what an interrupted run left half-made or half-removed."""
    for pattern in (f"{HALF_MADE}*", f"{DISCARDED}*"):
        for path in cluster.glob(pattern):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)


def _run_initdb(half: Path, binaries: Binaries, user: ServerUser | None, password: str) -> None:
    data, secret = half / DATA, half / "password"
    data.mkdir(mode=0o700)
    _write_private(secret, password)
    if user is not None:
        for path in (data, secret):
            os.chown(path, user.uid, user.gid)
    arguments = [
        str(binaries.initdb),
        f"--pgdata={data}",
        f"--username={SUPERUSER}",
        f"--pwfile={secret}",
        *initdb_arguments(binaries.major),
    ]
    try:
        done = subprocess.run(
            arguments,
            cwd=half,
            env=server_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=INITDB_SECONDS,
            check=False,
            **(user.process_arguments() if user else {}),
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _initdb_failed(binaries, str(error)) from error
    if done.returncode != 0:
        raise _initdb_failed(binaries, done.stderr.strip() or done.stdout.strip())


def server_environment() -> dict[str, str]:
    """Return our environment without what would change a server: variables of libpq, the language."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_"))}
    return {**kept, "LC_ALL": "C", "LANG": "C"}


def _initdb_failed(binaries: Binaries, said: str) -> EndpointError:
    lines = said.splitlines()[-8:]
    remedies = ["use a server that runs already: --supaseed-url"]
    if "No space left" in said:
        remedies.insert(0, "make room, or name another folder: --supaseed-cache-dir=FOLDER")
    if "could not look up effective user" in said:
        remedies.insert(0, "run as an account that /etc/passwd names: Postgres asks for its name")
    return EndpointError(
        f"initdb of {binaries.title} failed, so there is no server.",
        looked_at=[str(binaries.initdb), *lines],
        remedies=remedies,
    )


def _write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, at no moment anybody else."""
    path.unlink(missing_ok=True)
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(file, "w", encoding="utf-8") as stream:
        stream.write(text)
