"""How fast rows are made and loaded: ratios of times, each of one run on one machine.

    python -m benchmarks.throughput [--json] [--rows 200000] [--users 20000] [--rounds 3]

- `vs_raw_copy`: the time in which Postgres takes the very same rows by binary COPY, as bytes that lie ready,
  with every key and index in place, over the time in which we make and load them (1 is as fast, 2 twice).
- `vs_factory_boy_inserts`: our rows per second over those of factory_boy's `create_batch` with an INSERT for
  each row; `vs_factory_boy_executemany` where rows are inserted together.
- `columns_vs_rows`: the CPU time of a row of a factory of eight declarations that factory_boy evaluates, over
  that of a row that we make in columns.
- `makerkit_vs_insert_select`: users per second of the MakerKit set over those of `INSERT ... SELECT`.

Each time is the best of the rounds: what else the machine does can only add to it.
"""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING, Any

from benchmarks.bench_database import Bench, Took, open_bench, people_and_posts
from benchmarks.makerkit_set import seeded_and_inserted
from benchmarks.plain_factories import create_inserting, create_then_insert
from benchmarks.raw_copy import copy_again
from benchmarks.written_factory import columns_vs_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

TABLES = 2
PLAIN_SHARE = 100
"""Of the rows, factory_boy makes one in so many: it takes that much longer for each."""


def measure(asked: argparse.Namespace) -> dict[str, Any]:
    """All ratios, and the times that they are of."""
    with open_bench(url=asked.url) as bench:
        ours, raw = _load_and_copy(bench, asked.rows, asked.rounds)
        plain_rows = max(asked.rows // PLAIN_SHARE, 100)
        plain = _best([create_inserting(bench, plain_rows) for _ in range(asked.rounds)])
        together = _best([create_then_insert(bench, plain_rows) for _ in range(asked.rounds)])
    in_columns, by_row = columns_vs_rows(asked.written_rows)
    kit, inserted = seeded_and_inserted(asked.users, asked.url, asked.rounds)
    our_speed, plain_speed, together_speed = (
        TABLES * rows / took.seconds
        for rows, took in ((asked.rows, ours), (plain_rows, plain), (plain_rows, together))
    )
    return {
        "vs_raw_copy": round(raw.seconds / ours.seconds, 3),
        "vs_factory_boy_inserts": round(our_speed / plain_speed, 1),
        "vs_factory_boy_executemany": round(our_speed / together_speed, 1),
        "columns_vs_rows": round(by_row / in_columns, 1),
        "makerkit_vs_insert_select": round(inserted.seconds / kit.seconds, 3),
        "rows": TABLES * asked.rows,
        "rows_per_second": round(our_speed),
        "raw_rows_per_second": round(TABLES * asked.rows / raw.seconds),
        "factory_boy_rows_per_second": round(plain_speed),
        "our_cpu_share": round(ours.cpu / ours.seconds, 3),
        "columns_microseconds": round(in_columns, 2),
        "rows_microseconds": round(by_row, 2),
        "makerkit_users_per_second": round(asked.users / kit.seconds),
        "insert_select_users_per_second": round(asked.users / inserted.seconds),
    }


def _load_and_copy(bench: Bench, rows: int, rounds: int) -> tuple[Took, Took]:
    """What the rows take us, and what they take as bytes that lie ready; turn by turn."""
    plan = bench.plan(people_and_posts(rows))
    ours, raw = [], []
    for _ in range(rounds):
        with bench.clone() as name:
            ours.append(bench.seed(name, plan))
            raw.append(copy_again(bench, name, [part.table for part in plan.tables]))
    return _best(ours), _best(raw)


def _best(rounds: Sequence[Took]) -> Took:
    return min(rounds, key=lambda took: took.seconds)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.throughput", description=__doc__.split("\n")[0]
    )
    parser.add_argument("--rows", type=int, default=200_000, help="rows of each of two tables")
    parser.add_argument("--users", type=int, default=20_000, help="users of the MakerKit set")
    parser.add_argument("--written-rows", type=int, default=100_000, help="rows of a written factory")
    parser.add_argument("--rounds", type=int, default=3, help="of which the best counts")
    parser.add_argument("--url", help="a server to measure on; the plugin's own one when not given")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    asked = parser.parse_args(arguments)
    found = measure(asked)
    if asked.json:
        print(json.dumps(found))
    else:
        print("\n".join(f"{name:>32}  {value}" for name, value in found.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
