"""Detection and table map on the schemas that come with this package, on a real Postgres."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from psycopg import sql

from pytest_supaseed.catalog.introspect import introspect
from pytest_supaseed.catalog.model import TableKind
from pytest_supaseed.mapping.frameworks import detect
from pytest_supaseed.mapping.table_map import build_table_map

if TYPE_CHECKING:
    import psycopg

    from pytest_supaseed.catalog.model import Catalog

bundled = pytest.importorskip("pytest_supaseed.platform.bundled", reason="no schemas are bundled yet")
bootstrap = pytest.importorskip("pytest_supaseed.platform.bootstrap", reason="there is no platform yet")

FRAMEWORKS = ("makerkit", "makerkit-lite", "basejump", "supabase")
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
def platform(empty_database: psycopg.Connection, endpoint: Any) -> psycopg.Connection:
    """A connection, acting as the owner, to a database with the platform."""
    owner = endpoint.owner
    bootstrap.ensure_roles(empty_database, owner=owner, owner_password=endpoint.owner_password)
    empty_database.execute(
        sql.SQL("alter database {} owner to {}").format(
            sql.Identifier(empty_database.info.dbname), sql.Identifier(owner)
        )
    )
    bootstrap.install_platform(empty_database, owner=owner)
    empty_database.execute(sql.SQL("set role {}").format(sql.Identifier(owner)))
    empty_database.execute('set search_path = "$user", public, extensions')
    return empty_database


def _load(conn: psycopg.Connection, framework: str) -> Catalog:
    for path in sorted(bundled.bundled_schema(framework).glob("*.sql")):
        conn.execute(path.read_bytes())
    return introspect(conn)


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_bundled_schema_is_what_it_is_called(platform: psycopg.Connection, framework: str) -> None:
    """Each bundled schema is recognised with full confidence, and its logical names resolve."""
    catalog = _load(platform, framework)
    found = detect(catalog)
    table_map = build_table_map(catalog, found.framework)
    expected = {"users": "auth.users", "identities": "auth.identities", **EXPECTED[framework]}

    assert (found.framework, found.confidence) == (framework, 1.0)
    assert {name: table_map.resolve(name).qualified for name in expected} == expected


@pytest.mark.parametrize("framework", FRAMEWORKS)
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
