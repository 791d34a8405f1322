"""Moves sequences behind the rows that were loaded, so that an application's own inserts go on from there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from pytest_supaseed.load.new_rows import touched_tables
from pytest_supaseed.rows.values import WHOLE_TYPES

if TYPE_CHECKING:
    from pytest_supaseed.catalog.model import Column, Table
    from pytest_supaseed.load.seeding import Seeding

_BEHIND_THE_ROWS = sql.SQL(
    """
    select setval(
        sequence.seqrelid::regclass,
        case when has_passed then furthest else sequence.seqstart end,
        has_passed
    )
    from pg_catalog.pg_sequence as sequence
    cross join (select max({column})::bigint as high, min({column})::bigint as low from {table}) as stored
    cross join lateral (
        select case when sequence.seqincrement > 0 then high else low end as furthest
    ) as end_of_rows
    cross join lateral (
        select coalesce(sign(furthest - sequence.seqstart) in (0, sign(sequence.seqincrement)), false)
            as has_passed
    ) as position
    where sequence.seqrelid = {sequence}::regclass
    """
)
"""Up or down, as the sequence steps; to its start where no row has come as far as that."""


def set_sequences(run: Seeding) -> None:
    """Move each sequence behind the numbers of the column that owns it; where that fails a note says so."""
    for touched in touched_tables(run):
        for column in touched.table.columns:
            if column.sequence is not None and column.type.storage.name in WHOLE_TYPES:
                _set_sequence(run, touched.table, column)


def _set_sequence(run: Seeding, table: Table, column: Column) -> None:
    statement = _BEHIND_THE_ROWS.format(
        sequence=sql.Literal(column.sequence),
        column=sql.Identifier(column.name),
        table=sql.Identifier(table.schema, table.name),
    )
    try:
        run.connection.execute(statement)
    except psycopg.Error as error:
        if run.connection.broken:
            raise
        run.notes.append(
            f"{table.qualified}.{column.name}: its sequence was left where it stands:"
            f" {error.diag.message_primary or error}"
        )
