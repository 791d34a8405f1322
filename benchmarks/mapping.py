"""What a name costs once it is known: microseconds per call to resolve and to translate, over 500 tables.

    python -m benchmarks.mapping [--json] [--calls 20000]

The median of nine rounds. The promise is under 50 microseconds for each; the exit code is 1 where one is not.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from typing import TYPE_CHECKING

from pytest_supaseed.catalog.model import Catalog, Column, Table, TableKind, Type, TypeKind
from pytest_supaseed.mapping.plain_queries import translate
from pytest_supaseed.mapping.query_translation import translate_placeholders
from pytest_supaseed.mapping.table_map import build_table_map

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pytest_supaseed.mapping.table_map import TableMap

PROMISE = 50.0
"""Microseconds per call."""

ROUNDS = 9
TABLES = 500
_JOINS = 10
_TEXT = Type(25, "pg_catalog", "text", TypeKind.BASE)

PLAIN = " ".join(["table setup_types", *["union all select * from table_7 where name = %s"] * _JOINS])
PLACEHOLDERS = PLAIN.replace("setup_types", "{setup_types}").replace("table_7", "{table_7}")


def table_map(tables: int = TABLES) -> TableMap:
    """The map of a schema of so many tables, one of them configured under another name."""
    columns = tuple(Column(0, name, _TEXT, "text", not_null=True) for name in ("id", "name", "owner"))
    made = tuple(
        Table(20_000 + number, "public", f"table_{number}", TableKind.TABLE, columns)
        for number in range(tables)
    )
    return build_table_map(
        Catalog(180_000, ("public",), made),
        "postgres",
        tables={"setup_types": "public.table_3"},
        columns={"setup_types": {"title": "name"}},
    )


def measure(calls: int) -> dict[str, float]:
    """Microseconds per call, warm, by what is called."""
    found = table_map()
    work: dict[str, Callable[[], object]] = {
        "resolve": lambda: found.resolve("setup_types"),
        "column": lambda: found.column("setup_types", "title"),
        "translate_placeholders": lambda: translate_placeholders(PLACEHOLDERS, found),
        "translate": lambda: translate(PLAIN, found),
    }
    return {name: round(_microseconds(call, calls), 3) for name, call in work.items()}


def _microseconds(call: Callable[[], object], calls: int) -> float:
    call()
    rounds = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        for _ in range(calls):
            call()
        rounds.append((time.perf_counter() - begun) / calls)
    return statistics.median(rounds) * 1e6


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures; return 0 where each keeps the promise, else 1."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mapping", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--calls", type=int, default=20_000, help="calls per round")
    asked = parser.parse_args(arguments)
    figures = measure(asked.calls)
    if asked.json:
        print(json.dumps({"microseconds": figures, "promise": PROMISE, "tables": TABLES}))
    else:
        for name, figure in figures.items():
            print(f"{name:<24}{figure:>10.3f} microseconds per call")
    return 0 if all(figure < PROMISE for figure in figures.values()) else 1


if __name__ == "__main__":
    raise SystemExit(main())
