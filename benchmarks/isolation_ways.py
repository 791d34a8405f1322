"""Ways to give each test a database as it was made: ours, and those that people use without us.

What a test's isolation costs is all that is done before and after it, and nothing of the test itself:

- in: making, putting back, dropping; closing the test's connections; waiting for their backends;
- out: the test's statements, and opening its connection. Where a way makes a new database for each test,
  connecting to that is dearer than to one that is there, and that is in for `clone`, as it is always told.
"""

from __future__ import annotations

import threading
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import psycopg
from psycopg import sql
from psycopg.rows import tuple_row

from pytest_supaseed.isolation.spare_clones import await_backends
from pytest_supaseed.server.databases import create_database, database_size, drop_database
from pytest_supaseed.server.memory_tablespace import tablespace_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytest_supaseed.isolation.datasets import Dataset
    from pytest_supaseed.isolation.seed_session import SeedSession
    from pytest_supaseed.isolation.templates import TemplateStore
    from pytest_supaseed.option_values import IsolationMode


@dataclass(frozen=True)
class Cost:
    """What the isolation of a test cost, in seconds.

    Args:
        waited: that tests waited for.
        whole: the same, and what was done beside them.
    """

    waited: float
    whole: float


class Way(Protocol):
    """A way to isolate tests."""

    def cost(self, body: Callable[[psycopg.Connection[Any]], None]) -> Cost:
        """Run a test in isolation, and return what that cost."""


class Lent:
    """`supaseed_db`, in one of its modes.

    Args:
        session: lends databases.
        dataset: of which they are.
        mode: how they are undone.
    """

    def __init__(self, session: SeedSession, dataset: Dataset, mode: IsolationMode) -> None:
        self._session = session
        self._dataset = dataset
        self._mode = mode
        self._stack = ExitStack()
        self._next()

    def cost(self, body: Callable[[psycopg.Connection[Any]], None]) -> Cost:
        """From the test's last statement until the next test has its database.

        First it is lent anew, so that nothing counts but what the test does: the other ways of this run take
        transaction ids too, as no other test does where there is one process.
        """
        self._next()
        settle()
        body(self._database.connection)
        begun = time.perf_counter()
        self._next()
        waited = time.perf_counter() - begun
        settle()
        return Cost(waited, time.perf_counter() - begun)

    def _next(self) -> None:
        self._stack.close()
        self._database = self._stack.enter_context(
            self._session.clone(self._dataset, test="benchmark", isolation=self._mode)
        )

    def close(self) -> None:
        """Give the last database back."""
        self._stack.close()


class AmongOthers(Lent):
    """The same where another worker of the run takes a transaction id while the test runs.

    Args:
        session: lends databases.
        dataset: of which they are.
        other: the other worker's connection, to another database.
    """

    def __init__(self, session: SeedSession, dataset: Dataset, other: psycopg.Connection[Any]) -> None:
        super().__init__(session, dataset, "restore")
        self._other = other

    def cost(self, body: Callable[[psycopg.Connection[Any]], None]) -> Cost:
        """See `Lent.cost`."""

        def among_others(connection: psycopg.Connection[Any]) -> None:
            body(connection)
            self._other.execute("select pg_catalog.pg_current_xact_id()")

        return super().cost(among_others)


class Cloned:
    """The cheapest clone: files copied, where ours lie too, of a template that holds nothing of ours.

    Args:
        store: makes databases.
        template: what is copied.
        owner: whose it is.
    """

    def __init__(self, store: TemplateStore, template: str, owner: str) -> None:
        self._store = store
        self._template = template
        self._owner = owner
        self._tablespace = tablespace_for(store.endpoint, database_size(store.registry, template))

    def copy(self) -> str:
        """Copy the template's files, into memory where the plugin's own clones go there; return the name."""
        name = self._store.new_name()
        create_database(
            self._store.registry,
            name,
            owner=self._owner,
            template=self._template,
            tablespace=self._tablespace,
        )
        return name

    def cost(self, body: Callable[[psycopg.Connection[Any]], None]) -> Cost:
        """Create, connect; disconnect, wait until the backend has gone, drop."""
        begun = time.perf_counter()
        name = self.copy()
        connection = psycopg.connect(self._store.endpoint.conninfo(name))
        connected = time.perf_counter()
        body(connection)
        ended = time.perf_counter()
        connection.close()
        await_backends(self._store.registry, name)
        drop_database(self._store.registry, name)
        seconds = connected - begun + time.perf_counter() - ended
        return Cost(seconds, seconds)


