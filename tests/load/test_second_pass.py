"""Tests of load.second_pass and load.circles: keys that close a circle."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from psycopg import sql
from seeded_schemas import in_circle, seed_schema

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

TEAMS = """
    create table teams (id int primary key, name text not null, owner_id int);
    create table people (id int primary key, team_id int not null references teams, name text not null);
    alter table teams add constraint owner foreign key (owner_id) references people;
"""


def test_cut_keys_are_filled(empty_database: psycopg.Connection) -> None:
    """A key that closes a circle is NULL while loading, and filled in the end, by different parents."""
    seeded = seed_schema(empty_database, TEAMS, rows=200)

    assert seeded.one("select count(*) from teams where owner_id is null") == 0
    assert seeded.one("select count(distinct owner_id) > 50 from teams")
    assert seeded.dangling() == {}


def test_same_bytes_twice(empty_database: psycopg.Connection, another_database: psycopg.Connection) -> None:
    """The second pass draws from the seed, in the order of the keys."""
    first, second = (seed_schema(each, TEAMS, rows=1500) for each in (empty_database, another_database))

    assert first.digest() == second.digest()


def test_unique_cut_keys_take_each_parent_once(empty_database: psycopg.Connection) -> None:
    """Where a parent may have one child only, each is used once."""
    seeded = seed_schema(empty_database, TEAMS + "alter table teams add unique (owner_id);", rows=50)

    assert seeded.one("select count(distinct owner_id) from teams") == 50


def test_shared_columns_agree(empty_database: psycopg.Connection) -> None:
    """A composite key whose tenant is set already refers to a row of that tenant."""
    seeded = seed_schema(
        empty_database,
        """
        create table tenants (id int primary key);
        create table orders (
            tenant_id int not null references tenants, id int, last_event int, primary key (tenant_id, id)
        );
        create table events (
            tenant_id int not null, id int, order_id int not null, primary key (tenant_id, id),
            foreign key (tenant_id, order_id) references orders
        );
        alter table orders add constraint last foreign key (tenant_id, last_event) references events;
        """,
        rows=100,
    )

    assert seeded.one("select count(*) from orders where last_event is not null") > 30
    assert seeded.dangling() == {}


def test_refused_updates_stay_null_and_are_told(empty_database: psycopg.Connection) -> None:
    """A check that some parents violate: those rows keep their NULL, and the notes say why."""
    seeded = seed_schema(
        empty_database,
        TEAMS + "alter table teams add constraint even_owner check (owner_id is null or owner_id % 2 = 0);",
        rows=100,
    )

    empty = seeded.one("select count(*) from teams where owner_id is null")
    assert 20 < empty < 80
    assert [note for note in seeded.report.notes if "even_owner" in note and f"{empty} stay NULL" in note]


def test_update_triggers_keep_quiet(empty_database: psycopg.Connection) -> None:
    """Filling a key afterwards is no update that the project made: its triggers do not fire, and stay on."""
    seeded = seed_schema(
        empty_database,
        TEAMS
        + """
        create function touched() returns trigger language plpgsql as $$ begin raise 'touched'; end $$;
        create trigger touched before update on teams for each row execute function touched();
        """,
    )

    assert seeded.one("select count(*) from teams where owner_id is null") == 0
    assert seeded.one("select tgenabled::text from pg_trigger where tgname = 'touched'") == "O"


def test_rows_of_migrations_keep_their_null(empty_database: psycopg.Connection) -> None:
    """Only rows of ours are filled: what a migration left NULL is NULL on purpose."""
    schema = TEAMS + "insert into teams values (-1, 'from a migration', null);"  # noqa: S608
    seeded = seed_schema(empty_database, schema, exact={"teams": 30})

    assert seeded.one("select array_agg(id) from teams where owner_id is null") == [-1]


CIRCLE = """
    create table heads (id int primary key, body_id int not null, name text not null);
    create table bodies (id int primary key, head_id int not null references heads, name text not null);
    alter table heads add constraint has_body foreign key (body_id) references bodies;
    create table elsewhere (id int primary key, constraint has_body foreign key (id) references elsewhere);
"""


@pytest.mark.parametrize("ending", ["", " deferrable initially immediate", " deferrable initially deferred"])
def test_circle_without_null_is_loaded_together(empty_database: psycopg.Connection, ending: str) -> None:
    """Two tables that need each other are filled, Postgres proves the keys, and they are as they were."""
    schema = CIRCLE.replace("(body_id) references bodies", f"(body_id) references bodies{ending}")
    seeded = seed_schema(empty_database, schema, planned=in_circle("heads", "bodies"))

    assert seeded.loaded() == {"heads": 20, "bodies": 20, "elsewhere": 20}
    assert seeded.dangling() == {}
    assert seeded.one(
        "select (condeferrable, condeferred)::text from pg_constraint"
        " where conname = 'has_body' and conrelid = 'heads'::regclass"
    ) == {"": "(f,f)", " deferrable initially immediate": "(t,f)"}.get(ending, "(t,t)")


@pytest.fixture
def plain_owner(empty_database: psycopg.Connection) -> Iterator[str]:
    """A role without any special right."""
    role = sql.Identifier(name := f"owner_of_{empty_database.info.dbname}")
    empty_database.execute(sql.SQL("create role {}").format(role))
    yield name
    empty_database.execute(sql.SQL("drop owned by {role}; drop role {role}").format(role=role))


def test_owner_without_special_rights_can(empty_database: psycopg.Connection, plain_owner: str) -> None:
    """Circles, cut keys, partitions, judged rows and skipped triggers take no superuser."""
    seeded = seed_schema(
        empty_database,
        f"""
        {TEAMS} {CIRCLE}
        create table logs (id int) partition by range (id);
        create function fits(id int) returns boolean language sql as 'select id % 2 = 0';
        create table evens (id int primary key check (fits(id)));
        create function never() returns trigger language plpgsql as $$ begin raise 'never'; end $$;
        create trigger never before insert on evens for each row execute function never();
        """,
        owner=plain_owner,
        triggers="skip",
    )

    assert seeded.report.shortfalls == ()
    assert seeded.one("select count(*) from teams where owner_id is null") == 0
    assert seeded.dangling() == {}


def test_circle_loses_refused_rows_and_what_needs_them(empty_database: psycopg.Connection) -> None:
    """A bad row in a circle costs itself and the rows that refer to it, not the circle."""
    seeded = seed_schema(
        empty_database,
        CIRCLE + "alter table heads add constraint not_seven check (id <> 7);",
        rows=60,
        planned=in_circle("heads", "bodies"),
    )

    assert 0 < seeded.part("heads").loaded < 60
    assert seeded.part("heads").constraint == "not_seven"
    assert seeded.dangling() == {}
