"""One schema, loaded, seeded and proved: what came of it, as a value that is JSON."""

from __future__ import annotations

import sys
import time
import traceback
from contextlib import contextmanager
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql
from psycopg.rows import tuple_row

from benchmarks.constraint_proof import broken_constraints, tables_with_rows
from benchmarks.outcome import Outcome
from benchmarks.row_digests import row_digests
from pytest_supaseed.errors import SupaseedError
from pytest_supaseed.isolation.schema_templates import SchemaRequest, SchemaTemplate, ensure_schema
from pytest_supaseed.load.seed_run import seed_database
from pytest_supaseed.mapping.frameworks import detect
from pytest_supaseed.mapping.quoted_names import quoted_name
from pytest_supaseed.mapping.table_map import TableMap, build_table_map
from pytest_supaseed.plan.planning import make_plan
from pytest_supaseed.plan.recipes import recipe_for
from pytest_supaseed.plan.seed_plan import SeedPlan, SeedRequest
from pytest_supaseed.platform.schema_sources import find_sources
from pytest_supaseed.platform.supabase_names import names_supabase

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from pytest_supaseed.catalog.model import Table
    from pytest_supaseed.isolation.templates import TemplateStore
    from pytest_supaseed.load.report import SeedReport
    from pytest_supaseed.platform.schema_sources import SchemaSources

SEED = "coverage"


def _look_at_nothing(connection: psycopg.Connection) -> None:
    del connection


def seed_schema(
    store: TemplateStore,
    path: Path,
    *,
    rows: int,
    twice: bool = False,
    look: Callable[[psycopg.Connection], None] = _look_at_nothing,
) -> Outcome:
    """Load a schema into a fresh database, seed it, and prove what is there.

    Args:
        store: where databases are made; none is left.
        path: a file, or a folder of files, as the option `schema` takes it.
        rows: how many are wanted in each table.
        twice: seed a second database and compare.
        look: given a connection to the seeded database, before it is dropped.
    """
    outcome = Outcome()
    with _template(store, path, outcome) as schema:
        if schema is not None:
            digests = _measure(store, schema, outcome, rows, look)
            if twice and outcome.error is None:
                _compare(outcome, digests, _digests_of_another(store, schema, rows))
    outcome.peak_mib = round(peak_mib(), 1)
    return outcome


def schema_sources(path: Path) -> SchemaSources:
    """Return the sources of a schema: a file, a folder of files, a project, or else all files below a folder.

    Raises:
        SchemaError: a source cannot be found.
    """
    direct = path.is_file() or any(path.glob("*.sql"))
    found = None if direct else find_sources(path, ())
    below = [path] if direct else sorted(path.rglob("*.sql"))
    sources = found or find_sources(path if path.is_dir() else path.parent, below)
    assert sources is not None  # noqa: S101  # something was named
    return sources


@contextmanager
def _template(store: TemplateStore, path: Path, outcome: Outcome) -> Iterator[SchemaTemplate | None]:
    """The schema as a template, dropped in the end; None where it does not load."""
    try:
        sources = schema_sources(path.absolute())
        request = SchemaRequest(sources, names_supabase(sources), {})
        schema = ensure_schema(store, request, rebuild=False, on_wait=lambda: None)
    except Exception as error:  # noqa: BLE001  # what breaks us is a result too
        outcome.error = f"the schema does not load: {_said(error)}"
        yield None
        return
    try:
        yield schema
    finally:
        store.forget(schema.template.name)


def _measure(
    store: TemplateStore,
    schema: SchemaTemplate,
    outcome: Outcome,
    rows: int,
    look: Callable[[psycopg.Connection], None],
) -> dict[str, str]:
    """Seed a database and say what is in it; return the digests of its tables."""
    own = _own_tables(schema)
    outcome.tables = len(own)
    with _clone(store, schema) as name:
        begun = time.perf_counter()
        reasons = _seed(store, schema, name, outcome, rows)
        outcome.seconds = round(time.perf_counter() - begun, 2)
        with psycopg.connect(store.endpoint.conninfo(name), autocommit=True) as connection:
            _count_rows(connection, own, reasons, outcome)
            outcome.violations = broken_constraints(connection, schema.catalog, schema.existing)
            look(connection)
            return row_digests(connection, schema.catalog)


