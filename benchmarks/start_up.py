"""What the plugin adds to the start of pytest, and how soon the second run of a suite is at its first test.

    python -m benchmarks.start_up [--json] [--runs 40] [--rounds 3]

`startup_ms_over_pytest_postgresql`: a suite of one empty test with pytest-postgresql and this plugin, less
the same with pytest-postgresql alone; the difference of medians, of runs in turn, in milliseconds.

`second_run_over_first`: the time from the command to the body of the first test of `examples/makerkit` with
50 users, when all is cached, over the same from an empty cache folder; medians of both.

Other plugins that happen to be installed are not loaded: what they import would hide what this one does.
Modules are compiled beforehand, into a folder of the benchmark's own, as they are where pip installed them.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

RUNS = 40
ROUNDS = 3
LATER = 5
"""Runs after each first one."""
EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "makerkit"
USERS = 50
PROBE = "first_test_probe"

_ALONE = ("-p", "pytest_postgresql.plugin")
_BOTH = (*_ALONE, "-p", "pytest_supaseed.plugin")
_ONE_TEST = "def test_nothing():\n    assert True\n"
_PROBE = """
import os, time
import pytest

@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    del items[1:]

@pytest.hookimpl(tryfirst=True)
def pytest_runtest_call(item):
    with open(os.environ["FIRST_TEST_FILE"], "w") as file:
        file.write(str(time.time()))
"""
"""Written at the body of the first test; all are collected, and one is run."""


@dataclass(frozen=True)
class StartUp:
    """A suite of one empty test: medians, in milliseconds, with pytest-postgresql alone and with both."""

    alone_ms: float
    both_ms: float

    @property
    def added_ms(self) -> float:
        """What the second plugin adds."""
        return self.both_ms - self.alone_ms


@dataclass(frozen=True)
class FirstTest:
    """From the command to the first test: medians, in seconds, of first runs and of those after them."""

    first_seconds: float
    later_seconds: float

    @property
    def ratio(self) -> float:
        """Later runs over first ones."""
        return self.later_seconds / self.first_seconds


def startup_ms_over_pytest_postgresql(runs: int = RUNS) -> float:
    """Return what the plugin adds to the start of a suite that does not use it, in milliseconds."""
    return start_up(runs).added_ms


def second_run_over_first(rounds: int = ROUNDS, later: int = LATER) -> float:
    """Return the time to the first test, when all is cached, over that of a first run."""
    return first_test(rounds, later).ratio


def start_up(runs: int) -> StartUp:
    """Run the empty suite with and without this plugin, in turn, so many times each."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        suite = folder / "suite"
        suite.mkdir()
        (suite / "test_nothing.py").write_text(_ONE_TEST)
        environment = _environment(folder)
        took: dict[tuple[str, ...], list[float]] = {_ALONE: [], _BOTH: []}
        for number in range(runs + 1):
            for plugins in (_ALONE, _BOTH) if number % 2 else (_BOTH, _ALONE):
                begun = time.perf_counter()
                _pytest(plugins, suite, environment)
                took[plugins].append(1000 * (time.perf_counter() - begun))
    return StartUp(*(median(took[plugins][1:]) for plugins in (_ALONE, _BOTH)))  # the first one compiles


def first_test(rounds: int, later: int) -> FirstTest:
    """Run the example from an empty cache folder, and then again; all of it `rounds` times.

    Args:
        rounds: how many first runs.
        later: how many runs after each of them.
    """
    first, others = [], []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)  # the server's account, where root runs this, has to pass
        (folder / f"{PROBE}.py").write_text(_PROBE)
        _seconds_to_first_test(folder, "compiling")
        for number in range(rounds):
            found = [_seconds_to_first_test(folder, f"cache-{number}") for _ in range(later + 1)]
            first.append(found[0])
            others += found[1:]
    return FirstTest(median(first), median(others))


def _seconds_to_first_test(folder: Path, cache: str) -> float:
    target = folder / "first"
    target.unlink(missing_ok=True)
    environment = {
        **_environment(folder),
        "SUPASEED_CACHE_DIR": str(folder / cache),
        "FIRST_TEST_FILE": str(target),
        "PYTHONPATH": str(folder),
    }
    begun = time.time()
    _pytest((*_BOTH, "-p", PROBE, "-q", f"--supaseed-users={USERS}"), EXAMPLE, environment)
    return float(target.read_text()) - begun


def _environment(folder: Path) -> dict[str, str]:
    """Ours, with bytecode in the folder, and without what would change a run."""
    ours = ("SUPASEED_", "PYTEST_", "PYTHON")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {**kept, "PYTHONPYCACHEPREFIX": str(folder / "bytecode"), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}


def _pytest(arguments: Sequence[str], suite: Path, environment: dict[str, str]) -> None:
    """Run a suite.

    Raises:
        RuntimeError: its tests did not pass.
    """
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments]
    done = subprocess.run(command, cwd=suite, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"the tests did not pass:\n{done.stdout[-4000:]}{done.stderr[-2000:]}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.start_up", description=__doc__.split("\n")[0])
    parser.add_argument("--runs", type=int, default=RUNS, help="runs of the empty suite, with and without")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="first runs of the example")
    parser.add_argument("--later", type=int, default=LATER, help="runs after each first one")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    asked = parser.parse_args(arguments)
    start, test = start_up(asked.runs), first_test(asked.rounds, asked.later)
    found = {
        "startup_ms_over_pytest_postgresql": round(start.added_ms, 1),
        "second_run_over_first": round(test.ratio, 3),
        "pytest_postgresql_alone_ms": round(start.alone_ms, 1),
        "both_plugins_ms": round(start.both_ms, 1),
        "first_run_seconds": round(test.first_seconds, 3),
        "second_run_seconds": round(test.later_seconds, 3),
    }
    if asked.json:
        print(json.dumps(found))
    else:
        print("\n".join(f"{name:>34}  {value}" for name, value in found.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
