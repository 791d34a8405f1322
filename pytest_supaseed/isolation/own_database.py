"""Seeds a database of the user's own, and takes the rows out again: what the command line does."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql
from psycopg.rows import class_row

from pytest_supaseed.catalog.introspect import introspect
from pytest_supaseed.errors import LoadError
from pytest_supaseed.isolation.inspected_schema import inspect_database
from pytest_supaseed.load.cleanup import Cleanup, TableDrift
from pytest_supaseed.load.ledger import has_ledger
from pytest_supaseed.progress import Progress, unseen
from pytest_supaseed.rows.batches import Batching
from pytest_supaseed.server.existing import own_connection

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from pytest_supaseed.isolation.inspected_schema import InspectedSchema
    from pytest_supaseed.load.report import SeedReport
    from pytest_supaseed.options import Options
    from pytest_supaseed.plan.seed_plan import SeedPlan


LOCK_SECONDS = 10
"""How long to wait for others who use the tables, before an error says so."""


@dataclass(frozen=True)
class RecordedRun:
    """A run that the ledger has.

    Args:
        id: its number.
        seed: its seed.
        users: how many users were asked for.
        started_at: when it began, by the server's clock.
        state: `running`, `done` or `failed`.
        rows: how many rows of it the ledger has.
    """

    id: int
    seed: str
    users: int
    started_at: datetime
    state: str
    rows: int


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

    def seed(self, schema: InspectedSchema, plan: SeedPlan, progress: Progress = unseen) -> SeedReport:
        """Load the plan, and write down every row in the database's ledger.

        Args:
            schema: what `inspect` returned.
            plan: the plan that was made of it.
            progress: shows how it goes on.

        Raises:
            EndpointError: the database takes no writes.
            LoadError: a required part cannot be loaded; what was loaded before it is in the ledger.
        """
        from pytest_supaseed.load.seed_run import seed_database

        with self._connected() as connection:
            conninfo = connection.info.dsn
            password = connection.info.password
        try:
            with progress() as listener:
                return seed_database(
                    psycopg.conninfo.make_conninfo(conninfo, password=password or None),
                    catalog=schema.catalog,
                    table_map=schema.table_map,
                    plan=plan,
                    triggers=self._options.triggers,
                    strict=self._options.strict,
                    recorded=True,
                    batching=Batching(self._options.batch_size, self._options.memory_limit),
                    on_event=listener,
                )
        except psycopg.Error as error:
            raise _refused("be seeded", error) from error

    def runs(self) -> tuple[RecordedRun, ...]:
        """Return the runs whose rows the ledger has, the oldest first."""
        with self._connected() as connection:
            if not has_ledger(connection):
                return ()
            with connection.cursor(row_factory=class_row(RecordedRun)) as cursor:
                cursor.execute(
                    "select n.id, n.seed, n.users, n.started_at, n.state,"
                    " (select count(*) from supaseed.rows r where r.run = n.id) as rows"
                    " from supaseed.runs n order by n.id"
                )
                return tuple(cursor.fetchall())

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
            LoadError: Postgres refuses it; nothing is deleted then.
        """
        with self._connected() as connection:
            if not has_ledger(connection):
                return ()
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
