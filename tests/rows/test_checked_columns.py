"""Tests of rows.checked_columns: rows of tables with checks, solved and then judged by Postgres."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from pytest_supaseed.catalog.introspect import introspect
from pytest_supaseed.load.copy_rows import copy_rows
from pytest_supaseed.plan.streams import CHUNK_ROWS
from pytest_supaseed.rows.auto_factories import Derivation, derive_declarations
from pytest_supaseed.rows.checked_columns import Checked, allowed_values, unsolved, with_checks
from pytest_supaseed.rows.chunk import REFERENCE_INSTANT, Chunk, Scope
from pytest_supaseed.rows.columns import producer_of
from pytest_supaseed.rows.declarations import Constant, Numbered

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pytest_supaseed.catalog.model import Catalog, Table

TABLES = (Path(__file__).parent / "checked_tables.sql").read_text()
ROWS = 120
NOTHING = Derivation(frozenset(), {})


@dataclass(frozen=True)
class FiftyParents:
    """Key sources of tables whose keys are the numbers from 1 to 50."""

    count: int = 50
    key: tuple[str, ...] = ("id",)

    def values(self, columns: tuple[str, ...], indices: Sequence[int]) -> list[tuple[object, ...]]:
        """The keys at the indices."""
        return [tuple(index + 1 for _ in columns) for index in indices]

    def of(self, table: str, part: str | None = None) -> FiftyParents:
        """The key source of any table."""
        del table, part
        return self


def column_values(table: Table, declarations: Mapping[str, object], rows: int) -> dict[str, list[object]]:
    """The columns that declarations fill, over a number of rows."""
    producers = {name: producer_of(found) for name, found in declarations.items()}
    scope = Scope("seed", table.qualified, "", producers, FiftyParents(), rows)
    names = [c.name for c in table.columns if c.generated is None and c.name in producers]
    found: dict[str, list[object]] = {name: [] for name in names}
    for start in range(0, rows, CHUNK_ROWS):
        chunk = Chunk(scope, start // CHUNK_ROWS, start, min(CHUNK_ROWS, rows - start))
        for name in names:
            found[name] += chunk.column(name)
    return found


def generated(table: Table, rows: int = ROWS) -> dict[str, list[object]]:
    """The columns that we derive for a table."""
    return column_values(table, derive_declarations(table, NOTHING), rows)


@pytest.fixture
def catalog(empty_database: psycopg.Connection) -> Catalog:
    """The tables of checked_tables.sql, in a database."""
    empty_database.execute("set check_function_bodies = off")
    empty_database.execute(TABLES)
    return introspect(empty_database)


def _table(connection: psycopg.Connection, statement: str) -> Table:
    """The table `things` that a statement makes."""
    connection.execute(statement)
    found = introspect(connection).find("public", "things")
    assert found is not None
    return found


def test_postgres_takes_every_row(empty_database: psycopg.Connection, catalog: Catalog) -> None:
    """Rows of every table are solved so that Postgres takes them by COPY as they are."""
    refused: dict[str, str] = {}
    for table in catalog.tables:
        if table.name == "parent":
            continue
        rows = 1 if table.name.startswith("single_") else ROWS
        columns = generated(table, rows)
        lines = list(zip(*columns.values(), strict=True))
        try:
            copy_rows(empty_database, table, list(columns), [lines], on_rows=lambda _: None)
        except psycopg.Error as error:
            refused[table.name] = str(error)

    assert not refused


def test_postgres_takes_documents_that_meet_a_schema(empty_database: psycopg.Connection) -> None:
    """A column that a check holds to a JSON schema is filled so that Postgres takes each row."""
    stub = resources.files("pytest_supaseed.platform").joinpath("stubs/pg_jsonschema.sql").read_text()
    empty_database.execute("create schema if not exists extensions")
    empty_database.execute(stub.replace("@extschema@", "extensions").encode())
    table = _table(
        empty_database,
        "create table things (id int primary key, course jsonb not null check (extensions."
        """jsonb_matches_schema('{"type": "object", "required": ["lessons"], "properties": {"lessons":"""
        """ {"type": "array", "minItems": 1, "items": {"type": "object", "required": ["id", "kind"],"""
        """ "properties": {"id": {"type": "string", "format": "uuid"}, "kind": {"enum": ["a", "b"]},"""
        """ "minutes": {"type": ["number", "null"], "minimum": 1}}}}}}', course)))""",
    )
    columns = generated(table)

    lines = list(zip(*columns.values(), strict=True))
    sent = copy_rows(empty_database, table, list(columns), [lines], on_rows=lambda _rows: None)

    assert sent == ROWS


