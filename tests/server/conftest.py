"""What the tests of servers of our own share: a folder that any account can reach, and users as processes."""

from __future__ import annotations

import json
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from cluster_processes import ClusterUser, as_account, ends, interpreter

from pytest_supaseed.server.binaries import Binaries, find_embedded, find_local
from pytest_supaseed.server.clusters import running_cluster

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

SCRIPT = Path(__file__).with_name("cluster_user.py")


@pytest.fixture(scope="session")
def binaries() -> Binaries:
    """Some Postgres that can be run here."""
    found = find_embedded().found or find_local().found
    if found is None:
        pytest.skip("no Postgres binaries on this machine")
    return found


@pytest.fixture
def cache() -> Iterator[Path]:
    """A cache folder that the server's account can enter, unlike `tmp_path` of root."""
    in_memory = Path("/dev/shm")  # noqa: S108  # initdb makes 1,000 files: twice as fast there
    place = (
        in_memory if os.access(in_memory, os.W_OK) and shutil.disk_usage(in_memory).free > 1 << 30 else None
    )
    folder = Path(tempfile.mkdtemp(prefix="supaseed-test-", dir=place or "/var/tmp"))  # noqa: S108
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def said() -> list[str]:
    """What `cluster` was told that it waits for."""
    return []


@pytest.fixture
def cluster(binaries: Binaries, cache: Path, said: list[str]) -> Callable[..., AbstractContextManager[Any]]:
    """`running_cluster` on the test's own cache folder."""

    def run(chosen: Binaries = binaries, **options: Any) -> AbstractContextManager[Any]:
        asked = {"cache": cache, "storage": "auto", "control_path": None, "on_wait": said.append, **options}
        return running_cluster(chosen, **asked)

    return run


@pytest.fixture
def join(cache: Path) -> Iterator[Callable[..., ClusterUser]]:
    """Start processes that use the cluster of `cache`, each under the account that is asked for."""
    users: list[ClusterUser] = []

    def start(*, folder: Path = cache, account: pwd.struct_passwd | None = None) -> ClusterUser:
        process = subprocess.Popen(
            [interpreter(account), SCRIPT, folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            **as_account(account),
        )
        user = ClusterUser(process, {})
        users.append(user)
        assert process.stdout is not None
        assert process.stderr is not None
        line = process.stdout.readline()
        assert line, process.stderr.read()
        user.facts = json.loads(line)
        return user

    yield start
    for user in users:
        user.close()
    for user in users:
        if "warden" in user.facts:
            ends(user.facts["warden"])


@pytest.fixture
def ordinary_account() -> pwd.struct_passwd:
    """An account that is neither root nor the one that root's servers run as."""
    if os.geteuid() != 0:
        pytest.skip("only root can be somebody else")
    return pwd.getpwnam("daemon")
