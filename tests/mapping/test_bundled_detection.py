"""Detection and table map on the schemas that come with this package, on a real Postgres."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from bundled_databases import load_bundled, with_platform
from psycopg import sql

from pytest_supaseed.catalog.introspect import introspect
from pytest_supaseed.catalog.model import TableKind
from pytest_supaseed.mapping.frameworks import detect
from pytest_supaseed.mapping.logical_tables import KNOWN
from pytest_supaseed.mapping.table_map import build_table_map
from pytest_supaseed.platform.bundled import BUNDLED

if TYPE_CHECKING:
    import psycopg

    from pytest_supaseed.catalog.model import Catalog
    from pytest_supaseed.mapping.name_lookup import Resolution
    from pytest_supaseed.server.endpoint import Endpoint

EXPECTED = {
    "makerkit": {
        "accounts": "public.accounts",
        "memberships": "public.accounts_memberships",
        "setup_types": "public.base_templates",
        "setups": "public.setups",
    },
    "makerkit-lite": {"accounts": "public.accounts"},
    "basejump": {"accounts": "basejump.accounts", "memberships": "basejump.account_user"},
    "supabase": {},
}


FOUND = {
    "makerkit": "schema kit, function kit.setup_new_user, insert trigger on auth.users",
    "makerkit-lite": "schema kit, function kit.new_user_created_setup, insert trigger on auth.users",
    "basejump": "schema basejump, function basejump.run_new_user_setup, insert trigger on auth.users",
}
"""What is left of a kit whose tables were all renamed."""

MISSING = {
    "makerkit": "public.accounts(primary_owner_user_id, is_personal_account), public.accounts_memberships",
    "makerkit-lite": "public.accounts(id, email), public.accounts without is_personal_account",
    "basejump": "basejump.accounts(primary_owner_user_id, personal_account), basejump.account_user",
}
"""What is not there of it, or how that begins."""

LOGICAL_NAMES = {"makerkit": 17, "makerkit-lite": 6, "basejump": 11, "supabase": 7}
"""How many logical names stand for tables of the schema's own."""


@pytest.fixture
def platform(empty_database: psycopg.Connection, endpoint: Endpoint) -> psycopg.Connection:
    """A connection, acting as the owner, to a database with the platform."""
    return with_platform(empty_database, endpoint)


def _load(conn: psycopg.Connection, framework: str) -> Catalog:
    load_bundled(conn, framework)
    return introspect(conn)


@pytest.mark.parametrize("framework", BUNDLED)
def test_a_bundled_schema_is_what_it_is_called(platform: psycopg.Connection, framework: str) -> None:
    """Each bundled schema is recognised with full confidence, and its logical names resolve."""
    catalog = _load(platform, framework)
    found = detect(catalog)
    table_map = build_table_map(catalog, found.framework)
    expected = {"users": "auth.users", "identities": "auth.identities", **EXPECTED[framework]}

    assert (found.framework, found.confidence) == (framework, 1.0)
    assert {name: table_map.resolve(name).qualified for name in expected} == expected


@pytest.mark.parametrize("framework", BUNDLED)
def test_with_every_table_renamed_it_says_what_it_found(platform: psycopg.Connection, framework: str) -> None:
    """With all of a kit's tables renamed, what is left of it is said, and what is not there.

    Its logical names are guessed then, each of them right, and each is said.
    """
    before = _load(platform, framework)
    known = build_table_map(before, framework)
    platform.execute("reset role")
    for table in before.tables:
        if table.kind is TableKind.TABLE and table.schema in {"public", "basejump"}:
            platform.execute(
                sql.SQL("alter table {} rename to {}").format(
                    sql.Identifier(table.schema, table.name), sql.Identifier(f"app_{table.name}")
                )
            )

    after = introspect(platform)
    found = detect(after)

    assert found.framework == "supabase"
    if framework == "supabase":
        assert found.confidence == 1.0
    else:
        assert found.confidence < 0.8
        said = f"not {framework}: found {FOUND[framework]}; not found {MISSING[framework]}"
        assert said in found.describe()
    guessed = _guessed(after, found.framework)
    expected = {
        one.logical: f"{one.schema}.app_{one.table}"
        for one in map(known.lookup.find, KNOWN)
        if one is not None and one.schema != "auth"
    }
    assert guessed == expected
    assert len(guessed) == LOGICAL_NAMES[framework]


def _guessed(catalog: Catalog, framework: str) -> dict[str, str]:
    """What is said to be guessed when every logical name that we know of is used."""
    said: list[Resolution] = []
    table_map = build_table_map(catalog, framework, on_guess=said.append)
    for name in KNOWN:
        if table_map.has(name):
            table_map.resolve(name)
    return {one.logical: f"{one.schema}.{one.table}" for one in said}


def test_the_first_kit_is_recognised(platform: psycopg.Connection) -> None:
    """MakerKit v1, of which there is no look-alike: organizations, whose members have a number as a role."""
    platform.execute(
        """
        create table public.organizations (
            id bigint generated always as identity primary key, name text not null
        );
        create table public.memberships (
            id bigint generated always as identity primary key,
            organization_id bigint not null references public.organizations,
            user_id uuid references auth.users (id),
            role integer not null
        );
        create table public.organizations_subscriptions (
            organization_id bigint primary key references public.organizations, customer_id text not null
        );
        """
    )
    catalog = introspect(platform)
    found = detect(catalog)
    table_map = build_table_map(catalog, found.framework)

    assert (found.framework, found.confidence) == ("makerkit-v1", 1.0)
    names = ("teams", "memberships", "subscriptions", "users")
    assert [table_map.resolve(name).qualified for name in names] == [
        "public.organizations",
        "public.memberships",
        "public.organizations_subscriptions",
        "auth.users",
    ]
    assert table_map.column("memberships", "team_id") == "organization_id"


def test_a_project_without_supabase_is_plain_postgres(empty_database: psycopg.Connection) -> None:
    """An `accounts` table means nothing; neither do `profiles`."""
    empty_database.execute(
        "create table accounts (id bigint primary key, email text);"
        "create table profiles (id bigint primary key)"
    )
    found = detect(introspect(empty_database))

    assert (found.framework, found.confidence, found.describe()) == (
        "postgres",
        1.0,
        "postgres (confidence 1.00)",
    )
