"""What it costs that each test has a database of its own, as it was made: for a test, and for whole suites.

    python -m benchmarks.isolation [--json] [--quick] [--url URL] [--rounds 60] [--large-rounds 5]

Costs are told for a test that reads, one that commits to three tables, one that commits 1,000 rows, one that
changes each row of a table, one that alters a table; with `supaseed_db` in its modes, by the cheapest clone,
by TRUNCATE and COPY, and by pytest-postgresql's fixture; on 40 tables of 500 rows and on 200 MB. All of it is
done in turns, in one run. What is in a cost and what is not: benchmarks/isolation_ways.py.

- `read_vs_clone`, `commit3_vs_clone`, `commit1000_vs_clone`, `alter_vs_clone`: the median cost of `restore`
  over that of the cheapest clone, on 40 tables; a test that alters a table finds a spare ready.
- `suite200_speedup_vs_pytest_postgresql`: the wall time of 200 tests (half of them read, 40% commit to three
  tables, 10% alter a table) with pytest-postgresql's fixture, over that with `supaseed_db`.
- `n2_over_n0`: the wall time of 200 tests that each keep the client busy for 20 ms, with `-n 2` over `-n 0`.
- `second_run_over_first`, `startup_ms_over_pytest_postgresql`: see benchmarks/start_up.py.
"""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING, Any

from benchmarks.isolated_bodies import Tables
from benchmarks.isolation_costs import measure_costs
from benchmarks.isolation_ground import open_endpoint, open_ground
from benchmarks.isolation_suites import busy_suites, mixed_suites, suite_maker
from benchmarks.start_up import second_run_over_first, startup_ms_over_pytest_postgresql
from benchmarks.table_sets import FORTY_TABLES, LARGE_TABLES, TableGroup, TableSet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_supaseed.server.endpoint import Endpoint

KINDS = ("read", "commit3", "commit1000", "alter")
SETS = {"small": FORTY_TABLES, "large": LARGE_TABLES}
QUICK_SETS = {"small": TableSet((TableGroup(4, 50), TableGroup(4, 100)))}
QUICK = {"rounds": 1, "large_rounds": 1, "tests": 10, "suite_rounds": 1}


def measure(asked: argparse.Namespace) -> dict[str, Any]:
    """All ratios, and the figures that they are of."""
    sets = QUICK_SETS if asked.quick else SETS
    rounds = {"small": asked.rounds, "large": asked.large_rounds}
    with open_endpoint(asked.url) as endpoint:
        costs = {name: _costs(endpoint, tables, rounds[name]) for name, tables in sets.items()}
        suites = _suites(endpoint, sets["small"], asked)
        server = endpoint.title
    return {
        **_ratios(costs["small"], suites),
        **({} if asked.quick else _start_up()),
        "server": server,
        "suites": suites,
        "costs": costs,
    }


def _costs(endpoint: Endpoint, tables: TableSet, rounds: int) -> dict[str, Any]:
    with open_ground(endpoint, tables) as ground:
        return measure_costs(ground, rounds)


def _suites(endpoint: Endpoint, tables: TableSet, asked: argparse.Namespace) -> dict[str, float]:
    worked_on = Tables.of(tables.names)
    with suite_maker(endpoint, tables, worked_on=worked_on, tests=asked.tests, url=asked.url) as maker:
        return {
            "tests": asked.tests,
            **mixed_suites(maker, asked.suite_rounds),
            **busy_suites(maker, asked.suite_rounds),
        }


def _ratios(costs: dict[str, Any], suites: dict[str, float]) -> dict[str, float]:
    restore, clone = costs["restore"], costs["clone"]
    over_clone = {kind: restore[kind]["median_ms"] / clone[kind]["median_ms"] for kind in KINDS}
    return {
        **{f"{kind}_vs_clone": round(ratio, 4) for kind, ratio in over_clone.items()},
        "suite200_speedup_vs_pytest_postgresql": round(
            suites["pytest_postgresql_seconds"] / suites["ours_seconds"], 1
        ),
        "n2_over_n0": round(suites["n2_seconds"] / suites["n0_seconds"], 3),
    }


def _start_up() -> dict[str, float]:
    return {
        "second_run_over_first": round(second_run_over_first(), 3),
        "startup_ms_over_pytest_postgresql": round(startup_ms_over_pytest_postgresql(), 1),
    }


def described(found: dict[str, Any]) -> str:
    """The figures, for people: a line for each ratio, and a table of costs for each set of tables."""
    lines = [f"{name:>38}  {value}" for name, value in found.items() if name not in {"suites", "costs"}]
    lines += [f"{name:>38}  {value}" for name, value in found["suites"].items()]
    for tables, ways in found["costs"].items():
        kinds = list(ways["restore"])
        lines += [
            "",
            f"| {tables}: median (95th percentile), ms | {' | '.join(kinds)} |",
            "|---" * (len(kinds) + 1) + "|",
        ]
        lines += [
            f"| {name} | {' | '.join(_cell(costs.get(kind)) for kind in kinds)} |"
            for name, costs in ways.items()
        ]
    return "\n".join(lines)


def _cell(cost: dict[str, float] | None) -> str:
    return "" if cost is None else f"{cost['median_ms']:.2f} ({cost['p95_ms']:.2f})"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.isolation", description=__doc__.split("\n")[0]
    )
    parser.add_argument("--rounds", type=int, default=40, help="tests of each kind, on 40 tables of 500 rows")
    parser.add_argument("--large-rounds", type=int, default=5, help="the same on 200 MB")
    parser.add_argument("--tests", type=int, default=200, help="tests of a suite")
    parser.add_argument("--suite-rounds", type=int, default=3, help="runs of each suite")
    parser.add_argument("--quick", action="store_true", help="a few tests on a few rows, without start-up")
    parser.add_argument("--url", help="a server to measure on; the plugin's own one when not given")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    asked = parser.parse_args(arguments)
    if asked.quick:
        vars(asked).update(QUICK)
    found = measure(asked)
    print(json.dumps(found) if asked.json else described(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
