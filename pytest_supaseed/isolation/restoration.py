"""Putting a clone back: new rows go, missing ones come back, sequences return, in one transaction."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from psycopg import sql

from pytest_supaseed.isolation.changes import BeyondRestoring
from pytest_supaseed.isolation.prepared_statements import PreparedStatements, Statement
from pytest_supaseed.isolation.pristine_rows import STORE, key_text
from pytest_supaseed.isolation.statements import read_statement

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Sequence as SequenceOf

    from pytest_supaseed.isolation.changes import TableChange
    from pytest_supaseed.isolation.pristine_rows import RestorableTable, Sequence

_SET_SEQUENCE = b"select pg_catalog.setval($1::oid::regclass, $2, $3)"
_FLUSH = Statement(b"select pg_catalog.pg_stat_force_next_flush()")
"""What the restoration itself writes has to be counted before the counters are read again."""


def put_back(
    statements: PreparedStatements,
    changes: SequenceOf[TableChange],
    sequences: SequenceOf[Sequence],
    base: int,
) -> tuple[int, Any]:
    """Put rows and sequences back, all or nothing.

    Args:
        statements: of a connection of `connect_keeper`; nobody else is connected.
        changes: the tables.
        sequences: the sequences, in the state to go back to.
        base: the first transaction id since that state: what carries it or a later one is new.

    Returns:
        How many row versions that took, and the result of `recount`, read afterwards.

    Raises:
        BeyondRestoring: a table has not as many rows as it had.
        psycopg.Error: Postgres refuses a row.
    """
    moving = [
        statement
        for change in changes
        for statement in _moves(change.table, b"%d" % base, only_new=change.only_new)
    ]
    counting = [Statement(_count(change.table)) for change in changes]
    setting = [
        Statement(_SET_SEQUENCE, (b"%d" % one.oid, b"%d" % one.last_value, b"t" if one.is_called else b"f"))
        for one in sequences
    ]
    done, recount = statements.run([*moving, *counting, *setting, _FLUSH], [recounting(changes)])
    for change, counted in zip(changes, done[len(moving) :], strict=False):
        rows = int(counted.get_value(0, 0) or b"")
        if rows != change.table.rows:
            raise BeyondRestoring(
                f"{change.table.schema}.{change.table.name} has {rows} rows after it was put back,"
                f" and had {change.table.rows}"
            )
    return sum(moved.command_tuples or 0 for moved in done[: len(moving)]), recount[0]


def recounting(changes: Iterable[TableChange]) -> Statement:
    """Return the statement that reads what was written, in these tables and in all."""
    oids = b",".join(b"%d" % change.table.oid for change in changes)
    return Statement(read_statement("recount"), (b"{%s}" % oids,))


def _moves(table: RestorableTable, base: bytes, *, only_new: bool) -> Iterator[Statement]:
    """What is new goes first: a row that was given another key stands in the way of none that comes back."""
    if only_new or table.key:
        yield Statement(_delete_new(table), (base,))
    else:
        yield Statement(_delete_all(table))
    if not only_new:
        yield Statement(_insert_missing(table))


@cache
def _delete_new(table: RestorableTable) -> bytes:
    """The age of the base stands in a query of its own, which is asked once and not for each row."""
    return _delete_all(table) + b" where age(xmin) <= (select age($1::text::xid))"


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
