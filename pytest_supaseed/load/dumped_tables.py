"""What a dump has: which tables, in an order in which they can be loaded, and which of their rows."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from psycopg import sql
from psycopg.rows import tuple_row

from pytest_supaseed.catalog.model import TableKind
from pytest_supaseed.load.foreign_rows import recorded_by
from pytest_supaseed.load.ledger import DIGEST, SCHEMA, RowAddress, has_ledger, ledger_query, print_plainly
from pytest_supaseed.load.stored_rows import count_stored
from pytest_supaseed.plan.dependency_order import order_tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import psycopg

    from pytest_supaseed.catalog.model import Catalog, ForeignKey, Table

_TRUE = sql.SQL("true")


@dataclass(frozen=True)
class DumpedTable:
    """A table, and which of its rows are dumped.

    Args:
        table: the table; a partitioned one has the rows of its partitions.
        condition: what a row of the alias `t` meets that is dumped.
        known: rows that are there before a dump is loaded; some may have been changed, or deleted.
    """

    table: Table
    condition: sql.Composable
    known: KnownRows | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that are dumped: Postgres makes the generated ones."""
        return tuple(column.name for column in self.table.columns if column.generated is None)

    @property
    def name(self) -> sql.Identifier:
        """The table's name."""
        return sql.Identifier(self.table.schema, self.table.name)

    @property
    def source(self) -> sql.Composed:
        """The dumped rows: what stands behind a list of columns of the alias `t`."""
        form = "only {}" if self.table.kind is TableKind.TABLE else "{}"
        return sql.SQL(" from {} t where {} order by {}").format(
            sql.SQL(form).format(self.name), self.condition, self._order
        )

    @property
    def _order(self) -> sql.Composable:
        """An order that each dump of the same rows has."""
        names = RowAddress(self.table).columns
        if not names:
            return sql.SQL('(t.*)::text collate "C"')
        return sql.SQL(", ").join(sql.Identifier("t", name) for name in names)


@dataclass(frozen=True)
class KnownRows:
    """Rows that are there before a dump is loaded, by their key; None where the table has none.

    Args:
        digests: by the key, as texts, the row's digest.
        loose: the digests of rows without a key.
    """

    digests: Mapping[tuple[str, ...], str] = field(default_factory=dict)
    loose: frozenset[str] = frozenset()

    def is_new(self, address: RowAddress) -> sql.Composable:
        """The condition that a row is none of them."""
        if not address.columns:
            return sql.SQL("not {} = any({})").format(DIGEST, sql.Literal(sorted(self.loose)))
        return sql.SQL("not {}").format(self.among(address, self.digests))

    @staticmethod
    def among(address: RowAddress, keys: Iterable[tuple[str, ...]]) -> sql.Composable:
        """The condition that a row has one of some keys."""
        listed = sql.Literal(json.dumps([list(key) for key in keys]))
        return sql.SQL("to_jsonb({}) in (select jsonb_array_elements({}::jsonb))").format(address.key, listed)


@dataclass(frozen=True)
class Dump:
    """All that is dumped of a database.

    Args:
        connection: in a transaction that sees one state of it.
        tables: in an order in which they can be loaded.
        deferred: keys that can only be checked when all tables are loaded: they close a circle.
        partitions: partitions that were made for rows which no partition took.
        title: what it is, for the head of the file.
    """

    connection: psycopg.Connection[Any]
    tables: tuple[DumpedTable, ...]
    deferred: tuple[tuple[Table, ForeignKey], ...]
    partitions: tuple[tuple[Table, Table], ...]
    title: str

    @property
    def sequences(self) -> Iterator[tuple[str, str, int, bool]]:
        """Schema, name, last number and whether it was drawn, of each sequence that has moved."""
        query = files("pytest_supaseed.load").joinpath("sql", "moved_sequences.sql").read_bytes()
        with self.connection.cursor(row_factory=tuple_row) as cursor:
            for schema, name, start in cursor.execute(query).fetchall():
                state = sql.SQL("select last_value, is_called from {}").format(sql.Identifier(schema, name))
                row: Any = cursor.execute(state).fetchone()
                if tuple(row) != (start, False):
                    yield schema, name, row[0], row[1]


