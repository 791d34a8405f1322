"""The only reader of `pg_catalog`: a handful of queries, joined by OID, into the frozen model."""

from __future__ import annotations

from collections import defaultdict
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from psycopg import sql
from psycopg.rows import dict_row

from pytest_supaseed.catalog.assemble import assemble_table
from pytest_supaseed.catalog.model import Catalog, Function
from pytest_supaseed.catalog.types import TypeBook

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    import psycopg

Record = dict[str, Any]


def introspect(
    connection: psycopg.Connection, *, exclude_schemas: Collection[str] = ("supaseed",)
) -> Catalog:
    """Read a database's catalog.

    Runs in a transaction of its own, or inside the caller's, with an empty `search_path`, so that every name
    in an expression comes back qualified and no function or operator of the schema's own can stand before
    those of `pg_catalog`. The connection is left as it was.

    Args:
        connection: a connection of any mode; reading the catalog needs no privilege.
        exclude_schemas: schemas to leave out beside the system's.

    Raises:
        CatalogError: a column's type cannot be described.
    """
    with _empty_search_path(connection):
        exclude = {"exclude": list(exclude_schemas)}
        tables = _query(connection, "tables", exclude)
        oids = {"tables": [table["oid"] for table in tables]}
        book = TypeBook(
            _query(connection, "types", oids),
            _query(connection, "attributes", {}),
            constraints := _query(connection, "constraints", oids),
        )
        belongings = {
            "columns": _by_table(_query(connection, "columns", oids)),
            "constraints": _by_table(constraints),
            "unique_keys": _by_table(_query(connection, "unique_keys", oids)),
            "triggers": _by_table(_query(connection, "triggers", oids)),
            "policies": _by_table(_query(connection, "policies", oids)),
        }
        functions = tuple(Function(**record) for record in _query(connection, "functions", exclude))
        names = _query(connection, "names", exclude)
    return Catalog(
        server_version=connection.info.server_version,
        schemas=_named(names, "schema"),
        tables=tuple(
            assemble_table(
                table, book, {kind: found.get(table["oid"], []) for kind, found in belongings.items()}
            )
            for table in tables
        ),
        functions=functions,
        extensions=_named(names, "extension"),
        roles=_named(names, "role"),
    )


def _named(records: list[Record], kind: str) -> tuple[str, ...]:
    return tuple(record["name"] for record in records if record["kind"] == kind)


def _by_table(records: list[Record]) -> Mapping[int, list[Record]]:
    found: defaultdict[int, list[Record]] = defaultdict(list)
    for record in records:
        found[record["table_oid"]].append(record)
    return found


@contextmanager
def _empty_search_path(connection: psycopg.Connection) -> Iterator[None]:
    with connection.transaction():
        row = connection.execute("select pg_catalog.current_setting('search_path')").fetchone()
        connection.execute("set local search_path = ''")
        yield
        connection.execute(
            sql.SQL("select pg_catalog.set_config('search_path', {}, true)").format(
                sql.Literal(row[0] if row else "")
            )
        )


def _query(connection: psycopg.Connection, name: str, parameters: Mapping[str, object]) -> list[Record]:
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(_text(name), parameters).fetchall()


@cache
def _text(name: str) -> bytes:
    """A query's text; as bytes, since psycopg takes only literal strings as such."""
    return files("pytest_supaseed.catalog").joinpath("queries", f"{name}.sql").read_bytes()
