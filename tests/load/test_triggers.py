"""Triggers that reject, drop, rewrite, sleep, and that are skipped."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from seeded_schemas import seed_schema

from pytest_supaseed.load import part_rows
from pytest_supaseed.load.bisection import PATIENCE

if TYPE_CHECKING:
    import psycopg

TABLES = """
    create table things (id int primary key, name text not null);
    create table parts (id int primary key, thing_id int not null references things);
"""


def trigger(body: str, when: str = "before") -> str:
    """The tables, with a trigger on inserting things."""
    return f"""{TABLES}
        create function on_thing() returns trigger language plpgsql as $$ begin {body} end $$;
        create trigger on_thing {when} insert on things for each row execute function on_thing();
    """


def test_a_third_rejected_is_replaced(empty_database: psycopg.Connection) -> None:
    """A BEFORE trigger that rejects every third row: the planned number is there all the same."""
    seeded = seed_schema(
        empty_database, trigger("if new.id % 3 = 0 then raise 'no %', new.id; end if; return new;"), rows=300
    )

    assert seeded.loaded() == {"things": 300, "parts": 300}
    assert seeded.one("select count(*) from things where id % 3 = 0") == 0
    assert seeded.dangling() == {}
    assert seeded.part("things").refused >= 100


def test_dropped_rows_are_noticed_and_replaced(empty_database: psycopg.Connection) -> None:
    """A BEFORE trigger that returns NULL drops rows silently: counts tell, and others take their place."""
    seeded = seed_schema(
        empty_database, trigger("if new.id % 3 = 0 then return null; end if; return new;"), rows=300
    )

    assert seeded.loaded() == {"things": 300, "parts": 300}
    assert seeded.one("select count(*) from things") == 300
    assert seeded.dangling() == {}


@pytest.mark.parametrize(
    ("body", "off", "reason"),
    [
        ("return null;", "its triggers let no row pass", "dropped silently"),
        (
            "perform current_setting('app.tenant'); return new;",
            "its triggers (on_thing) let no row pass",
            "app.tenant",
        ),
        (
            "new.name := null; return new;",
            "its triggers let no row pass",
            'null value in column "name"',
        ),
    ],
)
def test_trigger_that_lets_nothing_pass_is_off(
    empty_database: psycopg.Connection, body: str, off: str, reason: str
) -> None:
    """A trigger that wants a setting, or drops all: the table is filled without it, and the notes say why.

    The function that raised is named; where none did, all of the table's triggers are off.
    """
    seeded = seed_schema(empty_database, trigger(body), rows=300)

    assert seeded.loaded() == {"things": 300, "parts": 300}
    assert seeded.dangling() == {}
    assert [note for note in seeded.report.notes if off in note and reason in note]
    assert seeded.one("select tgenabled::text from pg_trigger where tgname = 'on_thing'") == "O"


def test_triggers_that_refuse_nearly_all_are_off_too(empty_database: psycopg.Connection) -> None:
    """Of several triggers those are off that raise; one that merely sets a value goes on."""
    seeded = seed_schema(
        empty_database,
        trigger("raise 'never';")
        + """
        create function nearly_never() returns trigger language plpgsql as
        $$ begin if new.id <> 7 then raise 'only the seventh'; end if; return new; end $$;
        create trigger second before insert on things for each row execute function nearly_never();
        create function set_name() returns trigger language plpgsql as
        $$ begin new.name := 'set'; return new; end $$;
        create trigger third before insert on things for each row execute function set_name();
        """,
        rows=100,
    )

    assert seeded.loaded() == {"things": 100, "parts": 100}
    assert seeded.one("select count(*) from things where name = 'set'") == 100
    assert [note for note in seeded.report.notes if "(nearly_never, on_thing) let no row pass" in note]


def test_table_that_fails_without_triggers_too_is_reported(empty_database: psycopg.Connection) -> None:
    """Where triggers are not the only hindrance the first reason is told, and skipping them is the advice."""
    schema = trigger("raise 'never'; return new;") + "alter table things add check (id is null);"
    seeded = seed_schema(empty_database, schema, rows=300)

    part = seeded.part("things")
    assert part.loaded == 0
    assert part.reason.startswith("never")
    assert "on_thing()" in part.reason
    assert 'triggers = "skip"' in part.remedy
    assert part.refused <= 2 * PATIENCE
    assert seeded.report.notes == ()


def test_trigger_that_moves_rows_has_done_its_work(empty_database: psycopg.Connection) -> None:
    """A trigger that puts rows into a table that inherits, and drops them here, is left on."""
    seeded = seed_schema(
        empty_database,
        trigger("insert into younger values (new.*); return null;")  # noqa: S608
        + "create table younger () inherits (things);",
    )

    assert seeded.one("select count(*) from only things") == 0
    assert seeded.one("select count(*) from younger") >= 20
    assert not [note for note in seeded.report.notes if "its triggers" in note]


DELETING = """
    create constraint trigger late after insert on things deferrable initially deferred
        for each row execute function on_thing();
    drop trigger on_thing on things;
