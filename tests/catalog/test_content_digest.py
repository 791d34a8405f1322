"""Tests of catalog.content_digest: the same for the same content, another one for any other."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from small_catalog import catalog, column, primary, table

from pytest_supaseed.catalog.introspect import introspect

if TYPE_CHECKING:
    import psycopg

    from pytest_supaseed.catalog.model import Catalog

BASE = """
create type mood as enum ('a', 'b');
create domain low as int check (value < 9);
create table parent (id int primary key);
create table t (id int primary key, n low, m mood, p int references parent, s text, check (id > 0));
create index plain on t (s);
create function f() returns trigger language plpgsql as 'begin return new; end';
"""
CHANGES = (
    "alter type mood add value 'c'",
    "alter domain low add check (value > 1)",
    "alter table t add column x int",
    "alter table t alter s set not null",
    "alter table t alter s set default 'x'",
    "alter table t alter s type varchar(9)",
    "alter table t drop constraint t_p_fkey, add foreign key (p) references parent on delete cascade",
    "alter table t drop constraint t_id_check",
    "create unique index u on t (s) where id > 1",
    "create trigger g before insert on t for each row execute function f()",
    "create or replace function f() returns trigger language plpgsql as 'begin return null; end'",
    "create policy p on t using (true)",
    "alter table t enable row level security",
    "alter table t set unlogged",
    "comment on column t.s is 'x'",
    "create schema other",
    "create extension citext",
)


def _apply(conn: psycopg.Connection, *statements: str) -> Catalog:
    for statement in statements:
        conn.execute(statement.encode())
    return introspect(conn)


def test_every_change_of_the_schema_shows(empty_database: psycopg.Connection) -> None:
    """Whatever rows depend on (types, keys, checks, triggers, functions, policies) changes the digest."""
    plain = _apply(empty_database, BASE).digest()
    silent = []

    for change in CHANGES:
        with empty_database.transaction(force_rollback=True):
            if _apply(empty_database, change).digest() == plain:
                silent.append(change)

    assert silent == []
    assert introspect(empty_database).digest() == plain


def test_what_differs_between_servers_does_not_show(empty_database: psycopg.Connection) -> None:
    """The same schema made later, with other OIDs and another owner, has the same digest."""
    first = _apply(empty_database, BASE)
    empty_database.execute("drop schema public cascade; create schema public")
    empty_database.execute("create table unrelated (id int); drop table unrelated")

    second = _apply(empty_database, BASE, "alter table t owner to pg_monitor")

    assert {table.oid for table in first.tables}.isdisjoint(table.oid for table in second.tables)
    assert first != second
    assert first.digest() == second.digest()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (table("ab", column("c")), table("a", column("bc"))),
        (table("t", column("a"), column("b")), table("t", column("b"), column("a"))),
        (table("t", unique_keys=(primary("a", "b"),)), table("t", unique_keys=(primary("a,b"),))),
        (table("t", column("a", default="1")), table("t", column("a", default=None))),
        (table("t", column("a", default="None")), table("t", column("a", default=None))),
    ],
)
def test_neighbours_do_not_run_together(one: object, other: object) -> None:
    """Values that look alike when joined are told apart."""
    assert catalog(one).digest() != catalog(other).digest()  # type: ignore[arg-type]


def test_version_and_roles_do_not_show() -> None:
    """The server's version and its roles belong to the cluster and not to the schema."""
    found = catalog(table("t"))

    assert found.digest() == replace(found, server_version=150_000, roles=("anon",)).digest()
