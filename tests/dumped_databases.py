"""Databases that dumps are loaded into, and what is compared then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psycopg import sql

if TYPE_CHECKING:
    import psycopg

EVERYTHING = """
    create type mood as enum ('calm', 'so "so"', 'it''s');
    create type spot as (lat float8, label text);
    create table people (
        id bigint generated always as identity primary key, email text not null unique,
        name_length int generated always as (length(email)) stored
    );
    create table profiles (id bigint primary key references people, nick text);
    create function make_profile() returns trigger language plpgsql as $$
    begin
        insert into profiles (id, nick) values (new.id, split_part(new.email, '@', 1));
        update plans set used = used + 1 where name = 'free';
        return new;
    end $$;
    create trigger make_profile after insert on people for each row execute function make_profile();
    create table plans (name text primary key, used int not null default 0, note text);
    insert into plans values ('free', 0, 'a\\b''c'), ('pro', 0, null);
    create table teams (id serial primary key, lead_id bigint, title text not null, parent_id int);
    alter table teams add constraint under foreign key (parent_id) references teams;
    create table members (
        id uuid primary key,
        team_id int not null references teams, person_id bigint not null references people
    );
    alter table teams add constraint lead_fkey foreign key (lead_id) references people;
    alter table people add column team_id int references teams;
    create table husbands (id int primary key, wife_id int not null);
    create table wives (id int primary key, husband_id int not null references husbands);
    alter table husbands add foreign key (wife_id) references wives;
    create table log (line text, at timestamptz, level int);
    create table visits (person_id bigint not null references people, day date not null,
        primary key (person_id, day)) partition by range (day);
    create table "Odd ""name"".it's; $1 %s {x}" (
        "select" int primary key, "a""b" text, m mood, ms mood[], s spot, j jsonb, b bytea, f float8,
        n numeric, t text[], r tstzrange, i interval, c char(4), x bit(3), ip inet, d date,
        e text not null default ''
    );
    create table empty_row (id int generated always as (1) stored);
"""
"""Generated columns, identity, a trigger that makes rows and changes one of a migration, circles of both
kinds, a table that refers to itself, one without a key, a partitioned one without partitions, names and
values that have to be quoted."""


def digests(connection: psycopg.Connection) -> dict[str, object]:
    """Of each table the number of rows and a digest of them; of each sequence where it stands."""
    connection.execute("set timezone = 'UTC'")
    connection.execute("set extra_float_digits = 1")
    found: dict[str, object] = {}
    tables = connection.execute(
        "select n.nspname, c.relname, c.relkind::text from pg_class c join pg_namespace n on n.oid ="
        " c.relnamespace where c.relkind in ('r', 'S')"
        " and n.nspname !~ '^(pg_|information_schema|supaseed$)' order by 1, 2"
    ).fetchall()
    for schema, name, kind in tables:
        place = sql.Identifier(schema, name)
        query = (
            sql.SQL("select last_value, is_called from {}")
            if kind == "S"
            else sql.SQL("select count(*), sum(hashtextextended(t::text, 0)) from only {} t")
        )
        found[f"{schema}.{name}"] = connection.execute(query.format(place)).fetchone()
    return found
