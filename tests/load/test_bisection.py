"""Tests of load.bisection, load.part_load and load.refusals: one bad row costs one row."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import psycopg
import pytest
from seeded_schemas import seed_schema

from pytest_supaseed.errors import LoadError
from pytest_supaseed.load.bisection import PATIENCE, Patience, keep_good
from pytest_supaseed.load.refusals import concerns_rows
from pytest_supaseed.load.report import SeedReport

if TYPE_CHECKING:
    from collections.abc import Sequence

VIRTUAL_SINCE = 180000
POISONED = """
    create table things (id int primary key, name text not null);
    create function no_poison() returns trigger language plpgsql as $$
    begin
        if new.id = 1234 then raise exception 'number % is poisoned', new.id; end if;
        return new;
    end $$;
    create trigger no_poison before insert on things for each row execute function no_poison();
    create table parts (id int primary key, thing_id int not null references things, note text not null);
"""


def refuse(bad: set[int], attempts: list[int], error: type[psycopg.Error] = psycopg.DataError) -> object:
    """An attempt that refuses some numbers, and notes how many rows each attempt had."""

    def attempt(rows: Sequence[int]) -> int:
        attempts.append(len(rows))
        if bad & set(rows):
            raise error
        return len(rows)

    return attempt


def test_halving_finds_each_bad_row() -> None:
    """Of 1,000 rows the three bad ones are told, the others are kept, in about log2(1,000) attempts each."""
    attempts: list[int] = []
    told: list[int] = []

    taken = keep_good(
        range(1000),
        refuse({3, 500, 999}, attempts),  # type: ignore[arg-type]
        lambda row, _error: told.append(row),
        Patience(),
    )

    assert (taken, told) == (997, [3, 500, 999])
    assert len(attempts) <= 3 * 2 * 10 + 1


def test_search_ends_where_nothing_is_good() -> None:
    """A constraint that no row satisfies is given up after fifty rows, not after a thousand."""
    attempts: list[int] = []
    told: list[int] = []

    taken = keep_good(
        range(1000),
        refuse(set(range(1000)), attempts),  # type: ignore[arg-type]
        lambda row, _error: told.append(row),
        Patience(),
    )

    assert (taken, told) == (0, list(range(PATIENCE)))


def test_timeout_is_no_matter_of_rows() -> None:
    """A statement that was cancelled is not tried again in halves."""
    attempts: list[int] = []

    with pytest.raises(psycopg.errors.QueryCanceled):
        keep_good(
            range(10),
            refuse({1}, attempts, psycopg.errors.QueryCanceled),  # type: ignore[arg-type]
            lambda _row, _error: None,
            Patience(),
        )

    assert attempts == [10]
    assert not concerns_rows(psycopg.OperationalError("the connection is closed"))
    assert concerns_rows(psycopg.errors.RaiseException())


def test_poisoned_row_costs_itself(empty_database: psycopg.Connection) -> None:
    """One poisoned row among 3,000: another takes its place, children refer to rows that are there."""
    seeded = seed_schema(empty_database, POISONED, rows=3000)

    assert seeded.loaded() == {"things": 3000, "parts": 3000}
    assert seeded.one("select count(*) from things where id = 1234") == 0
    assert seeded.dangling() == {}
    assert seeded.report.shortfalls == ()
    assert seeded.part("things").refused == 1
    assert seeded.part("things").reason.startswith("number 1234 is poisoned | PL/pgSQL function ")
    assert "1 refused rows were replaced" in " ".join(seeded.report.notes)


def test_two_runs_give_the_same_bytes(
    empty_database: psycopg.Connection, another_database: psycopg.Connection
) -> None:
    """Rows in place of refused ones are a function of the seed like all others."""
    first = seed_schema(empty_database, POISONED, rows=2000)
    second = seed_schema(another_database, POISONED, rows=2000)

    assert first.digest() == second.digest()


def test_impossible_table_costs_itself_and_its_children(empty_database: psycopg.Connection) -> None:
    """`check (false)`: that table and those that need it are empty, with reasons; the rest is filled."""
    seeded = seed_schema(
        empty_database,
        """
        create table fine (id int primary key, name text not null);
        create table never (id int primary key, fine_id int not null references fine, check (false));
        create table below (id int primary key, never_id int not null references never);
        create table beside (id int primary key, fine_id int not null references fine);
        """,
    )

    assert seeded.loaded() == {"fine": 20, "beside": 20, "never": 0, "below": 0}
    assert seeded.part("never").constraint == "never_check"
    assert "never_check: false" in seeded.part("never").note
    assert 'rows = { "public.never" = 0 } under [tool.supaseed]' in seeded.part("never").remedy
    assert "public.never" in seeded.part("below").reason


def test_report_shows_the_row_without_secrets(empty_database: psycopg.Connection) -> None:
    """A refusal shows a sample row, the constraint's columns first, long values cut, secrets left out."""
    seeded = seed_schema(
        empty_database,
        """
        create table things (
            id int primary key, body text not null, api_token text not null, grade int not null
        );
        create unique index one_grade on things ((grade * 0));
        """,
    )

    part = seeded.part("things")
    assert (part.loaded, part.planned, part.constraint) == (1, 20, "one_grade")
    assert "id=" in part.sample
    assert "api_token=***" in part.sample
    assert len(part.sample) <= 200
    assert SeedReport.from_json(json.loads(json.dumps(seeded.report.to_json()))) == seeded.report


def test_strict_names_every_shortfall(empty_database: psycopg.Connection) -> None:
    """With strict an error names all tables that hold fewer rows, and what would help."""
    schema = """
        create table never (id int primary key, check (false));
        create table nor_this (id int primary key, check (id <> id));
        create table fine (id int primary key);
    """

    with pytest.raises(LoadError, match="2 of the tables") as caught:
        seed_schema(empty_database, schema, strict=True)

    assert [line.split(":")[0] for line in caught.value.looked_at] == ["public.never", "public.nor_this"]
    assert 'rows = { "public.never" = 0 }' in str(caught.value)


def test_strict_is_content_where_all_is_there(empty_database: psycopg.Connection) -> None:
    """With strict nothing is raised where every table holds its rows."""
    seeded = seed_schema(empty_database, "create table fine (id int primary key)", strict=True)

    assert seeded.loaded() == {"fine": 20}


def test_table_of_defaults_is_filled(empty_database: psycopg.Connection) -> None:
    """A table whose only column Postgres fills itself gets its rows."""
    seeded = seed_schema(empty_database, "create table ticks (at int generated always as (1) stored)")

    assert seeded.one("select count(*) from ticks") == 20


def test_rows_whose_virtual_column_fails_are_replaced(empty_database: psycopg.Connection) -> None:
    """A value that Postgres computes when it is read, and fails to, is found when it is written."""
    if empty_database.info.server_version < VIRTUAL_SINCE:
        pytest.skip("virtual generated columns came with Postgres 18")
    seeded = seed_schema(
        empty_database,
        "create table things (id int primary key, tens int generated always as (100 / (id % 7)) virtual)",
        rows=100,
    )

    assert seeded.one("select count(tens) from things") == 100
    assert seeded.part("things").reason.startswith("division by zero")
