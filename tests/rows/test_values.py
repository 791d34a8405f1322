"""Tests of rows.values, rows.moments, rows.events and rows.column_pairs: columns that depend on their row."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from every_type import values_of
from small_catalog import column, table

from pytest_supaseed.catalog.introspect import introspect
from pytest_supaseed.rows.chunk import REFERENCE_INSTANT
from pytest_supaseed.rows.declarations import Constant
from pytest_supaseed.rows.events import WithStatus, implies
from pytest_supaseed.rows.values import Fitted, SometimesNull, value_declaration

if TYPE_CHECKING:
    import psycopg


def test_ends_come_after_starts(empty_database: psycopg.Connection) -> None:
    """A row's end is later than its start, for moments, dates and times of day, however they are spelt."""
    found = values_of(
        empty_database,
        """create table things (
            starts_at timestamptz not null, ends_at timestamptz not null,
            "startDate" date not null, "endDate" date not null,
            valid_from timestamp not null, valid_until timestamptz not null,
            opens time not null, closes time not null,
            check_in date not null, check_out date not null,
            min_price numeric(8,2) not null, max_price numeric(8,2) not null,
            min_age int2 not null, max_age int2 not null, low real not null, high real not null
        )""",
    )

    assert empty_database.execute(
        """select count(*) from things where starts_at < ends_at and "startDate" < "endDate"
           and valid_from at time zone 'UTC' < valid_until and opens < closes and check_in < check_out
           and min_price < max_price and min_age < max_age and low < high"""
    ).fetchone() == (300,)
    assert len(set(found["ends_at"])) > 200


def test_later_moments_come_after_the_creation(empty_database: psycopg.Connection) -> None:
    """Updates, deletions and expiries come after the row was made, and differ from it in every row."""
    values_of(
        empty_database,
        """create table things (
            created_at timestamptz not null default now(), updated_at timestamptz not null,
            "lastSeenAt" timestamptz not null, expires_at timestamptz not null, due_on date not null
        )""",
    )

    assert empty_database.execute(
        """select count(*) from things where created_at < updated_at and created_at < "lastSeenAt"
           and created_at < expires_at and (created_at at time zone 'UTC')::date < due_on"""
    ).fetchone() == (300,)


def test_moments_count_from_the_reference_instant(empty_database: psycopg.Connection) -> None:
    """People are 18 to 80 years old at the reference instant; rows are made in the year before it."""
    found = values_of(
        empty_database, "create table things (birth_date date not null, created_at timestamptz not null)"
    )
    ages = [(REFERENCE_INSTANT.date() - born).days / 365.25 for born in found["birth_date"]]

    assert min(ages) >= 18
    assert max(ages) <= 80
    year = timedelta(days=365)
    assert all(REFERENCE_INSTANT - year <= made < REFERENCE_INSTANT for made in found["created_at"])
    assert all(made.microsecond == 0 for made in found["created_at"])


def test_what_seldom_happens_is_mostly_null(empty_database: psycopg.Connection) -> None:
    """Nullable: a deletion nine times in ten, an ordinary column now and then, a key or a name never."""
    found = values_of(
        empty_database,
        """create table things (
            name text, number uuid unique, remark text, deleted_at timestamptz, updated_at timestamptz,
            amount int, closed_on date not null
        )""",
    )
    shares = {name: sum(value is None for value in values) / 300 for name, values in found.items()}

    assert shares["name"] == shares["number"] == shares["updated_at"] == shares["closed_on"] == 0
    assert 0.8 < shares["deleted_at"] < 0.97
    assert 0.05 < shares["remark"] < 0.25
    assert 0.05 < shares["amount"] < 0.25


