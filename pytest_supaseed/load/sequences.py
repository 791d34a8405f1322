"""Moves sequences behind the rows that were made, so that an application's own inserts go on from there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from pytest_supaseed.catalog.model import TableKind
from pytest_supaseed.load.new_rows import touched_tables
from pytest_supaseed.rows.numbering import PLAIN
from pytest_supaseed.rows.values import WHOLE_TYPES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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
    cross join (select max(high) as high, min(low) as low from ({numbers}) as each_column) as stored
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
_ONWARDS = """
select setval(sequence.seqrelid::regclass, %(number)s::bigint)
from pg_catalog.pg_sequence as sequence
cross join lateral (
    select coalesce(
        pg_sequence_last_value(sequence.seqrelid::regclass), sequence.seqstart - sequence.seqincrement
    )
) as position (reached)
where sequence.seqrelid = %(sequence)s::regclass
and %(number)s::bigint between sequence.seqmin and sequence.seqmax
and sign(%(number)s::bigint - reached) = sign(sequence.seqincrement)
and has_sequence_privilege(sequence.seqrelid, 'update')
"""
"""Never back: an application may have drawn numbers that no row shows yet."""
_NUMBERS = sql.SQL("select max({column})::bigint as high, min({column})::bigint as low from {table}")


def set_sequences(run: Seeding) -> None:
    """Move each sequence behind the numbers of all columns that draw from it; a note tells of a failure."""
    touched = {found.table.oid for found in touched_tables(run)}
    for sequence, columns in _drawing(run).items():
        if any(table.oid in touched for table, _column in columns):
            _set_sequence(run, sequence, columns)


def move_sequences(
    connection: psycopg.Connection, table: Table, rows: Sequence[Mapping[str, object]]
) -> None:
    """Move a table's sequences behind new rows of it, where these came further.

    Args:
        connection: what wrote the rows.
        table: whose rows they are.
        rows: the rows, by column.
    """
    for column in table.columns:
        if column.sequence is None or column.type.storage.name not in WHOLE_TYPES:
            continue
        numbers = [int(str(row[column.name])) for row in rows if row[column.name] is not None]
        furthest = (max if (column.numbering or PLAIN).step > 0 else min)(numbers, default=None)
        if furthest is not None:
            connection.execute(_ONWARDS, {"sequence": column.sequence, "number": furthest})


def _drawing(run: Seeding) -> dict[str, list[tuple[Table, Column]]]:
    """The whole-number columns that draw from each sequence; several tables may share one."""
    found: dict[str, list[tuple[Table, Column]]] = {}
    for table in run.catalog.tables:
        if table.kind not in {TableKind.TABLE, TableKind.PARTITIONED} or table.is_partition:
            continue
        for column in table.columns:
            if column.sequence is not None and column.type.storage.name in WHOLE_TYPES:
                found.setdefault(column.sequence, []).append((table, column))
    return found


def _set_sequence(run: Seeding, sequence: str, columns: Sequence[tuple[Table, Column]]) -> None:
    numbers = [
        _NUMBERS.format(column=sql.Identifier(column.name), table=sql.Identifier(table.schema, table.name))
        for table, column in columns
    ]
    statement = _BEHIND_THE_ROWS.format(
        sequence=sql.Literal(sequence), numbers=sql.SQL(" union all ").join(numbers)
    )
    try:
        with run.connection.transaction():
            run.connection.execute(statement)
    except psycopg.Error as error:
        if run.connection.broken:
            raise
        table, column = columns[0]
        run.notes.append(
            f"{table.qualified}.{column.name}: its sequence was left where it stands:"
            f" {error.diag.message_primary or error}"
        )
