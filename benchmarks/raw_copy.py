"""The most that Postgres takes: the very same rows by binary COPY, as bytes that lie ready."""

from __future__ import annotations

import tempfile
import time
from contextlib import ExitStack
from typing import IO, TYPE_CHECKING

from psycopg import sql

from benchmarks.bench_database import Took

if TYPE_CHECKING:
    from collections.abc import Sequence

    import psycopg

    from benchmarks.bench_database import Bench
    from pytest_supaseed.catalog.model import Table

BLOCK = 128 * 1024


def copy_again(bench: Bench, database: str, tables: Sequence[Table]) -> Took:
    """Copy the rows of a seeded database into a fresh clone, table after table; reading them is not counted.

    Args:
        bench: where clones are made.
        database: the seeded database.
        tables: its tables, in the order of loading.
    """
    with ExitStack() as stack:
        saved = [stack.enter_context(tempfile.TemporaryFile()) for _ in tables]
        with bench.connection(database) as connection:
            for table, file in zip(tables, saved, strict=True):
                _save(connection, table, file)
        clone = stack.enter_context(bench.clone())
        connection = stack.enter_context(bench.connection(clone))
        begun, worked = time.perf_counter(), time.process_time()
        for table, file in zip(tables, saved, strict=True):
            _load(connection, table, file)
        return Took(time.perf_counter() - begun, time.process_time() - worked)


def _save(connection: psycopg.Connection, table: Table, file: IO[bytes]) -> None:
    statement = sql.SQL("copy {} to stdout (format binary)").format(_name(table))
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for block in copy:
            file.write(block)
    file.seek(0)


def _load(connection: psycopg.Connection, table: Table, file: IO[bytes]) -> None:
    statement = sql.SQL("copy {} from stdin (format binary)").format(_name(table))
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        while block := file.read(BLOCK):
            copy.write(block)


def _name(table: Table) -> sql.Identifier:
    return sql.Identifier(table.schema, table.name)
