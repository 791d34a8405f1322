"""What ends a whole seeding and not only a table: where it was, how far it came, what is left of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
from psycopg.rows import tuple_row

from pytest_supaseed.errors import LoadError
from pytest_supaseed.load.refusals import reason_of
from pytest_supaseed.load.seeding import MemoryReached
from pytest_supaseed.rows.memory_guard import MIB

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_supaseed.load.seeding import Seeding

_ENDING = ("08", "53", "58", "57P", "XX")
"""What SQLSTATEs begin with that say nothing about a table: connection, resources (a full disk is 53100),
the operating system, a server that shuts down, a fault of Postgres itself."""
_REMEDIES = {
    "53100": "make room where the server keeps its files, or seed fewer rows",
    "53200": "give the server more memory, or seed fewer rows",
    "53300": "close other connections to the server",
    "42P01": "see who drops the table meanwhile: other sessions, or a trigger of the schema",
}
_LOST = "see in the server's log why it ended; a server of ours is started anew by the next run"


def ends_seeding(run: Seeding, error: Exception) -> bool:
    """Whether an error concerns the whole seeding: it would meet the other tables too, or falsify them.

    A table that is gone is one: what was planned no longer fits the database.
    """
    if isinstance(error, MemoryReached) or run.connection.broken:
        return True
    if not isinstance(error, psycopg.Error):
        return False
    if isinstance(error, psycopg.errors.UndefinedTable):
        return _is_gone(run)
    return error.sqlstate is not None and error.sqlstate.startswith(_ENDING)


def _is_gone(run: Seeding) -> bool:
    """Whether the table that is being loaded is no longer there."""
    if run.at is None:
        return False
    query = "select exists (select from pg_catalog.pg_class where oid = %s)"
    with run.connection.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(query, (run.at.table.oid,)).fetchone()
    return not (row and row[0])


def ended(run: Seeding, error: psycopg.Error | MemoryReached) -> LoadError:
    """The error for a seeding that ended.

    Args:
        run: the seeding.
        error: what ended it.
    """
    where = "" if run.at is None else f" at table {run.at.table.qualified} ({run.at.label})"
    far = "" if run.at is None else f", after {run.committed:,} of its {run.at.rows:,} rows were committed"
    if isinstance(error, MemoryReached):
        why, looked_at, remedies = "the memory that it may take is full", error.limits, _for_memory(run)
    else:
        why, looked_at = reason_of(error).strip(), []
        remedies = [_LOST if run.connection.broken else _REMEDIES.get(error.sqlstate or "", "")]
    return LoadError(
        f"Seeding ended{where}{far}: {why}",
        looked_at=[_whole(run), *looked_at, _left(run)],
        remedies=list(filter(None, remedies)),
    )


def _whole(run: Seeding) -> str:
    rows = sum(part.loaded for part in run.parts)
    return f"done before it: {len(run.parts):,} of {len(run.plan.tables):,} tables, {rows:,} rows"


def _left(run: Seeding) -> str:
    if run.ledger is None:
        return "nothing of it is kept: a dataset is used only when it is whole, and the next run begins anew"
    return "what was committed stays, and stands in the ledger: supaseed cleanup takes it out"


def _for_memory(run: Seeding) -> Sequence[str]:
    """What helps where memory is full: the size of rows, the limit, or who else uses memory."""
    fixed = run.sizes.fixed
    tight = max(run.guard.rooms, key=lambda room: room.share())
    more = f"allow more: memory-limit is {tight.size / 1e6:,.0f}MB"
    own = run.guard.now - run.guard.begun
    if tight.title != "memory-limit":
        more = f"give the container more: {tight.size / MIB:,.0f} MiB were left when the seeding began"
        if own < tight.size / 2:
            more += ", and other processes in it, such as the server, took most of that"
    batch = [] if fixed is None else [f"let batches adapt: leave out batch-size, which is {fixed}"]
    return [*batch, more, "1,000 rows are made at once: see whether a factory makes values of megabytes"]
