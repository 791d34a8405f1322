"""Detection and table map on the schemas that come with this package, on a real Postgres."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from bundled_databases import load_bundled, with_platform
from psycopg import sql

from pytest_supaseed.catalog.introspect import introspect
from pytest_supaseed.catalog.model import TableKind
from pytest_supaseed.mapping.frameworks import detect
from pytest_supaseed.mapping.table_map import build_table_map
from pytest_supaseed.platform.bundled import BUNDLED

if TYPE_CHECKING:
    import psycopg

    from pytest_supaseed.catalog.model import Catalog
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
    """With all of a kit's tables renamed, what is left of it is said, and what is not there."""
    before = _load(platform, framework)
    platform.execute("reset role")
    for table in before.tables:
        if table.kind is TableKind.TABLE and table.schema in {"public", "basejump"}:
            platform.execute(
                sql.SQL("alter table {} rename to {}").format(
                    sql.Identifier(table.schema, table.name), sql.Identifier(f"app_{table.name}")
                )
            )

    found = detect(introspect(platform))

    assert found.framework == "supabase"
    if framework == "supabase":
        assert found.confidence == 1.0
    else:
        assert found.confidence < 0.8
        assert f"not {framework}: found" in found.describe()
        assert "not found" in found.describe()
