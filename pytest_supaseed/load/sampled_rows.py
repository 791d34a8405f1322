"""Reads what tables hold for somebody to look at: numbers of rows, and a bounded sample of them, as text."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql
from psycopg.rows import tuple_row

from pytest_supaseed.catalog.model import TableKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pytest_supaseed.catalog.model import Column, ForeignKey, Table

SAMPLE_ROWS = 2_000
"""Rows of a table that are read at most: enough for a histogram, and 20 ms of a table with ten columns."""
SAMPLE_BYTES = 16 << 20
"""What is read of a table at most, by the mean size of its rows: documents may take a megabyte each."""
VALUE_WIDTH = 120
"""Characters of a value that are read."""
COUNTED_BYTES = 256 << 20
"""A larger table is not counted where Postgres has an estimate: it would take longer than a second."""
GROUPED_ROWS = 1_000_000
"""The children of more rows are not counted per parent: it would take longer than a second."""
TABLE_MILLISECONDS = 3_000
"""How long a statement may take: a report is worth no lock and no long scan."""

_SHARE = 90
"""Percent of the rows that may be read which are asked for: a sample's size varies; its end is not cut."""

NUMBERS = frozenset({"int2", "int4", "int8", "float4", "float8", "numeric"})
MOMENTS = frozenset({"date", "timestamp", "timestamptz"})


@dataclass(frozen=True, slots=True)
class SampledColumn:
    """A column's values in the rows that were read.

    Args:
        name: the column.
        texts: as Postgres writes them, cut.
        epochs: of moments: seconds since 1970, as text, which may be `infinity`; empty for other types.
    """

    name: str
    texts: tuple[str | None, ...]
    epochs: tuple[str | None, ...] = ()


@dataclass(frozen=True, slots=True)
class SampledTable:
    """What was read of a table.

    Args:
        rows: how many it has; None where they cannot be counted.
        is_estimate: whether Postgres estimates it.
        columns: their values; empty where none were read.
        children: by a foreign key's OID: numbers of rows that refer to one row of the parent, and how many
            such parents there are; absent where they were not counted.
        problem: why something was not read; empty where all was.
    """

    rows: int | None = None
    is_estimate: bool = False
    columns: tuple[SampledColumn, ...] = ()
    children: tuple[tuple[int, tuple[tuple[int, int], ...]], ...] = ()
    problem: str = ""

    @property
    def size(self) -> int:
        """Rows that were read."""
        return len(self.columns[0].texts) if self.columns else 0


def sample_tables(connection: psycopg.Connection, tables: Sequence[Table]) -> Iterator[SampledTable]:
    """Yield what each table holds, in the order given; a table that cannot be read says why.

    Args:
        connection: one that is in no transaction; only its session's read-only transactions are used.
        tables: those that hold rows.
    """
    with connection.transaction():
        connection.execute(_settings())
        for table in tables:
            yield _sampled(connection, table)


def _settings() -> sql.Composed:
    """For the length of a transaction: time limits, and how values are written."""
    return sql.SQL(
        "select set_config('statement_timeout', {timeout}, true),"
        " set_config('timezone', 'UTC', true), set_config('datestyle', 'ISO, YMD', true),"
        " set_config('intervalstyle', 'postgres', true), set_config('bytea_output', 'hex', true)"
    ).format(timeout=sql.Literal(str(TABLE_MILLISECONDS)))


@dataclass(frozen=True, slots=True)
class _Size:
    bytes: int
    estimate: int


def _size(connection: psycopg.Connection, table: Table) -> _Size:
    """The size of a table with what it has elsewhere, partitions included, and its estimated rows, or -1."""
    query = sql.SQL(
        "select sum(pg_table_size(relid))::int8, case when min(reltuples) < 0 then -1"
        " else sum(reltuples) end::int8"
        " from (select {oid}::oid::regclass as relid"
        "  union select relid from pg_partition_tree({oid}::oid::regclass)) as part"
        " join pg_catalog.pg_class as class on class.oid = relid and relkind <> 'p'"
    ).format(oid=sql.Literal(table.oid))
    ((size, estimate),) = _rows(connection, query)
    return _Size(int(str(size or 0)), -1 if estimate is None else int(str(estimate)))


