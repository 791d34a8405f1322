"""Who runs the server: ourselves, or somebody else where we are root, whom Postgres refuses."""

from __future__ import annotations

import os
import stat
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pytest_supaseed.errors import EndpointError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

PREFERRED = ("nobody", "daemon")
"""Accounts that every system has and that own nothing. Not `postgres`: that one owns other clusters."""


@dataclass(frozen=True)
class ServerUser:
    """An account that the server runs under in our stead."""

    name: str
    uid: int
    gid: int

    def process_arguments(self) -> Mapping[str, Any]:
        """What `subprocess.Popen` needs to run as this account."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def choose_server_user() -> ServerUser | None:
    """Return who runs the server; None is this process's own account.

    Raises:
        EndpointError: we are root, and there is no other account.
    """
    if sys.platform == "win32" or os.geteuid() != 0:
        return None
    import pwd

    for name in PREFERRED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return ServerUser(entry.pw_name, entry.pw_uid, entry.pw_gid)
    others = [entry for entry in pwd.getpwall() if entry.pw_uid != 0]
    if others:
        return ServerUser(others[-1].pw_name, others[-1].pw_uid, others[-1].pw_gid)
    raise EndpointError(
        "Postgres refuses to run as root, and there is no other account to run it as.",
        looked_at=[f"the accounts {', '.join(PREFERRED)}, then any other in the password database"],
        remedies=[
            "add one: useradd --system --no-create-home postgres-tests",
            "run pytest as an ordinary user",
        ],
    )


def may_enter(path: Path, user: ServerUser) -> bool:
    """Whether an account may pass through every folder down to a path; what is not there is no obstacle."""
    real = path.resolve()
    return all(_is_open(folder, user, stat.S_IXUSR) for folder in (real, *real.parents) if folder.is_dir())


def may_run(path: Path, user: ServerUser) -> bool:
    """Whether an account may read and run a program."""
    needed = stat.S_IRUSR | stat.S_IXUSR
    return may_enter(path.parent, user) and _is_open(path.resolve(), user, needed)


def _is_open(path: Path, user: ServerUser, needed: int) -> bool:
    """Whether the mode of a file grants an account what is `needed`, in the bits of an owner."""
    facts = path.stat()
    if facts.st_uid == user.uid:
        granted = facts.st_mode
    elif facts.st_gid == user.gid:
        granted = facts.st_mode << 3
    else:
        granted = facts.st_mode << 6
    return granted & needed == needed
