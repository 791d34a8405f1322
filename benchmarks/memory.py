"""How much larger a process gets by a million rows than by a thousand.

    python -m benchmarks.memory [--json] [--few 1000] [--many 1000000]

Each size has a process of its own, whose largest resident set is looked at. So many rows are made and loaded
in each of two tables. `growth_mib_1k_to_1m` is the difference, in MiB, whichever sizes were asked for.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from benchmarks.bench_database import open_bench, people_and_posts
from benchmarks.seeded_schema import peak_mib

if TYPE_CHECKING:
    from collections.abc import Sequence


def peak_of(rows: int, url: str | None) -> float:
    """The peak, in MiB, of a process that seeds so many rows.

    Raises:
        subprocess.CalledProcessError: the seeding failed.
    """
    command = [
        sys.executable,
        "-m",
        "benchmarks.memory",
        f"--alone={rows}",
        *([f"--url={url}"] if url else []),
    ]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return float(json.loads(done.stdout)["peak_mib"])


def measure(asked: argparse.Namespace) -> dict[str, Any]:
    """The growth and what it is the difference of."""
    few, many = peak_of(asked.few, asked.url), peak_of(asked.many, asked.url)
    return {
        "growth_mib_1k_to_1m": round(many - few, 2),
        "few_rows": asked.few,
        "many_rows": asked.many,
        "few_peak_mib": round(few, 2),
        "many_peak_mib": round(many, 2),
    }


def _seed_alone(rows: int, url: str | None) -> dict[str, float]:
    with open_bench(url=url) as bench, bench.clone() as name:
        bench.seed(name, bench.plan(people_and_posts(rows)))
    return {"peak_mib": peak_mib()}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.memory", description=__doc__.split("\n")[0])
    parser.add_argument("--few", type=int, default=1_000, help="rows of each table, the small size")
    parser.add_argument("--many", type=int, default=1_000_000, help="rows of each table, the large size")
    parser.add_argument("--url", help="a server to measure on; the plugin's own one when not given")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--alone", type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    found = measure(asked) if asked.alone is None else _seed_alone(asked.alone, asked.url)
    if asked.json or asked.alone is not None:
        print(json.dumps(found))
    else:
        print("\n".join(f"{name:>22}  {value}" for name, value in found.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
