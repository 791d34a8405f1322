"""Seeds a database of the user's own, and takes the rows out again: what the command line does."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import sql
from psycopg.rows import class_row, dict_row

from pytest_supaseed.catalog.introspect import introspect
from pytest_supaseed.errors import EndpointError, LoadError
from pytest_supaseed.isolation.inspected_schema import inspect_database
from pytest_supaseed.isolation.oversized_plans import refuse_oversize
from pytest_supaseed.isolation.plan_estimate import estimate_of_database
from pytest_supaseed.isolation.production import refuse_foreign_rows, refuse_production
from pytest_supaseed.isolation.unfinished_runs import refuse_changes, unfinished_run
from pytest_supaseed.load.cleanup import Cleanup, TableDrift
from pytest_supaseed.load.ledger import ALONE, LedgerRun, has_ledger, ledger_query
from pytest_supaseed.load.rehearsal import sequences_of_others
from pytest_supaseed.load.resumed_run import runs_going_on
from pytest_supaseed.progress import Progress, unseen
from pytest_supaseed.rows.batches import Batching
from pytest_supaseed.server.existing import own_connection, shown_url

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from pytest_supaseed.isolation.inspected_schema import InspectedSchema
    from pytest_supaseed.isolation.unfinished_runs import UnfinishedRun
    from pytest_supaseed.load.plan_sample import Estimate
    from pytest_supaseed.load.report import SeedReport
    from pytest_supaseed.options import Options
    from pytest_supaseed.plan.seed_plan import SeedPlan


LOCK_SECONDS = 10
"""How long to wait for others who use the tables, before an error says so."""


@dataclass(frozen=True)
class Allowed:
    """What was said to be meant of a database that looks like one that somebody works with.

    Args:
        production: that it is marked as production.
        beside_existing: that its tables hold rows of others.
    """

    production: bool = False
    beside_existing: bool = False


@dataclass(frozen=True)
class RecordedRun:
    """A run that the ledger has.

    Args:
        id: its number.
        seed: its seed.
        users: how many users were asked for.
        started_at: when it began, by the server's clock.
        state: `running`, `stopped`, `killed` (its process is gone), `done` or `failed`.
        rows: how many rows of it the ledger has.
        parts: how many parts its plan has.
        parts_done: how many of them are loaded.
    """

    id: int
    seed: str
    users: int
    started_at: datetime
    state: str
    rows: int
    parts: int
    parts_done: int

    @property
    def is_unfinished(self) -> bool:
        """Whether it can go on, by `supaseed seed --resume`."""
        return self.state in {"stopped", "killed", "failed"}


@dataclass(frozen=True)
class RecordedPart:
    """How far a part of a run is.

    Args:
        label: its name.
        planned: its rows.
        tried: how many of them were tried; those of a part that is done are all of them.
        done: whether it is loaded.
    """

    label: str
    planned: int
    tried: int
    done: bool


class OwnDatabase:
    """A database of the user's own: looked at, seeded, and cleaned.

    Args:
        url: the database.
        options: what was asked for.
        source: who said the URL, for messages.
    """

    def __init__(self, url: str, options: Options, *, source: str) -> None:
        self._url = url
        self._options = options
        self._source = source

    def inspect(self) -> InspectedSchema:
        """Look at it; nothing is written.

        Raises:
            EndpointError: the server cannot be reached or refuses the login.
            SchemaError: it holds no table.
        """
        return inspect_database(self._url, self._options, source=self._source)

    def refuse_oversize(self, schema: InspectedSchema, plan: SeedPlan) -> None:
        """See that a plan is not larger than the option `max-rows` allows; nothing is written.

        Raises:
            UsageError: it is; what it would take is said, by rows that are made.
        """

        def estimated() -> Estimate:
            return estimate_of_database(self._url, self._options, schema, plan, source=self._source)

        refuse_oversize(plan, self._options.max_rows, estimated, flag_prefix="--")

    def refuse_production(self, schema: InspectedSchema, plan: SeedPlan, allowed: Allowed) -> None:
        """See that it does not look like a database that somebody works with.

        Args:
            schema: what `inspect` returned.
            plan: what would be loaded.
            allowed: what was said to be meant.

        Raises:
            LoadError: it does.
        """
        with self._connected() as connection:
            if not allowed.production:
                refuse_production(connection)
            if not allowed.beside_existing:
                refuse_foreign_rows(connection, plan, schema.catalog)

    def seed(
        self,
        schema: InspectedSchema,
        plan: SeedPlan,
        progress: Progress = unseen,
        *,
        ledger_run: LedgerRun = ALONE,
    ) -> SeedReport:
        """Load the plan, and write down every row in the database's ledger.

        Args:
            schema: what `inspect` returned.
            plan: the plan that was made of it.
            progress: shows how it goes on.
            ledger_run: whether it is rolled back or goes on with another, and what stops it.

        Raises:
            EndpointError: the database takes no writes.
            LoadError: a required part cannot be loaded, or it was stopped; what was loaded before is in the
                ledger, and the error says how to go on.
        """
        from pytest_supaseed.load.seed_run import seed_database

        with self._connected() as connection:
            conninfo = connection.info.dsn
            password = connection.info.password
            strangers = sequences_of_others(connection) if ledger_run.rehearsed else {}
        try:
            with progress() as listener:
                report = seed_database(
                    psycopg.conninfo.make_conninfo(conninfo, password=password or None),
                    catalog=schema.catalog,
                    table_map=schema.table_map,
                    plan=plan,
                    triggers=self._options.triggers,
                    strict=self._options.strict,
                    recorded=True,
                    ledger_run=ledger_run,
                    batching=Batching(self._options.batch_size, self._options.memory_limit),
                    on_event=listener,
                )
        except psycopg.Error as error:
            raise _refused("be seeded", error) from error
        except LoadError as error:
            raise self._with_way_on(error, ledger_run) from error
        except KeyboardInterrupt as pressed:
            raise self._stopped(ledger_run) from pressed
        return self._with_moved(report, strangers) if ledger_run.rehearsed else report

    def unfinished(self, run: int) -> UnfinishedRun:
        """Return a run that can go on.

        Raises:
            UsageError: there is no such run, or it is done.
            LoadError: another process goes on with it, or another run came after it.
        """
        with self._connected() as connection:
            return unfinished_run(connection, run)

    def refuse_changes(self, run: UnfinishedRun, schema: InspectedSchema, plan: SeedPlan) -> None:
        """See that a run's rows still follow from the same.

        Raises:
            LoadError: they do not.
        """
        with self._connected() as connection:
            refuse_changes(connection, run, schema, plan)

    def runs(self) -> tuple[RecordedRun, ...]:
        """Return the runs whose rows the ledger has, the oldest first."""
        with self._connected() as connection:
            if not has_ledger(connection):
                return ()
            going_on = runs_going_on(connection)
            with connection.cursor(row_factory=dict_row) as cursor:
                found = cursor.execute(ledger_query("recorded_runs")).fetchall()
            return tuple(RecordedRun(**{**run, "state": _state(run, going_on)}) for run in found)

    def parts(self, run: int) -> tuple[RecordedPart, ...]:
        """Return how far the parts of a run are that it came to, in the order of loading."""
        with (
            self._connected() as connection,
            connection.cursor(row_factory=class_row(RecordedPart)) as cursor,
        ):
            return tuple(cursor.execute(ledger_query("recorded_parts"), {"run": run}).fetchall())

    def _with_moved(self, report: SeedReport, before: Mapping[str, int | None]) -> SeedReport:
        """The report of what was rolled back, with the numbers that did not come back."""
        with self._connected() as connection:
            after = sequences_of_others(connection)
        moved = [
            f"the sequence {name}, which the login does not own, went on to {after[name]:,}"
            for name, last in before.items()
            if after.get(name) is not None and after[name] != last
        ]
        return replace(report, notes=(*report.notes, *moved))

    def _stopped(self, ledger_run: LedgerRun) -> LoadError:
        """The error for a run that was stopped by whoever runs it."""
        if ledger_run.rehearsed:
            return LoadError("Seeding was stopped. Nothing was written: it was to be rolled back.")
        run = self.runs()[-1]
        return LoadError(
            f"Seeding was stopped. Of run {run.id}, {run.parts_done:,} of {run.parts:,} parts are done;"
            f" {run.rows:,} rows are committed, and stand in the ledger.",
            remedies=self._ways_on(run),
        )

    def _with_way_on(self, error: LoadError, ledger_run: LedgerRun) -> LoadError:
        """An error that ended a run, with what can be done about what was committed before it."""
        runs = () if ledger_run.rehearsed else self._runs_if_reachable()
        if not runs or not runs[-1].is_unfinished:
            return error
        remedies = [*error.remedies, *self._ways_on(runs[-1])]
        return LoadError(error.summary, looked_at=error.looked_at, remedies=remedies)

    def _runs_if_reachable(self) -> tuple[RecordedRun, ...]:
        try:
            return self.runs()
        except EndpointError:
            return ()  # the server ended the seeding; that is the error to be told

    def _ways_on(self, run: RecordedRun) -> list[str]:
        url, remote = shown_url(self._url), " --allow-remote" if self._options.allow_remote else ""
        return [
            f"go on with it: supaseed seed --url {url}{remote} --resume {run.id}",
            f"or take it out: supaseed cleanup --url {url}{remote} --run {run.id}",
            "the URL's password, if it has one, is left out here",
        ]

    def drift(self, run: int | None = None) -> tuple[TableDrift, ...]:
        """Return what became of the rows that were seeded; nothing is changed.

        Raises:
            LoadError: the tables cannot be read.
        """
        with self._connected() as connection:
            try:
                return self._cleanup(connection, run, force=False).drift() if has_ledger(connection) else ()
            except psycopg.Error as error:
                raise _refused("be looked at", error) from error

    def clean(self, run: int | None = None, *, force: bool = False) -> tuple[TableDrift, ...]:
        """Delete the rows that were seeded, all in one transaction, and return what was found.

        Args:
            run: one run's number; all runs when not given.
            force: whether rows that somebody changed go too.

        Raises:
            LoadError: Postgres refuses it, or the run still goes on; nothing is deleted then.
        """
        with self._connected() as connection:
            if not has_ledger(connection):
                return ()
            going_on = runs_going_on(connection)
            if run in going_on or (run is None and going_on):
                raise LoadError(
                    f"Run {min(going_on)} is still going on, in another process.",
                    remedies=["wait for it to end, or press Ctrl-C there"],
                )
            try:
                return self._cleanup(connection, run, force=force).execute()
            except psycopg.Error as error:
                raise _refused("be cleaned", error) from error

    def _cleanup(self, connection: psycopg.Connection, run: int | None, *, force: bool) -> Cleanup:
        return Cleanup(connection, introspect(connection), run=run, force=force)

    @contextmanager
    def _connected(self) -> Iterator[psycopg.Connection]:
        with own_connection(
            self._url, source=self._source, allow_remote=self._options.allow_remote
        ) as connection:
            connection.execute(sql.SQL("set lock_timeout = {}").format(sql.Literal(LOCK_SECONDS * 1000)))
            yield connection


def _state(run: Mapping[str, Any], going_on: frozenset[int]) -> str:
    """What the ledger says, unless nobody goes on with a run that it says to go on."""
    return "killed" if run["state"] == "running" and run["id"] not in going_on else run["state"]


def _refused(what: str, error: psycopg.Error) -> LoadError:
    found = error.diag
    remedies: dict[str | None, str] = {
        "55P03": "wait until the others who use the tables have finished, or end their sessions",
        "42501": "name a user who owns the tables, or may write to them and create a schema",
    }
    return LoadError(
        f"The database cannot {what}: {found.message_primary or str(error).strip()}",
        looked_at=[text for text in (found.message_detail, found.message_hint, found.context) if text],
        remedies=[
            remedies.get(error.sqlstate, "mend what Postgres names, and run the command again"),
            "supaseed status says what the database holds of earlier runs",
        ],
    )
