"""Processes that use a server of ours, as tests see them."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import psutil
import psycopg
import pytest

if TYPE_CHECKING:
    import pwd
    from pathlib import Path

SECONDS = 30.0
KEPT = "supaseed_kept"
"""A database that a later run should find."""


@dataclass
class ClusterUser:
    """A process that uses a cluster until it is told to leave."""

    process: subprocess.Popen[str]
    facts: dict[str, Any]

    @property
    def conninfo(self) -> str:
        """How a superuser connects."""
        return str(self.facts["conninfo"])

    @property
    def server(self) -> psutil.Process:
        """The server's first process."""
        return psutil.Process(self.facts["postgres"])

    @property
    def warden(self) -> psutil.Process:
        """The process that watches the server."""
        return psutil.Process(self.facts["warden"])

    def leave(self) -> None:
        """Leave as a run does at its end."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        assert self.process.wait(SECONDS) == 0

    def kill(self) -> None:
        """Die at once, as by `kill -9`."""
        self.process.kill()
        self.process.wait(SECONDS)

    def close(self) -> None:
        """Let go of everything, whatever became of it."""
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            if stream is not None:
                stream.close()
        self.process.kill()
        self.process.wait(SECONDS)


def as_account(account: pwd.struct_passwd | None) -> dict[str, Any]:
    """What `subprocess` needs to run something as an account, with a home of its own."""
    if account is None:
        return {}
    return {
        "user": account.pw_uid,
        "group": account.pw_gid,
        "extra_groups": [],
        "cwd": "/",
        "env": {
            "PATH": os.environ["PATH"],
            "HOME": "/nonexistent",
            "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        },
    }


def interpreter(account: pwd.struct_passwd | None) -> str:
    """A Python of this version that an account may run."""
    if account is None:
        return sys.executable
    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    for candidate in (sys.executable, f"/usr/local/bin/{name}", f"/usr/bin/{name}"):
        if subprocess.run(["test", "-x", candidate], check=False, **as_account(account)).returncode == 0:
            return candidate
    pytest.skip(f"no {name} that an ordinary account may run")


def ends(pid: int, seconds: float = SECONDS) -> bool:
    """Wait until a process is no more; whether that happened in time."""
    deadline = time.monotonic() + seconds
    while is_running(pid) and time.monotonic() < deadline:
        time.sleep(0.01)
    return not is_running(pid)


def is_running(pid: int) -> bool:
    """Whether there is such a process, and not only what is left of one until somebody asks how it ended."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def our_processes(folder: Path) -> list[int]:
    """The servers that run on data below a folder."""
    return [
        process.pid
        for process in psutil.process_iter(["cmdline"])
        if any(
            word.startswith(str(folder)) and word.endswith("/data") for word in process.info["cmdline"] or ()
        )
    ]


def _is_data(word: str, folder: Path) -> bool:
    return word.startswith(str(folder)) and word.endswith("/data")


def only_cluster(cache: Path) -> Path:
    """The folder of the one cluster below a cache folder."""
    found = [path.parent for path in cache.glob("servers/*/state.json")]
    assert len(found) == 1
    return found[0]


def execute(conninfo: str, statement: str) -> list[tuple[Any, ...]]:
    """Run a statement; return its rows."""
    with psycopg.connect(conninfo, autocommit=True) as connection:
        cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


def databases(conninfo: str) -> set[str]:
    """The names of a server's databases."""
    return {name for (name,) in execute(conninfo, "select datname from pg_database")}
