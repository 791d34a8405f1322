"""Tests written for pytest-postgresql run on a server of ours, unchanged."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
from packaging.version import Version

from pytest_supaseed.server.endpoint import Endpoint
from pytest_supaseed.server.process_fixture import process_for

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CONFTEST = """
import pytest
from pytest_postgresql import factories
from pytest_supaseed.server.process_fixture import process_for

@pytest.fixture(scope="session")
def supaseed_process(supaseed_endpoint):
    return process_for(supaseed_endpoint)

@pytest.fixture(scope="session")
def postgresql_proc(supaseed_process):
    return supaseed_process

def load(**connection):
    import psycopg
    connection.pop("autocommit", None)
    with psycopg.connect(**connection) as opened:
        opened.execute("create table loaded as select 42 as answer")

loaded_proc = factories.postgresql_noproc(depends_on="supaseed_process", load=[load])
loaded = factories.postgresql("loaded_proc")
"""
TESTS = """
def test_one(postgresql):
    postgresql.execute("create table t (a int)")
    postgresql.commit()

def test_two(postgresql):
    postgresql.execute("create table t (a int)")
    postgresql.commit()

def test_loaded(loaded):
    assert loaded.execute("select answer from loaded").fetchone() == (42,)
    loaded.execute("drop table loaded")
    loaded.commit()

def test_loaded_again(loaded):
    assert loaded.execute("select answer from loaded").fetchone() == (42,)
"""


def _endpoint() -> Endpoint:
    return Endpoint(
        kind="embedded", host="127.0.0.1", port=5, user="u", password="p", version="18.6", title="a server"
    )


def test_it_has_what_pytest_postgresql_reads() -> None:
    """Each attribute, with the server's own values."""
    process = process_for(_endpoint())
    assert (process.host, process.port, process.user, process.password) == ("127.0.0.1", 5, "u", "p")
    assert (process.maintenance_dbname, process.template_dbname, process.options) == (
        "postgres",
        "template1",
        "",
    )
    assert process.version == Version("18.6")
    assert "'p'" not in repr(process)


def test_runs_that_share_a_server_do_not_meet() -> None:
    """Each process has a name of its own for its database."""
    assert process_for(_endpoint()).dbname != process_for(_endpoint()).dbname


@pytest.fixture
def project(
    pytester: pytest.Pytester, cache: Path, request: pytest.FixtureRequest
) -> Callable[[], list[str]]:
    """A project that uses pytest-postgresql on our server; returns its command line."""
    if not request.config.pluginmanager.hasplugin("supaseed"):
        pytest.skip("the plugin is not loaded")
    pytester.makeconftest(CONFTEST)
    pytester.makepyfile(TESTS)
    return lambda: [sys.executable, "-m", "pytest", "-q", f"--supaseed-cache-dir={cache}", str(pytester.path)]


def _passes(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "4 passed" in done.stdout


def test_its_tests_pass_twice_in_a_row_and_after_a_kill(
    project: Callable[[], list[str]], pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a run leaves, templates of pytest-postgresql included, never breaks the next."""
    monkeypatch.delenv("SUPASEED_URL", raising=False)
    _passes(project())
    _passes(project())

    pytester.makepyfile(
        test_hangs="import time, pathlib\n"
        "def test_hangs(postgresql, loaded):\n"
        "    pathlib.Path('hangs').touch()\n"
        "    time.sleep(60)\n"
    )
    with subprocess.Popen([*project(), "-k", "hangs"], cwd=pytester.path) as killed:
        deadline = time.monotonic() + 60
        while not (pytester.path / "hangs").exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        killed.send_signal(signal.SIGKILL)
    (pytester.path / "test_hangs.py").unlink()
    _passes(project())
