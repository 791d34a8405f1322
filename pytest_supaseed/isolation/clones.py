"""A clone of a dataset, lent to test after test; what one changed in it is undone before the next."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import sql
from psycopg.pq import ExecStatus
from psycopg.rows import tuple_row

from pytest_supaseed.isolation.changes import (
    BeyondRestoring,
    changed_oids,
    look,
    moved_sequences,
    refuse_beyond_rows,
    refuse_changed_system,
    table_changes,
)
from pytest_supaseed.isolation.open_connections import end_open
from pytest_supaseed.isolation.pristine_rows import connect_keeper
from pytest_supaseed.isolation.restoration import put_back
from pytest_supaseed.isolation.statements import read_statement

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from pytest_supaseed.isolation.changes import Look, TableChange
    from pytest_supaseed.isolation.open_connections import OpenConnection
    from pytest_supaseed.isolation.pristine_rows import Pristine, RestorableTable
    from pytest_supaseed.server.endpoint import Endpoint

ENDING_SECONDS = 5.0
"""How long a backend whose connection was closed may take to end, before the clone is given up."""
POLL_SECONDS = 0.0002
ROWS_BEFORE_VACUUM = 2_000
"""Row versions moved in a clone after which its tables are vacuumed: restorations scan the dead ones too."""


class RestoredClone:
    """A clone with a keeper: a connection of ours that watches it and puts it back.

    Args:
        name: the database.
        endpoint: the server.
        pristine: the state that it has been made in.

    Raises:
        psycopg.Error: the database cannot be reached, or the login may not switch triggers off.
    """

    def __init__(self, name: str, endpoint: Endpoint, pristine: Pristine) -> None:
        self.name = name
        self.pristine = pristine
        self.is_touched = False
        self.was_changed = False
        self._moved = 0
        self._unvacuumed: dict[int, RestorableTable] = {}
        self._keeper = connect_keeper(endpoint.conninfo(name))
        self._oid = self._read_oid()
        self._known = look(self._keeper, self.pristine)
        self._prepare_glance()

    def _read_oid(self) -> int:
        with self._keeper.cursor(row_factory=tuple_row) as cursor:
            row: Any = cursor.execute(
                "select oid::int8 from pg_catalog.pg_database where datname = pg_catalog.current_database()"
            ).fetchone()
        return int(row[0])

    def _prepare_glance(self) -> None:
        """It is asked after each test: past psycopg, which takes as long over it as Postgres does."""
        _checked(self._keeper.pgconn.prepare(b"supaseed_glance", read_statement("glance")))

    def glance(self, closing: Collection[int] = ()) -> list[int]:
        """Look whether anything can have changed, and return the backends that are connected besides.

        Args:
            closing: backends whose connections were closed while they were idle.

        Raises:
            psycopg.Error: the keeper's connection is no more.
        """
        pgconn = self._keeper.pgconn
        known = ",".join(map(str, (pgconn.backend_pid, *closing)))
        arguments = [b"%d" % self._oid, b"{%s}" % known.encode()]
        result = _checked(pgconn.exec_prepared(b"supaseed_glance", arguments))
        next_xid, others, slots = (result.get_value(0, column) or b"" for column in range(3))
        seen = (int(next_xid), others, slots)
        if seen != (self._known.state.next_xid, b"{}", b"f") or self.pristine.is_silent:
            self.is_touched = True
        return [int(pid) for pid in others.strip(b"{}").split(b",") if pid]

    def end_open(self, closing: Collection[int] = ()) -> list[OpenConnection]:
        """End what is connected besides, and return what was left open; see `glance`."""
        try:
            if not self.glance(closing):
                return []
            return end_open(self._keeper, self.name, (self._keeper.pgconn.backend_pid, *closing))
        except psycopg.OperationalError:  # the test ended our connection, or the server: `make_ready` says so
            self.is_touched = True
            return []

    def make_ready(self) -> None:
        """Undo whatever was changed; when it returns, the database is as it was made.

        `was_changed` then says whether anything was: others use the server, so what is touched need not be.

        Raises:
            BeyondRestoring: that can't be; the clone has to be replaced.
        """
        self.was_changed = False
        if not self.is_touched:
            return
        try:
            self._await_quiet()
            self._undo()
        except psycopg.Error as error:
            raise BeyondRestoring(f"Postgres said: {' '.join(str(error).split())}") from error
        self.is_touched = False

    def _await_quiet(self) -> None:
        """Wait until nobody else is connected: a backend hands over its counts when it ends."""
        deadline = time.monotonic() + ENDING_SECONDS
        while self.glance():
            if time.monotonic() > deadline:
                raise BeyondRestoring("a connection to it does not end")
            time.sleep(POLL_SECONDS)

    def _undo(self) -> None:
        before, now = self._known, look(self._keeper, self.pristine)
        refuse_beyond_rows(before.state, now.state)
        sequences = moved_sequences(self.pristine, now.sequences)
        changes = self._changes(now) if now.state.written != before.state.written else []
        self.was_changed = bool(changes or sequences)
        if self.was_changed:
            moved = put_back(self._keeper, changes, sequences, before.state.next_xid)
            self._vacuum(moved, changes)
            now = look(self._keeper, self.pristine)
        self._known = now

    def _changes(self, now: Look) -> list[TableChange]:
        """The tables to put back, where the system's own hold what they did."""
        written = changed_oids(self._known.written, now.written)
        system = written.keys() & self.pristine.system.keys()
        refuse_changed_system(self._keeper, self.pristine, system, self._known.state.next_xid)
        return table_changes(self.pristine, {oid: written[oid] for oid in written.keys() - system})

    def _vacuum(self, moved: int, changes: Iterable[TableChange]) -> None:
        """Now and then remove what restorations leave behind: each of the next ones would scan it."""
        self._moved += moved
        self._unvacuumed.update({change.table.oid: change.table for change in changes})
        if self._moved >= ROWS_BEFORE_VACUUM:
            names = sql.SQL(", ").join(table.identifier for table in self._unvacuumed.values())
            self._keeper.execute(sql.SQL("vacuum {}").format(names), prepare=False)
            self._moved = 0
            self._unvacuumed.clear()

    def close(self) -> None:
        """Close the keeper's connection."""
        self._keeper.close()


def _checked(result: Any) -> Any:
    """A result of libpq, where it is none of an error."""
    if result.status in {ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK}:
        return result
    raise psycopg.OperationalError(result.get_error_message())
