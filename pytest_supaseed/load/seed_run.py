"""The pipeline that writes a plan into a database, top to bottom."""

from __future__ import annotations

import time
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql
from psycopg.rows import tuple_row

from pytest_supaseed.load.circles import load_circle, steps
from pytest_supaseed.load.clock_stamps import settle_clocks
from pytest_supaseed.load.ended_seeding import ended
from pytest_supaseed.load.filtered_rows import filtered_reader
from pytest_supaseed.load.foreign_rows import EarlierRows
from pytest_supaseed.load.infinite_moments import read_infinities
from pytest_supaseed.load.ledger import ALONE, LedgerRun, open_ledger, print_plainly
from pytest_supaseed.load.made_keys import settle_late_keys
from pytest_supaseed.load.part_load import load_part, refill
from pytest_supaseed.load.part_reports import correct_counts, refuse_shortfalls
from pytest_supaseed.load.rehearsal import rolled_back
from pytest_supaseed.load.report import SeedReport
from pytest_supaseed.load.resumed_run import is_done, join_run, mark_done, rows_before
from pytest_supaseed.load.second_pass import fill_cut_keys
from pytest_supaseed.load.seeding import MemoryReached, Seeding
from pytest_supaseed.load.sequences import set_sequences
from pytest_supaseed.load.stored_rows import key_reader
from pytest_supaseed.load.user_reports import users_made
from pytest_supaseed.progress import ProgressListener, SeedingFinished, SeedingStarted, ignore
from pytest_supaseed.rows.batches import AS_FITS, BatchSizes
from pytest_supaseed.rows.memory_guard import MIB, container_memory, watch_memory
from pytest_supaseed.rows.sources import PlanSources
from pytest_supaseed.server.settled_sessions import settled

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from pytest_supaseed.catalog.model import Catalog
    from pytest_supaseed.load.seeding import Triggers
    from pytest_supaseed.plan.planning import NameResolver
    from pytest_supaseed.plan.seed_plan import SeedPlan
    from pytest_supaseed.rows.batches import Batching


def seed_database(  # noqa: PLR0913  # one argument for each layer below that the pipeline joins
    conninfo: str,
    *,
    catalog: Catalog,
    table_map: NameResolver,
    plan: SeedPlan,
    owner: str | None = None,
    triggers: Triggers = "fire",
    strict: bool = False,
    recorded: bool = False,
    ledger_run: LedgerRun = ALONE,
    batching: Batching = AS_FITS,
    on_event: ProgressListener = ignore,
) -> SeedReport:
    """Write a plan into a database.

    Each part is committed by itself, a large one in batches. A row that Postgres refuses costs that row, and
    another is tried in its place; a part that cannot be loaded costs itself and what needs it; a required one
    fails the whole.

    Args:
        conninfo: how to connect. A superuser may be given: it acts as `owner`, and only takes its own rights
            to switch triggers off while clock stamps are settled.
        catalog: the database's catalog.
        table_map: resolves logical names.
        plan: the plan.
        owner: the role that writes the rows; the login itself when not given. It owns the tables.
        triggers: `skip` switches user triggers off while rows are loaded; rows that they would make are then
            made by us.
        strict: whether a table that holds fewer rows than planned is an error.
        recorded: whether the rows are written down in the database's ledger, so that `cleanup` can remove
            exactly these: for a database of the user's own, in which nothing of others is touched.
        ledger_run: what is written down of it there, and whether it is rolled back or goes on with another.
        batching: how many rows are committed at once, and how much memory they may take; the rows are the
            same whatever it says.
        on_event: told what happens.

    Raises:
        LoadError: a required part could not be loaded, the server, its disk or memory ended the seeding, or
            `strict` finds a shortfall.
    """
    begun = time.perf_counter()
    with _connect(conninfo, owner) as connection, _connect(conninfo, owner) as other:
        superuser = _login_is_superuser(connection)
        started, transaction = _server_clock(connection)
        guard = watch_memory(batching.memory_limit, container=container_memory())
        with rolled_back(connection) if ledger_run.rehearsed else nullcontext():
            sources = _sources(connection, other, catalog, table_map, plan, ledger_run)
            guard.release.append(sources.release)
            run = Seeding(
                connection, plan, catalog, sources, on_event, superuser, transaction, guard, triggers
            )
            run.sizes = BatchSizes(batching.rows)
            if recorded:
                run.ledger = open_ledger(connection, other, catalog, plan, ledger_run)
                join_run(run, ledger_run)
            with _said_plainly(run), _written_down(run):
                _load(run)
                if run.ledger is None:
                    settle_late_keys(run)
                    settle_clocks(run, started)
                set_sequences(run)
            decisions = (*plan.decisions, *users_made(run))
        connection.execute("reset role" if owner is None else "set role none")
        if not run.rehearsed:
            connection.execute("analyze")
    seconds = time.perf_counter() - begun
    on_event(SeedingFinished(sum(part.loaded for part in run.parts), seconds))
    report = SeedReport(tuple(run.parts), seconds, guard.peak / MIB, _notes(run), decisions)
    if strict:
        refuse_shortfalls(plan, report)
    return report


