"""Bundled schemas with users of all kinds, and what Postgres says of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bundled_databases import load_bundled, one, with_platform
from psycopg import sql
from psycopg.conninfo import make_conninfo
from psycopg.rows import dict_row

from pytest_supaseed.catalog.introspect import introspect
from pytest_supaseed.load.seed_run import seed_database
from pytest_supaseed.load.stored_rows import count_stored
from pytest_supaseed.mapping.frameworks import detect
from pytest_supaseed.mapping.table_map import TableMap, build_table_map
from pytest_supaseed.plan.planning import make_plan

if TYPE_CHECKING:
    from collections.abc import Iterable

    import psycopg

    from pytest_supaseed.catalog.model import Catalog
    from pytest_supaseed.load.report import SeedReport
    from pytest_supaseed.plan.seed_plan import SeedPlan, SeedRequest
    from pytest_supaseed.server.endpoint import Endpoint


@dataclass(frozen=True)
class KitDatabase:
    """A seeded database of a kit."""

    connection: psycopg.Connection
    catalog: Catalog
    table_map: TableMap
    plan: SeedPlan
    report: SeedReport

    def one(self, query: str, *parameters: object) -> Any:
        """The single value of a query."""
        return one(self.connection, query, *parameters)

    def rows(self, query: str, *parameters: object) -> list[dict[str, Any]]:
        """The rows of a query, by column."""
        with self.connection.cursor(row_factory=dict_row) as cursor:
            return list(cursor.execute(query.encode(), parameters or None).fetchall())

    def count(self, table: str, condition: str) -> int:
        """The number of rows for which a condition holds."""
        query = sql.SQL("select count(*) from {} where {}").format(sql.SQL(table), sql.SQL(condition))
        row = self.connection.execute(query).fetchone()
        assert row is not None
        return int(row[0])

    def shares(self, table: str, column: str) -> dict[str, int]:
        """The number of rows by value of a column."""
        query = sql.SQL("select {column}::text, count(*) from {table} group by 1").format(
            column=sql.Identifier(column), table=sql.SQL(table)
        )
        return dict(self.connection.execute(query).fetchall())

    def labels(self, name: str) -> set[str]:
        """The labels of an enum."""
        query = sql.SQL("select unnest(enum_range(null::{}))::text").format(sql.SQL(name))
        return {row[0] for row in self.connection.execute(query)}

    def strays(self, queries: dict[str, str]) -> dict[str, object]:
        """Of queries that count what should not be, those that count something."""
        return {what: count for what, query in queries.items() if (count := self.one(query))}


def seed_kit(
    connection: psycopg.Connection,
    endpoint: Endpoint,
    framework: str,
    request: SeedRequest,
    *,
    before: Iterable[str] = (),
) -> KitDatabase:
    """Lay the platform and a bundled schema, run further statements as the owner, and seed."""
    load_bundled(with_platform(connection, endpoint), framework)
    return seed_here(connection, endpoint, request, before=before)


def seed_here(
    connection: psycopg.Connection,
    endpoint: Endpoint,
    request: SeedRequest,
    *,
    before: Iterable[str] = (),
) -> KitDatabase:
    """Run statements and seed what is there."""
    for statement in before:
        connection.execute(statement.encode())
    catalog = introspect(connection)
    found = detect(catalog).framework
    names = build_table_map(catalog, found)
    plan = make_plan(catalog, found, names, request, existing=count_stored(connection, catalog))
    conninfo = make_conninfo(connection.info.dsn, password=connection.info.password)
    report = seed_database(conninfo, catalog=catalog, table_map=names, plan=plan, owner=endpoint.owner)
    connection.execute("reset role")
    return KitDatabase(connection, catalog, names, plan, report)
