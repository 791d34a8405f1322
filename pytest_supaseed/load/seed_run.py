"""The pipeline that writes a plan into a database, top to bottom."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql
from psycopg.rows import tuple_row

from pytest_supaseed.errors import LoadError, SupaseedError
from pytest_supaseed.load.clock_stamps import settle, stamped_columns
from pytest_supaseed.load.copy_rows import copy_rows
from pytest_supaseed.load.report import PartReport, SeedReport
from pytest_supaseed.load.stored_rows import count_rows, key_reader
from pytest_supaseed.progress import PartFailed, PartFinished, PartStarted, ProgressListener, RowsSent, ignore
from pytest_supaseed.rows.sources import PlanSources

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from pytest_supaseed.catalog.model import Catalog, Table
    from pytest_supaseed.plan.planning import NameResolver
    from pytest_supaseed.plan.seed_plan import SeedPlan, TablePlan
    from pytest_supaseed.rows.sources import PartSource

_MIB = 1024 * 1024


@dataclass
class _Run:
    """One seeding: the connection, what it is told, and what came of it so far."""

    connection: psycopg.Connection
    plan: SeedPlan
    sources: PlanSources
    listener: ProgressListener
    may_disable_triggers: bool
    parts: list[PartReport] = field(default_factory=list)
    peak: int = 0

    def sample_memory(self) -> None:
        import psutil

        self.peak = max(self.peak, psutil.Process().memory_info().rss)


def seed_database(  # noqa: PLR0913  # one argument for each layer below that the pipeline joins
    conninfo: str,
    *,
    catalog: Catalog,
    table_map: NameResolver,
    plan: SeedPlan,
    owner: str | None = None,
    on_event: ProgressListener = ignore,
) -> SeedReport:
    """Write a plan into a database.

    Each part is one transaction. A part that fails leaves nothing behind; a required one fails the whole.

    Args:
        conninfo: how to connect. A superuser may be given: it acts as `owner`, and only takes its own rights
            to switch triggers off while clock stamps are settled.
        catalog: the database's catalog.
        table_map: resolves logical names.
        plan: the plan.
        owner: the role that writes the rows; the login itself when not given.
        on_event: told what happens.

    Raises:
        LoadError: a required part could not be loaded.
    """
    begun = time.perf_counter()
    with _connect(conninfo, owner) as connection, _connect(conninfo, owner) as reading:
        superuser = _login_is_superuser(connection)
        sources = PlanSources(plan, catalog, table_map, key_reader(reading))
        run = _Run(connection, plan, sources, on_event, superuser)
        started = _server_clock(connection)
        run.sample_memory()
        for part in plan.tables:
            _load_part(run, part)
        _settle_clocks(run, started)
        _set_sequences(run)
        connection.execute("reset role")
        connection.execute("analyze")
    return SeedReport(tuple(run.parts), time.perf_counter() - begun, run.peak / _MIB, _notes(run))


def _connect(conninfo: str, owner: str | None) -> psycopg.Connection:
    """Connect and act as the owner; keys are read by a second one, since COPY keeps the first one busy."""
    connection = psycopg.connect(conninfo, autocommit=True)
    if owner is not None and owner != connection.info.user:
        connection.execute(sql.SQL("set role {}").format(sql.Identifier(owner)))
    return connection


def _login_is_superuser(connection: psycopg.Connection) -> bool:
    with connection.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(
            "select rolsuper from pg_catalog.pg_roles where rolname = session_user"
        ).fetchone()
    return bool(row and row[0])


def _server_clock(connection: psycopg.Connection) -> datetime:
    row = connection.execute("select now()").fetchone()
    assert row is not None  # noqa: S101  # a SELECT without FROM gives one row
    found: datetime = row[0]
    return found


def _load_part(run: _Run, part: TablePlan) -> None:
    begun = time.perf_counter()
    run.listener(PartStarted(part.label, part.rows))
    try:
        loaded = _adopt(run, part) if part.adopted_from else _copy_part(run, part)
    except (psycopg.Error, SupaseedError) as error:
        _give_up(run, part, error, begun)
        return
    seconds = time.perf_counter() - begun
    run.listener(PartFinished(part.label, loaded, seconds))
    note = "" if loaded == part.rows else f"{loaded:,} rows, {part.rows:,} were planned"
    run.parts.append(_report(part, loaded, seconds, note))


def _copy_part(run: _Run, part: TablePlan) -> int:
    if part.rows == 0:
        return 0
    source = run.sources.source(part)

    def told(rows: int) -> None:
        run.sample_memory()
        run.listener(RowsSent(part.label, rows))

    with run.connection.transaction():
        return copy_rows(run.connection, part.table, source.columns, _chunks(source), on_rows=told)


def _chunks(source: PartSource) -> Iterator[list[tuple[object, ...]]]:
    return (source.chunk(number) for number in source.chunk_numbers)


def _adopt(run: _Run, part: TablePlan) -> int:
    """Count what the triggers made: all rows that were not there before."""
    return count_rows(run.connection, part.table) - run.plan.existing.get(part.table.oid, 0)


def _give_up(run: _Run, part: TablePlan, error: Exception, begun: float) -> None:
    reason = _reason(error)
    run.listener(PartFailed(part.label, reason))
    if part.required:
        raise LoadError(
            f"Seeding failed at table {part.table.qualified} ({part.label}, {part.rows:,} rows): {reason}",
            looked_at=run.plan.describe(),
            remedies=[
                "look at the constraint or trigger that is named, and at the columns that it reads",
                "mark a test with @pytest.mark.supaseed(users=0) to get the schema alone and look into it",
            ],
        ) from error
    if part.adopted_from is None:
        run.sources.source(part).give_up()
    run.parts.append(_report(part, 0, time.perf_counter() - begun, f"not filled: {reason}"))


def _reason(error: Exception) -> str:
    """One line: Postgres's message with its detail and the place in the data, or our own summary."""
    if isinstance(error, SupaseedError):
        return error.summary
    if isinstance(error, psycopg.Error) and error.diag.message_primary:
        context = (error.diag.context or "").split("\n")[-1]
        return " | ".join(filter(None, [error.diag.message_primary, error.diag.message_detail, context]))
    return str(error)


