"""Tests of load.seed_run: whole plans into real databases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import psycopg
import pytest
from small_catalog import Names

from pytest_supaseed.catalog.introspect import introspect
from pytest_supaseed.errors import LoadError
from pytest_supaseed.load.report import SeedReport
from pytest_supaseed.load.seed_run import seed_database
from pytest_supaseed.load.stored_rows import count_stored
from pytest_supaseed.plan.planning import make_plan
from pytest_supaseed.plan.seed_plan import SeedRequest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_supaseed.catalog.model import Catalog
    from pytest_supaseed.progress import ProgressEvent

SCHEMA = """
    create schema auth;
    create table auth.users (
        id uuid primary key, email text unique not null, encrypted_password text, created_at timestamptz,
        confirmation_token text, raw_user_meta_data jsonb
    );
    create table auth.identities (
        id uuid primary key default gen_random_uuid(), provider_id text not null, provider text not null,
        user_id uuid not null references auth.users, identity_data jsonb not null,
        email text generated always as (lower(identity_data ->> 'email')) stored
    );
    create table profiles (id uuid primary key references auth.users, name text, created_at timestamptz);
    create function handle_new_user() returns trigger language plpgsql as $$
    begin
        insert into public.profiles (id, name, created_at)
        values (new.id, new.raw_user_meta_data ->> 'name', now());
        return new;
    end $$;
    create trigger on_user after insert on auth.users for each row execute function handle_new_user();
    create type setup_kind as enum ('tent', 'van');
    create table base_templates (id serial primary key, name text not null unique, kind setup_kind not null);
    create table setups (
        id bigint generated always as identity primary key,
        user_id uuid not null references auth.users,
        template_id int references base_templates,
        title varchar(20) not null, created_at timestamptz not null default now()
    );
    create table likes (
        user_id uuid references auth.users, setup_id bigint references setups, primary key (user_id, setup_id)
    );
"""


@dataclass(frozen=True)
class Seeded:
    """What a seeding came to."""

    report: SeedReport
    catalog: Catalog
    connection: psycopg.Connection

    def all(self, query: str) -> list[tuple[object, ...]]:
        """The rows of a query."""
        return self.connection.execute(query).fetchall()

    def one(self, query: str) -> object:
        """The single value of a query."""
        return self.all(query)[0][0]


def seed(  # noqa: PLR0913  # a test says only what it is about
    connection: psycopg.Connection,
    schema: str = SCHEMA,
    *,
    users: int = 12,
    rows: Mapping[str, int] | None = None,
    name: str = "s",
    events: list[ProgressEvent] | None = None,
) -> Seeded:
    """Create a schema and seed it."""
    connection.execute(schema)
    catalog = introspect(connection)
    logical = {
        "users": ("auth", "users"),
        "identities": ("auth", "identities"),
        "setup_types": ("public", "base_templates"),
    }
    tables = {key: found for key, place in logical.items() if (found := catalog.find(*place)) is not None}
    names = Names(catalog, **tables)
    request = SeedRequest(users=users, seed=name, rows=rows or {})
    plan = make_plan(catalog, "supabase", names, request, existing=count_stored(connection, catalog))
    listener = events.append if events is not None else (lambda _event: None)
    report = seed_database(
        psycopg.conninfo.make_conninfo(connection.info.dsn, password=connection.info.password),
        catalog=catalog,
        table_map=names,
        plan=plan,
        on_event=listener,
    )
    return Seeded(report, catalog, connection)


def test_every_table_is_filled_as_planned(empty_database: psycopg.Connection) -> None:
    """Each table holds the planned rows, and the report says so without a shortfall."""
    seeded = seed(empty_database)

    assert seeded.report.shortfalls == ()
    assert seeded.report.rows_by_table() == {
        "users": 12, "identities": 12, "public.profiles": 12,
        "setup_types": 12, "setups": 36, "public.likes": 12,
    }  # fmt: skip
    assert seeded.one("select count(*) from setups") == 36
    assert seeded.report.peak_mib > 1


def test_rows_that_triggers_make_are_there_once(empty_database: psycopg.Connection) -> None:
    """A profile exists for each user, made by the trigger and by nobody else."""
    seeded = seed(empty_database)

    assert seeded.one("select count(*) from profiles p join auth.users u using (id) where p.name > ''") == 12


def test_users_can_log_in(empty_database: psycopg.Connection) -> None:
    """Passwords are bcrypt hashes of the documented one; tokens are empty strings, not NULL."""
    import bcrypt

    seeded = seed(empty_database)

    hashed = str(seeded.one("select encrypted_password from auth.users limit 1"))
    assert bcrypt.checkpw(b"password123", hashed.encode())
    assert seeded.one("select count(*) from auth.users where confirmation_token = ''") == 12
    assert (
        seeded.one(
            "select count(*) from auth.identities i"
            " join auth.users u on (i.user_id, i.email) = (u.id, u.email)"
        )
        == 12
    )


def test_same_seed_gives_the_same_bytes(
    empty_database: psycopg.Connection, another_database: psycopg.Connection
) -> None:
    """Two databases seeded alike hold the same rows to the last byte, trigger-stamped ones included."""
    first, second = seed(empty_database), seed(another_database)

    for table in ("auth.users", "auth.identities", "profiles", "base_templates", "setups", "likes"):
        query = f"select md5(string_agg(t::text, '|' order by t::text)) from {table} t"  # noqa: S608
        assert first.one(query) == second.one(query), table


def test_another_seed_gives_other_rows(
    empty_database: psycopg.Connection, another_database: psycopg.Connection
) -> None:
    """The seed decides: under another one no user has the same id or e-mail."""
    first, second = seed(empty_database), seed(another_database, name="other")

    query = "select id::text from auth.users union select email from auth.users"
    assert not set(first.all(query)) & set(second.all(query))


def test_sequences_go_on_after_the_rows(empty_database: psycopg.Connection) -> None:
    """An application's own insert after seeding meets no used number."""
    seeded = seed(empty_database)

    assert seeded.one("insert into base_templates (name, kind) values ('new', 'van') returning id") == 13
    assert seeded.one("select nextval(pg_get_serial_sequence('setups', 'id'))") == 37


