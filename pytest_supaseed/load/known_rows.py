"""Finds a row that is there already, by the values of some of its columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psycopg import sql
from psycopg.rows import dict_row

from pytest_supaseed.load.infinite_moments import read_infinities
from pytest_supaseed.rows.row import Row
from pytest_supaseed.rows.value_text import wire_value

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import psycopg

    from pytest_supaseed.catalog.model import Table


def known_row(
    connection: psycopg.Connection,
    table: Table,
    columns: Sequence[str],
    row: Sequence[object],
    unique: Sequence[str],
) -> Row | None:
    """The row that agrees with a new one in the columns `unique`; None where there is none."""
    values = dict(zip(columns, row, strict=True))
    return row_with(connection, table, {name: values[name] for name in unique})


def row_with(connection: psycopg.Connection, table: Table, values: Mapping[str, object]) -> Row | None:
    """The first row in which columns have these values, NULL included; None where there is none."""
    query = sql.SQL("select * from {} where {} limit 1").format(
        _identifier(table.schema, table.name),
        sql.SQL(" and ").join(
            sql.SQL("{} is not distinct from %s").format(_identifier(name)) for name in values
        ),
    )
    parameters: list[Any] = [wire_value(table.by_name[name].type, value) for name, value in values.items()]
    with connection.cursor(row_factory=dict_row) as cursor:
        read_infinities(cursor)
        found = cursor.execute(query, parameters).fetchone()
    return None if found is None else Row(found)


def _identifier(*names: str) -> sql.Identifier:
    """The name, in a statement with parameters: psycopg reads a percent sign inside quotes too."""
    return sql.Identifier(*(name.replace("%", "%%") for name in names))
