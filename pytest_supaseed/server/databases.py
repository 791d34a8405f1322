"""The databases that we make on an endpoint: created, cloned, dropped, locked, marked; and their registry.

Each is named `supaseed_*`, and no other is ever created or dropped here. One of them, the registry, holds
what is known of the templates, and is where locks are taken: advisory locks belong to one database, so all
runs on a server have to meet in the same one.
"""

from __future__ import annotations

import json
import secrets
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, LiteralString

import psycopg
from psycopg import sql
from psycopg.rows import tuple_row

from pytest_supaseed.errors import DatasetError, EndpointError
from pytest_supaseed.server.database_holds import release_database
from pytest_supaseed.server.settled_sessions import settled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_supaseed.server.endpoint import Endpoint

PREFIX = "supaseed_"
REGISTRY = "supaseed_registry"
TEMPLATE_PREFIX = "supaseed_tpl_"
RUN_PREFIX = "supaseed_run_"
KEPT_PREFIX = "supaseed_kept_"
"""Databases of failed tests that somebody wanted to keep: no run drops them."""

FILE_COPY_SINCE = 150000
"""CREATE DATABASE knows STRATEGY from here on; before, it always copies files."""

BUILTIN_LOCALE_SINCE = 170000
"""From here on Postgres brings `C.UTF-8` itself; before, it is the machine's affair whether there is one."""

# Text is UTF-8, as on Supabase, and sorts by code points: rows come in the same order from every server.
_LOCALE = sql.SQL(" encoding 'UTF8' lc_collate 'C'")
_LOCALE_17 = sql.SQL(" encoding 'UTF8' locale_provider builtin builtin_locale 'C.UTF-8'")

_LOCKS = 0x5EED
"""The first key of our advisory locks, so that they meet nobody else's."""
_RUNS = 0x5EEE
"""The first key of the locks that say that a run is alive."""


@contextmanager
def maintenance_connection(endpoint: Endpoint) -> Iterator[psycopg.Connection]:
    """Connect to the endpoint's first database, in autocommit mode."""
    with settled(endpoint.conninfo()) as connection:
        yield connection


def connect_registry(endpoint: Endpoint) -> psycopg.Connection:
    """Connect to the registry's database, in autocommit mode; make it where it is missing.

    Raises:
        EndpointError: the login may not create databases.
        psycopg.Error: the server cannot be reached.
    """
    try:
        return settled(endpoint.conninfo(REGISTRY))
    except psycopg.OperationalError as error:
        refused = error
    with maintenance_connection(endpoint) as connection:
        if REGISTRY in list_databases(connection, REGISTRY):  # the server says why in any language
            raise refused
        try:
            create_database(connection, REGISTRY, owner=endpoint.user)
        except (psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
            pass  # another process was faster
        except psycopg.errors.InsufficientPrivilege as error:
            raise may_not_create(endpoint) from error
    return settled(endpoint.conninfo(REGISTRY))


def may_not_create(endpoint: Endpoint) -> EndpointError:
    """Return the error for a login that may make no databases."""
    return EndpointError(
        f"{endpoint.user} may not create databases on {endpoint.address}.",
        looked_at=[f"create database {REGISTRY}, as {endpoint.user}"],
        remedies=[
            f"let a superuser run: alter role {endpoint.user} createdb",
            "leave --supaseed-url out to use a server of our own",
        ],
    )


def create_database(
    connection: psycopg.Connection,
    name: str,
    *,
    owner: str,
    template: str = "template0",
    tablespace: str | None = None,
) -> None:
    """Create a database, as a copy of `template`.

    Args:
        connection: in autocommit mode, to another database.
        name: begins with `supaseed_`.
        owner: whose it is.
        template: copied byte by byte: OIDs, rows, statistics; not the database's own settings and grants.
        tablespace: where it lies; the server's default when not given.
    """
    _guard(name)
    statement = sql.SQL("create database {} template {} owner {}").format(
        sql.Identifier(name), sql.Identifier(template), sql.Identifier(owner)
    )
    if connection.info.server_version >= FILE_COPY_SINCE:
        statement += sql.SQL(" strategy file_copy")
    if tablespace is not None:
        statement += sql.SQL(" tablespace {}").format(sql.Identifier(tablespace))
    if template == "template0":
        statement += _LOCALE_17 if connection.info.server_version >= BUILTIN_LOCALE_SINCE else _LOCALE
    connection.execute(statement)


def drop_database(connection: psycopg.Connection, name: str) -> None:
    """Drop a database if it is there, and end what is connected to it, and what else holds it.

    Args:
        connection: in autocommit mode, to another database.
        name: begins with `supaseed_`.

    Raises:
        psycopg.Error: it is a template, or the login may not drop it.
    """
    _guard(name)
    statement = sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name))
    try:
        connection.execute(statement)
    except psycopg.errors.ObjectInUse:
        release_database(connection, name)
        connection.execute(statement)


def unmark_template(connection: psycopg.Connection, name: str) -> None:
    """Have a database be no template, so that it can be dropped.

    One that is being dropped, or was when somebody was killed, is none any more; who alters it is thrown out.

    Args:
        connection: in autocommit mode, to another database.
        name: the database; it need not be there any more.
    """
    marked = "select datistemplate from pg_catalog.pg_database where datname = %s"
    if _scalar(connection, marked, (name,)):
        connection.execute(sql.SQL("alter database {} is_template false").format(sql.Identifier(name)))


