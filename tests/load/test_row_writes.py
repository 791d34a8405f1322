"""Tests of load.row_writes: the rows that a test makes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import factory
import pytest
from small_catalog import Names

from pytest_supaseed.catalog.introspect import introspect
from pytest_supaseed.errors import LoadError, MappingError
from pytest_supaseed.load.row_writes import RowRequest, RowWriter
from pytest_supaseed.plan.seed_plan import SeedPlan
from pytest_supaseed.rows.factories import TableFactory

if TYPE_CHECKING:
    import psycopg

    from pytest_supaseed.rows.row import Row

SCHEMA = """
    create type kind as enum ('tent', 'van');
    create table owners (id uuid primary key, email text not null unique, meta jsonb not null);
    create table setups (
        id bigint generated always as identity primary key, owner_id uuid not null references owners,
        title varchar(30) not null, kind kind not null default 'van',
        shout text generated always as (upper(title)) stored
    );
"""


@pytest.fixture
def writer(empty_database: psycopg.Connection) -> RowWriter:
    """A writer into a database with two empty tables."""
    empty_database.execute(SCHEMA)
    catalog = introspect(empty_database)
    return RowWriter(empty_database, catalog, Names(catalog), SeedPlan((), "s", 0))


def make(writer: RowWriter, count: int = 1, seed: str = "s", /, **values: object) -> list[Row]:
    """Rows of setups."""
    return writer.create(RowRequest("setups", count, values, seed))


def test_row_comes_back_as_postgres_holds_it(writer: RowWriter) -> None:
    """A created row carries its key, its defaults and its generated columns."""
    (row,) = make(writer, title="Camp")

    assert (row.title, row.shout, row.kind, row.id) == ("Camp", "CAMP", "van", 1)
    assert writer.connection.execute("select title from setups").fetchall() == [("Camp",)]


def test_missing_parent_is_made(writer: RowWriter) -> None:
    """In an empty database a row's parent is made first, so that a single create() is enough."""
    (row,) = make(writer)

    assert writer.connection.execute("select id from owners").fetchall() == [(row.owner_id,)]


def test_existing_parents_are_used(writer: RowWriter) -> None:
    """Where there are parents, new rows refer to them and no further one is made."""
    owners = writer.create(RowRequest("owners", 3, {}, "s"))

    rows = make(writer, 20)

    assert {row.owner_id for row in rows} == {owner.id for owner in owners}


def test_batches_hold_every_row(writer: RowWriter) -> None:
    """A batch beyond one chunk and one INSERT is complete, in order, and unique where it has to be."""
    rows = writer.create(RowRequest("owners", 2345, {}, "s"))

    assert len({row.email for row in rows}) == 2345
    assert writer.connection.execute("select count(*) from owners").fetchone() == (2345,)


def test_second_batch_meets_no_used_value(writer: RowWriter) -> None:
    """Unique values go on where the last batch ended."""
    first = writer.create(RowRequest("owners", 5, {}, "a"))
    second = writer.create(RowRequest("owners", 5, {}, "a", first=5))

    assert len({row.email for row in (*first, *second)}) == 10


def test_same_seed_gives_the_same_row(writer: RowWriter) -> None:
    """Rows made in a test are drawn from its own seed text, and only from it."""
    made = []
    for seed in ("a", "a", "b"):
        made.append(writer.create(RowRequest("owners", 1, {}, seed, first=0))[0])
        writer.connection.execute("delete from owners")

    assert made[0] == made[1] != made[2]


def test_unknown_column_is_named(writer: RowWriter) -> None:
    """A value for a column that is not there is refused before anything is written, with the nearest name."""
    with pytest.raises(MappingError, match=r"no column 'titel'") as caught:
        make(writer, titel="x")

    assert "'title'" in str(caught.value)


def test_refused_row_says_why(writer: RowWriter) -> None:
    """What Postgres refuses is an error with the table and the reason, and nothing is written."""
    with pytest.raises(LoadError, match=r"public\.setups.*too long"):
        make(writer, 3, title="x" * 31)

    assert writer.connection.execute("select count(*) from setups").fetchone() == (0,)


def test_user_factory_decides(writer: RowWriter) -> None:
    """A user's factory gives its fields, the catalog the rest; overrides win over both."""

    class SetupFactory(TableFactory):
        class Meta:
            table = "setups"

        title = factory.Sequence(lambda n: f"Setup {n}")
        kind = "tent"

    rows = writer.create(RowRequest("setups", 2, {"kind": "van"}, "s", first=0, factory=SetupFactory))

    assert [(row.title, row.kind) for row in rows] == [("Setup 0", "van"), ("Setup 1", "van")]


def test_user_factory_with_a_field_that_is_no_column(writer: RowWriter) -> None:
    """A field without a column is an error at first use, unless it is a parameter or excluded."""

    class Wrong(TableFactory):
        class Meta:
            table = "setups"

        tittle = "x"

    class Right(TableFactory):
        class Meta:
            table = "setups"
            exclude = ("helper",)

        helper = "H"
        title = factory.LazyAttribute(lambda row: row.helper * 3)

    with pytest.raises(MappingError, match="no column 'tittle'"):
        writer.create(RowRequest("setups", 1, {}, "s", factory=Wrong))
    assert writer.create(RowRequest("setups", 1, {}, "s", factory=Right))[0].title == "HHH"
