"""What a test changed in its database, told without looking at a single row of a table that it left alone.

Postgres counts the rows that are written in each table, those of its own catalogs included. The counters are
exact once the backends that wrote have ended (they hand over what they counted when they end), on Postgres 15
and newer. What no counter shows is read by itself: sequences, and what is said of the database as a whole.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from psycopg import sql

from pytest_supaseed.isolation.prepared_statements import PreparedStatements, Statement
from pytest_supaseed.isolation.statements import read_statement

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import psycopg

    from pytest_supaseed.isolation.pristine_rows import Pristine, RestorableTable, Sequence


class Written(NamedTuple):
    """Rows that were ever written in a table, in transactions that failed too."""

    inserted: int
    updated: int
    deleted: int


@dataclass(frozen=True)
class DatabaseState:
    """What is compared of a database, before a test and after it.

    Args:
        next_xid: the next transaction id that the server gives out, as rows carry it: 32 bits of it.
        written: rows ever written in the database.
        entries: its entries in the catalogs that all databases share.
        prepared: prepared transactions in it.
        slots: replication slots on it.
    """

    next_xid: int
    written: Written
    entries: str
    prepared: int
    slots: int


class BeyondRestoring(Exception):  # noqa: N818  # no failure: a decision, taken where the clone is replaced
    """Something else than rows was changed, or more of them than can be put back.

    Args:
        reason: what, in words that go on after `because`.
    """


@dataclass(frozen=True)
class TableChange:
    """A table whose rows were changed.

    Args:
        table: the table.
        only_new: whether there are new rows at most, and none of the old was touched.
    """

    table: RestorableTable
    only_new: bool


@dataclass(frozen=True)
class Look:
    """What a look at a database gives.

    Args:
        state: the database as a whole.
        written: rows ever written, by OID of the table.
        sequences: the state of each sequence, by OID: the last value, and whether it has been drawn.
    """

    state: DatabaseState
    written: Mapping[int, Written]
    sequences: Mapping[int, tuple[int, bool]]


class Observer:
    """Looks at a clone, all in one go.

    Args:
        statements: of the keeper's connection.
        sequences: the query of `sequences_query`.
    """

    def __init__(self, statements: PreparedStatements, sequences: bytes) -> None:
        self._statements = statements
        self._sequences = sequences

    def look(self, before: Look | None = None) -> Look:
        """Look at the database as a whole, its tables and its sequences.

        Args:
            before: an earlier look; where no row was written since, its tables are taken from there.

        Raises:
            psycopg.Error: a sequence is gone, or goes by another name.
        """
        sums = b"" if before is None else b"%d %d %d" % before.state.written
        ((whole, counters, drawn),) = self._statements.run(
            [
                Statement(read_statement("database_state")),
                Statement(read_statement("row_counters"), (sums,)),
                Statement(self._sequences),
            ]
        )
        counted = counters.get_value(0, 0)
        return Look(
            _state(whole),
            before.written if counted is None and before is not None else _written(counted),
            _drawn(drawn.get_value(0, 0)),
        )


def counted_again(after: Look, recount: Any, pristine: Pristine) -> Look:
    """Return what a look would give when everything has been put back.

    Args:
        after: the look before that.
        recount: the result of `recount`.
        pristine: the state that was gone back to.
    """
    next_xid, *sums = (int(recount.get_value(0, column)) for column in range(4))
    return Look(
        replace(after.state, next_xid=next_xid, written=Written(*sums)),
        {**after.written, **_written(recount.get_value(0, 4))},
        {one.oid: (one.last_value, one.is_called) for one in pristine.sequences.values()},
    )


def _state(result: Any) -> DatabaseState:
    next_xid, inserted, updated, deleted, entries, prepared, slots = (
        result.get_value(0, column) for column in range(7)
    )
    return DatabaseState(
        int(next_xid),
        Written(int(inserted), int(updated), int(deleted)),
        entries.decode(),
        int(prepared),
        int(slots),
    )


def _written(counted: bytes | None) -> dict[int, Written]:
    """Counters by OID, of a text such as `16401 500 0 0,16409 500 1 1`."""
    lines = (map(int, line.split()) for line in (counted or b"").split(b",") if line)
    return {oid: Written(*counts) for oid, *counts in lines}


def _drawn(states: bytes | None) -> dict[int, tuple[int, bool]]:
    """States of sequences by OID, of a text such as `16400 500 t,16408 1 f`."""
    lines = (line.split(b" ") for line in (states or b"").split(b",") if line)
    return {int(oid): (int(last), called == b"t") for oid, last, called in lines if last}


def refuse_beyond_rows(before: DatabaseState, after: DatabaseState) -> None:
    """Compare what is no row of a table.

    Raises:
        BeyondRestoring: it is not as before.
    """
    if after.prepared:
        raise BeyondRestoring("a transaction was prepared and neither committed nor rolled back")
    if after.slots:
        raise BeyondRestoring("a replication slot was left")
    if after.entries != before.entries:
        raise BeyondRestoring(
            "the database's settings, rights, comment, subscriptions or counters were changed"
        )


def changed_oids(before: Mapping[int, Written], after: Mapping[int, Written]) -> dict[int, Written]:
    """Return what was written since, by OID of the table; a table that is new counts from nothing."""
    nothing = Written(0, 0, 0)
    return {
        oid: Written(*(now - then for now, then in zip(counts, before.get(oid, nothing), strict=True)))
        for oid, counts in after.items()
        if counts != before.get(oid, nothing)
    }


def table_changes(pristine: Pristine, written: Mapping[int, Written]) -> list[TableChange]:
    """Return the tables whose rows have to be put back.

    Args:
        pristine: the state to go back to.
        written: what was written, by OID; system tables are left out.

    Raises:
        BeyondRestoring: rows were changed that are not kept, or that are of no table that can be restored.
    """
    changes = []
    for oid, counts in written.items():
        table = pristine.tables.get(oid)
        if table is None:
            raise BeyondRestoring(f"rows of relation {oid} were changed, such as of a materialized view")
        if table.acts:
            raise BeyondRestoring(f"{table.schema}.{table.name} has a trigger or rule that is always enabled")
        only_new = not (counts.updated or counts.deleted) and counts.inserted > 0
        if not (only_new or table.kept):
            raise BeyondRestoring(
                f"{table.schema}.{table.name}, whose rows were changed, is not kept: it is too large, or"
                " its rows cannot be read from what they are written as"
            )
        changes.append(TableChange(table, only_new))
    return changes


def refuse_changed_system(
    keeper: psycopg.Connection, pristine: Pristine, oids: Iterable[int], base: int
) -> None:
    """Look whether system tables hold just what they did: a temporary table comes and goes without a trace.

    Args:
        keeper: the connection.
        pristine: how many rows there were.
        oids: the system tables in which something was written.
        base: the first transaction id of the test.

    Raises:
        BeyondRestoring: a row of one is new, or missing.
    """
    tables = [pristine.system[oid] for oid in oids]
    if not tables:
        return
    is_new = sql.SQL("age(t.xmin) <= age({}::text::xid)").format(sql.Literal(str(base)))
    query = sql.SQL(" union all ").join(
        sql.SQL(
            "select {}::int8, count(*), count(*) filter (where {}) from (select xmin from {}) as t"
        ).format(sql.Literal(table.oid), is_new, table.source)
        for table in tables
    )
    for oid, rows, new in keeper.execute(query):
        table = pristine.system[oid]
        if new or rows != table.rows:
            raise BeyondRestoring(f"the schema was changed: {table.name} has other rows")


def moved_sequences(pristine: Pristine, now: Mapping[int, tuple[int, bool]]) -> list[Sequence]:
    """Return the sequences that are not where they were, in the state to go back to.

    One that goes in circles may have come round: then the next number drawn from it would not be logged
    (`pristine_rows`), and it is set again.

    Args:
        pristine: that state.
        now: the state of each, by OID.
    """
    return [
        one
        for oid, one in pristine.sequences.items()
        if one.cycles or now.get(oid) != (one.last_value, one.is_called)
    ]
