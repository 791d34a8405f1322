"""The MakerKit set: users with their logins, accounts that triggers make, teams, memberships and setups.

Against it stands the least that the same rows cost in Postgres itself, triggers firing: they lie ready in
tables without an index, and each table is filled out of one of these by `INSERT ... SELECT`.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from benchmarks.bench_database import Took, open_bench
from pytest_supaseed.load.copy_rows import copy_rows
from pytest_supaseed.load.stored_rows import key_reader
from pytest_supaseed.plan.seed_plan import SeedRequest
from pytest_supaseed.platform.bundled import bundled_schema
from pytest_supaseed.rows.sources import PlanSources

if TYPE_CHECKING:
    from benchmarks.bench_database import Bench
    from pytest_supaseed.plan.seed_plan import SeedPlan, TablePlan
    from pytest_supaseed.rows.part_source import PartSource

_STAGE = "staged"


def seeded_and_inserted(users: int, url: str | None, rounds: int) -> tuple[Took, Took]:
    """What the set takes us, and what the same rows take by `INSERT ... SELECT`; each the best round."""
    ours, theirs = [], []
    with open_bench(bundled_schema("makerkit"), url) as bench:
        plan = bench.plan(SeedRequest(users=users, seed="benchmark"))
        for _ in range(rounds):
            with bench.clone() as name:
                ours.append(bench.seed(name, plan))
                theirs.append(_insert_again(bench, plan, name))
    return min(ours, key=_seconds), min(theirs, key=_seconds)


def _seconds(took: Took) -> float:
    return took.seconds


def _insert_again(bench: Bench, plan: SeedPlan, seeded: str) -> Took:
    """Insert what we wrote into `seeded` into a fresh clone."""
    parts = [part for part in plan.tables if part.adopted_from is None and part.rows]
    with (
        psycopg.connect(bench.store.endpoint.conninfo(seeded), autocommit=True) as reading,
        bench.clone() as name,
        psycopg.connect(bench.store.endpoint.conninfo(name), autocommit=True) as connection,
    ):
        sources = PlanSources(plan, bench.schema.catalog, bench.table_map, key_reader(reading))
        made = [sources.source(part) for part in parts]
        connection.execute(sql.SQL("create schema {}").format(sql.Identifier(_STAGE)))
        for number, source in enumerate(made):
            _stage(connection, source, number)
        connection.execute("analyze")
        begun, worked = time.perf_counter(), time.process_time()
        for number, source in enumerate(made):
            _insert(connection, source, number)
        return Took(time.perf_counter() - begun, time.process_time() - worked)


def _stage(connection: psycopg.Connection, source: PartSource, number: int) -> None:
    """Put the rows that we send into a table without keys or indexes."""
    table = source.plan.table
    connection.execute(
        sql.SQL("create unlogged table {} as select {} from {} limit 0").format(
            sql.Identifier(_STAGE, str(number)), _columns(source), sql.Identifier(table.schema, table.name)
        )
    )
    stage = replace(
        table,
        schema=_STAGE,
        name=str(number),
        columns=tuple(column for column in table.columns if column.name in source.columns),
    )
    chunks = (source.chunk(chunk) for chunk in source.chunk_numbers)
    copy_rows(connection, stage, source.columns, chunks, on_rows=_hear_nothing)


def _insert(connection: psycopg.Connection, source: PartSource, number: int) -> None:
    table = source.plan.table
    connection.execute(
        sql.SQL("insert into {} ({}) overriding system value select {} from {}").format(
            sql.Identifier(table.schema, table.name),
            _columns(source),
            _columns(source),
            sql.Identifier(_STAGE, str(number)),
        )
    )


def _columns(source: PartSource) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, source.columns))


def _hear_nothing(rows: int) -> None:
    del rows


def rows_of(parts: tuple[TablePlan, ...]) -> int:
    """All rows of a plan, those of triggers included."""
    return sum(part.rows for part in parts)
