"""Asks Postgres for the rows that a `RowFilter` means."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

from psycopg import sql
from psycopg.rows import tuple_row

from pytest_supaseed.load.infinite_moments import read_infinities
from pytest_supaseed.rows.keys import READ_BACK_LIMIT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import psycopg

    from pytest_supaseed.catalog.model import Table
    from pytest_supaseed.plan.row_filters import Related, RowFilter
    from pytest_supaseed.rows.part_parents import FilteredReader


def table_rows(table: Table) -> sql.Composable:
    """Return what stands for a table in FROM, before its alias."""
    return sql.Identifier(table.schema, table.name)


def condition(
    where: RowFilter, alias: str = "t", *, rows_of: Callable[[Table], sql.Composable] = table_rows
) -> sql.Composable:
    """Return a filter as a condition on the table of an alias; true where it says nothing.

    Args:
        where: the filter.
        alias: the alias.
        rows_of: what stands for another table in FROM, before its alias.
    """
    return _Conditions(rows_of, (f"{alias}{number}" for number in count(1))).of(where, alias)


@dataclass(frozen=True)
class _Conditions:
    rows_of: Callable[[Table], sql.Composable]
    aliases: Iterator[str]

    def of(self, where: RowFilter, alias: str) -> sql.Composable:
        """A filter as a condition."""
        parts: list[sql.Composable] = []
        for name, value in where.equal:
            column = sql.Identifier(alias, name)
            equal = sql.SQL("{} is null") if value is None else sql.SQL("{}::text = {}")
            parts.append(equal.format(column) if value is None else equal.format(column, sql.Literal(value)))
        parts += [self._related(related, alias) for related in where.related]
        return sql.SQL(" and ").join(parts) if parts else sql.SQL("true")

    def _related(self, related: Related, alias: str) -> sql.Composable:
        other = next(self.aliases)
        pairs = zip(related.columns, related.own, strict=True)
        same = [
            sql.SQL("{} = {}").format(sql.Identifier(other, theirs), sql.Identifier(alias, own))
            for theirs, own in pairs
        ]
        form = "{} exists (select from {} {} where {})"
        return sql.SQL(form).format(
            sql.SQL("" if related.present else "not"),
            self.rows_of(related.table),
            sql.Identifier(other),
            sql.SQL(" and ").join([*same, self.of(related.where, other)]),
        )


def filtered_reader(
    connection: psycopg.Connection,
    limit: int = READ_BACK_LIMIT,
    *,
    rows_of: Callable[[Table], sql.Composable] = table_rows,
) -> FilteredReader:
    """Return a reader of at most `limit` key values; see `part_parents.FilteredReader`.

    Args:
        connection: any.
        limit: how many values are read at the most.
        rows_of: what stands for a table in FROM, before its alias.
    """

    def read(table: Table, columns: tuple[str, ...], where: RowFilter) -> list[tuple[object, ...]]:
        names = [sql.Identifier("t", name) for name in columns]
        complete = [sql.SQL("{} is not null").format(name) for name in names]
        query = sql.SQL("select distinct {names} from {table} t where {where} order by {names} limit {limit}")
        with connection.cursor(row_factory=tuple_row) as cursor:
            read_infinities(cursor)
            found = cursor.execute(
                query.format(
                    names=sql.SQL(", ").join(names),
                    table=rows_of(table),
                    where=sql.SQL(" and ").join([*complete, condition(where, rows_of=rows_of)]),
                    limit=sql.Literal(limit),
                )
            )
            return list(found.fetchall())

    return read
