"""Takes the clock out of rows that triggers and defaults stamped with it.

The same seed has to give the same rows tomorrow. What we write is anchored to the reference instant; what a
trigger or a default stamps with `now()` is not, and is set to the reference instant after loading.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from pytest_supaseed.load.new_rows import is_new, touched_tables, triggers_fire
from pytest_supaseed.rows.auto_factories import is_volatile
from pytest_supaseed.rows.chunk import REFERENCE_INSTANT

if TYPE_CHECKING:
    from datetime import datetime

    from pytest_supaseed.catalog.model import Column
    from pytest_supaseed.load.new_rows import TouchedTable
    from pytest_supaseed.load.seeding import Seeding

_CLOCK_TYPES = frozenset({"timestamptz", "timestamp", "date"})
_RANGES = {"tstzrange": "timestamptz", "tsrange": "timestamp", "daterange": "date"}
"""Ranges of moments, as history tables have them, by the type of their ends."""


def settle_clocks(run: Seeding, started: datetime) -> None:
    """Set what the clock stamped to the reference instant, in all tables that hold new rows.

    User triggers do not fire meanwhile where the login is a superuser; elsewhere they may stamp a row again.
    A table whose constraints refuse that keeps its stamps, and a note says so.

    Args:
        run: the seeding, all of its rows loaded.
        started: the server's clock before the first row was loaded.
    """
    fires = triggers_fire(run)
    with run.connection.transaction():
        if run.may_disable_triggers:
            run.connection.execute("set local role none")
            run.connection.execute("set local session_replication_role = replica")
        for touched in touched_tables(run):
            columns = _stamped_columns(touched, fires=fires)
            if columns:
                _settle(run, touched, columns, started)


def _stamped_columns(touched: TouchedTable, *, fires: bool) -> list[Column]:
    """The columns that may hold stamps.

    A date that we wrote may be today's by chance, and has no time of day that would tell it from a stamp.
    """
    return [
        column
        for column in touched.table.columns
        if column.type.storage.name in (_CLOCK_TYPES | _RANGES.keys())
        and column.generated is None
        and (fires or (column.name not in touched.written and is_volatile(column)))
        and not (column.name in touched.written and column.type.storage.name == "date")
    ]


def _settle(run: Seeding, touched: TouchedTable, columns: list[Column], started: datetime) -> None:
    """Settle all columns of a table in one statement: a check may compare them with each other."""
    stamps = [_is_stamp(column, started, ours=column.name in touched.written) for column in columns]
    settled = [
        sql.SQL("{column} = case when {stamp} then {value} else {column} end").format(
            column=sql.Identifier(column.name),
            stamp=stamp,
            value=_settled(column, started, ours=column.name in touched.written),
        )
        for column, stamp in zip(columns, stamps, strict=True)
    ]
    statement = sql.SQL("update {table} set {settled} where ({stamps}) and {new}").format(
        table=sql.Identifier(touched.table.schema, touched.table.name),
        settled=sql.SQL(", ").join(settled),
        stamps=sql.SQL(" or ").join(stamps),
        new=is_new(run),
    )
    try:
        with run.connection.transaction():
            run.connection.execute(statement)
    except psycopg.Error as error:
        if run.connection.broken:
            raise
        run.notes.append(
            f"{touched.table.qualified}: what triggers stamped with the clock differs from run to run,"
            f" because setting it was refused: {error.diag.message_primary or error}"
        )


def _is_stamp(column: Column, started: datetime, *, ours: bool) -> sql.Composed:
    """Whether a column holds a stamp.

    Where we write it, a date far ahead is there on purpose (an invitation that is open), and only what lies
    between the start and now is a stamp. Elsewhere a trigger's `now() + interval '1 year'` is one as well; a
    date beyond that is a constant ("never").
    """
    value = sql.Identifier(column.name)
    kind = column.type.storage.name
    if kind not in _RANGES:
        return _is_late(value, kind, started, ours=ours)
    ends = [_is_late(end, _RANGES[kind], started, ours=ours) for end in _ends(value)]
    return sql.SQL("coalesce({} or {}, false)").format(*ends)


def _ends(value: sql.Composable) -> list[sql.Composable]:
    return [sql.SQL("lower({})").format(value), sql.SQL("upper({})").format(value)]


def _is_late(value: sql.Composable, kind: str, started: datetime, *, ours: bool) -> sql.Composed:
    since = sql.SQL("{}::date" if kind == "date" else "{}").format(sql.Literal(started))
    until = sql.SQL("clock_timestamp()" if ours else "clock_timestamp() + interval '20 years'")
    return sql.SQL("({value} >= {since} and {value} <= {until})").format(
        value=value, since=since, until=until
    )


def _settled(column: Column, started: datetime, *, ours: bool) -> sql.Composed:
    """What stands in place of a stamp; of a range, in place of those of its ends that are one."""
    kind = column.type.storage.name
    if kind not in _RANGES:
        return _instant(kind)
    value, end_type = sql.Identifier(column.name), _RANGES[kind]
    lower, upper = (
        sql.SQL("case when {stamp} then {instant} else {end} end").format(
            stamp=_is_late(end, end_type, started, ours=ours), instant=_instant(end_type), end=end
        )
        for end in _ends(value)
    )
    return sql.SQL(
        "{range}({lower}, {upper}, (case when lower_inc({value}) then '[' else '(' end)"
        " || (case when upper_inc({value}) then ']' else ')' end))"
    ).format(range=sql.Identifier("pg_catalog", kind), lower=lower, upper=upper, value=value)


def _instant(kind: str) -> sql.Composed:
    return sql.SQL("{}::{}").format(sql.Literal(REFERENCE_INSTANT), sql.Identifier("pg_catalog", kind))
