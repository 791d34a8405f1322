"""A schema that is looked at and not seeded: the project's, or that of a database that is there already."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import psycopg
from psycopg import sql
from psycopg.rows import tuple_row

from pytest_supaseed.catalog.model import TableKind
from pytest_supaseed.errors import CatalogError, SchemaError
from pytest_supaseed.isolation.names_in_force import names_in_force, request_in_force, users_in_force
from pytest_supaseed.mapping.frameworks import detect
from pytest_supaseed.plan.planning import make_plan
from pytest_supaseed.platform.extension_policy import ExtensionDecision

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pytest_supaseed.catalog.model import Catalog, Table
    from pytest_supaseed.mapping.frameworks import Detection
    from pytest_supaseed.mapping.name_lookup import Resolution
    from pytest_supaseed.mapping.table_map import TableMap
    from pytest_supaseed.options import Options
    from pytest_supaseed.plan.existing_users import DatabaseState
    from pytest_supaseed.plan.seed_plan import SeedPlan
    from pytest_supaseed.plan.user_factories import UserFactory

_ROWS = frozenset({TableKind.TABLE, TableKind.PARTITIONED})


@dataclass(frozen=True)
class InspectedSchema:
    """What is known of a schema.

    Args:
        server: the server, for people.
        origin: where the schema is from, for people.
        catalog: what it holds.
        existing: rows that are in its tables already, by table OID.
        detection: what it was recognised as.
        table_map: the logical names.
        extensions: what became of each extension; what is installed, where we did not make the database.
        notes: what differs from Supabase, and what could not be looked at, one line each.
        root: the project's folder, in which modules of factories are found.
        state: the users and addresses that are there.
    """

    server: str
    origin: str
    catalog: Catalog
    existing: Mapping[int, int]
    detection: Detection
    table_map: TableMap
    extensions: tuple[ExtensionDecision, ...]
    notes: tuple[str, ...]
    root: Path = Path()
    state: DatabaseState | None = None

    def plan(self, options: Options) -> SeedPlan:
        """Return the plan that a run with these options would have.

        Raises:
            MappingError: `rows` names an unknown table.
            PlanError: a table without which seeding makes no sense cannot be filled.
        """
        return make_plan(
            self.catalog,
            self.detection.framework,
            self.table_map,
            replace(request_in_force(options, self.table_map), factories=self._factories(options)),
            existing=self.existing,
            state=self.state,
        )

    def _factories(self, options: Options) -> tuple[UserFactory, ...]:
        from pytest_supaseed.rows.factory_modules import load_factories

        return load_factories(options.factories, self.root) if options.factories else ()


def inspect_project(root: Path, options: Options, *, on_wait: Callable[[str], None]) -> InspectedSchema:
    """Make the project's schema as a test run would, and look at it.

    Args:
        root: the project's folder.
        options: those that a run would have.
        on_wait: told what is waited for.

    Raises:
        SchemaError: the project has no schema, a source cannot be run, or no table comes of it.
        EndpointError: no server can be had.
    """
    from pytest_supaseed.isolation.seed_session import Project, open_session
    from pytest_supaseed.platform.extensions import control_path
    from pytest_supaseed.server.resolve import resolved_endpoint

    project = Project(root, options, options.schema)
    with (
        resolved_endpoint(options, control_path=control_path(), on_wait=on_wait) as endpoint,
        open_session(endpoint, project, run=uuid4().hex, on_wait=on_wait) as session,
    ):
        schema = session.schema()
        _refuse_empty(schema.catalog, schema.origin)
        detection = session.detection()
        table_map = names_in_force(schema.catalog, detection, options, on_guess=_said_later)
        return InspectedSchema(
            server=endpoint.title,
            origin=schema.origin,
            catalog=schema.catalog,
            existing=schema.existing,
            detection=detection,
            table_map=table_map,
            extensions=tuple(ExtensionDecision(**one) for one in schema.template.content["extensions"]),
            notes=schema.notes,
            root=root,
            state=session.state(table_map),
        )


def inspect_database(url: str, options: Options, *, source: str) -> InspectedSchema:
    """Look at a database that is there already; nothing is written to it or beside it.

    Args:
        url: the database.
        options: those that say what its tables are, and which users of it count.
        source: who said the URL, for messages.

    Raises:
        EndpointError: the server cannot be reached or refuses the login.
        SchemaError: the database holds no table.
        CatalogError: it cannot be read.
    """
    from pytest_supaseed.catalog.introspect import introspect
    from pytest_supaseed.load.database_state import read_state
    from pytest_supaseed.server.existing import read_only_connection

    with read_only_connection(url, source=source, allow_remote=options.allow_remote) as connection:
        info = connection.info
        origin = f"database {info.dbname}"
        try:
            with connection.transaction():
                catalog = introspect(connection)
                _refuse_empty(catalog, origin)
                existing, notes = _count_readable(connection, catalog)
                detection = detect(catalog, explicit=options.framework)
                table_map = names_in_force(catalog, detection, options, on_guess=_said_later)
                asked = users_in_force(options)
                state = read_state(connection, catalog, table_map, asked, existing)
        except psycopg.Error as error:
            raise _unreadable(origin, info.user, error) from error
        major, minor = divmod(info.server_version, 10_000)
        server = f"Postgres {major}.{minor} at {info.host}:{info.port}"
    installed = tuple(ExtensionDecision(name, "install", "it is there") for name in catalog.extensions)
    return InspectedSchema(
        server, origin, catalog, existing, detection, table_map, installed, notes, state=state
    )


def _said_later(guess: Resolution) -> None:
    """A guess is no warning here: it stands in the table map, with what speaks for it."""
    del guess


def _refuse_empty(catalog: Catalog, origin: str) -> None:
    if any(table.kind in _ROWS and table.extension is None for table in catalog.tables):
        return
    raise SchemaError(
        f"There is no table in {origin}.",
        looked_at=[f"its schemas: {', '.join(catalog.schemas) or 'none'}"],
        remedies=[
            "name the database that holds your tables: --url postgresql://.../app",
            "run the migrations first, or leave --url out and say schema = [...] under [tool.supaseed]",
        ],
    )


def _count_readable(
    connection: psycopg.Connection, catalog: Catalog
) -> tuple[dict[int, int], tuple[str, ...]]:
    """The rows of the tables that the login may read, and a line for each of the others."""
    from pytest_supaseed.load.stored_rows import count_stored

    readable = _readable(connection)
    unread = [table for table in catalog.tables if table.kind in _ROWS and table.oid not in readable]
    seen = replace(catalog, tables=tuple(table for table in catalog.tables if table.oid in readable))
    return count_stored(connection, seen), tuple(map(_not_counted, unread))


def _readable(connection: psycopg.Connection) -> set[int]:
    """The OIDs of the relations that the login may select from."""
    query = sql.SQL(
        "select class.oid::bigint from pg_catalog.pg_class class"
        " where case when pg_catalog.has_schema_privilege(class.relnamespace, 'usage')"
        " then pg_catalog.has_table_privilege(class.oid, 'select') end"
    )
    with connection.cursor(row_factory=tuple_row) as cursor:
        return {int(oid) for (oid,) in cursor.execute(query)}


def _not_counted(table: Table) -> str:
    return f"{table.qualified}: its rows were not counted, since the login may not read it"


def _unreadable(origin: str, user: str, error: psycopg.Error) -> CatalogError:
    return CatalogError(
        f"The {origin} cannot be read: {' '.join(str(error).split())}",
        looked_at=[f"pg_catalog and the numbers of rows, as {user}"],
        remedies=["name a user who may read the tables, such as their owner"],
    )
