"""Rows of a table as a sequence that is read from the database when asked, in pages, in the key's order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, overload

from psycopg import sql
from psycopg.pq import TransactionStatus
from psycopg.rows import dict_row

from pytest_supaseed.rows.row import Row

if TYPE_CHECKING:
    from collections.abc import Mapping

    import psycopg

    from pytest_supaseed.catalog.model import Table
    from pytest_supaseed.mapping.table_map import TableMap

PAGE = 500
"""Rows read at once: a page of wide rows stays under a megabyte, and a round trip is spread over 500."""

_POSITION = "ctid"
"""Where a table has no primary key, rows come in the order of their place in it (5.5, "System Columns")."""


class RowSet(Sequence[Row]):
    """The rows of a table in which the given columns have the given values.

    Nothing is kept: each use reads what the connection sees at that moment. Rows come in the order of the
    primary key, read a page at a time, so that a million of them are as good as ten.

    Args:
        connection: where they are read.
        table_map: resolves column names.
        logical: the table, as the test calls it.
        equals: values by logical or actual column; None asks for NULL.
    """

    def __init__(
        self, connection: psycopg.Connection, table_map: TableMap, logical: str, equals: Mapping[str, object]
    ) -> None:
        self._connection = connection
        self._table_map = table_map
        self._logical = logical
        self._table: Table = table_map.resolve(logical)
        self._aliases = table_map.aliases(logical)
        self._equals = {table_map.column(logical, name): value for name, value in equals.items()}
        key = self._table.primary_key
        named = tuple(name for name in key.columns if name is not None) if key is not None else ()
        self._key = named or (_POSITION,)

    def where(self, **equals: object) -> RowSet:
        """Return the rows of these in which further columns have these values."""
        named = {self._table_map.column(self._logical, name): value for name, value in equals.items()}
        return RowSet(self._connection, self._table_map, self._logical, {**self._equals, **named})

    def __len__(self) -> int:
        query = self._select(sql.SQL("count(*) as rows"), self._condition())
        return int(_read(self._connection, query)[0]["rows"])

    def __bool__(self) -> bool:
        return bool(self._page(limit=1))

    def __iter__(self) -> Iterator[Row]:
        after: tuple[object, ...] | None = None
        while True:
            page = self._page(after=after, limit=PAGE)
            after = tuple(page[-1][name] for name in self._key) if page else None
            for record in page:
                yield self._row(record)
            if len(page) < PAGE:
                return

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> list[Row]: ...
    def __getitem__(self, index: int | slice) -> Row | list[Row]:
        if isinstance(index, slice):
            return self._slice(index)
        page = self._page(limit=1, offset=index if index >= 0 else -index - 1, backwards=index < 0)
        if not page:
            raise IndexError(f"{self._logical}[{index}]: there are {len(self)} rows")
        return self._row(page[0])

    def _slice(self, index: slice) -> list[Row]:
        wanted = range(len(self))[index]
        if not wanted:
            return []
        first, last = min(wanted[0], wanted[-1]), max(wanted[0], wanted[-1])
        page = [self._row(record) for record in self._page(limit=last - first + 1, offset=first)]
        return [page[number - first] for number in wanted if number - first < len(page)]

    def __repr__(self) -> str:
        conditions = "".join(f", {name}={value!r}" for name, value in self._equals.items())
        return f"rows({self._logical!r}{conditions}): {len(self)} of {self._table.qualified}"

    def _row(self, record: dict[str, Any]) -> Row:
        record.pop(_POSITION, None)
        return Row(record, self._aliases)

    def _page(
        self,
        *,
        after: tuple[object, ...] | None = None,
        limit: int,
        offset: int = 0,
        backwards: bool = False,
    ) -> list[dict[str, Any]]:
        what = sql.SQL("*") if self._key != (_POSITION,) else sql.SQL("ctid, *")
        direction = sql.SQL(" desc" if backwards else "")
        query = sql.SQL("{select} order by {order} limit {limit} offset {offset}").format(
            select=self._select(what, self._condition(after)),
            order=sql.SQL(", ").join([sql.Identifier(name) + direction for name in self._key]),
            limit=sql.Literal(limit),
            offset=sql.Literal(offset),
        )
        return _read(self._connection, query)

    def _select(self, what: sql.Composable, condition: sql.Composable) -> sql.Composed:
        source = sql.Identifier(self._table.schema, self._table.name)
        return sql.SQL("select {} from {}{}").format(what, source, condition)

    def _condition(self, after: tuple[object, ...] | None = None) -> sql.Composable:
        parts: list[sql.Composable] = [
            sql.SQL("{} is not distinct from {}").format(sql.Identifier(name), sql.Literal(value))
            if value is None
            else sql.SQL("{} = {}").format(sql.Identifier(name), sql.Literal(value))
            for name, value in self._equals.items()
        ]
        if after is not None:
            parts.append(
                sql.SQL("({}) > ({})").format(
                    sql.SQL(", ").join(map(sql.Identifier, self._key)),
                    sql.SQL(", ").join(map(sql.Literal, after)),
                )
            )
        return sql.SQL(" where ") + sql.SQL(" and ").join(parts) if parts else sql.SQL("")


def _read(connection: psycopg.Connection[Any], query: sql.Composed) -> list[dict[str, Any]]:
    """Run a query, and leave no transaction open where there was none: it would block others' DDL."""
    idle = connection.info.transaction_status is TransactionStatus.IDLE and not connection.autocommit
    with (
        connection.transaction() if idle else nullcontext(),
        connection.cursor(row_factory=dict_row) as cursor,
    ):
        return cursor.execute(query).fetchall()


class SeededUsers(RowSet):
    """The users: rows of the logical table `users`, with what belongs to people."""

    def __init__(self, connection: psycopg.Connection, table_map: TableMap) -> None:
        super().__init__(connection, table_map, "users", {})

    def by_email(self, email: str) -> Row:
        """Return the user of an e-mail address, whatever its case.

        Raises:
            KeyError: there is none.
        """
        column = self._table_map.column("users", "email")
        condition = sql.SQL(" where lower({}::text) = lower({})").format(
            sql.Identifier(column), sql.Literal(email)
        )
        found = _read(self._connection, self._select(sql.SQL("*"), condition))
        if not found:
            raise KeyError(f"no user has the e-mail address {email!r}; there are {len(self)} users")
        return self._row(found[0])
