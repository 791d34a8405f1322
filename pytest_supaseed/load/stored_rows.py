"""Reads what is in the database already: how many rows, and the keys that others may refer to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from psycopg import sql
from psycopg.rows import tuple_row

from pytest_supaseed.catalog.model import TableKind
from pytest_supaseed.load.infinite_moments import read_infinities
from pytest_supaseed.rows.keys import READ_BACK_LIMIT

if TYPE_CHECKING:
    from collections.abc import Callable

    import psycopg

    from pytest_supaseed.catalog.model import Catalog, Table
    from pytest_supaseed.rows.keys import KeyReader

_PLANNED = frozenset(
    f"auth.{name}"
    for name in (
        "users", "identities", "mfa_factors", "mfa_amr_claims", "sessions", "refresh_tokens",
        "sso_providers", "sso_domains",
    )
)  # fmt: skip
"""Tables of the platform that plans fill."""
_HOLDS_ROWS = frozenset({TableKind.TABLE, TableKind.PARTITIONED})


def count_stored(
    connection: psycopg.Connection, catalog: Catalog, *, with_children: bool = False
) -> dict[int, int]:
    """Return the number of rows of each table that has any, by OID, in one round trip.

    Tables of the platform are left out, but for users and what is theirs: nothing else there is planned.

    Args:
        connection: any.
        catalog: the database's catalog.
        with_children: whether the rows of tables that inherit from a table count as its own too.
    """
    tables = [
        table
        for table in catalog.tables
        if table.kind in _HOLDS_ROWS and not table.is_partition and _is_counted(catalog, table)
    ]
    if not tables:
        return {}
    one = sql.SQL("select {oid}::bigint, count(*) from {table}")
    queries = [
        one.format(oid=sql.Literal(table.oid), table=_rows_of(table, with_children=with_children))
        for table in tables
    ]
    with connection.cursor(row_factory=tuple_row) as cursor:
        cursor.execute(sql.SQL(" union all ").join(queries))
        return {int(oid): int(count) for oid, count in cursor.fetchall() if count}


def _is_counted(catalog: Catalog, table: Table) -> bool:
    return table.schema not in catalog.platform_schemas or table.qualified in _PLANNED


def _rows_of(table: Table, *, with_children: bool = False) -> sql.Composed:
    """A table in FROM, without the rows of those that inherit from it: no foreign key takes them for its own.

    A partitioned table has no rows but those of its partitions.
    """
    form = "{}" if with_children or table.kind is not TableKind.TABLE else "only {}"
    return sql.SQL(form).format(sql.Identifier(table.schema, table.name))


def count_rows(connection: psycopg.Connection, table: Table, *, with_children: bool = False) -> int:
    """Return the number of rows of one table; `with_children` adds those of tables that inherit from it."""
    query = sql.SQL("select count(*) from {}").format(_rows_of(table, with_children=with_children))
    with connection.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(query).fetchone()
    return int(row[0]) if row else 0


def key_reader(
    connection: psycopg.Connection,
    limit: int = READ_BACK_LIMIT,
    *,
    rows_of: Callable[[Table], sql.Composable] = _rows_of,
) -> KeyReader:
    """Return a reader of at most `limit` key values; see `rows.keys.KeyReader`.

    Args:
        connection: any.
        limit: how many values are read at the most.
        rows_of: what stands for a table in FROM, before its alias.
    """

    def read(
        table: Table, columns: tuple[str, ...], *, end: Literal["first", "last"] | None = None
    ) -> list[tuple[object, ...]]:
        names = sql.SQL(", ").join(map(sql.Identifier, columns))
        complete = sql.SQL(" and ").join(
            sql.SQL("{} is not null").format(sql.Identifier(name)) for name in columns
        )
        form = "{} desc" if end == "last" else "{}"
        query = sql.SQL(
            "select distinct {names} from {table} t where {complete} order by {order} limit {limit}"
        ).format(
            names=names,
            table=rows_of(table),
            complete=complete,
            order=sql.SQL(", ").join(sql.SQL(form).format(sql.Identifier(name)) for name in columns),
            limit=sql.Literal(limit if end is None else 1),
        )
        with connection.cursor(row_factory=tuple_row) as cursor:
            read_infinities(cursor)
            return list(cursor.execute(query).fetchall())

    return read
