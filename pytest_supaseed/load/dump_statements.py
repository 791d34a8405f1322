"""A dump as SQL: plain statements, or COPY for psql; made as it is read, some rows at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from psycopg import sql
from psycopg.rows import tuple_row

from pytest_supaseed.load.ledger import DIGEST, RowAddress

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_supaseed.catalog.model import ForeignKey, Table, Trigger
    from pytest_supaseed.load.dumped_tables import Dump, DumpedTable

SqlForm: TypeAlias = Literal["insert", "copy", "supabase"]

ROWS_READ = 500
"""Rows that are read at once."""
STATEMENT_BYTES = 64 << 10
"""Where a statement ends, about: a client holds each one as a whole, and tells of an error by it."""
ARGUMENTS = 50
"""Values in one call of `format`; a function takes 100 arguments."""

_SETTINGS = (
    "client_encoding = 'UTF8'",
    "standard_conforming_strings = on",
    "datestyle = 'ISO, YMD'",
    "intervalstyle = 'postgres'",
)
"""What the values are written for."""
_AGAIN = {"origin": sql.SQL("enable"), "always": sql.SQL("enable always")}
"""How a trigger is switched on again, by how it was; those that do not fire are left alone."""


@dataclass(frozen=True)
class SqlDump:
    """A dump in the words of SQL.

    Args:
        dump: what is dumped.
        form: `insert` for any client, `copy` for psql, `supabase` for the `supabase/seed.sql` of its CLI.
        replica: whether triggers, foreign keys' too, are off by `session_replication_role`, which a superuser
            and Supabase's `postgres` may set; else by the owner's right, with the keys checked.
    """

    dump: Dump
    form: SqlForm
    replica: bool

    def lines(self) -> Iterator[bytes]:
        """Yield the text, in pieces of at most some statement."""
        yield self._head()
        for table, parent in self.dump.partitions:
            yield self._text(_partition(table, parent))
        if not self.replica:
            yield from self._owner_begins()
        for one in self.dump.tables:
            yield from self._rows(one)
        for one in self.dump.tables:
            if one.known is not None:
                yield from self._changes(one)
        for schema, name, last, called in self.dump.sequences:
            place = sql.Identifier(schema, name).as_string(self.dump.connection)
            yield self._text(
                sql.SQL("select pg_catalog.setval({}, {}, {})").format(
                    sql.Literal(place), sql.Literal(last), sql.SQL("true" if called else "false")
                )
            )
        yield from self._end()

    def _text(self, statement: sql.Composable) -> bytes:
        return statement.as_bytes(self.dump.connection) + b";\n"

    def _head(self) -> bytes:
        begin, word = ([], "set") if self.form == "supabase" else (["begin;"], "set local")
        settings = [*_SETTINGS, *(["session_replication_role = replica"] if self.replica else [])]
        lines = [f"-- {self.dump.title}", *begin, *(f"{word} {one};" for one in settings)]
        return "\n".join([*lines, ""]).encode()

    def _end(self) -> Iterator[bytes]:
        if not self.replica:
            yield from self._owner_ends()
        yield b"reset all;\n" if self.form == "supabase" else b"commit;\n"

    def _owner_begins(self) -> Iterator[bytes]:
        for table, trigger in self._triggers():
            yield self._text(_switched(table, trigger, sql.SQL("disable")))
        for table, key in self.dump.deferred:
            yield self._text(_altered(table, key, "deferrable initially deferred"))

    def _owner_ends(self) -> Iterator[bytes]:
        yield b"set constraints all immediate;\n"
        for table, key in self.dump.deferred:
            back = "deferrable initially immediate" if key.deferrable else "not deferrable"
            yield self._text(_altered(table, key, back))
        for table, trigger in self._triggers():
            yield self._text(_switched(table, trigger, _AGAIN[trigger.enabled]))

    def _triggers(self) -> Iterator[tuple[Table, Trigger]]:
        for one in self.dump.tables:
            for trigger in one.table.triggers:
                if trigger.enabled in _AGAIN:
                    yield one.table, trigger

    def _rows(self, one: DumpedTable) -> Iterator[bytes]:
        if not one.columns:
            yield from self._defaults(one)
        elif self.form == "copy":
            yield from self._copied(one)
        else:
            yield from self._inserted(one)

    def _defaults(self, one: DumpedTable) -> Iterator[bytes]:
        statement = self._text(sql.SQL("insert into {} default values").format(one.name))
        for _ in self._read(sql.SQL("select 1") + one.source):
            yield statement

    def _copied(self, one: DumpedTable) -> Iterator[bytes]:
        names = sql.SQL(", ").join(map(sql.Identifier, one.columns))
        query = sql.SQL("copy (select {}{}) to stdout").format(_columns(one), one.source)
        head: bytes | None = self._text(sql.SQL("copy {} ({}) from stdin").format(one.name, names))
        with self.dump.connection.cursor() as cursor, cursor.copy(query) as copy:
            for piece in copy:
                if head is not None:
                    yield head
                    head = None
                yield bytes(piece)
        if head is None:
            yield b"\\.\n"

    def _inserted(self, one: DumpedTable) -> Iterator[bytes]:
        names = sql.SQL(", ").join(map(sql.Identifier, one.columns))
        over = any(column.identity is not None for column in one.table.columns)
        head = (
            sql.SQL("insert into {} ({}){} values")
            .format(one.name, names, sql.SQL(" overriding system value" if over else ""))
            .as_bytes(self.dump.connection)
        )
        size = 0
        for (row,) in self._read(sql.SQL("select ") + _values(one) + one.source):
            text = row.encode()
            if size and size + len(text) > STATEMENT_BYTES:
                yield b";\n"
                size = 0
            yield (b",\n" if size else head + b"\n") + text
            size += len(text)
        if size:
            yield b";\n"

    def _changes(self, one: DumpedTable) -> Iterator[bytes]:
        """What became of rows that are there before: changed by triggers, or deleted."""
        address, known = RowAddress(one.table), one.known
        assert known is not None  # noqa: S101  # asked by the caller
        if not address.columns or not known.digests:
            return
        there = sql.SQL("select {}, {} from {} t where {}").format(
            address.key, DIGEST, one.name, known.among(address, known.digests)
        )
        now = {tuple(key): digest for key, digest in self._read(there)}
        gone = known.digests.keys() - now.keys()
        changed = [key for key, digest in now.items() if known.digests[key] != digest]
        for key in sorted(gone):
            yield self._text(sql.SQL("delete from {} where {}").format(one.name, _has_key(address, key)))
        for key in sorted(changed):
            where = known.among(address, [key])
            for (values,) in self._read(
                sql.SQL("select {} from {} t where {}").format(_assignments(one), one.name, where)
            ):
                statement = sql.SQL("update {} set {} where {}").format(
                    one.name, sql.SQL(values), _has_key(address, key)
                )
                yield self._text(statement)

    def _read(self, query: sql.Composed) -> Iterator[tuple[Any, ...]]:
        """Rows of a query, a few at a time."""
        with self.dump.connection.cursor("supaseed_dump", row_factory=tuple_row) as cursor:
            cursor.itersize = ROWS_READ
            cursor.execute(query)
            yield from cursor


def _columns(one: DumpedTable) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier("t", name) for name in one.columns)


def _values(one: DumpedTable) -> sql.Composed:
    """A row as a list of literals: `format` writes each as the type's output function has it."""
    parts = [
        sql.SQL("pg_catalog.format({}, {})").format(
            sql.Literal(", ".join(["%L"] * len(some))),
            sql.SQL(", ").join(sql.Identifier("t", name) for name in some),
        )
        for start in range(0, len(one.columns), ARGUMENTS)
        for some in [one.columns[start : start + ARGUMENTS]]
    ]
    return sql.SQL("'(' || {} || ')'").format(sql.SQL(" || ', ' || ").join(parts))


