"""How many tables of real schemas are filled, and whether all that is in them is valid.

    python -m benchmarks.coverage FOLDER --rows 100 --json

Each `.sql` file and each sub-folder of FOLDER is a schema. It is loaded into a fresh database, seeded with
nothing configured, and then every constraint is asked again by Postgres itself. Each schema has a process of
its own, so that its peak of memory is its own, and so that one that hangs or dies costs only itself.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.coverage_report import markdown_table, result_line, summary
from benchmarks.outcome import Outcome
from pytest_supaseed.options import Options, resolve_options
from pytest_supaseed.platform.extensions import control_path
from pytest_supaseed.server.resolve import resolved_endpoint

if TYPE_CHECKING:
    from collections.abc import Sequence

SECONDS = 600
"""A schema of a thousand tables takes a minute; what takes ten has gone wrong."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and return 0 where every schema was seeded without a violation, otherwise 1."""
    asked = _parser().parse_args(arguments)
    options = resolve_options({"url": asked.url}, os.environ, None)
    if asked.alone:
        print(json.dumps(_measure_here(options, asked).to_json()))
        return 0
    paths = schema_paths(asked.folder, asked.schema)
    if not paths:
        print(f"{asked.folder} holds no .sql file and no folder of that name.", file=sys.stderr)
        return 2
    results: dict[str, dict[str, Any]] = {}
    with resolved_endpoint(options, control_path=control_path(), on_wait=_tell):
        for path in paths:
            results[path.stem] = _measure_apart(path, asked)
            _tell(result_line(path.stem, results[path.stem]))
    found = with_totals(results)
    if asked.json:
        print(json.dumps(found, indent=2))
    else:
        print(markdown_table(found) if asked.markdown else summary(found))
    return 1 if found["violations"] or any(result["error"] for result in results.values()) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.coverage", description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path, help="a folder of .sql files and of folders of .sql files")
    parser.add_argument("--rows", type=int, default=100, help="rows for each table (default: 100)")
    parser.add_argument("--schema", action="append", help="only this one, by the name of its file or folder")
    parser.add_argument("--url", help="an existing server; the embedded one if not given")
    parser.add_argument("--twice", action="store_true", help="seed twice and compare the rows")
    parser.add_argument("--limit", type=float, default=SECONDS, help="seconds for each schema")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--markdown", action="store_true", help="print a table for a page")
    parser.add_argument("--alone", action="store_true", help=argparse.SUPPRESS)
    return parser


def schema_paths(folder: Path, names: Sequence[str] | None = None) -> list[Path]:
    """Return the schemas of a folder, by name; only those of the given names if there are any."""
    found = [
        path
        for path in sorted(folder.iterdir())
        if path.suffix == ".sql" or (path.is_dir() and any(path.rglob("*.sql")))
    ]
    return [path for path in found if not names or path.stem in names]


def _measure_here(options: Options, asked: argparse.Namespace) -> Outcome:
    from benchmarks.seeded_schema import seed_schema
    from pytest_supaseed.isolation.templates import open_store

    with (
        resolved_endpoint(options, control_path=control_path(), on_wait=_tell) as endpoint,
        open_store(endpoint, run="coverage") as store,
    ):
        return seed_schema(store, asked.folder, rows=asked.rows, twice=asked.twice)


def _measure_apart(path: Path, asked: argparse.Namespace) -> dict[str, Any]:
    """Measure a schema in a process of its own; what ends that process is the schema's error."""
    command = [sys.executable, "-m", "benchmarks.coverage", str(path), "--alone", f"--rows={asked.rows}"]
    command += [f"--url={asked.url}"] if asked.url else []
    command += ["--twice"] if asked.twice else []
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=asked.limit, check=False)
    except subprocess.TimeoutExpired:
        return Outcome(error=f"not done after {asked.limit:g} seconds").to_json()
    try:
        result: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        last = done.stderr.strip().rpartition("\n")[2]
        return Outcome(error=f"the process ended with {done.returncode}: {last}").to_json()
    return result


def with_totals(results: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Return the results with what they come to; `coverage` is the share of tables filled, 0 to 1."""
    tables = sum(result["tables"] for result in results.values())
    filled = sum(result["filled"] for result in results.values())
    return {
        "coverage": round(filled / tables, 4) if tables else 0.0,
        "tables": tables,
        "filled": filled,
        "whole": sum(
            result["error"] is None and result["filled"] == result["tables"] for result in results.values()
        ),
        "violations": sum(len(result["violations"]) for result in results.values()),
        "rows": sum(result["rows"] for result in results.values()),
        "seconds": round(sum(result["seconds"] for result in results.values()), 2),
        "peak_mib": max((result["peak_mib"] for result in results.values()), default=0.0),
        "schemas": results,
    }


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
