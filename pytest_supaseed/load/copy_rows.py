"""Rows into a table by COPY: binary where every column's values have a binary form that psycopg writes."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from itertools import groupby
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from pytest_supaseed.load.binary_form import fits_binary, is_receivable, wire_oid
from pytest_supaseed.load.interruption import cancelled_when_interrupted
from pytest_supaseed.rows.domains import takes_null
from pytest_supaseed.rows.value_text import is_sent_as_is, wire_value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from psycopg.abc import Buffer

    from pytest_supaseed.catalog.model import Table, Type

Row = tuple[object, ...]

YOUNG_OBJECTS = 50_000
"""Objects after which Python looks for cycles while rows are copied. Rows form none, and at its usual 700 to
2,000 it looks through some chunk of them all the time: a fifth of what rows cost, measured over a million."""


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
    chunks: Iterable[Sequence[Row]],
    *,
    on_rows: Callable[[int], None],
) -> int:
    """Copy chunks of rows into a table, in the caller's transaction.

    One COPY takes all chunks. Only where a factory gives values of a class that has no binary form in some
    chunks (a text for a date), there is one for each run of chunks of the same form.

    Args:
        connection: where to.
        table: the table.
        columns: the columns that each row's values belong to, in order.
        chunks: the rows, a chunk at a time; at most one is held.
        on_rows: told after each chunk how many rows were sent so far.

    Returns:
        The number of rows that the table took: fewer than sent where a BEFORE trigger drops some.

    Raises:
        psycopg.Error: Postgres refused a row, or the whole.
    """
    kinds = [table.by_name[name].type for name in columns]
    without = _unreadable(connection, table, columns)
    if without:
        chunks = (_blanked(chunk, without) for chunk in chunks)
    receivable = all(is_receivable(column.type) for column in table.columns)
    sent = taken = 0
    for binary, run in groupby(chunks, lambda chunk: receivable and is_binary(kinds, chunk)):
        with connection.cursor() as cursor:
            with (
                cursor.copy(copy_statement(table, columns, binary=binary)) as copy,
                cancelled_when_interrupted(connection),
                _collecting_rarely(),
            ):
                if binary:
                    copy.set_types([wire_oid(kind) or 0 for kind in kinds])
                # What `Copy.write_row` does, without two of its three calls for each row.
                form, write = copy.formatter.write_row, copy.write
                for chunk in run:
                    rows = chunk if binary else as_text(kinds, chunk)
                    blocks: Iterable[Buffer] = filter(None, map(form, rows))
                    for block in blocks:
                        write(block)
                    sent += len(chunk)
                    on_rows(sent)
            taken += cursor.rowcount
    return taken


@contextmanager
def _collecting_rarely() -> Iterator[None]:
    """Let Python look for cycles less often, unless somebody has set that already."""
    before = gc.get_threshold()
    if 0 < before[0] < YOUNG_OBJECTS:
        gc.set_threshold(YOUNG_OBJECTS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def is_binary(kinds: Sequence[Type], rows: Sequence[Row]) -> bool:
    """Whether all values of these rows have a binary form."""
    if not all(map(wire_oid, kinds)):
        return False
    return all(
        fits_binary(kind, values) for kind, values in zip(kinds, zip(*rows, strict=True), strict=False)
    )


def as_text(kinds: Sequence[Type], rows: Sequence[Row]) -> Iterable[Row]:
    """The rows as they are sent in text form: in columns, since most of these need nothing."""
    columns: list[Sequence[object]] = list(zip(*rows, strict=True))
    for place, kind in enumerate(kinds):
        if columns and not is_sent_as_is(kind):
            columns[place] = [wire_value(kind, value) for value in columns[place]]
    return zip(*columns, strict=True)


def _unreadable(connection: psycopg.Connection, table: Table, columns: Sequence[str]) -> list[int]:
    """The places of nullable XML columns where the server was built without libxml: those stay NULL."""
    found = [
        place
        for place, name in enumerate(columns)
        if table.by_name[name].type.storage.name == "xml" and takes_null(table.by_name[name])
    ]
    return [] if not found or _reads_xml(connection) else found


def _reads_xml(connection: psycopg.Connection) -> bool:
    try:
        with connection.transaction():
            connection.execute("select '<a/>'::xml")
    except psycopg.errors.FeatureNotSupported:
        return False
    return True


def _blanked(rows: Sequence[Row], places: Sequence[int]) -> list[Row]:
    return [tuple(None if place in places else value for place, value in enumerate(row)) for row in rows]