def _assignments(one: DumpedTable) -> sql.Composed:
    """What an UPDATE sets a row to, as text."""
    key = RowAddress(one.table).columns
    parts = [
        sql.SQL("pg_catalog.format({}, {}, {})").format(
            sql.Literal("%I = %L"), sql.Literal(name), sql.Identifier("t", name)
        )
        for name in one.columns
        if name not in key
    ]
    return sql.SQL("concat_ws(', ', {})").format(sql.SQL(", ").join(parts))


def _has_key(address: RowAddress, key: tuple[str, ...]) -> sql.Composed:
    return sql.SQL(" and ").join(
        sql.SQL("{} = {}").format(sql.Identifier(name), sql.Literal(value))
        for name, value in zip(address.columns, key, strict=True)
    )


def _partition(table: Table, parent: Table) -> sql.Composed:
    return sql.SQL("create table if not exists {} partition of {} {}").format(
        sql.Identifier(table.schema, table.name),
        sql.Identifier(parent.schema, parent.name),
        sql.SQL(table.partition_bound or "default"),
    )


def _switched(table: Table, trigger: Trigger, action: sql.SQL) -> sql.Composed:
    return sql.SQL("alter table {} {} trigger {}").format(
        sql.Identifier(table.schema, table.name), action, sql.Identifier(trigger.name)
    )


def _altered(table: Table, key: ForeignKey, how: str) -> sql.Composed:
    return sql.SQL("alter table {} alter constraint {} {}").format(
        sql.Identifier(table.schema, table.name), sql.Identifier(key.name), sql.SQL(how)
    )
