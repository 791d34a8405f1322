"""Proof, in Postgres itself, that every constraint of a database holds: each one asked again over all rows.

Nothing here trusts that a constraint was enforced while rows were written: triggers may have been off. An
exclusion constraint is not asked again: its index enforces it and cannot be switched off.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
from psycopg import sql
from psycopg.rows import tuple_row

from pytest_supaseed.catalog.model import TableKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pytest_supaseed.catalog.model import Catalog, Check, ForeignKey, Table, UniqueKey

Question = tuple[str, sql.Composed]
"""A constraint's name, and the query that counts what breaks it."""


def broken_constraints(
    connection: psycopg.Connection, catalog: Catalog, existing: Mapping[int, int]
) -> list[str]:
    """Return a line for each constraint that some row breaks, or that cannot be asked again.

    Args:
        connection: in autocommit mode, as a role that row security does not bind.
        catalog: what the database holds.
        existing: rows that migrations made, by table OID: what was never validated may not hold for those.
    """
    found = []
    for table in tables_with_rows(catalog):
        for name, query in _questions(table, catalog, only_valid=table.oid in existing):
            said = _answer(connection, query)
            if said:
                found.append(f"{table.qualified}: {name}: {said}")
    return found


def tables_with_rows(catalog: Catalog) -> tuple[Table, ...]:
    """The tables that rows are written into; partitions are seen through what they are partitions of."""
    return tuple(
        table
        for table in catalog.tables
        if table.kind in {TableKind.TABLE, TableKind.PARTITIONED} and not table.is_partition
    )


def _questions(table: Table, catalog: Catalog, *, only_valid: bool) -> Iterator[Question]:
    for key in table.foreign_keys:
        if key.enforced and (key.validated or not only_valid):
            yield f"foreign key {key.name}", _orphans(table, key, catalog.by_oid[key.target_oid])
            if key.match_full:
                yield f"foreign key {key.name}, match full", _half_given(table, key)
    for check in table.checks:
        if check.enforced and (check.validated or not only_valid):
            yield f"check {check.name}", _refused(table, check)
    for unique in table.unique_keys:
        if not unique.without_overlaps:
            yield f"unique {unique.name}", _repeated(table, unique)
    required = [column.name for column in table.columns if column.not_null]
    if required:
        yield "not null", _missing(table, required)
    if any(column.virtual for column in table.columns):
        yield "virtual columns", _unreadable(table)


def _answer(connection: psycopg.Connection, query: sql.Composed) -> str:
    """What is wrong, or nothing.

    Asked under the usual `search_path`, then under the empty one, under which the catalog printed its
    expressions (an extension may make an operator ambiguous), then under all schemas, which functions of
    the schema's own may count on.
    """
    usual = ""
    for path in (None, "", _every_schema(connection)):
        try:
            with connection.transaction():
                if path is not None:
                    connection.execute("select set_config('search_path', %s, true)", (path,))
                return _count(connection, query)
        except psycopg.Error as error:
            usual = usual or " ".join(str(error).split())
    return f"cannot be asked: {usual}"


def _every_schema(connection: psycopg.Connection) -> str:
    with connection.cursor(row_factory=tuple_row) as cursor:
        rows = cursor.execute(
            "select pg_catalog.quote_ident(nspname) from pg_catalog.pg_namespace"
            " where nspname !~ '^(pg_|information_schema$)' order by 1"
        ).fetchall()
    return ", ".join(name for (name,) in rows)


def _count(connection: psycopg.Connection, query: sql.Composed) -> str:
    with connection.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(query).fetchone()
    broken = int(row[0]) if row else 0
    return f"{broken:,} break it" if broken else ""


def _orphans(table: Table, key: ForeignKey, target: Table) -> sql.Composed:
    """Rows that refer to a row that is not there."""
    pairs = list(zip(key.columns, key.target_columns, strict=True))
    if key.period:
        return _uncovered(table, key, target, pairs)
    return sql.SQL(
        "select count(*) from {child} as child where {given}"
        " and not exists (select from {parent} as parent where {same})"
    ).format(child=_alone(table), given=_all_given(key.columns), parent=_alone(target), same=_same(pairs))


