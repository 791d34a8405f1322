"""Rows of a table as a sequence that is read from the database when asked, in pages, in the key's order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, overload

import psycopg
from psycopg import sql
from psycopg.pq import TransactionStatus
from psycopg.rows import dict_row

from pytest_supaseed.errors import UsageError
from pytest_supaseed.load.infinite_moments import read_infinities
from pytest_supaseed.rows.row import Row
from pytest_supaseed.server.settled_sessions import readable

if TYPE_CHECKING:
    from pytest_supaseed.catalog.model import Table
    from pytest_supaseed.isolation.claims import Persona
    from pytest_supaseed.mapping.table_map import TableMap

PAGE = 500
"""Rows read at once: a page of wide rows stays under a megabyte, and a round trip is spread over 500."""

_NO_SETTINGS: Mapping[str, str] = MappingProxyType({})

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
        persona: as whom they are read, under row-level security; as the login when not given. The
            connection's login has to be a member of that role.
    """

    def __init__(
        self,
        connection: psycopg.Connection,
        table_map: TableMap,
        logical: str,
        equals: Mapping[str, object],
        *,
        persona: Persona | None = None,
    ) -> None:
        self._connection = connection
        self._settings = persona.as_settings() if persona is not None else {}
        self._persona = persona
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
        equals = {**self._equals, **named}
        return RowSet(self._connection, self._table_map, self._logical, equals, persona=self._persona)

    def __len__(self) -> int:
        query = self._select(sql.SQL("count(*) as rows"), self._condition())
        found = self._read(query)
        return int(found[0]["rows"]) if found else 0

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
        related = {"persona": _persona(record)} if self._logical == "users" else {}
        return Row(record, self._aliases, related)

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
        return self._read(query)

    def _read(self, query: sql.Composed) -> list[dict[str, Any]]:
        try:
            return read(self._connection, query, self._settings)
        except psycopg.errors.InsufficientPrivilege:
            if self._persona is None or self._may_read(self._persona.role):
                raise
            return []

    def _may_read(self, role: str) -> bool:
        """Whether a role has the right to read anything here; without it, it sees no rows."""
        query = sql.SQL(
            "select has_schema_privilege({role}, {schema}, 'usage')"
            " and has_any_column_privilege({role}, {table}, 'select') as may"
        ).format(role=role, schema=self._table.schema, table=sql.Literal(self._table.oid))
        return bool(read(self._connection, query)[0]["may"])

    def _select(self, what: sql.Composable, condition: sql.Composable) -> sql.Composed:
        source = sql.Identifier(self._table.schema, self._table.name)
        return sql.SQL("select {} from {}{}").format(what, source, condition)

    def _condition(self, after: tuple[object, ...] | None = None) -> sql.Composable:
        parts: list[sql.Composable] = [equal_to(self._equals)] if self._equals else []
        if after is not None:
            parts.append(
                sql.SQL("({}) > ({})").format(
                    sql.SQL(", ").join(map(sql.Identifier, self._key)),
                    sql.SQL(", ").join(map(sql.Literal, after)),
                )
            )
        return sql.SQL(" where ") + sql.SQL(" and ").join(parts) if parts else sql.SQL("")


def equal_to(values: Mapping[str, object]) -> sql.Composable:
    """Return the condition that columns have these values; None asks for NULL, and no values for any row."""
    parts = [
        sql.SQL("{} is not distinct from {}" if value is None else "{} = {}").format(
            sql.Identifier(name), sql.Literal(value)
        )
        for name, value in values.items()
    ]
    return sql.SQL(" and ").join(parts) if parts else sql.SQL("true")


def read(
    connection: psycopg.Connection[Any], query: sql.Composed, settings: Mapping[str, str] = _NO_SETTINGS
) -> list[dict[str, Any]]:
    """Run a query, and leave no transaction open where there was none: it would block others' DDL.

    Args:
        connection: the connection.
        query: the query.
        settings: what it runs under, for its transaction: a role, claims.
    """
    idle = connection.info.transaction_status is TransactionStatus.IDLE
    alone = idle and (bool(settings) or not connection.autocommit)
    with (
        connection.transaction() if alone else nullcontext(),
        readable(connection),
        connection.cursor(row_factory=dict_row) as cursor,
    ):
        apply_settings(cursor, settings)
        read_infinities(cursor)
        return cursor.execute(query).fetchall()


def apply_settings(cursor: psycopg.Cursor[Any], settings: Mapping[str, str]) -> None:
    """Make settings that hold until the transaction ends, as PostgREST does; the role last."""
    if settings:
        names = sorted(settings, key=lambda name: name == "role")
        calls = sql.SQL(", ").join(
            sql.SQL("set_config({}, {}, true)").format(name, settings[name]) for name in names
        )
        cursor.execute(sql.SQL("select {}").format(calls))


class SeededUsers(RowSet):
    """The users: rows of the logical table `users`, with what belongs to people.

    Args:
        connection: where they are read.
        table_map: resolves column names.
        named: finds the key of a user by name.
    """

    def __init__(
        self,
        connection: psycopg.Connection,
        table_map: TableMap,
        named: Callable[[str], object] | None = None,
    ) -> None:
        super().__init__(connection, table_map, "users", {})
        self._named = named

    @overload
    def __getitem__(self, index: int | str) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> list[Row]: ...
    def __getitem__(self, index: int | str | slice) -> Row | list[Row]:
        """Return a user by place or by name, or some by their places.

        Raises:
            UsageError: no user has that name.
            IndexError: there are fewer users.
        """
        if not isinstance(index, str) or self._named is None:
            return super().__getitem__(index)  # type: ignore[index]  # a text is refused there
        return self.find(self._named(index))

    def find(self, user: object) -> Row:
        """Return the user whom a row, a key or an e-mail address means.

        Args:
            user: a row of the users' table or of any other that has their key as `id`, a key, or an address.

        Raises:
            UsageError: there is none in this database.
        """
        try:
            if isinstance(user, str) and "@" in user:
                return self.by_email(user)
            key = user[self._key[0] if self._key[0] in user else "id"] if isinstance(user, Mapping) else user
            return self.where(**{self._key[0]: key})[0]
        except (KeyError, IndexError, psycopg.DataError) as error:
            raise UsageError(
                f"This database has no user {_named(user)}.",
                looked_at=[f"{self._table.qualified}: {len(self)} users"],
                remedies=[
                    "take one of its own: supaseed_db.users[0]",
                    "a user whom connection has not committed is there for connection alone",
                ],
            ) from error

    def by_email(self, email: str) -> Row:
        """Return the user of an e-mail address, whatever its case.

        Raises:
            KeyError: there is none.
        """
        column = self._table_map.column("users", "email")
        condition = sql.SQL(" where lower({}::text) = lower({})").format(
            sql.Identifier(column), sql.Literal(email)
        )
        found = self._read(self._select(sql.SQL("*"), condition))
        if not found:
            raise KeyError(f"no user has the e-mail address {email!r}; there are {len(self)} users")
        return self._row(found[0])


def _persona(user: Mapping[str, Any]) -> object:
    """What kind of person a user is, where users are personas."""
    metadata = user.get("raw_user_meta_data")
    return metadata.get("persona") if isinstance(metadata, dict) else None


def _named(user: object) -> str:
    """How a message calls a user who is not there."""
    if isinstance(user, Mapping):
        return str(user.get("email") or user.get("id") or dict(user))
    return repr(user)
