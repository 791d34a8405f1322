"""Tests of load.infinite_moments: dates without an end are stored and read as Postgres has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from seeded_schemas import SeededSchema, seed_schema
from small_catalog import Names

from pytest_supaseed.load.infinite_moments import read_infinities
from pytest_supaseed.load.row_writes import RowRequest, create_rows
from pytest_supaseed.plan.seed_plan import SeedPlan
from pytest_supaseed.rows.infinities import EARLIEST, LATEST

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

    from conftest import Maker

SCHEMA = """
create table terms (
    id bigint primary key,
    begins timestamptz not null,
    ends timestamptz not null default 'infinity' check (ends = 'infinity'::timestamptz),
    known date not null check (known = any (array['infinity'::date, '-infinity'::date])),
    local timestamp not null check (local = '-infinity'::timestamp),
    held tstzrange not null check (held = '["2025-01-01 00:00:00+00",infinity)'::tstzrange),
    check (ends > begins)
);
create table versions (
    id bigint generated always as identity primary key,
    name text not null,
    valid_until date not null default 'infinity'::date,
    unique (name, valid_until),
    check (valid_until > '2020-01-01')
);
create table notes (id int primary key, valid_until date not null default 'infinity');
create table remarks (
    id int primary key, valid_until date not null default 'infinity', unique (id, valid_until)
);
create table replies (
    id int primary key, remark int not null, until date not null,
    foreign key (remark, until) references remarks (id, valid_until)
);
insert into remarks values (1, 'infinity'), (2, '-infinity');
"""


@pytest.fixture(scope="module")
def seeded(maker: Maker) -> Iterator[SeededSchema]:
    """The schema, seeded once."""
    with maker.database("infinite") as connection:
        yield seed_schema(connection, SCHEMA, rows=12)


def test_what_has_to_be_infinite_is(seeded: SeededSchema) -> None:
    """Not the last moment of the year 9999, which `isfinite` tells from it."""
    assert seeded.one("select count(*) from terms where isfinite(ends) or isfinite(local)") == 0
    assert seeded.one("select count(*) from terms where not isfinite(known)") == 12
    assert (
        seeded.one("select count(*) from terms where upper(held) = 'infinity' and not upper_inf(held)") == 12
    )


def test_nothing_is_stored_at_the_end_of_the_calendar(seeded: SeededSchema) -> None:
    """No date of a row is the last one that Python knows."""
    for table in ("terms", "versions", "notes", "remarks", "replies"):
        assert seeded.one(f"select count(*) from {table} t where t::text like '%9999-12-31%'") == 0  # noqa: S608


def test_children_refer_to_infinite_keys(seeded: SeededSchema) -> None:
    """A key that is infinite is read and written back as that."""
    assert seeded.loaded()["replies"] == 12
    assert seeded.dangling() == {}
    assert seeded.one("select count(*) from replies where isfinite(until)") == 0


def test_a_test_creates_and_reads_such_rows(seeded: SeededSchema) -> None:
    """`create` gives back what the database holds, comparable with every date."""
    found = create_rows(
        seeded.connection,
        catalog=seeded.catalog,
        table_map=Names(seeded.catalog),
        plan=SeedPlan((), "s", 0),
        request=RowRequest("notes", 1, {"id": 900}, "s"),
    )[0]

    assert found["valid_until"] == LATEST.date()
    assert found["valid_until"].text == "infinity"


@pytest.fixture
def reading(seeded: SeededSchema) -> Iterator[psycopg.Cursor]:
    """A cursor that reads infinities."""
    with seeded.connection.cursor() as cursor:
        read_infinities(cursor)
        yield cursor


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("'infinity'::timestamptz", LATEST),
        ("'-infinity'::timestamptz", EARLIEST),
        ("'infinity'::timestamp", LATEST.replace(tzinfo=None)),
        ("'-infinity'::date", EARLIEST.date()),
    ],
)
def test_infinities_are_read(reading: psycopg.Cursor, value: str, expected: object) -> None:
    """Where psycopg alone raises DataError."""
    row = reading.execute(f"select {value} as value".encode()).fetchone()

    assert row is not None
    assert row[0] == expected


def test_other_moments_are_read_as_ever(reading: psycopg.Cursor) -> None:
    """Only infinities are read in another way."""
    row = reading.execute(
        "select '2025-02-03'::date = current_date as same, '2025-02-03'::date as day"
    ).fetchone()

    assert row is not None
    assert str(row[1]) == "2025-02-03"
