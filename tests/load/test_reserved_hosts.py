"""Every text of the bundled schemas, as Postgres holds it after a load, names reserved hosts only."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from bundled_databases import load_bundled, with_platform
from psycopg import sql
from psycopg.conninfo import make_conninfo

from pytest_supaseed.catalog.introspect import introspect
from pytest_supaseed.catalog.model import TableKind
from pytest_supaseed.load.seed_run import seed_database
from pytest_supaseed.load.stored_rows import count_stored
from pytest_supaseed.mapping.frameworks import detect
from pytest_supaseed.mapping.table_map import build_table_map
from pytest_supaseed.plan.planning import make_plan
from pytest_supaseed.plan.seed_plan import SeedRequest
from pytest_supaseed.platform.bundled import BUNDLED

if TYPE_CHECKING:
    import psycopg

    from pytest_supaseed.catalog.model import Catalog
    from pytest_supaseed.server.endpoint import Endpoint

RESERVED = re.compile(r"(?:[a-z0-9-]+\.)*(?:example\.(?:com|org|net)|test|example)")
HOSTS = re.compile(r"(?:://|@)([\w-]+(?:\.[\w-]+)+)")


def seeded(connection: psycopg.Connection, endpoint: Endpoint, framework: str) -> Catalog:
    """Seed a bundled schema for seven users; return its catalog."""
    load_bundled(with_platform(connection, endpoint), framework)
    catalog = introspect(connection)
    found = detect(catalog).framework
    names = build_table_map(catalog, found)
    existing = count_stored(connection, catalog)
    plan = make_plan(catalog, found, names, SeedRequest(users=7), existing=existing)
    conninfo = make_conninfo(connection.info.dsn, password=connection.info.password)
    seed_database(conninfo, catalog=catalog, table_map=names, plan=plan, owner=endpoint.owner)
    connection.execute("reset role")
    return catalog


@pytest.mark.parametrize("framework", BUNDLED)
def test_stored_text_names_reserved_hosts_only(
    empty_database: psycopg.Connection, endpoint: Endpoint, framework: str
) -> None:
    """Whatever follows an at sign or a scheme in any row of any table cannot be owned by anybody."""
    catalog = seeded(empty_database, endpoint, framework)
    hosts = {
        host
        for table in catalog.tables
        if table.kind is TableKind.TABLE and table.schema not in {"vault", "cron"}
        for (row,) in empty_database.execute(
            sql.SQL("select t::text from {} t").format(sql.Identifier(table.schema, table.name))
        )
        for host in HOSTS.findall(row)
    }

    assert len(hosts) > 0
    assert {host for host in hosts if not RESERVED.fullmatch(host)} == set()
