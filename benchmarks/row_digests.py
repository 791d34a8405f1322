"""A digest over all rows of a database: the same rows, the same digest, in whatever order they lie."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql
from psycopg.rows import tuple_row

from benchmarks.constraint_proof import tables_with_rows

if TYPE_CHECKING:
    from pytest_supaseed.catalog.model import Catalog, Table

_QUERY = sql.SQL(
    "select count(*), coalesce(sum(('x' || left(md5((held.*)::text), 15))::bit(60)::bigint), 0)"
    " from {} as held"
)
"""The sum of sixty bits of each row's hash: it needs no order, and no memory."""


def row_digests(connection: psycopg.Connection, catalog: Catalog) -> dict[str, str]:
    """Return a digest of each table that holds rows, by its qualified name.

    Rows that cannot be read, because a virtual column fails, are an error's text in its place.
    """
    digests = ((table.qualified, _digest(connection, table)) for table in tables_with_rows(catalog))
    return {name: digest for name, digest in digests if digest}


def _digest(connection: psycopg.Connection, table: Table) -> str:
    query = _QUERY.format(sql.Identifier(table.schema, table.name))
    try:
        with connection.cursor(row_factory=tuple_row) as cursor:
            row = cursor.execute(query).fetchone()
    except psycopg.Error as error:
        return f"cannot be read: {' '.join(str(error).split())}"
    return hashlib.sha256(repr(row).encode()).hexdigest()[:16] if row and row[0] else ""