def _uncovered(
    table: Table, key: ForeignKey, target: Table, pairs: Sequence[tuple[str, str]]
) -> sql.Composed:
    """Rows of a temporal key whose range is not covered by the ranges of the rows that they refer to."""
    return sql.SQL(
        "select count(*) from {child} as child where {given} and not coalesce(child.{own} <@"
        " (select range_agg(parent.{target}) from {parent} as parent where {same}), false)"
    ).format(
        child=_alone(table),
        given=_all_given(key.columns),
        own=sql.Identifier(key.columns[-1]),
        target=sql.Identifier(key.target_columns[-1]),
        parent=_alone(target),
        same=_same(pairs[:-1]),
    )


def _same(pairs: Sequence[tuple[str, str]]) -> sql.Composable:
    return sql.SQL(" and ").join(
        sql.SQL("parent.{} = child.{}").format(sql.Identifier(target), sql.Identifier(own))
        for own, target in pairs
    )


def _half_given(table: Table, key: ForeignKey) -> sql.Composed:
    """Rows of a MATCH FULL key that are NULL in some of its columns, and not in all."""
    nulls = sql.SQL(", ").join(map(sql.Identifier, key.columns))
    return sql.SQL("select count(*) from {} where num_nulls({}) not in (0, {})").format(
        _alone(table), nulls, sql.Literal(len(key.columns))
    )


def _refused(table: Table, check: Check) -> sql.Composed:
    only = sql.SQL("only " if check.no_inherit else "")
    return sql.SQL("select count(*) from {}{} where not ({})").format(
        only, _name(table), _printed(check.expression)
    )


def _repeated(table: Table, key: UniqueKey) -> sql.Composed:
    """Values that stand in several rows."""
    expressions = iter(key.expressions)
    parts = [
        sql.Identifier(name) if name is not None else sql.SQL("({})").format(_printed(next(expressions)))
        for name in key.columns
    ]
    names = [sql.Identifier(f"part_{number}") for number in range(len(parts))]
    given = [sql.SQL("{} is distinct from null").format(name) for name in names]
    return sql.SQL(
        "select count(*) from (select from (select {parts} from {table} where {predicate}) as held"
        " where {given} group by {names} having count(*) > 1) as repeated"
    ).format(
        parts=sql.SQL(", ").join(
            sql.SQL("{} as {}").format(part, name) for part, name in zip(parts, names, strict=True)
        ),
        table=_alone(table),
        predicate=_printed(key.predicate or "true"),
        given=sql.SQL(" and ").join(given) if not key.nulls_not_distinct else sql.SQL("true"),
        names=sql.SQL(", ").join(names),
    )


def _missing(table: Table, columns: Sequence[str]) -> sql.Composed:
    """Rows with a NULL where none may be; a composite of NULLs is no NULL, as for Postgres itself."""
    return sql.SQL("select count(*) from {} where {}").format(
        _name(table),
        sql.SQL(" or ").join(
            sql.SQL("{} is not distinct from null").format(sql.Identifier(name)) for name in columns
        ),
    )


def _unreadable(table: Table) -> sql.Composed:
    """None, or an error: a virtual column is computed when it is read, and may fail then."""
    return sql.SQL("select count(*) from {} as held where (held.*)::text is null").format(_name(table))


def _all_given(columns: Sequence[str]) -> sql.Composable:
    return sql.SQL(" and ").join(
        sql.SQL("child.{} is distinct from null").format(sql.Identifier(name)) for name in columns
    )


def _printed(expression: str) -> sql.Composable:
    """An expression as Postgres itself printed it."""
    return sql.SQL(expression)


def _name(table: Table) -> sql.Identifier:
    return sql.Identifier(table.schema, table.name)


def _alone(table: Table) -> sql.Composed:
    """A table without those that inherit from it, whose rows its keys do not reach; with its partitions."""
    only = sql.SQL("" if table.kind is TableKind.PARTITIONED else "only ")
    return sql.SQL("{}{}").format(only, _name(table))
