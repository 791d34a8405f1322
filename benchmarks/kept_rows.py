"""What keeping rows costs, and up to which size of a table that pays: the figures behind two constants.

    python -m benchmarks.kept_rows [--json] [--megabytes 0 1 2 4 8 16 32 64] [--rounds 7] [--url URL]

A database of 40 tables of 500 rows, and one table more, of so many megabytes. All rows are kept, whatever the
limits are otherwise. Medians, in milliseconds, of rounds in which all is done in turn:

- `restore_ms`: putting back one updated row of that table;
- `clone_ms`: the cheapest clone of the whole, which is what a table costs of which no rows are kept;
- `clone_kept_ms`: the same with the kept rows, which every clone carries;
- `keep_ms`: keeping the rows, when the dataset is made (once).
"""

from __future__ import annotations

import argparse
import json
import secrets
import statistics
import sys
import time
from contextlib import closing
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import sql

from benchmarks.isolation_ground import open_endpoint
from benchmarks.isolation_ways import Cloned
from benchmarks.table_sets import FORTY_TABLES, TableGroup, TableSet
from pytest_supaseed.isolation import pristine_rows
from pytest_supaseed.isolation.clones import RestoredClone
from pytest_supaseed.isolation.pristine_rows import Pristine, connect_keeper, keep_pristine
from pytest_supaseed.isolation.templates import open_store
from pytest_supaseed.server.databases import create_database, database_size

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_supaseed.isolation.templates import TemplateStore

ROWS_PER_MEGABYTE = 925
"""Of a row with a kilobyte of text."""
PADDING = 992
NO_LIMIT = 1 << 40


def measure_size(store: TemplateStore, megabytes: int, rounds: int) -> dict[str, float]:
    """The figures for a table of one size; see the module.

    Args:
        store: makes databases.
        megabytes: the table's size; with 0 it is one of the 40.
        rounds: how often.
    """
    extra = (TableGroup(1, megabytes * ROWS_PER_MEGABYTE, PADDING),) if megabytes else ()
    tables = TableSet((*FORTY_TABLES.groups, *extra))
    owner = store.endpoint.user
    kept, plain = _loaded(store, tables), _loaded(store, tables)
    begun = time.perf_counter()
    pristine = _keep_all(store, kept)
    keeping = time.perf_counter() - begun
    cloned, cloned_kept = Cloned(store, plain, owner), Cloned(store, kept, owner)
    updated = sql.SQL("update {} set price = price + 1 where id = 7").format(sql.Identifier(tables.names[-1]))
    name = cloned_kept.copy()
    costs = []
    with closing(RestoredClone(name, store.endpoint, pristine)) as clone:
        for _ in range(rounds + 1):
            with psycopg.connect(store.endpoint.conninfo(name)) as connection:
                connection.execute(updated)
                backend = connection.info.backend_pid
            begun = time.perf_counter()
            clone.glance([backend])
            clone.make_ready()
            restored = time.perf_counter() - begun
            costs.append((restored, cloned.cost(_nothing).whole, cloned_kept.cost(_nothing).whole))
    restore, whole, whole_kept = (
        1e3 * statistics.median(figures) for figures in zip(*costs[1:], strict=True)
    )
    found = {
        "restore_ms": round(restore, 2),
        "clone_ms": round(whole, 1),
        "clone_kept_ms": round(whole_kept, 1),
        "keep_ms": round(1e3 * keeping, 1),
        "megabytes": round(database_size(store.registry, plain) / (1 << 20), 1),
        "megabytes_kept": round(database_size(store.registry, kept) / (1 << 20), 1),
    }
    for database in (name, kept, plain):
        store.drop(database)
    return found


def _loaded(store: TemplateStore, tables: TableSet) -> str:
    name = store.new_name()
    create_database(store.registry, name, owner=store.endpoint.user)
    with psycopg.connect(store.endpoint.conninfo(name), autocommit=True) as connection:
        connection.execute(tables.to_sql().encode())
    return name


def _keep_all(store: TemplateStore, name: str) -> Pristine:
    """Keep the rows of all tables: the limits are what is looked for."""
    limits = {"KEPT_TABLE_BYTES": NO_LIMIT, "KEPT_BYTES": NO_LIMIT}
    known = {limit: getattr(pristine_rows, limit) for limit in limits}
    vars(pristine_rows).update(limits)
    try:
        with connect_keeper(store.endpoint.conninfo(name)) as keeper:
            return keep_pristine(keeper)
    finally:
        vars(pristine_rows).update(known)


def _nothing(_connection: psycopg.Connection[Any]) -> None:
    """What isolates a test is measured, and no test."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.kept_rows", description=__doc__.split("\n")[0]
    )
    parser.add_argument("--megabytes", type=int, nargs="+", default=[0, 1, 2, 4, 8, 16, 32, 64], help="sizes")
    parser.add_argument("--rounds", type=int, default=7, help="of which the median counts")
    parser.add_argument("--url", help="a server to measure on; the plugin's own one when not given")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    asked = parser.parse_args(arguments)
    run = f"benchmark{secrets.token_hex(4)}"
    with open_endpoint(asked.url) as endpoint, open_store(endpoint, run=run) as store:
        found = {str(size): measure_size(store, size, asked.rounds) for size in asked.megabytes}
    if asked.json:
        print(json.dumps(found))
        return 0
    names = list(next(iter(found.values())))
    print(f"| table, MB | {' | '.join(names)} |\n{'|---' * (len(names) + 1)}|")
    for size, figures in found.items():
        print(f"| {size} | {' | '.join(str(figures[name]) for name in names)} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
