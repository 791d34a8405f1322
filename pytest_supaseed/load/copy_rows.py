"""Rows into a table by COPY: binary where every column's type has a binary form that psycopg writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psycopg import sql
from psycopg.types.json import Json

from pytest_supaseed.catalog.model import TypeKind
from pytest_supaseed.load.interruption import cancelled_when_interrupted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import psycopg

    from pytest_supaseed.catalog.model import Table, Type

_TEXT_OID = 25
_LIKE_TEXT = frozenset({"bpchar", "citext", "name"})
"""Types whose binary form is that of text, as is every enum's (`enum_recv`, `bpcharrecv`, `namerecv`)."""
_BINARY = frozenset(
    {
        "bool", "bytea", "date", "float4", "float8", "int2", "int4", "int8", "json", "jsonb",
        "numeric", "text", "time", "timestamp", "timestamptz", "uuid", "varchar",
    }
)  # fmt: skip
_JSON = frozenset({"json", "jsonb"})


def copy_statement(table: Table, columns: Sequence[str], *, binary: bool) -> sql.Composed:
    """`COPY schema.table (columns) FROM STDIN`, every name quoted."""
    return sql.SQL("copy {table} ({columns}) from stdin (format {format})").format(
        table=sql.Identifier(table.schema, table.name),
        columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
        format=sql.SQL("binary" if binary else "text"),
    )


def copy_rows(
    connection: psycopg.Connection,
    table: Table,
    columns: Sequence[str],
    chunks: Iterable[Sequence[tuple[object, ...]]],
    *,
    on_rows: Callable[[int], None],
) -> int:
    """Copy chunks of rows into a table, in the caller's transaction.

    Args:
        connection: where to.
        table: the table.
        columns: the columns that each row's values belong to, in order.
        chunks: the rows, a chunk at a time; at most one is held.
        on_rows: told after each chunk how many rows were sent so far.

    Returns:
        The number of rows sent.

    Raises:
        psycopg.Error: Postgres refused a row, or the whole.
    """
    types = [wire_oid(table.by_name[name].type) for name in columns]
    binary = all(types)
    wrap = [index for index, name in enumerate(columns) if table.by_name[name].type.storage.name in _JSON]
    sent = 0
    with (
        connection.cursor() as cursor,
        cursor.copy(copy_statement(table, columns, binary=binary)) as copy,
        cancelled_when_interrupted(connection),
    ):
        if binary:
            copy.set_types([oid for oid in types if oid])
        for chunk in chunks:
            for row in chunk:
                copy.write_row(row if binary else _wrapped(row, wrap))
            sent += len(chunk)
            on_rows(sent)
    return sent


def wire_oid(kind: Type) -> int | None:
    """The OID under which psycopg writes a type's binary form; None where it has to be sent as text."""
    storage = kind.storage
    if storage.kind is TypeKind.ENUM or storage.name in _LIKE_TEXT:
        return _TEXT_OID
    if storage.schema == "pg_catalog" and storage.name in _BINARY:
        return storage.oid
    return None


def _wrapped(row: tuple[object, ...], json_columns: Sequence[int]) -> tuple[object, ...]:
    """The row with JSON values marked as such: in text form a dict alone does not say what it is."""
    if not json_columns:
        return row
    values = list(row)
    for index in json_columns:
        if values[index] is not None:
            values[index] = Json(values[index])
    return tuple(values)