def test_rows_of_migrations_are_kept_and_referred_to(empty_database: psycopg.Connection) -> None:
    """Reference data that a migration inserted stays as it is, and new rows may refer to it."""
    migrations = SCHEMA + "insert into base_templates values (default, 'from a migration', 'tent');"  # noqa: S608
    seeded = seed(empty_database, migrations, rows={"setup_types": 3})

    assert seeded.one("select count(*) from base_templates") == 4
    assert seeded.one("select name from base_templates where id = 1") == "from a migration"
    assert seeded.one("select count(*) from setups where template_id = 1") != 0


def test_failed_table_costs_itself_and_its_children(empty_database: psycopg.Connection) -> None:
    """A table that refuses its rows is reported with its reason, and so is what needs it."""
    broken = SCHEMA + "alter table setups add constraint never check (title <> title);"
    seeded = seed(empty_database, broken)

    notes = {part.table: part.note for part in seeded.report.parts if part.note}
    assert set(notes) == {"setups", "likes"}
    assert "never" in notes["setups"]
    assert "public.setups" in notes["likes"]
    assert seeded.one("select count(*) from auth.users") == 12


def test_failed_users_fail_the_seeding(empty_database: psycopg.Connection) -> None:
    """Without users nothing makes sense: the error names the table, the constraint and what to do."""
    broken = SCHEMA + "alter table auth.users add constraint never check (email <> email);"

    with pytest.raises(LoadError, match=r"auth\.users.*12 rows.*never") as caught:
        seed(empty_database, broken)

    assert caught.value.remedies


def test_events_tell_the_story(empty_database: psycopg.Connection) -> None:
    """A listener hears of each part's start, its rows and its end, in order."""
    events: list[ProgressEvent] = []
    seed(empty_database, users=1500, rows={"setups": 2500}, events=events)

    story = [
        (type(event).__name__, getattr(event, "rows", None))
        for event in events
        if getattr(event, "label", "") == "setups"
    ]
    assert story == [
        ("PartStarted", 2500),
        ("RowsSent", 1000),
        ("RowsSent", 2000),
        ("RowsSent", 2500),
        ("PartFinished", 2500),
    ]


def test_report_survives_json(empty_database: psycopg.Connection) -> None:
    """A report is kept with its dataset and read back the same."""
    import json

    report = seed(empty_database).report

    assert SeedReport.from_json(json.loads(json.dumps(report.to_json()))) == report
