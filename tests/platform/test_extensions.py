"""Extensions are created, stood in for, skipped or refused, and what was done is remembered."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import psycopg
import pytest
from platform_databases import STUBS
from psycopg import sql

from pytest_supaseed.errors import SchemaError
from pytest_supaseed.platform.extensions import OURS, ExtensionInstaller, control_path

if TYPE_CHECKING:
    from pytest_supaseed.server.endpoint import Endpoint


@pytest.fixture
def database(empty_database: psycopg.Connection, platform_database: str) -> psycopg.Connection:
    """An empty database with the schema `extensions`; the cluster has the platform's roles."""
    empty_database.execute("create schema extensions")
    return empty_database


@pytest.fixture
def installer(login: psycopg.Connection, endpoint: Endpoint) -> ExtensionInstaller:
    """An installer on the platform, whose work is rolled back."""
    return ExtensionInstaller(login, owner=endpoint.owner)


def test_what_the_server_has_is_created_by_the_owner(
    installer: ExtensionInstaller, login: psycopg.Connection, endpoint: Endpoint
) -> None:
    """A trusted extension belongs to the role that migrations run as, in the schema that was asked for."""
    decision = installer.create("citext", schema="extensions", if_not_exists=False)
    assert decision.action == "install"
    row = login.execute(
        "select extowner::regrole::text, extnamespace::regnamespace::text from pg_extension"
        " where extname = 'citext'"
    ).fetchone()
    assert row == (endpoint.owner, "extensions")


def test_without_a_schema_it_goes_where_the_owner_would_create_it(
    installer: ExtensionInstaller, login: psycopg.Connection
) -> None:
    """`create extension citext` as a migration says it: into public."""
    installer.create("citext", schema=None, if_not_exists=False)
    row = login.execute("select 'citext'::regtype::oid = 'public.citext'::regtype::oid").fetchone()
    assert row == (True,)


def test_one_that_is_there_is_postgress_own_error(installer: ExtensionInstaller) -> None:
    """Without `if not exists`, twice is an error; with it, nothing happens."""
    installer.create("citext", schema=None, if_not_exists=False)
    installer.create("citext", schema=None, if_not_exists=True)
    with pytest.raises(psycopg.errors.DuplicateObject):
        installer.create("citext", schema=None, if_not_exists=False)


@pytest.mark.parametrize("name", ["citext", "moddatetime"])
def test_a_schema_that_is_missing_is_postgress_own_error(
    login: psycopg.Connection, endpoint: Endpoint, name: str
) -> None:
    """For a real extension and for a stub."""
    installer = ExtensionInstaller(login, owner=endpoint.owner, overrides={"moddatetime": "stub"})
    with pytest.raises(psycopg.errors.InvalidSchemaName):
        installer.create(name, schema="nowhere", if_not_exists=True)


def test_what_comes_with_it_is_created_on_cascade(
    installer: ExtensionInstaller, login: psycopg.Connection
) -> None:
    """Earthdistance needs cube."""
    offered = login.execute("select from pg_available_extensions where name = 'earthdistance'").fetchone()
    if offered is None:
        pytest.skip("this server has no earthdistance")
    installer.create("earthdistance", schema=None, if_not_exists=True, cascade=True)
    assert login.execute("select from pg_extension where extname = 'cube'").fetchone() is not None


def test_skipping_is_remembered(installer: ExtensionInstaller) -> None:
    """Nothing is made, and later statements about it know."""
    decision = installer.create("pgtap", schema=None, if_not_exists=False)
    if decision.action == "install":
        pytest.skip("this server has pgtap")
    assert decision.action == "skip"
    assert installer.stands_in("pgtap")
    assert not installer.stands_in("citext")
    assert installer.decisions == (decision,)


def test_what_cannot_be_had_says_how_to_go_on(installer: ExtensionInstaller) -> None:
    """The server, the option, and both ways out; nothing is recorded."""
    with pytest.raises(SchemaError, match="asks for the extension timescaledb") as caught:
        installer.create("timescaledb", schema=None, if_not_exists=True)
    assert "pg_available_extensions of Postgres" in caught.value.looked_at[0]
    assert "--supaseed-url" in caught.value.remedies[0]
    assert 'timescaledb = "skip"' in caught.value.remedies[1]
    assert installer.decisions == ()


def test_what_is_asked_for_is_not_stubbed_in_secret(login: psycopg.Connection, endpoint: Endpoint) -> None:
    """`install` means install: where the server has it not, that is an error, and no stub."""
    installer = ExtensionInstaller(login, owner=endpoint.owner, overrides={"pg_cron": "install"})
    with pytest.raises(SchemaError, match="pg_cron"):
        installer.create("pg_cron", schema=None, if_not_exists=True)


