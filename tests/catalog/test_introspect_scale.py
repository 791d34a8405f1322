"""Tests of catalog.introspect: large schemas are read in moderate time."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

from psycopg import sql

from pytest_supaseed.catalog.introspect import introspect
from pytest_supaseed.catalog.model import Catalog

if TYPE_CHECKING:
    import psycopg

LIMIT_SECONDS = 2.0
"""Measured: 0.15 s for 1,000 tables; room for a busy machine, yet far below anything quadratic."""

MANY_TABLES = """
do $$
begin
    for n in 1..1000 loop
        execute format(
            'create table t%s (id bigint generated always as identity primary key,
             parent bigint references t%s,
             name text not null check (name <> ''''), at date default now(), code text unique)',
            n, n
        );
    end loop;
end
$$
"""


def test_a_thousand_tables(empty_database: psycopg.Connection) -> None:
    """A schema of 1,000 tables with keys and checks is read whole, digested and stored, in seconds."""
    empty_database.execute(MANY_TABLES)

    started = perf_counter()
    found = introspect(empty_database)
    read = perf_counter()
    copy = Catalog.from_json(found.to_json())
    digest = copy.digest()
    done = perf_counter()

    assert len(found.tables) == 1000
    assert all(table.primary_key and table.foreign_keys and table.checks for table in found.tables)
    assert copy == found
    assert digest == found.digest()
    assert read - started < LIMIT_SECONDS
    assert done - read < LIMIT_SECONDS


def test_as_many_columns_as_a_table_can_have(empty_database: psycopg.Connection) -> None:
    """A table of 1,600 columns is read whole and in order, dropped ones left out."""
    names = [f"c{number}" for number in range(1600)]
    columns = sql.SQL(", ").join(sql.SQL("{} int").format(sql.Identifier(name)) for name in names)
    empty_database.execute(sql.SQL("create table wide ({})").format(columns))
    empty_database.execute("alter table wide drop column c7, drop column c1599")

    started = perf_counter()
    table = introspect(empty_database).tables[0]
    seconds = perf_counter() - started

    assert [column.name for column in table.columns] == [n for n in names if n not in {"c7", "c1599"}]
    assert table.columns[7].number == 9
    assert seconds < LIMIT_SECONDS
