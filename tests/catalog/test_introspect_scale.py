"""Tests of catalog.introspect: large schemas are read in moderate time."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING, TypeVar

from psycopg import sql

from pytest_supaseed.catalog.introspect import introspect
from pytest_supaseed.catalog.model import Catalog

if TYPE_CHECKING:
    from collections.abc import Callable

    import psycopg

Result = TypeVar("Result")
LINEAR = 5
BETWEEN = 12
"""Five times the tables may take so many times as long: more than linear and its noise, less than quadratic.
Measured: 0.15 s for 1,000 tables, 4.6 times what 200 take."""

MANY_TABLES = """
do $$
begin
    for n in {first}..{last} loop
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


def best_of(work: Callable[[], Result]) -> tuple[Result, float]:
    """What some work gives, and the seconds that it takes at its best."""
    seconds = []
    for _ in range(3):
        begun = perf_counter()
        result = work()
        seconds.append(perf_counter() - begun)
    return result, min(seconds)


def stored(catalog: Catalog) -> tuple[Catalog, str]:
    """A catalog that was written and read, and its digest."""
    copy = Catalog.from_json(catalog.to_json())
    return copy, copy.digest()


def test_a_thousand_tables(empty_database: psycopg.Connection) -> None:
    """A schema of 1,000 tables with keys and checks is read whole, digested and stored, in linear time."""
    empty_database.execute(MANY_TABLES.format(first=1, last=200))
    _, few_read = best_of(lambda: introspect(empty_database))
    few = introspect(empty_database)
    _, few_stored = best_of(lambda: stored(few))
    empty_database.execute(MANY_TABLES.format(first=201, last=200 * LINEAR))
    found, read = best_of(lambda: introspect(empty_database))
    (copy, digest), kept = best_of(lambda: stored(found))

    assert len(found.tables) == 1000
    assert all(table.primary_key and table.foreign_keys and table.checks for table in found.tables)
    assert copy == found
    assert digest == found.digest()
    assert read < BETWEEN * few_read
    assert kept < BETWEEN * few_stored


def make_table(connection: psycopg.Connection, name: str, names: list[str]) -> None:
    """A table of whole numbers."""
    columns = sql.SQL(", ").join(sql.SQL("{} int").format(sql.Identifier(column)) for column in names)
    connection.execute(sql.SQL("create table {} ({})").format(sql.Identifier(name), columns))


def test_as_many_columns_as_a_table_can_have(empty_database: psycopg.Connection) -> None:
    """A table of 1,600 columns is read whole and in order, dropped ones left out, and in linear time."""
    names = [f"c{number}" for number in range(320 * LINEAR)]
    make_table(empty_database, "narrow", names[:320])
    _, narrow_seconds = best_of(lambda: introspect(empty_database))
    make_table(empty_database, "wide", names)
    empty_database.execute("alter table wide drop column c7, drop column c1599")

    found, seconds = best_of(lambda: introspect(empty_database))
    table = next(table for table in found.tables if table.name == "wide")

    assert [column.name for column in table.columns] == [n for n in names if n not in {"c7", "c1599"}]
    assert table.columns[7].number == 9
    assert seconds < BETWEEN * narrow_seconds
