"""Small hand-written schemas, seeded, and what Postgres itself says of the result."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from psycopg import sql
from psycopg.conninfo import make_conninfo
from small_catalog import Names

from pytest_supaseed.catalog.introspect import introspect
from pytest_supaseed.catalog.model import TableKind
from pytest_supaseed.load.seed_run import seed_database
from pytest_supaseed.load.stored_rows import count_stored
from pytest_supaseed.plan.planning import make_plan
from pytest_supaseed.plan.seed_plan import SeedRequest
from pytest_supaseed.progress import ignore
from pytest_supaseed.rows.batches import AS_FITS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import psycopg

    from pytest_supaseed.catalog.model import Catalog
    from pytest_supaseed.load.report import PartReport, SeedReport
    from pytest_supaseed.load.seeding import Triggers
    from pytest_supaseed.plan.seed_plan import SeedPlan
    from pytest_supaseed.progress import ProgressListener
    from pytest_supaseed.rows.batches import Batching


@dataclass(frozen=True)
class SeededSchema:
    """A seeded database and its report."""

    connection: psycopg.Connection
    catalog: Catalog
    report: SeedReport

    def one(self, query: str) -> Any:
        """The single value of a query."""
        row = self.connection.execute(query.encode()).fetchone()
        assert row is not None
        return row[0]

    def part(self, table: str) -> PartReport:
        """The report of a table's only part."""
        return next(part for part in self.report.parts if part.table == table)

    def loaded(self) -> dict[str, int]:
        """Rows by table, as the report says."""
        return {part.table: part.loaded for part in self.report.parts}

    def dangling(self) -> dict[str, int]:
        """Rows whose parent is missing, by foreign key: asked of the tables themselves."""
        query = sql.SQL(
            "select count(*) from {child} c where {complete}"
            " and not exists (select from {parent} p where {same})"
        )
        found = {}
        for table in self.catalog.tables:
            for key in table.foreign_keys:
                pairs = list(zip(key.columns, key.target_columns, strict=True))
                statement = query.format(
                    child=sql.Identifier(table.schema, table.name),
                    parent=sql.Identifier(key.target_schema, key.target_table),
                    complete=sql.SQL(" and ").join(
                        sql.SQL("c.{} is not null").format(sql.Identifier(own)) for own, _ in pairs
                    ),
                    same=sql.SQL(" and ").join(
                        sql.SQL("c.{} = p.{}").format(sql.Identifier(own), sql.Identifier(other))
                        for own, other in pairs
                    ),
                )
                found[key.name] = self.one(statement.as_string(self.connection))
        return {name: count for name, count in found.items() if count}

    def digest(self) -> dict[str, str]:
        """The bytes of each table."""
        query = sql.SQL("""select md5(string_agg(t::text, ';' order by t::text collate "C")) from {} t""")
        return {
            table.qualified: self.one(
                query.format(sql.Identifier(table.schema, table.name)).as_string(self.connection)
            )
            for table in self.catalog.tables
            if table.kind in {TableKind.TABLE, TableKind.PARTITIONED}
        }


def seed_schema(  # noqa: PLR0913  # a test says only what it is about
    connection: psycopg.Connection,
    schema: str,
    *,
    rows: int = 20,
    exact: Mapping[str, int] | None = None,
    triggers: Triggers = "fire",
    strict: bool = False,
    owner: str | None = None,
    batching: Batching = AS_FITS,
    on_event: ProgressListener = ignore,
    planned: Callable[[SeedPlan, Catalog], SeedPlan] = lambda plan, _catalog: plan,
) -> SeededSchema:
    """Run a schema and seed it.

    Args:
        connection: to an empty database, as the schema's owner.
        schema: the statements.
        rows: rows of each table.
        exact: rows of single tables.
        triggers: as `seed_database` takes it.
        strict: likewise.
        owner: a role without special rights that owns the schema and writes the rows.
        batching: how many rows are committed at once.
        on_event: told what happens.
        planned: changes the plan before it is loaded.
    """
    if owner is not None:
        connection.execute(sql.SQL("grant create on schema public to {}").format(sql.Identifier(owner)))
        connection.execute(sql.SQL("set role {}").format(sql.Identifier(owner)))
    connection.execute(schema.encode())
    connection.execute("reset role")
    catalog = introspect(connection)
    names = Names(catalog)
    request = SeedRequest(users=rows, rows=exact or {})
    plan = make_plan(catalog, "postgres", names, request, existing=count_stored(connection, catalog))
    report = seed_database(
        make_conninfo(connection.info.dsn, password=connection.info.password),
        catalog=catalog,
        table_map=names,
        plan=planned(plan, catalog),
        triggers=triggers,
        strict=strict,
        owner=owner,
        batching=batching,
        on_event=on_event,
    )
    return SeededSchema(connection, catalog, report)


def in_circle(*tables: str) -> Callable[[SeedPlan, Catalog], SeedPlan]:
    """Say in the plan that some tables of `public` are loaded together."""

    def planned(plan: SeedPlan, catalog: Catalog) -> SeedPlan:
        oids = frozenset(table.oid for table in catalog.tables if table.name in tables)
        return replace(plan, together=(oids,))

    return planned