def dump_of_dataset(
    connection: psycopg.Connection[Any],
    catalog: Catalog,
    known: Mapping[int, KnownRows],
    partitions: Sequence[tuple[Table, Table]],
    title: str,
) -> Dump:
    """Return the dump of all rows that are not there already where it is loaded.

    Args:
        connection: in a transaction that sees one state of the database.
        catalog: the schema's catalog, without what was made since.
        known: by OID, rows of the schema.
        partitions: partitions that were made since, each with its parent.
        title: what it is.
    """
    print_plainly(connection)
    counts = count_stored(connection, catalog)
    found = []
    for table in catalog.tables:
        if table.oid in counts or table.oid in known:
            rows = known.get(table.oid)
            condition = _TRUE if rows is None else rows.is_new(RowAddress(table))
            found.append(DumpedTable(table, condition, rows))
    return _ordered(connection, found, partitions, title)


def dump_of_runs(connection: psycopg.Connection[Any], catalog: Catalog, run: int | None, title: str) -> Dump:
    """Return the dump of the rows that runs put into a database of the user's own.

    Args:
        connection: in a transaction that sees one state of the database.
        catalog: its catalog.
        run: one run's number; all runs when not given.
        title: what it is.
    """
    found: dict[int, DumpedTable] = {}
    if has_ledger(connection):
        print_plainly(connection)
        with connection.cursor(row_factory=tuple_row) as cursor:
            recorded = cursor.execute(ledger_query("ledger_tables"), {"run": run, "part": None}).fetchall()
        for oid, _rows in recorded:
            table = _whole(catalog, oid)
            if table is not None:
                found[table.oid] = DumpedTable(table, recorded_by(RowAddress(table), run))
    return _ordered(connection, list(found.values()), (), title)


def _whole(catalog: Catalog, oid: int) -> Table | None:
    """A table; of a partition, the table that it is a part of."""
    table = catalog.by_oid.get(oid)
    while table is not None and table.is_partition:
        table = catalog.by_oid.get(table.parent_oids[0])
    return table


def _ordered(
    connection: psycopg.Connection[Any],
    found: Sequence[DumpedTable],
    partitions: Sequence[tuple[Table, Table]],
    title: str,
) -> Dump:
    by_oid = {one.table.oid: one for one in found if one.table.schema != SCHEMA}
    order = order_tables([one.table for one in by_oid.values()])
    together = [oids for oids in order.together if len(oids) > 1]
    deferred = tuple(
        (table, key)
        for table in order.tables
        for key in table.foreign_keys
        if not key.initially_deferred
        and (
            key.oid in order.cut
            or key.target_oid == table.oid
            or any({table.oid, key.target_oid} <= oids for oids in together)
        )
    )
    tables = tuple(by_oid[table.oid] for table in order.tables)
    return Dump(connection, tables, deferred, tuple(partitions), title)


def read_known(connection: psycopg.Connection[Any], catalog: Catalog) -> dict[int, KnownRows]:
    """Return the rows of a database that nobody has seeded, by their tables' OIDs."""
    print_plainly(connection)
    found: dict[int, KnownRows] = {}
    for oid in count_stored(connection, catalog):
        address = RowAddress(catalog.by_oid[oid])
        query = sql.SQL("select {}, {} from {} t").format(address.key, DIGEST, address.name)
        with connection.cursor(row_factory=tuple_row) as cursor:
            rows = cursor.execute(query).fetchall()
        keyed = {tuple(key): digest for key, digest in rows if key is not None}
        found[oid] = KnownRows(keyed, frozenset(digest for key, digest in rows if key is None))
    return found
