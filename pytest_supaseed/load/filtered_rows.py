"""Asks Postgres for the rows that a `RowFilter` means."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from psycopg import sql
from psycopg.rows import tuple_row

from pytest_supaseed.load.infinite_moments import read_infinities
from pytest_supaseed.rows.keys import READ_BACK_LIMIT

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

    from pytest_supaseed.catalog.model import Table
    from pytest_supaseed.plan.row_filters import Related, RowFilter
    from pytest_supaseed.rows.part_parents import FilteredReader


def condition(where: RowFilter, alias: str = "t") -> sql.Composable:
    """Return a filter as a condition on the table of an alias; true where it says nothing."""
    return _condition(where, alias, (f"{alias}{number}" for number in count(1)))


def _condition(where: RowFilter, alias: str, aliases: Iterator[str]) -> sql.Composable:
    parts: list[sql.Composable] = []
    for name, value in where.equal:
        column = sql.Identifier(alias, name)
        equal = sql.SQL("{} is null") if value is None else sql.SQL("{}::text = {}")
        parts.append(equal.format(column) if value is None else equal.format(column, sql.Literal(value)))
    parts += [_related(related, alias, aliases) for related in where.related]
    return sql.SQL(" and ").join(parts) if parts else sql.SQL("true")


def _related(related: Related, alias: str, aliases: Iterator[str]) -> sql.Composable:
    other = next(aliases)
    pairs = zip(related.columns, related.own, strict=True)
    same = [
        sql.SQL("{} = {}").format(sql.Identifier(other, theirs), sql.Identifier(alias, own))
        for theirs, own in pairs
    ]
    form = "{} exists (select from {} {} where {})"
    return sql.SQL(form).format(
        sql.SQL("" if related.present else "not"),
        sql.Identifier(related.table.schema, related.table.name),
        sql.Identifier(other),
        sql.SQL(" and ").join([*same, _condition(related.where, other, aliases)]),
    )


def filtered_reader(connection: psycopg.Connection, limit: int = READ_BACK_LIMIT) -> FilteredReader:
    """Return a reader of at most `limit` key values; see `part_parents.FilteredReader`."""

    def read(table: Table, columns: tuple[str, ...], where: RowFilter) -> list[tuple[object, ...]]:
        names = [sql.Identifier("t", name) for name in columns]
        complete = [sql.SQL("{} is not null").format(name) for name in names]
        query = sql.SQL("select distinct {names} from {table} t where {where} order by {names} limit {limit}")
        with connection.cursor(row_factory=tuple_row) as cursor:
            read_infinities(cursor)
            found = cursor.execute(
                query.format(
                    names=sql.SQL(", ").join(names),
                    table=sql.Identifier(table.schema, table.name),
                    where=sql.SQL(" and ").join([*complete, condition(where)]),
                    limit=sql.Literal(limit),
                )
            )
            return list(found.fetchall())

    return read