def _sampled(connection: psycopg.Connection, table: Table) -> SampledTable:
    """What can be read of a table; what was read before something failed is kept."""
    found, children = SampledTable(), []
    try:
        size = _size(connection, table)
        is_estimate = size.bytes > COUNTED_BYTES and size.estimate >= 0
        rows = size.estimate if is_estimate else _count(connection, table)
        found = SampledTable(rows, is_estimate)
        if rows:
            found = replace(found, columns=_read(connection, table, rows, size.bytes))
        for key in table.foreign_keys if 0 < rows <= GROUPED_ROWS else ():
            children.append((key.oid, _children(connection, table, key)))  # noqa: PERF401  # kept if one fails
    except psycopg.Error as error:
        if connection.closed:
            raise
        found = replace(found, problem=_why(error))
    return replace(found, children=tuple(children))


def _why(error: psycopg.Error) -> str:
    return error.diag.message_primary or " ".join(str(error).split())


def _rows(connection: psycopg.Connection, query: sql.Composed) -> list[tuple[object, ...]]:
    """The rows of a query; where it fails, the transaction goes on without it."""
    with connection.transaction(), connection.cursor(row_factory=tuple_row) as cursor:
        return list(cursor.execute(query, prepare=False).fetchall())


def _relation(table: Table) -> sql.Composed:
    """A table without the rows of those that inherit from it; a partitioned one has but those of others."""
    form = "only {}" if table.kind is TableKind.TABLE else "{}"
    return sql.SQL(form).format(sql.Identifier(table.schema, table.name))


def _count(connection: psycopg.Connection, table: Table) -> int:
    ((rows,),) = _rows(connection, sql.SQL("select count(*) from {}").format(_relation(table)))
    return int(str(rows))


def _read(connection: psycopg.Connection, table: Table, rows: int, size: int) -> tuple[SampledColumn, ...]:
    """The values of some rows: all of a small table, else rows, or whole pages, from all over it."""
    limit = max(50, min(SAMPLE_ROWS, SAMPLE_BYTES * rows // max(size, 1)))
    every = sql.SQL("select {values} from {table} limit {limit}").format(
        values=_values(table.columns), table=_relation(table), limit=sql.Literal(limit)
    )
    found: list[tuple[object, ...]] = []
    if rows > 2 * limit:
        some = sql.SQL(
            "select {values} from {table} tablesample {method} ({percent}) repeatable (0) limit {limit}"
        ).format(
            values=_values(table.columns),
            table=_relation(table),
            method=sql.SQL("system" if size > COUNTED_BYTES else "bernoulli"),
            percent=sql.Literal(_SHARE * limit / rows),
            limit=sql.Literal(limit),
        )
        found = _rows(connection, some)
    return _by_column(table.columns, found or _rows(connection, every))


def _values(columns: Iterable[Column]) -> sql.Composed:
    return sql.SQL(", ").join(part for column in columns for part in _parts(column))


def _parts(column: Column) -> Iterator[sql.Composed]:
    name = sql.Identifier(column.name)
    yield sql.SQL("left({}::text, {})").format(name, sql.Literal(VALUE_WIDTH))
    if column.type.storage.name in MOMENTS:
        yield sql.SQL("extract(epoch from {})::text").format(name)


def _by_column(columns: Sequence[Column], rows: Sequence[tuple[object, ...]]) -> tuple[SampledColumn, ...]:
    values = iter(list(zip(*rows, strict=True)))
    found: list[SampledColumn] = []
    for column in columns if rows else ():
        texts = _texts(next(values))
        epochs = _texts(next(values)) if column.type.storage.name in MOMENTS else ()
        found.append(SampledColumn(column.name, texts, epochs))
    return tuple(found)


def _texts(values: Iterable[object]) -> tuple[str | None, ...]:
    return tuple(None if value is None else str(value) for value in values)


def _children(connection: psycopg.Connection, table: Table, key: ForeignKey) -> tuple[tuple[int, int], ...]:
    """Numbers of children, and how many parents have so many; parents without any are not among them."""
    columns = list(map(sql.Identifier, key.columns))
    query = sql.SQL(
        "select children, count(*) from (select count(*) as children from {table} where {complete}"
        " group by {columns}) as parents group by children order by children"
    ).format(
        table=_relation(table),
        complete=sql.SQL(" and ").join(sql.SQL("{} is not null").format(name) for name in columns),
        columns=sql.SQL(", ").join(columns),
    )
    return tuple((int(str(children)), int(str(count))) for children, count in _rows(connection, query))


def counted_children(tables: Iterable[SampledTable]) -> Mapping[int, tuple[tuple[int, int], ...]]:
    """Return the children per parent of all tables, by the foreign key's OID."""
    return {oid: counts for table in tables for oid, counts in table.children}
