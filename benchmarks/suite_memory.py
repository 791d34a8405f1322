"""How much larger pytest gets by ten thousand tests that read the database, beyond the tests themselves.

    python -m benchmarks.suite_memory [--json] [--tests 10000] [--users 50]

The same parametrized tests run twice, in processes of their own: once with `supaseed_db`, counting and
reading rows, and once without it. The resident set is read after ten tests and after all of them.
`growth_mib_10k_tests` is the growth with the fixture less that without, in MiB, however many tests there are.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.bench_database import SEVEN_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Sequence

FIRST = 10
"""Tests after which the memory is read for the first time: all that is loaded once is loaded then."""

_CONFTEST = """
import os

import psutil

SEEN = []


def pytest_runtest_logfinish(nodeid, location):
    SEEN.append(None)
    if len(SEEN) in (int(os.environ["BENCH_FIRST"]), int(os.environ["BENCH_TESTS"])):
        with open(os.environ["BENCH_FILE"], "a") as file:
            file.write(f"{psutil.Process().memory_info().rss}\\n")
"""
_WITH = """
import os

import pytest


@pytest.mark.parametrize("number", range(int(os.environ["BENCH_TESTS"])))
def test_reads(supaseed_db, number):
    assert supaseed_db.count("people") == int(os.environ["BENCH_USERS"])
    assert len(list(supaseed_db.rows("posts"))) > number % 2
"""
_WITHOUT = """
import os

import pytest


@pytest.mark.parametrize("number", range(int(os.environ["BENCH_TESTS"])))
def test_reads(number):
    assert number >= 0
"""


def growth(test: str, asked: argparse.Namespace) -> float:
    """The growth, in MiB, from the tenth test to the last one.

    Raises:
        RuntimeError: the tests did not pass.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "conftest.py").write_text(_CONFTEST)
        (folder / "test_reads.py").write_text(test)
        (folder / "schema.sql").write_text(SEVEN_COLUMNS.read_text())
        rows = f"rows = {{ people = {asked.users}, posts = {asked.users} }}"
        (folder / "pyproject.toml").write_text(
            f'[tool.pytest.ini_options]\n[tool.supaseed]\nschema = "schema.sql"\n{rows}\n'.replace(
                "\\\n", "\n"
            )
        )
        environment = {
            **os.environ,
            "BENCH_FIRST": str(min(FIRST, asked.tests // 2)),
            "BENCH_TESTS": str(asked.tests),
            "BENCH_USERS": str(asked.users),
            "BENCH_FILE": str(folder / "memory"),
        }
        if asked.url:
            environment["SUPASEED_URL"] = asked.url
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(f"the tests did not pass:\n{done.stdout[-4000:]}{done.stderr[-2000:]}")
        first, last = map(int, (folder / "memory").read_text().split())
    return (last - first) / (1 << 20)


def measure(asked: argparse.Namespace) -> dict[str, Any]:
    """The growth beyond that of the bare suite, and both."""
    with_fixture, bare = growth(_WITH, asked), growth(_WITHOUT, asked)
    return {
        "growth_mib_10k_tests": round(with_fixture - bare, 2),
        "tests": asked.tests,
        "with_fixture_mib": round(with_fixture, 2),
        "bare_mib": round(bare, 2),
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.suite_memory", description=__doc__.split("\n")[0]
    )
    parser.add_argument("--tests", type=int, default=10_000, help="how many tests")
    parser.add_argument("--users", type=int, default=50, help="rows of each of two tables")
    parser.add_argument("--url", help="a server to measure on; the plugin's own one when not given")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    asked = parser.parse_args(arguments)
    found = measure(asked)
    if asked.json:
        print(json.dumps(found))
    else:
        print("\n".join(f"{name:>22}  {value}" for name, value in found.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
