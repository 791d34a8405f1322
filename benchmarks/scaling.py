"""Whether a row of a million takes longer than one of ten thousand.

    python -m benchmarks.scaling [--json] [--sizes 10000 100000 1000000] [--rounds 3]

So many rows are made and loaded in each of two tables; small sizes are seeded several times, and the best
round counts. `time_per_row_1m_over_10k` is the time per row of the last size over that of the first one,
whichever sizes were asked for; `cpu_per_row_1m_over_10k` is the same of this process's own CPU time, in which
the server has no part.
"""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING, Any

from benchmarks.bench_database import Bench, Took, open_bench, people_and_posts

if TYPE_CHECKING:
    from collections.abc import Sequence

TABLES = 2
ROWS_OF_A_ROUND = 300_000
"""Rows beyond which a size is seeded once: what disturbs a long run evens out."""


def measure(bench: Bench, sizes: Sequence[int], rounds: int) -> dict[str, Any]:
    """Microseconds per row by size, and the ratio of the last to the first."""
    taken = {size: _best(bench, size, rounds if size < ROWS_OF_A_ROUND else 1) for size in sizes}
    first, last = sizes[0], sizes[-1]
    by_clock, by_cpu = (
        {size: seconds / size / TABLES * 1e6 for size, seconds in measured}
        for measured in (
            [(size, took.seconds) for size, took in taken.items()],
            [(size, took.cpu) for size, took in taken.items()],
        )
    )
    return {
        "time_per_row_1m_over_10k": round(by_clock[last] / by_clock[first], 3),
        "cpu_per_row_1m_over_10k": round(by_cpu[last] / by_cpu[first], 3),
        "microseconds_per_row": {str(size): round(value, 2) for size, value in by_clock.items()},
        "cpu_microseconds_per_row": {str(size): round(value, 2) for size, value in by_cpu.items()},
    }


def _best(bench: Bench, rows: int, rounds: int) -> Took:
    plan, taken = bench.plan(people_and_posts(rows)), []
    for _ in range(rounds):
        with bench.clone() as name:
            taken.append(bench.seed(name, plan))
    return min(taken, key=lambda took: took.seconds)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scaling", description=__doc__.split("\n")[0])
    parser.add_argument(
        "--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000], help="rows of each table"
    )
    parser.add_argument("--rounds", type=int, default=3, help="of which the best counts")
    parser.add_argument("--url", help="a server to measure on; the plugin's own one when not given")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    asked = parser.parse_args(arguments)
    with open_bench(url=asked.url) as bench:
        found = measure(bench, asked.sizes, asked.rounds)
    if asked.json:
        print(json.dumps(found))
    else:
        print("\n".join(f"{name:>26}  {value}" for name, value in found.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
