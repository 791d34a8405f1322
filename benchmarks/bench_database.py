"""Databases to measure in: a schema as a template, fresh clones of it, and what seeding one takes."""

from __future__ import annotations

import os
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql
from psycopg.rows import tuple_row

from benchmarks.seeded_schema import schema_sources
from pytest_supaseed.isolation.schema_templates import SchemaRequest, SchemaTemplate, ensure_schema
from pytest_supaseed.isolation.templates import open_store
from pytest_supaseed.load.seed_run import seed_database
from pytest_supaseed.mapping.frameworks import detect
from pytest_supaseed.mapping.table_map import TableMap, build_table_map
from pytest_supaseed.options import resolve_options
from pytest_supaseed.plan.planning import make_plan
from pytest_supaseed.plan.seed_plan import SeedPlan, SeedRequest
from pytest_supaseed.platform.extensions import control_path
from pytest_supaseed.platform.supabase_names import names_supabase
from pytest_supaseed.server.resolve import resolved_endpoint

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_supaseed.isolation.templates import TemplateStore

SEVEN_COLUMNS = Path(__file__).with_name("seven_columns.sql")


@dataclass(frozen=True)
class Took:
    """What something took: seconds by the clock, and seconds of this process's own work among them."""

    seconds: float
    cpu: float


@dataclass(frozen=True)
class Bench:
    """A schema on a server, of which clones are made to measure in."""

    store: TemplateStore
    schema: SchemaTemplate

    @property
    def table_map(self) -> TableMap:
        """The names of the schema's tables."""
        return build_table_map(self.schema.catalog, detect(self.schema.catalog).framework)

    def plan(self, request: SeedRequest) -> SeedPlan:
        """The plan of a request."""
        found = self.table_map
        return make_plan(self.schema.catalog, found.framework, found, request, existing=self.schema.existing)

    @contextmanager
    def clone(self) -> Iterator[str]:
        """A fresh database, for as long as the context lasts."""
        name = self.store.new_name()
        self.store.clone(self.schema.template, name)
        try:
            yield name
        finally:
            self.store.drop(name)

    @contextmanager
    def connection(self, database: str) -> Iterator[psycopg.Connection]:
        """A connection as the owner of the schema, whose rights the seeding has as well."""
        with psycopg.connect(self.store.endpoint.conninfo(database), autocommit=True) as connection:
            owner = self.schema.endpoint.owner
            if owner != connection.info.user:
                connection.execute(sql.SQL("set role {}").format(sql.Identifier(owner)))
            yield connection

    def seed(self, database: str, plan: SeedPlan) -> Took:
        """Seed a clone; raises where a table got fewer rows than planned."""
        begun, worked = time.perf_counter(), time.process_time()
        seed_database(
            self.store.endpoint.conninfo(database),
            catalog=self.schema.catalog,
            table_map=self.table_map,
            plan=plan,
            owner=self.schema.endpoint.owner,
            strict=True,
        )
        return Took(time.perf_counter() - begun, time.process_time() - worked)


@contextmanager
def open_bench(path: Path = SEVEN_COLUMNS, url: str | None = None) -> Iterator[Bench]:
    """Load a schema into a template, which is dropped in the end.

    Args:
        path: the schema, a file or a folder.
        url: the server; the plugin's own one when not given.
    """
    options = resolve_options({"url": url}, os.environ, None)
    with (
        resolved_endpoint(options, control_path=control_path(), on_wait=_tell) as endpoint,
        open_store(endpoint, run="benchmark") as store,
    ):
        sources = schema_sources(path.absolute())
        request = SchemaRequest(sources, names_supabase(sources), {})
        schema = ensure_schema(store, request, rebuild=False, on_wait=lambda: None)
        try:
            yield Bench(store, schema)
        finally:
            store.forget(schema.template.name)


def people_and_posts(rows: int) -> SeedRequest:
    """So many rows in each of the two tables of `seven_columns.sql`."""
    return SeedRequest(users=1, seed="benchmark", rows={"people": rows, "posts": rows})


def rows_in(connection: psycopg.Connection, table: sql.Composable) -> int:
    """How many rows a table has."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(sql.SQL("select count(*) from {}").format(table)).fetchone()
    return int(row[0]) if row else 0


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
