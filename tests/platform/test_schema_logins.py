"""Who runs a schema's sources, and who owns what they made: the platform's owner, a migrator, the login."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from benchmarks.seeded_schema import seed_schema
from pytest_supaseed.isolation.schema_templates import SchemaRequest, SchemaTemplate, ensure_schema
from pytest_supaseed.isolation.templates import TemplateStore, open_store
from pytest_supaseed.platform.schema_logins import MIGRATOR, schema_logins
from pytest_supaseed.platform.schema_sources import find_sources

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_supaseed.server.endpoint import Endpoint

APP = f"supaseed_app_{os.getpid()}"
READER = f"supaseed_reader_{os.getpid()}"
SCHEMA = f"""
create schema app authorization {APP};
create table app.things (id serial primary key, name text not null);
alter table app.things owner to {APP};
create table parts (id serial primary key, thing_id int not null references app.things, label text);
grant select on parts to {READER};
alter default privileges in schema public grant select on tables to {READER};
alter table parts disable trigger all;
alter table parts enable trigger all;
update pg_index set indisvalid = indisvalid where indrelid = 'parts'::regclass;
create extension citext;
create function nothing() returns event_trigger language plpgsql as 'begin end';
create event trigger watching on ddl_command_end execute function nothing();
create publication everything for all tables;
create function whoami() returns text language sql security definer as 'select current_user::text';
"""  # noqa: S608  # names of ours


@pytest.mark.parametrize("kind", ["embedded", "local"])
def test_on_a_server_of_ours(endpoint: Endpoint, kind: Any) -> None:
    """With the platform `postgres` runs and owns; without, a superuser runs and `postgres` owns."""
    ours = replace(endpoint, kind=kind, user="supabase_admin", owner="postgres")
    with_platform = schema_logins(ours, platform=True)
    assert (with_platform.migrator.owner, with_platform.endpoint.owner) == ("postgres", "postgres")
    plain = schema_logins(ours, platform=False)
    assert (plain.migrator.owner, plain.endpoint.owner) == (MIGRATOR, "postgres")
    assert plain.hands_over
    assert plain.kept_roles >= {"anon", "postgres", "supabase_admin", MIGRATOR}


@pytest.mark.parametrize("kind", ["existing", "fixture"])
def test_on_a_server_of_others(endpoint: Endpoint, kind: Any) -> None:
    """A plain schema is the login's own: no role is made there for it."""
    guest = replace(endpoint, kind=kind, user="me", password="p", owner="postgres", owner_password="o")
    plain = schema_logins(guest, platform=False)
    assert (plain.endpoint.owner, plain.endpoint.owner_password) == ("me", "p")
    assert not plain.hands_over
    assert not plain.is_ours
    assert schema_logins(guest, platform=True).endpoint.owner == "postgres"


@pytest.fixture(scope="module")
def store(endpoint: Endpoint) -> Iterator[TemplateStore]:
    """Where the database is made; its roles are dropped in the end."""
    with open_store(endpoint, run="logins") as store:
        yield store
        for role in (APP, READER):
            store.registry.execute(f"drop role if exists {role}".encode())


@pytest.fixture(scope="module")
def plain(
    store: TemplateStore, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[SchemaTemplate, str]]:
    """The schema above as a template, and the name of a copy of it."""
    if schema_logins(store.endpoint, platform=False).hands_over is False:
        pytest.skip("on this server the login owns plain schemas")
    root = tmp_path_factory.mktemp("plain")
    (root / "schema.sql").write_text(SCHEMA, encoding="utf-8")
    sources = find_sources(root, ("schema.sql",))
    assert sources is not None
    schema = ensure_schema(
        store, SchemaRequest(sources, platform=False, extensions={}), rebuild=False, on_wait=lambda: None
    )
    name = store.new_name()
    store.clone(schema.template, name)
    yield schema, name
    store.drop(name)
    store.forget(schema.template.name)


def asked(connection: psycopg.Connection, query: str) -> list[Any]:
    """The first column of what a query gives."""
    return [row[0] for row in connection.execute(query.encode())]


def test_plain_migrations_have_the_rights_of_a_superuser(
    store: TemplateStore, plain: tuple[SchemaTemplate, str]
) -> None:
    """They write catalogs, switch keys off, make event triggers; and nothing is the migrator's in the end."""
    _, name = plain
    with psycopg.connect(store.endpoint.conninfo(name), autocommit=True) as login:
        owners = (
            "select distinct relowner::regrole::text from pg_class where relname in ('parts', 'parts_id_seq')"
        )
        assert asked(login, owners) == [store.endpoint.owner]
        assert asked(login, "select extowner::regrole::text from pg_extension where extname = 'citext'") == [
            store.endpoint.owner
        ]
        assert asked(login, "select evtowner::regrole::text from pg_event_trigger") == [store.endpoint.user]
        for catalog, column in (("class", "relowner"), ("proc", "proowner"), ("publication", "pubowner")):
            query = f"select oid from pg_{catalog} where {column} = '{MIGRATOR}'::regrole"  # noqa: S608  # likewise
            assert asked(login, query) == []


def test_tests_log_in_as_the_owner_who_is_no_superuser(plain: tuple[SchemaTemplate, str]) -> None:
    """It alters its tables, writes those of the schema's own roles, and what it makes is open as said."""
    schema, name = plain
    with psycopg.connect(schema.endpoint.conninfo(name, as_owner=True), autocommit=True) as owner:
        assert owner.info.parameter_status("is_superuser") == "off"
        owner.execute("alter table parts add column more text")
        owner.execute("insert into app.things (name) values ('x')")
        owner.execute("create table later (id int)")
        assert asked(owner, f"select has_table_privilege('{READER}', 'later', 'select')") == [True]
        assert asked(owner, "select whoami()") == [owner.info.user]
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            owner.execute("update pg_index set indisvalid = true")


def test_tables_of_other_owners_are_filled_and_referred_to(
    store: TemplateStore, plain: tuple[SchemaTemplate, str], tmp_path: Path
) -> None:
    """Rows are written as the owner, who may act as the roles that the schema gave tables to."""
    (tmp_path / "schema.sql").write_text(f"-- of its own\n{SCHEMA}", encoding="utf-8")
    outcome = seed_schema(store, tmp_path / "schema.sql", rows=20)
    assert (outcome.error, outcome.unfilled, outcome.violations) == (None, {}, [])
    assert (outcome.tables, outcome.rows) == (2, 40)


def test_roles_that_the_schema_names_are_made_and_said(plain: tuple[SchemaTemplate, str]) -> None:
    """The summary names them."""
    schema, _ = plain
    assert any(f"roles {APP}, {READER}" in note for note in schema.notes), schema.notes
