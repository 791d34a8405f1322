"""Wall times of whole suites, from command to end: ours, pytest-postgresql's, and ours with two workers.

Every run is warm, but where there is only one: the dataset is there, the server runs, modules are compiled.
pytest-postgresql makes its template in each run, as it does. Plugins that are not measured are not loaded.
"""

from __future__ import annotations

import os
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import astuple, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from benchmarks.isolated_bodies import Tables
    from benchmarks.table_sets import TableSet
    from pytest_supaseed.server.endpoint import Endpoint

BUSY_SECONDS = 0.02
"""How long a test of the second suite keeps the client busy."""
CALIBRATED = 2_000_000
"""Rounds of the loop by which its speed is told."""

_ROOT = Path(__file__).resolve().parents[1]
_OURS = ("-p", "pytest_postgresql.plugin", "-p", "pytest_supaseed.plugin")
_THEIRS = ("-p", "pytest_postgresql.plugin")
_OUR_CONFTEST = """
import pytest


@pytest.fixture
def connection(supaseed_db):
    return supaseed_db.connection
"""
_THEIR_CONFTEST = """
import os
from pathlib import Path

import pytest
from pytest_postgresql import factories

postgresql_ready = factories.postgresql_noproc(
    host=os.environ["BENCH_HOST"],
    port=int(os.environ["BENCH_PORT"]),
    user=os.environ["BENCH_USER"],
    password=os.environ["BENCH_PASSWORD"],
    dbname=os.environ["BENCH_DATABASE"],
    load=[Path(__file__).with_name("schema.sql")],
)
postgresql = factories.postgresql("postgresql_ready")


@pytest.fixture
def connection(postgresql):
    return postgresql
"""
_MIXED = """
import os

import pytest

from benchmarks.isolated_bodies import BODIES, Tables

KINDS = ("read", "commit3", "read", "commit3", "read", "commit3", "read", "commit3", "read", "alter")
TABLES = Tables(*os.environ["BENCH_TABLES"].split())


@pytest.mark.parametrize("number", range(int(os.environ["BENCH_TESTS"])))
def test_mixed(connection, number):
    columns = "select max(attnum), (select count(*) from t01) from pg_attribute where attrelid = %s::regclass"
    found = connection.execute(columns, (TABLES.inserted,)).fetchone()
    assert found == (6, int(os.environ["BENCH_ROWS"]))
    BODIES[KINDS[number % len(KINDS)]](connection, TABLES)
"""
_PYPROJECT = """
[tool.pytest.ini_options]
filterwarnings = ["error"]

[tool.supaseed]
schema = "schema.sql"
users = 0
"""
_BUSY = """
import os

import pytest


@pytest.mark.parametrize("number", range(int(os.environ["BENCH_TESTS"])))
def test_busy(connection, number):
    counted = connection.execute("select count(*) from t01").fetchone()
    for _ in range(int(os.environ["BENCH_LOOP"])):
        pass
    connection.execute("insert into t01 (title, price, note) values ('new', 1, '')")
    connection.commit()
    assert counted == (int(os.environ["BENCH_ROWS"]),)
"""


@dataclass(frozen=True)
class Suite:
    """A folder of tests, and how pytest is started in it."""

    folder: Path
    plugins: Sequence[str]
    environment: dict[str, str] = field(repr=False)

    def seconds(self, *arguments: str) -> float:
        """From the command to its end.

        Raises:
            RuntimeError: the tests did not pass.
        """
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *self.plugins, *arguments]
        begun = time.perf_counter()
        done = subprocess.run(
            command, cwd=self.folder, env=self.environment, capture_output=True, text=True, check=False
        )
        seconds = time.perf_counter() - begun
        if done.returncode:
            raise RuntimeError(f"the tests did not pass:\n{done.stdout[-4000:]}{done.stderr[-2000:]}")
        return seconds