def test_we_know_what_we_cannot_solve(catalog: Catalog) -> None:
    """Of all these tables' checks, none is left for Postgres to judge."""
    doubtful = {check.expression for table in catalog.tables for check in unsolved(table)}

    assert not doubtful


def test_a_function_of_the_schema_is_left_to_postgres(empty_database: psycopg.Connection) -> None:
    """A check that calls the schema's own function is reported, and so is one that no row can satisfy."""
    empty_database.execute(
        "create function is_fine(text) returns boolean language sql immutable as 'select true'"
    )
    table = _table(
        empty_database,
        "create table things (a int not null constraint never check (a > 5 and a < 5), b text,"
        " constraint asked check (public.is_fine(b)), c int constraint easy check (c > 0))",
    )

    assert {check.name for check in unsolved(table)} == {"never", "asked"}


def test_a_row_does_not_depend_on_how_many_there_are(catalog: Catalog) -> None:
    """Row i is the same whether 30 rows are made or 1,200, and in a second run."""
    table = catalog.find("public", "states")
    assert table is not None

    many = generated(table, 1200)

    assert {name: values[:30] for name, values in many.items()} == generated(table, 30)
    assert many == generated(table, 1200)


def test_values_spread_over_what_is_allowed(catalog: Catalog) -> None:
    """Values are drawn over the whole range, not from its bounds alone, and all ways of a choice occur."""
    ranges, kinds = catalog.find("public", "ranges"), catalog.find("public", "parent_by_kind")
    assert ranges is not None
    assert kinds is not None

    found = generated(ranges, 400)

    assert set(found["rating"]) == {1, 2, 3, 4, 5}
    assert len(set(found["price"])) > 100
    assert set(generated(kinds, 200)["kind"]) == {"a", "b", "c"}


def test_rows_that_pass_are_left_alone(empty_database: psycopg.Connection) -> None:
    """A row that passes already keeps its values; one that does not keeps those that no check is about."""
    table = _table(
        empty_database, "create table things (a int not null, b text not null, check (a between 1 and 9))"
    )
    declarations = {"a": Numbered(5), "b": Constant("kept")}

    found = column_values(table, with_checks(table, declarations, fixed=()), 20)

    assert found == {"a": list(range(5, 25)), "b": ["kept"] * 20}
    declared = {"a": producer_of(Constant(7)), "b": Constant("kept")}
    assert column_values(table, with_checks(table, declared, fixed=()), 20)["a"] == [7] * 20


def test_columns_of_a_factory_are_respected(empty_database: psycopg.Connection) -> None:
    """Where a factory took over a column, the others of its checks follow it."""
    table = _table(
        empty_database,
        "create table things (low int not null, high int not null, check (low < high), check (high < 900))",
    )
    declarations = derive_declarations(table, NOTHING)
    assert isinstance(declarations["low"], Checked)

    found = column_values(table, {**declarations, "low": Constant(890)}, 50)

    assert found["low"] == [890] * 50
    assert set(found["high"]) <= set(range(891, 900))
    assert len(set(found["high"])) > 3


