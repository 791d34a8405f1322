"""Tests of load.judged_rows: checks that only Postgres understands."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from seeded_schemas import seed_schema

from pytest_supaseed.load import judged_rows

if TYPE_CHECKING:
    import psycopg
    import pytest

CHILD = "create table parts (id int primary key, code_id int not null references codes);"


def codes(body: str) -> str:
    """A table with a check that calls a function of the schema, and a child."""
    return f"""
        create function is_valid(code text) returns boolean language plpgsql immutable as
            $$ begin {body} end $$;
        create table codes (
            id int primary key, tag text not null,
            code text not null constraint good_code check (is_valid(code))
        );
        {CHILD}
    """


DIGIT_SUM = "return (select sum(ascii(c)) % 4 = 0 from regexp_split_to_table(code, '') c);"


def test_real_predicate_is_satisfied(empty_database: psycopg.Connection) -> None:
    """A check digit that one text in four has: all planned rows are there, and children refer to them."""
    seeded = seed_schema(empty_database, codes(DIGIT_SUM), rows=150)

    assert seeded.loaded() == {"codes": 150, "parts": 150}
    assert seeded.one("select bool_and(is_valid(code)) from codes")
    assert seeded.dangling() == {}
    assert seeded.report.shortfalls == ()


def test_same_bytes_twice(empty_database: psycopg.Connection, another_database: psycopg.Connection) -> None:
    """Which candidates pass is a function of the seed."""
    first = seed_schema(empty_database, codes(DIGIT_SUM))
    second = seed_schema(another_database, codes(DIGIT_SUM))

    assert first.digest() == second.digest()


def test_check_that_nothing_passes_is_named(empty_database: psycopg.Connection) -> None:
    """Where no candidate passes, the reason names the check and its expression."""
    seeded = seed_schema(empty_database, codes("return code = 'no such text';"))

    part = seeded.part("codes")
    assert (part.loaded, part.constraint) == (0, "good_code")
    assert "is_valid(code)" in part.reason
    assert seeded.part("parts").loaded == 0


def test_check_that_raises_is_named(empty_database: psycopg.Connection) -> None:
    """A check whose function raises for every row: its message is the reason, soon."""
    seeded = seed_schema(empty_database, codes("raise 'not a code: %', code;"))

    part = seeded.part("codes")
    assert part.loaded == 0
    assert part.reason.startswith("not a code")
    assert "is_valid(text)" in part.reason


def test_check_that_raises_for_some_costs_those(empty_database: psycopg.Connection) -> None:
    """A check whose function raises for half of the rows: the others are taken."""
    seeded = seed_schema(
        empty_database, codes("if ascii(right(code, 1)) % 2 = 0 then raise 'odd'; end if; return true;")
    )

    assert seeded.part("codes").loaded == 20
    assert seeded.dangling() == {}


def test_sleeping_check_is_named(empty_database: psycopg.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    """A check that sleeps is not waited for: it is named, and the other tables are filled."""
    monkeypatch.setattr(judged_rows, "JUDGE_SECONDS", 0.3)
    monkeypatch.setattr("pytest_supaseed.load.part_rows.JUDGE_SECONDS", 0.3)
    begun = time.monotonic()

    seeded = seed_schema(
        empty_database,
        codes("perform pg_sleep(30); return true;") + "create table other (id int primary key);",
    )

    assert time.monotonic() - begun < 10
    assert seeded.loaded()["other"] == 20
    assert seeded.part("codes").loaded == 0
    assert "no answer within 0.3 s" in seeded.part("codes").reason
    assert "good_code" in seeded.part("codes").reason


def test_defaults_and_generated_columns_are_judged_too(empty_database: psycopg.Connection) -> None:
    """A check over columns that Postgres fills itself is judged over what it would fill in."""
    seeded = seed_schema(
        empty_database,
        """
        create function fits(a int, b int, c text) returns boolean language sql immutable as
            $$ select a % 3 = 0 and b = a * 2 and c = 'given' $$;
        create table "odd 100% ""table"" %s" (
            id bigint generated always as identity primary key, a int not null,
            b int generated always as (a * 2) stored, c text not null default 'given', "d%s" text,
            check (fits(a, b, c))
        );
        """,
        rows=30,
    )

    assert seeded.loaded() == {'odd 100% "table" %s': 30}


def test_unique_refusals_among_the_judged_cost_a_row(empty_database: psycopg.Connection) -> None:
    """Among rows that pass the check, those that another constraint refuses are found by halving."""
    seeded = seed_schema(
        empty_database,
        codes(DIGIT_SUM) + "create unique index on codes ((id % 97));",
        rows=60,
    )

    assert seeded.part("codes").loaded == 60
    assert seeded.dangling() == {}
