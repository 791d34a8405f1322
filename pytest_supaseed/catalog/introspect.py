"""The only reader of `pg_catalog`: a handful of queries, joined by OID, into the frozen model."""

from __future__ import annotations

from collections import defaultdict
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.pq import TransactionStatus
from psycopg.rows import dict_row

from pytest_supaseed.catalog.assemble import assemble_table
from pytest_supaseed.catalog.model import Catalog, Function
from pytest_supaseed.catalog.types import TypeBook
from pytest_supaseed.errors import CatalogError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

Record = dict[str, Any]


def introspect(conn: psycopg.Connection[Any], *, exclude_schemas: Collection[str] = ("supaseed",)) -> Catalog:
    """Read a database's catalog.

    Runs in a transaction of its own, or in a savepoint of the caller's, that is rolled back: the connection
    is left as it was. In it `search_path` is empty, so that every name in an expression comes back qualified
    and no function or operator of the schema's own can stand before those of `pg_catalog`.

    Args:
        conn: a connection of any mode; reading the catalog needs no privilege.
        exclude_schemas: schemas to leave out beside the system's.

    Raises:
        CatalogError: the connection's transaction has failed, or the schema changed while it was read.
    """
    with _settled(conn):
        exclude = {"exclude": list(exclude_schemas)}
        tables = _query(conn, "tables", exclude)
        functions = _query(conn, "functions", exclude)
        names = _query(conn, "names", exclude)
        belongings, types = _read_belongings(conn, [table["oid"] for table in tables])
    return Catalog(
        server_version=conn.info.server_version,
        schemas=_named(names, "schema"),
        tables=tuple(
            assemble_table(table, types, {kind: found[table["oid"]] for kind, found in belongings.items()})
            for table in tables
        ),
        functions=tuple(Function(**record) for record in functions),
        extensions=_named(names, "extension"),
        roles=_named(names, "role"),
    )


def _read_belongings(
    conn: psycopg.Connection[Any], tables: list[int]
) -> tuple[Mapping[str, Mapping[int, list[Record]]], TypeBook]:
    """What belongs to those relations, by kind and by the relation's OID, and the types of their columns."""
    oids = {"tables": tables}
    types = _query(conn, "types", oids)
    attributes = _query(conn, "attributes", {"rows": [found["row_of"] for found in types if found["row_of"]]})
    constraints = _query(conn, "constraints", {**oids, "types": [found["oid"] for found in types]})
    belongings = {
        kind: _by_table(_query(conn, kind, oids))
        for kind in ("columns", "unique_keys", "triggers", "policies")
    }
    belongings["constraints"] = _by_table(constraints)
    return belongings, TypeBook(types, attributes, constraints)


def _named(records: list[Record], kind: str) -> tuple[str, ...]:
    return tuple(record["name"] for record in records if record["kind"] == kind)


def _by_table(records: list[Record]) -> Mapping[int, list[Record]]:
    found: defaultdict[int, list[Record]] = defaultdict(list)
    for record in records:
        found[record["table_oid"]].append(record)
    return found


@contextmanager
def _settled(conn: psycopg.Connection[Any]) -> Iterator[None]:
    """A transaction or savepoint in which the settings that printing depends on are ours."""
    if conn.info.transaction_status is TransactionStatus.INERROR:
        raise CatalogError(
            "The catalog cannot be read: an earlier statement failed in this connection's transaction.",
            remedies=["roll the transaction back first", "use another connection"],
        )
    with conn.transaction(force_rollback=True):
        _query(conn, "settings", {})
        yield


def _query(conn: psycopg.Connection[Any], name: str, parameters: Mapping[str, object]) -> list[Record]:
    """Run a query of ours; on a plain cursor, whatever kind the connection makes by itself."""
    with psycopg.Cursor(conn, row_factory=dict_row) as cursor:
        return cursor.execute(_text(name), parameters, prepare=False).fetchall()


@cache
def _text(name: str) -> bytes:
    """A query's text; as bytes, since psycopg takes only literal strings as such."""
    return files("pytest_supaseed.catalog").joinpath("queries", f"{name}.sql").read_bytes()