"""


def test_rows_that_are_deleted_on_commit_are_noticed(empty_database: psycopg.Connection) -> None:
    """A trigger that deletes rows when the transaction ends is off where it would delete all of them."""
    body = "delete from things where id = new.id; return null;"
    seeded = seed_schema(empty_database, trigger(body, "after") + DELETING)

    assert seeded.loaded() == {"things": 20, "parts": 20}
    assert seeded.one("select count(*) from things") == 20


def test_rows_that_later_triggers_delete_are_told(empty_database: psycopg.Connection) -> None:
    """Rows that the trigger of a table loaded later removes are not claimed by the report."""
    seeded = seed_schema(
        empty_database,
        """
        create table pending (id int primary key);
        create table works (id int primary key, note text not null);
        create function done() returns trigger language plpgsql as
            $$ begin delete from pending where id <= 5; return null; end $$;
        create trigger done after insert on works for each statement execute function done();
        """,
    )

    assert seeded.loaded() == {"pending": 15, "works": 20}
    assert "triggers removed 5 (public.works.done)" in seeded.part("pending").note


def test_table_that_later_triggers_empty_is_filled_again(empty_database: psycopg.Connection) -> None:
    """A queue that the trigger of a table loaded later works off has rows in the end."""
    seeded = seed_schema(
        empty_database,
        """
        create table pending (id int primary key);
        create table works (id int primary key, note text not null);
        create function done() returns trigger language plpgsql as
            $$ begin truncate pending; return null; end $$;
        create trigger done after insert on works for each statement execute function done();
        """,
    )

    assert seeded.loaded() == {"pending": 20, "works": 20}
    assert seeded.one("select count(*) from pending") == 20


def test_code_of_a_schema_finds_its_names(empty_database: psycopg.Connection) -> None:
    """A trigger that names tables of its own schema without it works as in the project's own scripts."""
    seeded = seed_schema(
        empty_database,
        """
        create schema "My Shop";
        create table "My Shop".counts (n int);
        create table "My Shop".things (id int primary key);
        create function "My Shop".count_it() returns trigger language plpgsql as
            $$ begin insert into counts values (1); return new; end $$;
        create trigger count_it after insert on "My Shop".things
            for each row execute function "My Shop".count_it();
        """,
    )

    assert seeded.loaded() == {"things": 20, "counts": 20}
    assert seeded.report.notes == ()


@pytest.mark.parametrize("body", ["new.id := new.id + 10000;", "new.id := 10000 - new.id;"])
def test_rewritten_keys_are_read_back(empty_database: psycopg.Connection, body: str) -> None:
    """A BEFORE trigger that gives rows other keys than planned: children refer to the keys that are there."""
    seeded = seed_schema(empty_database, trigger(f"{body} return new;"), rows=300)

    assert seeded.loaded() == {"things": 300, "parts": 300}
    assert seeded.dangling() == {}
    assert seeded.part("parts").refused == 0


def test_sleeping_trigger_is_named(
    empty_database: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A trigger that sleeps is not waited for: it is named, and its table is loaded without it."""
    monkeypatch.setattr(part_rows, "PART_SECONDS", 0.5)
    monkeypatch.setattr(part_rows, "ROW_SECONDS", 0)

    seeded = seed_schema(
        empty_database,
        trigger("perform pg_sleep(60); return new;") + "create table other (id int primary key);",
    )

    assert seeded.loaded() == {"things": 20, "parts": 20, "other": 20}
    assert [note for note in seeded.report.notes if "timeout" in note and "on_thing()" in note]


def test_skipped_triggers_do_not_fire(empty_database: psycopg.Connection) -> None:
    """`triggers="skip"`: what a trigger would reject is loaded, keys hold, and the trigger is on again."""
    seeded = seed_schema(empty_database, trigger("raise 'never';"), triggers="skip")

    assert seeded.loaded() == {"things": 20, "parts": 20}
    assert seeded.dangling() == {}
    assert seeded.one("select string_agg(distinct tgenabled::text, '') from pg_trigger") == "O"


def test_disabled_trigger_stays_disabled(empty_database: psycopg.Connection) -> None:
    """Skipping triggers leaves each as it was: one that was off is not switched on."""
    schema = trigger("return new;") + "alter table things disable trigger on_thing;"
    seeded = seed_schema(empty_database, schema, triggers="skip")

    assert seeded.one("select tgenabled::text from pg_trigger where tgname = 'on_thing'") == "D"


FILLING = "insert into parts values (new.id, new.id); return new;"


def test_rows_of_triggers_are_counted(empty_database: psycopg.Connection) -> None:
    """Rows that an AFTER trigger makes are adopted, once."""
    seeded = seed_schema(empty_database, trigger(FILLING, "after"))

    assert seeded.loaded() == {"things": 20, "parts": 20}
    assert seeded.part("parts").adopted
    assert seeded.one("select count(*) from parts") == 20


def test_skipped_rows_of_triggers_are_made(empty_database: psycopg.Connection) -> None:
    """Without triggers the rows that they would have made are made by us."""
    seeded = seed_schema(empty_database, trigger(FILLING, "after"), triggers="skip")

    assert seeded.loaded() == {"things": 20, "parts": 20}
    assert not seeded.part("parts").adopted
    assert seeded.dangling() == {}


def test_table_that_its_trigger_leaves_empty_is_filled(empty_database: psycopg.Connection) -> None:
    """An AFTER trigger that inserts only in a case that does not occur: the table gets rows all the same."""
    seeded = seed_schema(
        empty_database, trigger(f"if new.id < 0 then {FILLING} end if; return new;", "after")
    )

    assert seeded.loaded() == {"things": 20, "parts": 20}
    assert seeded.dangling() == {}
