"""Runs that end before their time, by Ctrl-C or kill -9: nothing half made is kept, the next run passes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import psycopg
import pytest
from inner_project import SCHEMA, TIMEOUT, InnerProject

from pytest_supaseed.server.databases import maintenance_connection

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_supaseed.server.endpoint import Endpoint

MANY = 500_000
"""Users, each with a book: enough that no machine has seeded them before the signal comes."""

SECONDS_TO_END = 10
"""After Ctrl-C a run is over within this; it takes a second, and more on a busy machine."""

LISTENING = """
import signal, sys, pytest
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.exit(pytest.main(sys.argv[1:]))
"""
"""Runs pytest so that it hears Ctrl-C, which whatever a shell starts in the background does not."""

SLOW = """
create function public.linger() returns trigger language plpgsql as
$$ begin perform pg_sleep(0.001); return new; end $$;
create trigger linger before insert on public.users for each row execute function public.linger();
"""
"""A trigger that makes seeding slow, at whatever speed the machine copies rows."""


@pytest.fixture
def project(
    pytester: pytest.Pytester, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> Iterator[InnerProject]:
    """A project whose seeding takes minutes, if it is let."""
    made = InnerProject(pytester, endpoint, monkeypatch)
    made.write("schema.sql", f"-- {pytester.path}\n{SCHEMA}{SLOW}")
    made.write("test_rows.py", "def test_rows(supaseed_db):\n    assert supaseed_db.count('users') == 5\n")
    yield made
    made.forget()


@pytest.fixture
def seeding(project: InnerProject) -> Iterator[subprocess.Popen[bytes]]:
    """A run of the project that is in the middle of seeding: rows are on their way to the server.

    Coverage does not measure it: an interrupt that falls into its own code locks it out for good.
    """
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    arguments = [sys.executable, "-c", LISTENING, "-p", "watch", f"--supaseed-users={MANY}"]
    with (project.pytester.path / "printed.txt").open("wb") as printed:
        process = subprocess.Popen(
            arguments,
            cwd=project.pytester.path,
            stdout=printed,
            stderr=subprocess.STDOUT,
            env=environment,
        )
    try:
        wait_for_copy(project, process)
        yield process
    finally:
        process.kill()
        process.wait()


def wait_for_copy(project: InnerProject, process: subprocess.Popen[bytes]) -> None:
    """Wait until one of the project's databases is being filled."""
    deadline = time.monotonic() + TIMEOUT
    with maintenance_connection(project.endpoint) as connection:
        while time.monotonic() < deadline and process.poll() is None:
            prefixes = [f"{prefix}%" for prefix in project.read("runs.txt")]
            if connection.execute(
                "select 1 from pg_stat_activity where datname like any(%s) and state = 'active'"
                " and query ilike 'copy%%'",
                (prefixes,),
            ).fetchone():
                return
            time.sleep(0.05)
    raise AssertionError("\n".join(["no seeding was seen; the run printed:", *project.read("printed.txt")]))


def wait_until_alone(project: InnerProject) -> None:
    """Wait until the server has noticed that the killed process is gone."""
    deadline = time.monotonic() + SECONDS_TO_END
    query = "select 1 from pg_stat_activity where datname = 'supaseed_registry' and pid = any(%s)"
    pids = backends(project)
    with maintenance_connection(project.endpoint) as connection:
        while connection.execute(query, (pids,)).fetchone():
            assert time.monotonic() < deadline, "the killed run's connections are still there"
            time.sleep(0.05)


def backends(project: InnerProject) -> list[int]:
    """Return the backends that hold the locks of this project's runs."""
    numbers = [int(prefix.split("_")[2], 16) for prefix in project.read("runs.txt")]
    with psycopg.connect(project.endpoint.conninfo()) as connection:
        found = connection.execute(
            "select pid from pg_locks where locktype = 'advisory' and objid = any(%s::bigint[]::oid[])",
            (numbers,),
        )
        return [pid for (pid,) in found]


def test_ctrl_c_while_seeding(project: InnerProject, seeding: subprocess.Popen[bytes]) -> None:
    """The run ends at once, says no more than pytest does, and leaves neither a database nor a dataset."""
    begun = time.monotonic()
    seeding.send_signal(signal.SIGINT)
    seeding.wait(timeout=TIMEOUT)
    printed = "\n".join(project.read("printed.txt"))
    assert time.monotonic() - begun < SECONDS_TO_END
    assert seeding.returncode == pytest.ExitCode.INTERRUPTED, printed
    assert "KeyboardInterrupt" in printed
    assert "Traceback" not in printed
    assert project.databases_left() == []
    assert len(project.templates_left()) == 1, "the schema is whole and stays, the dataset is not"
    assert "rows, built (" in project.passes("--supaseed-users=5", passed=1)


def test_kill_while_seeding(project: InnerProject, seeding: subprocess.Popen[bytes]) -> None:
    """What was killed can clean nothing up; the next run does, passes, and trusts nothing half made."""
    assert backends(project) != []
    seeding.kill()
    seeding.wait()
    wait_until_alone(project)
    killed = project.databases_left()
    assert killed != []
    project.passes("--supaseed-users=5", passed=1)
    assert len(project.read("runs.txt")) == 2


def test_a_run_that_lives_is_left_alone(project: InnerProject, seeding: subprocess.Popen[bytes]) -> None:
    """Another run beside it takes nothing from it."""
    before = project.databases_left()
    result = project.run("--supaseed-users=5")
    result.assert_outcomes(passed=1)
    assert seeding.poll() is None
    assert set(before) <= set(project.databases_left())