class Reloaded:
    """One database, whose tables are all emptied and filled again by COPY, triggers off, in one transaction.

    Args:
        conninfo: of a superuser.
        tables: all tables.
    """

    def __init__(self, conninfo: str, tables: tuple[str, ...]) -> None:
        self._conninfo = conninfo
        self._connection = psycopg.connect(conninfo)
        self._connection.execute("set session_replication_role = replica")
        self._connection.commit()
        self._rows = {name: self._read(name) for name in tables}
        self._truncate = sql.SQL("truncate {}").format(sql.SQL(", ").join(map(sql.Identifier, tables)))
        self._sequences = self._read_sequences()

    def _read(self, table: str) -> bytes:
        with (
            self._connection.cursor() as cursor,
            cursor.copy(sql.SQL("copy {} to stdout").format(sql.Identifier(table))) as copy,
        ):
            return b"".join(bytes(block) for block in copy)

    def _read_sequences(self) -> list[tuple[str, int]]:
        with self._connection.cursor(row_factory=tuple_row) as cursor:
            return cursor.execute(
                "select quote_ident(schemaname) || '.' || quote_ident(sequencename), last_value"
                " from pg_catalog.pg_sequences where last_value is not null"
            ).fetchall()

    def cost(self, body: Callable[[psycopg.Connection[Any]], None]) -> Cost:
        """Truncate and load; which tables a test wrote to is not known."""
        with psycopg.connect(self._conninfo) as connection:
            body(connection)
        begun = time.perf_counter()
        with self._connection.cursor() as cursor:
            cursor.execute(self._truncate)
            for name, rows in self._rows.items():
                with cursor.copy(sql.SQL("copy {} from stdin").format(sql.Identifier(name))) as copy:
                    copy.write(rows)
            cursor.executemany("select pg_catalog.setval(%s::regclass, %s)", self._sequences)
        self._connection.commit()
        seconds = time.perf_counter() - begun
        return Cost(seconds, seconds)

    def close(self) -> None:
        """Disconnect."""
        self._connection.close()


class Janitored:
    """The `postgresql` fixture of pytest-postgresql, by the class that it consists of.

    Args:
        store: names databases.
        template: the one that its process fixture loads.
    """

    def __init__(self, store: TemplateStore, template: str) -> None:
        self._store = store
        self._template = template

    def cost(self, body: Callable[[psycopg.Connection[Any]], None]) -> Cost:
        """What the fixture does before and after its connection."""
        name = self._store.new_name()
        janitor = _janitor(self._store, dbname=name, template_dbname=self._template)
        begun = time.perf_counter()
        janitor.init()
        seconds = time.perf_counter() - begun
        connection = psycopg.connect(self._store.endpoint.conninfo(name))
        body(connection)
        begun = time.perf_counter()
        connection.close()
        janitor.drop()
        seconds += time.perf_counter() - begun
        return Cost(seconds, seconds)


@contextmanager
def janitored_template(store: TemplateStore, path: Path) -> Iterator[str]:
    """A template as the process fixture of pytest-postgresql makes it of a file of SQL."""
    name = store.new_name()
    with _janitor(store, dbname=name, as_template=True) as janitor:
        janitor.load(path)
        yield name


def _janitor(store: TemplateStore, **names: Any) -> Any:
    from pytest_postgresql.janitor import DatabaseJanitor

    endpoint = store.endpoint
    return DatabaseJanitor(
        user=endpoint.user,
        host=endpoint.host,
        port=endpoint.port,
        password=endpoint.password,
        maintenance_dbname=endpoint.database,
        **names,
    )


def settle() -> None:
    """Wait until nothing is being done beside the tests: the plugin has a thread only while there is."""
    for thread in threading.enumerate():
        if thread.name == "supaseed":
            thread.join()