@dataclass(frozen=True)
class SuiteMaker:
    """Makes suites on one set of tables.

    Args:
        folder: where they are written.
        tables: the tables.
        environment: what their tests read.
    """

    folder: Path
    tables: TableSet
    environment: dict[str, str] = field(repr=False)

    def suite(self, plugins: Sequence[str], conftest: str, tests: str) -> Suite:
        """Write a suite."""
        folder = Path(tempfile.mkdtemp(dir=self.folder))
        (folder / "pyproject.toml").write_text(_PYPROJECT)
        (folder / "schema.sql").write_text(self.tables.to_sql(), encoding="utf-8")
        (folder / "conftest.py").write_text(conftest)
        (folder / "test_suite.py").write_text(tests)
        return Suite(folder, plugins, self.environment)


@contextmanager
def suite_maker(
    endpoint: Endpoint, tables: TableSet, *, worked_on: Tables, tests: int, url: str | None
) -> Iterator[SuiteMaker]:
    """A folder for suites, with an environment in which they find the server.

    Args:
        endpoint: the server.
        tables: what it holds.
        worked_on: those that tests work on.
        tests: how many tests a suite has.
        url: the server's, where it is none of ours.
    """
    with tempfile.TemporaryDirectory() as name:
        ours = ("SUPASEED_", "PYTEST_", "PYTHON")
        kept = {key: value for key, value in os.environ.items() if not key.startswith(ours)}
        places = {"SUPASEED_CACHE_DIR": os.environ.get("SUPASEED_CACHE_DIR"), "SUPASEED_URL": url}
        environment = {
            **kept,
            **{key: value for key, value in places.items() if value},
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            "PYTHONPATH": str(_ROOT),
            "PYTHONPYCACHEPREFIX": str(Path(name) / "bytecode"),
            "BENCH_HOST": endpoint.host,
            "BENCH_PORT": str(endpoint.port),
            "BENCH_USER": endpoint.user,
            "BENCH_PASSWORD": endpoint.password or "",
            "BENCH_DATABASE": f"benchmark_{secrets.token_hex(4)}",
            "BENCH_TABLES": " ".join(astuple(worked_on)),
            "BENCH_ROWS": str(tables.groups[0].rows),
            "BENCH_TESTS": str(tests),
            "BENCH_LOOP": str(loops_of(BUSY_SECONDS)),
        }
        yield SuiteMaker(Path(name), tables, environment)


def mixed_suites(maker: SuiteMaker, rounds: int) -> dict[str, float]:
    """Seconds of the mixed suite, ours and pytest-postgresql's: medians of runs in turn."""
    ours = maker.suite(_OURS, _OUR_CONFTEST, _MIXED)
    theirs = maker.suite(_THEIRS, _THEIR_CONFTEST, _MIXED)
    if rounds > 1:
        ours.seconds()
        theirs.seconds("--collect-only")
    runs = [(ours.seconds(), theirs.seconds()) for _ in range(rounds)]
    return _medians(("ours_seconds", "pytest_postgresql_seconds"), runs)


def busy_suites(maker: SuiteMaker, rounds: int) -> dict[str, float]:
    """Seconds of a suite that keeps its client busy, in one process and on two workers, in turn."""
    suite = maker.suite((*_OURS, "-p", "xdist.plugin"), _OUR_CONFTEST, _BUSY)
    if rounds > 1:
        suite.seconds("-n", "2")
    runs = [(suite.seconds("-n", "0"), suite.seconds("-n", "2")) for _ in range(rounds)]
    return _medians(("n0_seconds", "n2_seconds"), runs)


def _medians(names: tuple[str, str], runs: Sequence[tuple[float, float]]) -> dict[str, float]:
    return {
        name: round(statistics.median(seconds), 3)
        for name, seconds in zip(names, zip(*runs, strict=True), strict=True)
    }


def loops_of(seconds: float) -> int:
    """How many rounds of an empty loop take so long, undisturbed."""
    took = []
    for _ in range(5):
        begun = time.perf_counter()
        for _ in range(CALIBRATED):
            pass
        took.append(time.perf_counter() - begun)
    return round(CALIBRATED * seconds / min(took))