def _guard(name: str) -> None:
    if not name.startswith(PREFIX):
        raise DatasetError(f"{name} is no database of ours: those are named {PREFIX}*.")


def database_size(connection: psycopg.Connection, name: str) -> int:
    """Return how many bytes a database takes.

    Raises:
        psycopg.errors.InvalidCatalogName: there is no such database.
    """
    return int(_scalar(connection, "select coalesce(pg_catalog.pg_database_size(%s), 0)", (name,)))


def list_databases(connection: psycopg.Connection, prefix: str = PREFIX) -> list[str]:
    """Return the names of our databases that begin with `prefix`, in order."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        found = cursor.execute(
            "select datname from pg_catalog.pg_database where starts_with(datname::text, %s) order by 1",
            (prefix,),
        )
        return [name for (name,) in found]


@dataclass(frozen=True)
class KeptDatabase:
    """A database of a failed test that was kept.

    Args:
        name: begins with `supaseed_kept_`.
        test: the test's id; empty where nothing is written down.
        at: when that was, as ISO 8601.
        dataset: the template that it was a clone of.
        bytes: what it takes.
    """

    name: str
    test: str
    at: str
    dataset: str
    bytes: int


def list_kept(connection: psycopg.Connection) -> list[KeptDatabase]:
    """Return the databases of failed tests that were kept, by name; what is not written down is empty."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        found = cursor.execute(
            "select datname, pg_catalog.shobj_description(oid, 'pg_database'),"
            " pg_catalog.pg_database_size(oid) from pg_catalog.pg_database"
            " where starts_with(datname::text, %s) order by 1",
            (KEPT_PREFIX,),
        ).fetchall()
    return [KeptDatabase(name, **_kept_facts(comment), bytes=size) for name, comment, size in found]


def _kept_facts(comment: str | None) -> dict[str, str]:
    try:
        said = json.loads(comment or "{}")
    except ValueError:
        said = {}
    facts = said if isinstance(said, dict) else {}
    return {key: str(facts.get(key, "")) for key in ("test", "at", "dataset")}


@contextmanager
def database_lock(
    registry: psycopg.Connection, key: str, *, on_wait: Callable[[], None] = lambda: None
) -> Iterator[None]:
    """Hold an advisory lock; it is released with the connection, however the process ends.

    Args:
        registry: a connection to the registry, in autocommit mode.
        key: what is locked.
        on_wait: called once where somebody else holds it.
    """
    numbers = {"kind": _LOCKS, "key": key}
    if not _scalar(registry, "select pg_try_advisory_lock(%(kind)s, hashtext(%(key)s))", numbers):
        on_wait()
        registry.execute("select pg_advisory_lock(%(kind)s, hashtext(%(key)s))", numbers)
    try:
        yield
    finally:
        if not registry.closed:
            registry.execute("select pg_advisory_unlock(%(kind)s, hashtext(%(key)s))", numbers)


@contextmanager
def try_database_lock(registry: psycopg.Connection, key: str) -> Iterator[bool]:
    """Hold the lock of `database_lock` if nobody else does; False where somebody does."""
    numbers = {"kind": _LOCKS, "key": key}
    free = bool(_scalar(registry, "select pg_try_advisory_lock(%(kind)s, hashtext(%(key)s))", numbers))
    try:
        yield free
    finally:
        if free and not registry.closed:
            registry.execute("select pg_advisory_unlock(%(kind)s, hashtext(%(key)s))", numbers)


def begin_run(registry: psycopg.Connection) -> str:
    """Say that a run is alive for as long as this connection is; return how its databases' names begin."""
    while True:
        number = secrets.randbits(31)
        if _scalar(registry, "select pg_try_advisory_lock(%s, %s)", (_RUNS, number)):
            return f"{RUN_PREFIX}{number:08x}_"


def resume_run(registry: psycopg.Connection, prefix: str) -> None:
    """Say on a new connection that a run is alive whose connection was lost.

    Args:
        registry: the new connection.
        prefix: how the names of the run's databases begin: what `begin_run` gave.
    """
    registry.execute("select pg_advisory_lock(%s, %s)", (_RUNS, _run_number(prefix)))


def drop_leftovers(registry: psycopg.Connection, *, own: str) -> list[str]:
    """Drop the databases of runs that are no more; return their names.

    Args:
        registry: a connection to the registry, in autocommit mode.
        own: the prefix of the asking run, whose lock this very connection holds.
    """
    left = []
    for name in list_databases(registry, RUN_PREFIX):
        number = _run_number(name)
        if (
            number is None
            or name.startswith(own)
            or not _scalar(registry, "select pg_try_advisory_lock(%s, %s)", (_RUNS, number))
        ):
            continue
        try:
            if name in list_databases(registry, name):  # another run may have dropped it meanwhile
                # A test may have made a template of it, which nobody can drop.
                unmark_template(registry, name)
                drop_database(registry, name)
                left.append(name)
        finally:
            registry.execute("select pg_advisory_unlock(%s, %s)", (_RUNS, number))
    return left


def _run_number(name: str) -> int | None:
    text = name.removeprefix(RUN_PREFIX).split("_", 1)[0]
    try:
        number = int(text, 16)
    except ValueError:
        return None
    return number if number < 1 << 31 else None


def _scalar(connection: psycopg.Connection, query: LiteralString, parameters: Any) -> Any:
    with connection.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(query, parameters).fetchone()
    return row[0] if row else None