def test_references_become_null_or_refer_to_others(empty_database: psycopg.Connection) -> None:
    """A reference is only ever given the key of a parent, or NULL where it may be."""
    empty_database.execute("create table parent (id integer primary key)")
    table = _table(
        empty_database,
        "create table things (a int references parent, b int references parent, c int not null references"
        " parent, check (num_nonnulls(a, b) = 1), check (a <> c), check (b < c))",
    )

    found = generated(table, 300)
    rows = list(zip(found["a"], found["b"], found["c"], strict=True))

    assert all((a is None) is not (b is None) for a, b, _c in rows)
    assert all((a is None or a != c) and (b is None or b < c) for a, b, c in rows)  # type: ignore[operator]
    assert {value for row in rows for value in row} - {None} <= set(range(1, 51))


def test_a_unique_column_stays_unique(empty_database: psycopg.Connection) -> None:
    """Text of a unique column is made to match its check and still differs in every row."""
    table = _table(
        empty_database,
        "create table things (code text not null unique check (code ~ '^[A-Z]{3}[0-9]{3}$'),"
        " slug varchar(24) not null unique check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'))",
    )

    found = generated(table, 2000)

    assert len(set(found["code"])) == len(set(found["slug"])) == 2000


def test_a_numbered_key_begins_where_it_may(empty_database: psycopg.Connection) -> None:
    """A key that a check keeps above a number is counted from there."""
    table = _table(
        empty_database, "create table things (id bigint primary key check (id >= 1000), name text)"
    )

    assert generated(table, 3)["id"] == [1000, 1001, 1002]


def test_dates_about_now_hold_for_years(catalog: Catalog) -> None:
    """What has to lie ahead lies ten years and more after the reference instant, what is past before it."""
    table = catalog.find("public", "clock")
    assert table is not None

    found: dict[str, Any] = generated(table, 100)

    assert min(found["expires"]).year >= REFERENCE_INSTANT.year + 10
    assert max(value for value in found["seen"] if value is not None) <= REFERENCE_INSTANT
    assert max(found["born"]).year <= REFERENCE_INSTANT.year - 18


def test_default_is_kept_where_the_check_allows_it(empty_database: psycopg.Connection) -> None:
    """A column with a constant default and a check keeps that default in the rows where it passes."""
    table = _table(
        empty_database,
        "create table things (status text not null default 'new', done_at timestamptz,"
        " check (status in ('new', 'done')), check ((status = 'done') = (done_at is not null)))",
    )

    found = generated(table, 200)

    assert Counter(found["status"])["new"] > 0
    assert all(
        (s == "done") is (d is not None) for s, d in zip(found["status"], found["done_at"], strict=True)
    )


def test_default_that_is_no_constant_is_no_null(empty_database: psycopg.Connection) -> None:
    """A NOT NULL column with a check and a computed default is never written as NULL."""
    empty_database.execute("create function three() returns int language sql immutable as 'select 3'")
    table = _table(
        empty_database,
        "create table things (a int not null default (1 + 1) check (a < 5),"
        " b int not null default three() check (b < 5), c point not null default point(1, 2) check"
        " (c[0] > 0), d text not null default upper('x') check (d = upper(d)))",
    )
    declarations = with_checks(table, {}, fixed=())

    found = column_values(table, declarations, 5)

    assert found["a"] == [2] * 5
    assert all(isinstance(value, int) and value < 5 for value in found["b"])
    assert found["d"] == ["X"] * 5
    assert None not in found.get("c", [])


def test_finite_values_are_listed(empty_database: psycopg.Connection) -> None:
    """What a column's checks leave is listed where it is finite: lists, constants, bounded numbers."""
    empty_database.execute("create domain digit as int check (value >= 0) check (value < 10)")
    table = _table(
        empty_database,
        "create table things (a text check (a in ('x', 'y') and a <> 'y'), b int check (b = 1), c boolean"
        " check (c), d digit, e int check (e > 3), f int check (f between 1 and 6 and f % 2 = 0),"
        " g int check (g > 0 and g <= 500000), h text)",
    )

    listed = {name: allowed_values(table, name) for name in "abcdefgh"}

    assert listed == {
        "a": ["x"],
        "b": [1],
        "c": [True],
        "d": range(10),
        "e": None,
        "f": [2, 4, 6],
        "g": range(1, 500_001),
        "h": None,
    }
