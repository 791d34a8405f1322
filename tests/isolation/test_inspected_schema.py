"""A schema that is looked at: the same from its sources and from a database that holds it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from psycopg.conninfo import make_conninfo

from pytest_supaseed.isolation.inspected_schema import inspect_database, inspect_project
from pytest_supaseed.options import resolve_options

if TYPE_CHECKING:
    from pathlib import Path

    import psycopg

    from pytest_supaseed.isolation.inspected_schema import InspectedSchema
    from pytest_supaseed.server.endpoint import Endpoint

SCHEMA = """
create table public.teams (id bigint primary key, name text not null);
create table public.players (id bigint primary key, team_id bigint not null references public.teams (id));
insert into public.teams values (1, 'first');
"""


def existing(schema: InspectedSchema) -> dict[str, int]:
    """The rows that are there, by table."""
    return {schema.catalog.by_oid[oid].qualified: count for oid, count in schema.existing.items()}


def test_both_ways_see_the_same(
    endpoint: Endpoint, empty_database: psycopg.Connection, tmp_path: Path
) -> None:
    """Catalog, rows that are there and plan are those of the schema, wherever it is looked at."""
    (tmp_path / "schema.sql").write_text(SCHEMA, encoding="utf-8")
    empty_database.execute(SCHEMA)
    options = replace(resolve_options({"users": "3"}, {}), url=endpoint.conninfo(), schema=("schema.sql",))
    url = make_conninfo(empty_database.info.dsn, password=empty_database.info.password)
    made = inspect_project(tmp_path, options, on_wait=print)
    there = inspect_database(url, options, source="--url")

    assert made.catalog.digest() == there.catalog.digest()
    assert existing(made) == existing(there) == {"public.teams": 1}
    assert made.plan(options).digest() == there.plan(options).digest()
    assert there.origin == f"database {empty_database.info.dbname}"
