"""Ids of rows that triggers make follow from the seed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seeded_schemas import seed_schema

if TYPE_CHECKING:
    import psycopg

MADE = """
    create table users (id uuid primary key, name text not null);
    create table profiles (
        id uuid primary key default gen_random_uuid(), user_id uuid not null unique references users,
        at timestamptz default now()
    );
    create table avatars (
        id uuid primary key default gen_random_uuid(), profile_id uuid not null references profiles
    );
    create table posts (id int primary key, profile_id uuid not null references profiles);
    create table visits (profile uuid not null, avatar uuid);
    create function on_user() returns trigger language plpgsql as $$
    declare made uuid;
    begin
        insert into profiles (user_id) values (new.id) returning id into made;
        insert into avatars (profile_id) values (made);
        insert into visits (profile) values (made);
        return new;
    end $$;
    create trigger on_user after insert on users for each row execute function on_user();
"""


def test_ids_that_defaults_gave_are_the_same_in_each_run(
    empty_database: psycopg.Connection, another_database: psycopg.Connection
) -> None:
    """Two databases hold the same ids in rows that triggers made, and in all that refers to them."""
    first, second = (seed_schema(database, MADE) for database in (empty_database, another_database))

    assert first.one("select count(*) from profiles") == 20
    assert first.digest() == second.digest()
    assert first.dangling() == {}
    assert first.one("select count(*) from visits where profile not in (select id from profiles)") == 0
    assert first.one("select count(distinct id) from profiles where id::text ~ '^.{14}4.{4}8'") == 20
    assert first.report.notes == ()


def test_ids_of_another_table_stay(empty_database: psycopg.Connection) -> None:
    """A column that a trigger gave the id of another table's row, without a foreign key, keeps it."""
    seeded = seed_schema(
        empty_database,
        """
        create table users (id uuid primary key, name text not null);
        create table accounts (id uuid primary key default gen_random_uuid(), owner_id uuid references users);
        create function on_user() returns trigger language plpgsql as
        $$ begin insert into accounts values (new.id, new.id); return new; end $$;
        create trigger on_user after insert on users for each row execute function on_user();
        """,
    )

    assert seeded.one("select count(*) from accounts where id = owner_id") == 20


def test_ids_of_a_table_that_triggers_fill_in_part(
    empty_database: psycopg.Connection, another_database: psycopg.Connection
) -> None:
    """A table that triggers gave some rows and we the others is the same in each run."""
    schema = MADE.replace(
        "begin\n        insert", "begin\n        if new.id::text < '8' then return new; end if; insert"
    )
    first, second = (seed_schema(database, schema) for database in (empty_database, another_database))

    assert 0 < first.one("select count(*) from visits join profiles on profile = profiles.id") < 20
    assert first.digest() == second.digest()
    assert first.dangling() == {}


def test_random_text_keeps_its_form(
    empty_database: psycopg.Connection, another_database: psycopg.Connection
) -> None:
    """Text that a default or a trigger draws is the same in each run, in the form that it has."""
    schema = """
        create table users (id uuid primary key, name text not null);
        create function new_id() returns text language sql as
        $$ select 'inv_' || substr(md5(random()::text), 1, 12) $$;
        create table invites (
            id text primary key default new_id(), user_id uuid not null unique references users
        );
        create table profiles (user_id uuid primary key references users, nickname text not null unique);
        create table replies (id int primary key, invite_id text not null references invites);
        create function on_user() returns trigger language plpgsql as $$ begin
            insert into invites (user_id) values (new.id);
            insert into profiles values (new.id, 'user' || substr(gen_random_uuid()::text, 1, 8));
            return new;
        end $$;
        create trigger on_user after insert on users for each row execute function on_user();
    """
    first, second = (seed_schema(database, schema) for database in (empty_database, another_database))

    assert first.one("select count(*) from invites where id ~ '^inv_[0-9a-f]{12}$'") == 20
    assert first.one("select count(*) from profiles where nickname ~ '^user[0-9a-f]{8}$'") == 20
    assert first.dangling() == {}
    assert first.digest() == second.digest()
    assert first.report.notes == ()


def test_random_text_without_a_form_is_noted(empty_database: psycopg.Connection) -> None:
    """Text of chance whose form cannot be told stays, and the notes say that it differs."""
    seeded = seed_schema(
        empty_database,
        """
        create table users (id uuid primary key, name text not null);
        create table invites (
            user_id uuid primary key references users, token text not null default random()::text
        );
        create function on_user() returns trigger language plpgsql as
        $$ begin insert into invites (user_id) values (new.id); return new; end $$;
        create trigger on_user after insert on users for each row execute function on_user();
        """,
    )

    assert seeded.one("select count(*) from invites where token ~ '^[0-9.e-]+$'") == 20
    assert any("public.invites" in note and "token" in note for note in seeded.report.notes)
