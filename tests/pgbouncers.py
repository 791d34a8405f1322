"""A PgBouncer in front of this run's server, where one is installed."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from psycopg.conninfo import make_conninfo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_supaseed.server.endpoint import Endpoint

PROGRAM = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin:/usr/local/sbin")

needs_pgbouncer = pytest.mark.skipif(PROGRAM is None, reason="no pgbouncer is installed")

SETTINGS = """
[databases]
* = host={host} port={port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {listens}
unix_socket_dir =
auth_type = trust
auth_file = {folder}/users.txt
pool_mode = {mode}
default_pool_size = {size}
{user}
"""


@contextmanager
def pgbouncer(endpoint: Endpoint, mode: str, size: int = 5) -> Iterator[str]:
    """Give the connection string by which the server's login goes through a pooler.

    Args:
        endpoint: the server.
        mode: `transaction` or `session`.
        size: how many sessions it has for each login and database.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)  # as root it changes into another user, who reads them
        user = "user = nobody" if os.geteuid() == 0 else ""
        place = {"host": endpoint.host, "port": endpoint.port, "listens": port, "folder": folder}
        settings = folder / "pgbouncer.ini"
        settings.write_text(SETTINGS.format(mode=mode, size=size, user=user, **place), encoding="utf-8")
        logins = f'"{endpoint.user}" "{endpoint.password or ""}"\n'
        (folder / "users.txt").write_text(logins, encoding="utf-8")
        process = subprocess.Popen([str(PROGRAM), str(settings)], stderr=subprocess.PIPE, text=True)
        try:
            _await_port(port, process)
            yield make_conninfo(endpoint.conninfo(), host="127.0.0.1", port=port)
        finally:
            process.terminate()
            process.communicate(timeout=10)


def _await_port(port: int, process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise AssertionError(process.communicate(timeout=5)[1])
