"""Tests of catalog.introspect: what is read, and that the connection stays as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg.pq import TransactionStatus
from psycopg.rows import dict_row

from pytest_supaseed.catalog.introspect import introspect
from pytest_supaseed.catalog.model import TableKind
from pytest_supaseed.errors import CatalogError

if TYPE_CHECKING:
    from collections.abc import Callable

SETTINGS = (
    "search_path",
    "client_encoding",
    "timezone",
    "datestyle",
    "intervalstyle",
    "extra_float_digits",
    "bytea_output",
    "quote_all_identifiers",
    "standard_conforming_strings",
    "jit",
)


def _settings(conn: psycopg.Connection) -> list[str]:
    query = "select current_setting(name) from unnest(%s::text[]) with ordinality as s (name, n) order by n"
    with psycopg.Cursor(conn) as cursor:
        return [row[0] for row in cursor.execute(query, [list(SETTINGS)]).fetchall()]


def _upset(conn: psycopg.Connection) -> None:
    conn.execute("set search_path = shadow, public")
    conn.execute("set timezone = 'Asia/Kolkata'")
    conn.execute("set datestyle = 'German'")
    conn.execute("set intervalstyle = 'iso_8601'")
    conn.execute("set bytea_output = 'escape'")
    conn.execute("set extra_float_digits = -10")
    conn.execute("set quote_all_identifiers = on")
    conn.execute("set standard_conforming_strings = off")
    conn.execute("set client_encoding = 'LATIN1'")


def test_reads_every_kind_of_relation(empty_database: psycopg.Connection) -> None:
    """Tables, partitioned and foreign tables, views and materialized views come back as what they are."""
    empty_database.execute(
        """
        create extension postgres_fdw;
        create server elsewhere foreign data wrapper postgres_fdw;
        create table ordinary (id int);
        create unlogged table fast (id int);
        create table parted (id int) partition by list (id);
        create view seen as select id from ordinary;
        create materialized view kept as select id from ordinary;
        create foreign table far (id int) server elsewhere;
        create temporary table mine (id int);
        create type pair as (a int, b int);
        """
    )

    found = introspect(empty_database)

    assert {table.name: table.kind for table in found.tables} == {
        "ordinary": TableKind.TABLE,
        "fast": TableKind.TABLE,
        "parted": TableKind.PARTITIONED,
        "seen": TableKind.VIEW,
        "kept": TableKind.MATERIALIZED_VIEW,
        "far": TableKind.FOREIGN,
    }
    assert [table.name for table in found.tables if table.unlogged] == ["fast"]


def test_system_and_excluded_schemas_stay_out(empty_database: psycopg.Connection) -> None:
    """Schemas of Postgres and the excluded ones are not read; every other one is, `auth` included."""
    empty_database.execute(
        """
        create schema auth; create schema supaseed; create schema other;
        create table auth.users (id uuid primary key);
        create table supaseed.ledger (id int);
        create function supaseed.own() returns int language sql as 'select 1';
        create table other.things (id int);
        """
    )

    default, narrower = introspect(empty_database), introspect(empty_database, exclude_schemas=("other",))

    assert default.schemas == ("auth", "other", "public")
    assert [table.qualified for table in default.tables] == ["auth.users", "other.things"]
    assert default.functions == ()
    assert [table.qualified for table in narrower.tables] == ["auth.users", "supaseed.ledger"]
    assert narrower.has_function("supaseed", "own")


def test_empty_database_is_a_catalog_too(empty_database: psycopg.Connection) -> None:
    """A database without tables gives an empty catalog that names its server, extensions and roles."""
    found = introspect(empty_database)

    assert (found.tables, found.functions, found.extensions) == ((), (), ("plpgsql",))
    assert found.server_version == empty_database.info.server_version
    assert empty_database.info.user in found.roles
    assert not any(name.startswith("pg_") for name in (*found.roles, *found.schemas))


def test_what_an_extension_owns_is_marked_or_left_out(empty_database: psycopg.Connection) -> None:
    """Relations of an extension carry its name; its functions are not among the schema's own."""
    empty_database.execute("create extension pg_stat_statements; create table own (id int)")

    found = introspect(empty_database)
    owners = {table.name: table.extension for table in found.tables}

    assert owners == {
        "own": None,
        "pg_stat_statements": "pg_stat_statements",
        "pg_stat_statements_info": "pg_stat_statements",
    }
    assert found.functions == ()
    assert found.extensions == ("pg_stat_statements", "plpgsql")