def test_moment_agrees_with_its_flag_and_status(empty_database: psycopg.Connection) -> None:
    """`cancelled_at` is set in the cancelled rows and in no other, and `deleted_at` by its flag."""
    values_of(
        empty_database,
        """create type state as enum ('draft', 'active', 'canceled');
        create table things (
            status state not null, cancelled_at timestamptz, is_deleted bool not null, deleted_at date,
            archived boolean not null default false, archived_at timestamptz
        )""",
    )
    empty_database.execute(
        "alter table things add check ((status = 'canceled') = (cancelled_at is not null))"
    )
    empty_database.execute("alter table things add check (is_deleted = (deleted_at is not null))")
    empty_database.execute("alter table things add check (archived = (archived_at is not null))")

    assert empty_database.execute("select count(*) > 0 from things where status = 'canceled'").fetchone() == (
        True,
    )


def test_status_that_a_check_lists_rules_too(empty_database: psycopg.Connection) -> None:
    """A text status with a CHECK is a vocabulary; one that has no such word leaves the moment free."""
    empty_database.execute(
        """create table things (status text not null check (status in ('open', 'closed')),
           closed_at timestamptz, paid_at timestamptz)"""
    )
    things = introspect(empty_database).find("public", "things")
    assert things is not None
    closed, paid = (value_declaration(things, things.by_name[name]) for name in ("closed_at", "paid_at"))

    assert isinstance(closed, WithStatus)
    assert isinstance(paid, SometimesNull)


@pytest.mark.parametrize(
    ("state", "event", "expected"),
    [
        ("Canceled", "cancelled", True),
        ("cancelled", "canceled", True),
        ("delivered", "shipped", True),
        ("complete", "completed", True),
        ("pending", "paid", False),
        ("shipped", "delivered", False),
        (None, "paid", False),
    ],
)
def test_statuses_imply_what_has_happened(state: object, event: str, expected: bool) -> None:  # noqa: FBT001
    """A status implies its own event, in both spellings, and those that come before it."""
    assert implies(state, event) is expected


def test_rows_with_insert_triggers_have_no_optional_nulls(empty_database: psycopg.Connection) -> None:
    """A trigger may count on a value: where one fires on INSERT, what may be NULL is there all the same."""
    empty_database.execute(
        "create function look() returns trigger language plpgsql as $$ begin return new; end $$"
    )
    found = values_of(
        empty_database,
        """create table things (remark text, amount int, deleted_at timestamptz);
        create trigger look before insert on things for each row execute function look()""",
    )

    assert None not in found["remark"]
    assert None not in found["amount"]
    assert None in found["deleted_at"]


def test_what_others_are_computed_from_is_there(empty_database: psycopg.Connection) -> None:
    """Columns that a generated column or a partition is computed from are not NULL, although they may be."""
    found = values_of(
        empty_database,
        """create table things (
            amount int, times int, total int not null generated always as (amount * times) stored, day date
        ) partition by range (day);
        create table all_things partition of things for values from (minvalue) to (maxvalue)""",
    )

    assert all(None not in values for values in found.values())


def test_text_is_cut_to_fit_and_null_stays_null() -> None:
    """Cut text ends in no blank, which `char(n)` would lose; NULL is not the word None."""
    chunk = _Chunk()

    assert Fitted(Constant("ab cd"), 3, unique=False).fill(chunk, "x") == ["ab"] * 2  # type: ignore[arg-type]
    assert Fitted(Constant(None), 3, unique=True).fill(chunk, "x") == [None] * 2  # type: ignore[arg-type]


class _Chunk:
    count = 2
    indices = range(2)


def test_unknown_types_are_left_out_where_they_may_be() -> None:
    """A nullable column of a type that we do not know stays NULL; a NOT NULL one is tried with a word."""
    from dataclasses import replace

    known = column("x")
    odd = replace(known, type=replace(known.type, schema="ext", name="odd"))

    assert value_declaration(table("t"), replace(odd, not_null=False)) is None
    assert value_declaration(table("t"), odd) is not None
    assert isinstance(value_declaration(table("t"), column("remark", not_null=False)), SometimesNull)
