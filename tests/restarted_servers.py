"""A server that is not ours, started by pg_ctl, so that a test may restart it, or crash it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psycopg
from cluster_processes import SECONDS
from own_clusters import cache_folder, some_binaries

from pytest_supaseed.server.existing import endpoint_from_url
from pytest_supaseed.server.server_user import ServerUser, choose_server_user
from pytest_supaseed.server.staged_files import reachable_binaries

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_supaseed.server.endpoint import Endpoint

LOGIN = "guest"


@dataclass(frozen=True)
class RestartedServer:
    """A server that pg_ctl runs.

    Args:
        binaries: the folder of its programs.
        folder: where its data and its log are.
        port: its port.
        user: the account that it runs as; None for this process's own.
    """

    binaries: Path
    folder: Path
    port: int
    user: ServerUser | None

    @property
    def url(self) -> str:
        """How its first login connects."""
        return f"postgresql://{LOGIN}@127.0.0.1:{self.port}/postgres"

    @property
    def endpoint(self) -> Endpoint:
        """The server, as `--supaseed-url` gives it."""
        return endpoint_from_url(self.url, source="--supaseed-url", allow_remote=False)

    def run(self, program: str, *arguments: str) -> None:
        """Run one of its programs."""
        account = {} if self.user is None else self.user.process_arguments()
        subprocess.run(
            [self.binaries / program, "-D", self.folder / "data", *arguments],
            check=True,
            stdout=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
            timeout=SECONDS,
            cwd="/",
            **account,
        )

    def start(self) -> None:
        """Start it, and wait until it answers."""
        settings = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off"
        self.run("pg_ctl", "-w", "-l", str(self.folder / "log"), "-o", settings, "start")

    def stop(self) -> None:
        """Stop it, whoever is connected."""
        self.run("pg_ctl", "-w", "-m", "fast", "stop")

    def make_standby(self) -> None:
        """Let it be a replica that hears of no primary, from its next start on."""
        (self.folder / "data" / "standby.signal").touch()

    def restart(self) -> None:
        """Restart it, whoever is connected."""
        self.stop()
        self.start()

    def crash(self) -> None:
        """Kill one of its processes: it ends all others, and recovers; wait until it has."""
        starts = self._starts()
        with psycopg.connect(self.url) as connection:
            os.kill(connection.info.backend_pid, signal.SIGKILL)
        deadline = time.monotonic() + SECONDS
        while self._starts() == starts:
            assert time.monotonic() < deadline, (self.folder / "log").read_text()
            time.sleep(0.01)

    def _starts(self) -> int:
        return (self.folder / "log").read_text().count("ready to accept connections")


@contextmanager
def restarted_server() -> Iterator[RestartedServer]:
    """Such a server, for as long as the context lasts."""
    with cache_folder() as folder:
        user = choose_server_user()
        binaries = reachable_binaries(some_binaries(), folder, user)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        inside = folder / "server"
        inside.mkdir()
        if user is not None:
            os.chown(inside, user.uid, user.gid)
        server = RestartedServer(binaries.folder, inside, port, user)
        server.run("initdb", "-U", LOGIN, "--auth=trust", "--no-sync", "--locale=C", "--encoding=UTF8")
        server.start()
        try:
            yield server
        finally:
            server.run("pg_ctl", "-w", "-m", "immediate", "stop")