def test_operators_and_functions_of_the_schema_cannot_interfere(empty_database: psycopg.Connection) -> None:
    """An ambiguous `@>` (intarray) or a shadowed `=` first in the search path changes nothing."""
    empty_database.execute(
        """
        create extension intarray;
        create schema shadow;
        create function shadow.never(name, name) returns boolean language sql immutable as 'select false';
        create operator shadow.= (leftarg = name, rightarg = name, function = shadow.never);
        create table tagged (id int primary key, tags int[] check (tags operator(pg_catalog.@>) '{1}'));
        """
    )
    empty_database.execute("set search_path = shadow, public, pg_catalog")

    table = introspect(empty_database).find("public", "tagged")

    assert table is not None
    assert table.primary_key is not None
    assert [check.columns for check in table.checks] == [("tags",)]


def _in_autocommit(conn: psycopg.Connection) -> None:
    assert conn.autocommit


def _between_transactions(conn: psycopg.Connection) -> None:
    conn.autocommit = False


def _inside_a_transaction(conn: psycopg.Connection) -> None:
    conn.autocommit = False
    conn.execute("create table uncommitted (id int)")
    conn.execute("set local search_path = shadow")


@pytest.mark.parametrize("prepare", [_in_autocommit, _between_transactions, _inside_a_transaction])
def test_connection_is_left_as_it_was(
    empty_database: psycopg.Connection, prepare: Callable[[psycopg.Connection], None]
) -> None:
    """Settings, transaction and mode of the connection are the same after as before, in every mode."""
    _upset(empty_database)
    prepare(empty_database)
    status, autocommit = empty_database.info.transaction_status, empty_database.autocommit
    settings = _settings(empty_database)
    if status is TransactionStatus.IDLE:
        empty_database.rollback()

    introspect(empty_database)

    assert empty_database.info.transaction_status is status
    assert empty_database.autocommit is autocommit
    assert _settings(empty_database) == settings
    assert empty_database.info.encoding == "iso8859-1"
    empty_database.rollback()


def test_uncommitted_tables_are_seen_and_not_lost(empty_database: psycopg.Connection) -> None:
    """Inside a caller's transaction its own tables are read, and the transaction can go on and commit."""
    with empty_database.transaction():
        empty_database.execute("create table fresh (id int)")
        assert introspect(empty_database).find("public", "fresh") is not None
        empty_database.execute("insert into fresh values (1)")

    assert empty_database.execute("select count(*) from fresh").fetchone() == (1,)


def test_failed_transaction_is_refused(empty_database: psycopg.Connection) -> None:
    """A connection whose transaction has failed gives an error that says so, and what to do."""
    empty_database.autocommit = False
    with pytest.raises(psycopg.errors.DivisionByZero):
        empty_database.execute("select 1 / 0")

    with pytest.raises(CatalogError, match="roll the transaction back first"):
        introspect(empty_database)

    empty_database.rollback()


def test_any_row_factory_and_cursor_will_do(empty_database: psycopg.Connection) -> None:
    """How the caller's connection makes rows and cursors does not matter."""
    empty_database.execute("create table things (id int)")
    expected = introspect(empty_database)
    empty_database.row_factory = dict_row  # type: ignore[assignment]
    empty_database.cursor_factory = psycopg.RawCursor

    assert introspect(empty_database) == expected


def test_many_calls_leave_no_prepared_statement(empty_database: psycopg.Connection) -> None:
    """However often the catalog is read, no statement stays prepared on the caller's connection."""
    for _ in range(7):
        introspect(empty_database)

    assert empty_database.execute("select count(*) from pg_prepared_statements").fetchone() == (0,)


def test_no_privilege_is_needed(empty_database: psycopg.Connection) -> None:
    """A role that may not even use the schema reads the same catalog as a superuser."""
    empty_database.execute(
        """
        create schema hidden; create type hidden.mood as enum ('a');
        create table hidden.t (id serial primary key, mood hidden.mood default 'a', check (id > 0));
        alter table hidden.t enable row level security;
        create policy p on hidden.t using (id > 1);
        """
    )
    expected = introspect(empty_database)
    empty_database.execute("set role pg_read_all_settings")

    assert introspect(empty_database) == expected


def test_settings_of_the_session_change_nothing(empty_database: psycopg.Connection) -> None:
    """Time zone, date style, encodings and quoting of the login leave catalog and digest as they are."""
    empty_database.execute(
        r"""
        create schema shadow;
        create domain day as date default '2024-02-29';
        create table "Größe" (
            at timestamptz default '2024-02-29 12:00+00' check (at > '1999-01-01 00:00+00'),
            gap interval default '1 day 2 hours', half float8 default 0.1, raw bytea default '\x00ff',
            path text default 'a\b', born day
        )
        """
    )
    plain = introspect(empty_database)
    _upset(empty_database)

    upset = introspect(empty_database)

    assert upset == plain
    assert upset.digest() == plain.digest()
    moment = plain.tables[0].by_name["at"]
    assert moment.default == "'2024-02-29 12:00:00+00'::timestamp with time zone"