def _sources(  # noqa: PLR0913, PLR0917  # one argument for each thing that rows are made of
    connection: psycopg.Connection,
    other: psycopg.Connection,
    catalog: Catalog,
    table_map: NameResolver,
    plan: SeedPlan,
    wanted: LedgerRun,
) -> PlanSources:
    """What makes the rows, and what it knows of those that were there before."""
    reading = connection if wanted.rehearsed else other
    if wanted.resumes is None:
        reader = key_reader(reading)
        sources = PlanSources(plan, catalog, table_map, reader, filtered_reader(reading))
    else:
        print_plainly(reading)
        before = rows_before(wanted.resumes, plan)
        chosen = filtered_reader(reading, rows_of=EarlierRows(wanted.resumes))
        sources = PlanSources(
            plan, catalog, table_map, key_reader(reading), chosen, key_reader(reading, rows_of=before)
        )
    sources.read_users()
    return sources


def _load(run: Seeding) -> None:
    run.listener(SeedingStarted(len(run.plan.tables), run.plan.total))
    for parts in steps(run.plan):
        if is_done(run, parts):
            continue
        if len(parts) > 1:
            load_circle(run, parts)
        else:
            load_part(run, parts[0])
        mark_done(run, parts)
        run.stop.heed()
    fill_cut_keys(run)
    for part in correct_counts(run):
        refill(run, part)


@contextmanager
def _said_plainly(run: Seeding) -> Iterator[None]:
    """An error that no table can be blamed for says where the seeding was, and how far it came."""
    try:
        yield
    except (psycopg.Error, MemoryReached) as error:
        raise ended(run, error) from error


@contextmanager
def _written_down(run: Seeding) -> Iterator[None]:
    """What is committed stands in the ledger, however the run ends."""
    state = "stopped"
    try:
        yield
        state = "done"
    except Exception:
        state = "failed"
        raise
    finally:
        if run.ledger is not None and not run.connection.closed:
            run.ledger.finish(state)
            run.notes += [
                f"{table}: {rows} rows that were there before were changed by triggers"
                for table, rows in run.ledger.changed.items()
            ]


def _connect(conninfo: str, owner: str | None) -> psycopg.Connection:
    """Connect and act as the owner; keys are read by a second one, since COPY keeps the first one busy."""
    connection = settled(conninfo, own_role=owner is not None)
    read_infinities(connection)
    if owner is not None and owner != connection.info.user:
        connection.execute(sql.SQL("set role {}").format(sql.Identifier(owner)))
    return connection


def _login_is_superuser(connection: psycopg.Connection) -> bool:
    with connection.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(
            "select rolsuper from pg_catalog.pg_roles where rolname = session_user"
        ).fetchone()
    return bool(row and row[0])


def _server_clock(connection: psycopg.Connection) -> tuple[datetime, str]:
    """The server's time, and a transaction id that is older than all that come after it."""
    row = connection.execute("select now(), pg_current_xact_id()::xid::text").fetchone()
    assert row is not None  # noqa: S101  # a SELECT without FROM gives one row
    moment: datetime = row[0]
    transaction: str = row[1]
    return moment, transaction


def _notes(run: Seeding) -> tuple[str, ...]:
    unplanned = [f"{found.table.qualified} {found.reason}" for found in run.plan.unplanned]
    return (*unplanned, *run.plan.notes, *run.notes)