@contextmanager
def _clone(store: TemplateStore, schema: SchemaTemplate) -> Iterator[str]:
    """A database with the schema, for as long as the context lasts."""
    name = store.new_name()
    store.clone(schema.template, name)
    try:
        yield name
    finally:
        store.drop(name)


def _digests_of_another(store: TemplateStore, schema: SchemaTemplate, rows: int) -> dict[str, str]:
    """The digests of a second database that is seeded in the same way."""
    with _clone(store, schema) as name:
        _seed(store, schema, name, Outcome(), rows)
        with psycopg.connect(store.endpoint.conninfo(name), autocommit=True) as connection:
            return row_digests(connection, schema.catalog)


def _compare(outcome: Outcome, first: Mapping[str, str], second: Mapping[str, str]) -> None:
    outcome.differing = sorted(table for table in {*first, *second} if first.get(table) != second.get(table))
    outcome.identical_twice = not outcome.differing


def _own_tables(schema: SchemaTemplate) -> list[Table]:
    """What the schema itself brings: neither the platform's nor an extension's."""
    return [
        table
        for table in tables_with_rows(schema.catalog)
        if table.extension is None and table.schema not in schema.catalog.platform_schemas
    ]


def _seed(
    store: TemplateStore, schema: SchemaTemplate, database: str, outcome: Outcome, rows: int
) -> dict[str, str]:
    """Seed a database; return what the plan and the report say of tables, by qualified name."""
    try:
        table_map = build_table_map(schema.catalog, detect(schema.catalog).framework)
        plan = make_plan(
            schema.catalog,
            table_map.framework,
            table_map,
            SeedRequest(users=rows, seed=SEED, rows=_wanted(schema, table_map, rows)),
            existing=schema.existing,
        )
        report = seed_database(
            store.endpoint.conninfo(database),
            catalog=schema.catalog,
            table_map=table_map,
            plan=plan,
            owner=schema.endpoint.owner,
        )
    except Exception as error:  # noqa: BLE001  # what breaks us is a result too
        outcome.error = _said(error)
        return {}
    outcome.notes = list(report.notes)
    return _reasons(plan, report)


def _wanted(schema: SchemaTemplate, table_map: TableMap, rows: int) -> Mapping[str, int]:
    """Rows for each table that migrations left empty and no recipe speaks of."""
    recipe = recipe_for(table_map.framework)
    planned = {table_map.resolve(part.logical).oid for part in recipe if table_map.has(part.logical)}
    return {
        quoted_name(table.schema, table.name): rows
        for table in _own_tables(schema)
        if table.oid not in planned and table.oid not in schema.existing
    }


def _reasons(plan: SeedPlan, report: SeedReport) -> dict[str, str]:
    found = {left.table.qualified: left.reason for left in plan.unplanned}
    for part in report.shortfalls:
        found[part.qualified] = part.note
    return found


def _count_rows(
    connection: psycopg.Connection, own: list[Table], reasons: Mapping[str, str], outcome: Outcome
) -> None:
    for table in own:
        query = sql.SQL("select count(*) from {}").format(sql.Identifier(table.schema, table.name))
        with connection.cursor(row_factory=tuple_row) as cursor:
            row = cursor.execute(query).fetchone()
        count = int(row[0]) if row else 0
        reason = reasons.get(table.qualified, "")
        outcome.rows += count
        outcome.filled += bool(count)
        if not count:
            outcome.unfilled[table.qualified] = reason or outcome.error or "no reason was given"
        elif reason:
            outcome.short[table.qualified] = reason


def _said(error: Exception) -> str:
    """An error of ours by its summary; any other by its traceback's last lines: where, and what."""
    if isinstance(error, SupaseedError):
        return " ".join(str(error).split())
    place = traceback.extract_tb(error.__traceback__)[-1]
    said = " ".join("".join(traceback.format_exception_only(error)).split())
    return f"{said} ({place.filename.rpartition('/')[2]}:{place.lineno} in {place.name})"


def peak_mib() -> float:
    """The largest resident set that this process has had, in MiB."""
    if sys.platform == "win32":
        import psutil

        return float(psutil.Process().memory_info().peak_wset) / (1 << 20)
    import resource

    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