def _report(part: TablePlan, loaded: int, seconds: float, note: str) -> PartReport:
    return PartReport(
        part.table.schema,
        part.table.name,
        part.logical,
        part.part,
        part.rows,
        loaded,
        seconds,
        adopted=part.adopted_from is not None,
        note=note,
    )


def _touched(run: _Run) -> list[tuple[Table, set[str], bool]]:
    """Each table with new rows, the columns that we wrote in all of its parts, whether any was adopted."""
    found: dict[int, tuple[Table, set[str], bool]] = {}
    for part, report in zip(run.plan.tables, run.parts, strict=True):
        if report.loaded:
            written = set() if part.adopted_from else set(run.sources.source(part).columns)
            table, others, adopted = found.get(part.table.oid, (part.table, written, False))
            found[table.oid] = (table, others & written, adopted or part.adopted_from is not None)
    return list(found.values())


def _settle_clocks(run: _Run, started: datetime) -> None:
    waiting = [
        (table, columns, written)
        for table, written, adopted in _touched(run)
        if (columns := stamped_columns(table, written, adopted=adopted))
    ]
    with run.connection.transaction():
        if run.may_disable_triggers:
            run.connection.execute("reset role")
            run.connection.execute("set local session_replication_role = replica")
        for table, columns, written in waiting:
            settle(run.connection, table, columns, started, written)


def _set_sequences(run: _Run) -> None:
    """Move each sequence behind the largest number of the column that owns it."""
    statement = sql.SQL(
        "select setval({sequence}::regclass, greatest(max({column}), 1), max({column}) is not null)"
        " from {table}"
    )
    for table, _written, _adopted in _touched(run):
        for column in table.columns:
            if column.sequence is not None:
                run.connection.execute(
                    statement.format(
                        sequence=sql.Literal(column.sequence),
                        column=sql.Identifier(column.name),
                        table=sql.Identifier(table.schema, table.name),
                    )
                )


def _notes(run: _Run) -> tuple[str, ...]:
    return tuple(f"{found.table.qualified} {found.reason}" for found in run.plan.unplanned)
