"""Putting a clone back: new rows go, missing ones come back, sequences return, in one transaction."""

from __future__ import annotations

from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from pytest_supaseed.isolation.changes import BeyondRestoring
from pytest_supaseed.isolation.pristine_rows import STORE, key_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence as SequenceOf

    from pytest_supaseed.isolation.changes import TableChange
    from pytest_supaseed.isolation.pristine_rows import RestorableTable, Sequence

_SET_SEQUENCE = b"select pg_catalog.setval(%s::oid::regclass, %s, %s)"
_FLUSH = b"select pg_catalog.pg_stat_force_next_flush()"
"""What the restoration itself writes has to be counted before the counters are read again."""


def put_back(
    keeper: psycopg.Connection,
    changes: SequenceOf[TableChange],
    sequences: SequenceOf[Sequence],
    base: int,
) -> int:
    """Put rows and sequences back, all or nothing; return how many row versions that took.

    Args:
        keeper: a connection of `connect_keeper`, in autocommit mode; nobody else is connected.
        changes: the tables.
        sequences: the sequences, in the state to go back to.
        base: the first transaction id since that state: what carries it or a later one is new.

    Raises:
        BeyondRestoring: a table has not as many rows as it had.
        psycopg.Error: Postgres refuses a row.
    """
    with _sent_at_once(keeper):  # one transaction, since nothing in it synchronises
        moving = [
            keeper.execute(statement, parameters)
            for change in changes
            for statement, parameters in _statements(change.table, str(base), only_new=change.only_new)
        ]
        counting = [keeper.execute(_count(change.table)) for change in changes]
        for one in sequences:
            keeper.execute(_SET_SEQUENCE, (one.oid, one.last_value, one.is_called))
        keeper.execute(_FLUSH)
    for change, counted in zip(changes, counting, strict=True):
        (rows,) = counted.fetchone() or (None,)
        if rows != change.table.rows:
            raise BeyondRestoring(
                f"{change.table.schema}.{change.table.name} has {rows} rows after it was put back,"
                f" and had {change.table.rows}"
            )
    return sum(cursor.rowcount for cursor in moving)


@contextmanager
def _sent_at_once(keeper: psycopg.Connection) -> Iterator[None]:
    """A pipeline that raises what Postgres refuses, and logs no warning where it was refused early."""
    refused: list[psycopg.Error] = []
    try:
        with keeper.pipeline():
            try:
                yield
            except psycopg.Error as error:
                refused.append(error)
    except psycopg.Error as error:
        refused.append(error)
    if refused:
        raise refused[0]


def _statements(
    table: RestorableTable, base: str, *, only_new: bool
) -> Iterator[tuple[bytes, tuple[str] | None]]:
    """What is new goes first: a row that was given another key stands in the way of none that comes back."""
    if only_new or table.key:
        yield _delete_new(table), (base,)
    else:
        yield _delete_all(table), None
    if not only_new:
        yield _insert_missing(table), None


@cache
def _delete_new(table: RestorableTable) -> bytes:
    """With a parameter: a percent sign in the table's name has to be told from its place."""
    return _delete_all(table).replace(b"%", b"%%") + b" where age(xmin) <= age(%s::text::xid)"


@cache
def _delete_all(table: RestorableTable) -> bytes:
    return sql.SQL("delete from only {}").format(table.identifier).as_bytes()


@cache
def _count(table: RestorableTable) -> bytes:
    return sql.SQL("select count(*) from only {}").format(table.identifier).as_bytes()


@cache
def _insert_missing(table: RestorableTable) -> bytes:
    """`offset 0` keeps Postgres from reading a row's text once for each of its columns."""
    names = [sql.Identifier(name) for name in table.columns]
    missing = sql.SQL('kept."table" = {}').format(sql.Literal(table.oid))
    if table.key:
        missing += sql.SQL(' and not exists (select from only {} as t where {} = kept."key")').format(
            table.identifier, key_text(table)
        )
    if not names:
        inserted = sql.SQL("insert into {} select from {} as kept where {}").format(
            table.identifier, STORE, missing
        )
        return inserted.as_bytes()
    inserted = sql.SQL(
        "insert into {} ({}) overriding system value select {}"
        ' from (select kept."row"::{} as r from {} as kept where {} offset 0) as read'
    ).format(
        table.identifier,
        sql.SQL(", ").join(names),
        sql.SQL(", ").join(sql.SQL("(r).{}").format(name) for name in names),
        table.identifier,
        STORE,
        missing,
    )
    return inserted.as_bytes()