@pytest.mark.parametrize("name", STUBS)
def test_every_stub_may_be_made_twice(
    installer: ExtensionInstaller, login: psycopg.Connection, endpoint: Endpoint, name: str
) -> None:
    """By one installer and by the next, whether or not its objects are there; in any schema."""
    login.execute('create schema "An Odd ""One"')
    for _ in range(2):
        forced = ExtensionInstaller(login, owner=endpoint.owner, overrides={name: "stub"})
        for _ in range(2):
            decision = forced.create(name, schema='An Odd "One', if_not_exists=False)
            assert (decision.name, decision.action) == (name, "stub")


def test_a_stub_lies_where_it_was_asked_for(login: psycopg.Connection, endpoint: Endpoint) -> None:
    """In the statement's schema, else in public."""
    for schema, expected in (("extensions", "extensions"), (None, "public")):
        forced = ExtensionInstaller(login, owner=endpoint.owner, overrides={"moddatetime": "stub"})
        forced.create("moddatetime", schema=schema, if_not_exists=True)
        row = login.execute(
            "select to_regprocedure(%s) is not null", (f"{expected}.moddatetime()",)
        ).fetchone()
        assert row == (True,)


def test_a_stub_that_needs_a_superuser_says_so(endpoint: Endpoint, database: psycopg.Connection) -> None:
    """`vector` as a plain login: an error that names the login and the ways out."""
    name = f"supaseed_scratch_{secrets.token_hex(4)}"
    role = sql.Identifier(name)
    database.execute(sql.SQL("create role {} login password 'swordfish'").format(role))
    database.execute(sql.SQL("grant create on schema extensions to {}").format(role))
    place = f"host={endpoint.host} port={endpoint.port} user={name} password=swordfish"
    try:
        with psycopg.connect(f"{place} dbname={database.info.dbname}", autocommit=True) as plain:
            installer = ExtensionInstaller(plain, owner=name, overrides={"vector": "stub"})
            with pytest.raises(SchemaError, match="vector can be made by a superuser only") as caught:
                installer.create("vector", schema="extensions", if_not_exists=True)
        assert name in caught.value.looked_at[0]
    finally:
        database.execute(sql.SQL("drop owned by {}").format(role))
        database.execute(sql.SQL("drop role {}").format(role))


def test_one_that_takes_a_superuser_and_is_not_needed_is_skipped(
    endpoint: Endpoint, database: psycopg.Connection
) -> None:
    """A plain login gets on without pg_stat_statements, and the reason holds Postgres's message."""
    name = f"supaseed_scratch_{secrets.token_hex(4)}"
    role = sql.Identifier(name)
    database.execute(sql.SQL("create role {} login password 'swordfish'").format(role))
    place = f"host={endpoint.host} port={endpoint.port} user={name} password=swordfish"
    try:
        with psycopg.connect(f"{place} dbname={database.info.dbname}", autocommit=True) as plain:
            installer = ExtensionInstaller(plain, owner=name)
            decision = installer.create("pg_stat_statements", schema=None, if_not_exists=True)
    finally:
        database.execute(sql.SQL("drop role {}").format(role))
    assert decision.action == "skip"
    assert "permission denied" in decision.reason or "it watches" in decision.reason


def test_one_that_is_offered_and_fails_is_stood_in_for(
    database: psycopg.Connection, endpoint: Endpoint
) -> None:
    """Postgres's message goes into the reason. Here moddatetime meets a function of its name."""
    database.execute(
        "create function extensions.moddatetime() returns trigger language plpgsql as 'begin end'"
    )
    installer = ExtensionInstaller(database, owner=endpoint.user)
    decision = installer.create("moddatetime", schema="extensions", if_not_exists=True)
    assert decision.action == "stub"
    assert 'function "moddatetime" already exists' in decision.reason


def test_ours_is_told_from_the_servers_own(database: psycopg.Connection, endpoint: Endpoint) -> None:
    """A server that was given our folder installs our pgcrypto, and the reason says what it lacks."""
    row = database.execute("select comment from pg_available_extensions where name = 'pgcrypto'").fetchone()
    decision = ExtensionInstaller(database, owner=endpoint.user).create(
        "pgcrypto", schema="extensions", if_not_exists=True
    )
    if row is None:
        assert decision.action == "stub"
    elif OURS in row[0]:
        assert (decision.action, "pgp_* raise" in decision.reason) == ("install", True)
    else:
        assert (decision.action, decision.reason) == ("install", "the server has it")


def test_index_parameters_are_dropped_beside_the_stub_only(
    login: psycopg.Connection, endpoint: Endpoint
) -> None:
    """A real vector gets its statement as it was written."""
    statement = "create index on i using hnsw (e) with (m = 16)"
    installer = ExtensionInstaller(login, owner=endpoint.owner, overrides={"vector": "stub"})
    assert installer.adapted(statement) == statement
    installer.create("vector", schema="extensions", if_not_exists=True)
    assert installer.adapted(statement).rstrip() == "create index on i using hnsw (e)"


def test_our_folder_is_what_a_server_takes() -> None:
    """`extension_control_path` wants a folder with `extension/` in it."""
    names = {path.name for path in (control_path() / "extension").glob("*.control")}
    assert names == {"uuid-ossp.control", "pgcrypto.control"}
