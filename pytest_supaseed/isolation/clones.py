"""A clone of a dataset, lent to test after test; what one changed in it is undone before the next."""

from __future__ import annotations

import time
from collections import deque
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import sql
from psycopg.pq import ExecStatus
from psycopg.rows import tuple_row

from pytest_supaseed.isolation.changes import (
    BeyondRestoring,
    Observer,
    changed_oids,
    counted_again,
    moved_sequences,
    refuse_beyond_rows,
    refuse_changed_system,
    table_changes,
)
from pytest_supaseed.isolation.prepared_statements import PreparedStatements
from pytest_supaseed.isolation.pristine_rows import connect_keeper, sequences_query
from pytest_supaseed.isolation.restoration import put_back, recounting
from pytest_supaseed.isolation.statements import read_statement

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from pytest_supaseed.isolation.changes import Look, TableChange
    from pytest_supaseed.isolation.pristine_rows import Pristine, RestorableTable
    from pytest_supaseed.server.endpoint import Endpoint

ENDING_SECONDS = 5.0
"""How long a backend whose connection was closed may take to end, before the clone is given up."""
POLL_SECONDS = 0.0002
LAST_CLOSED = 16
"""So many backends, of tests before this one too, may yet be about to end: on a machine with much to do that
takes longer than the next test."""
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
        self._ending: deque[int] = deque(maxlen=LAST_CLOSED)
        self._unvacuumed: dict[int, RestorableTable] = {}
        self._keeper = connect_keeper(endpoint.conninfo(name))
        self._oid = self._read_oid()
        self._statements = PreparedStatements(self._keeper)
        queried = sequences_query(self._keeper.info.server_version, pristine).as_bytes()
        self._observer = Observer(self._statements, queried)
        self._known = self._observer.look()
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
        self._send_glance(closing)
        return self.answer()

    def ask(self, closing: Collection[int] = ()) -> None:
        """Send what `glance` asks, for `answer` to wait for; connections may be closed in between.

        Args:
            closing: backends whose connections are idle, and are closed next.

        Raises:
            psycopg.Error: the keeper's connection is no more.
        """
        self._ending.extend(closing)
        self._send_glance(self._ending)

    def answer(self) -> list[int]:
        """Return the backends that are connected besides; see `glance`."""
        pgconn = self._keeper.pgconn
        result = pgconn.get_result()
        while pgconn.get_result() is not None:  # after an error there may be more than one
            pass
        if result is None:
            raise psycopg.OperationalError("the connection is lost")
        _checked(result)
        next_xid, others, slots = (result.get_value(0, column) or b"" for column in range(3))
        seen = (int(next_xid), others, slots)
        if seen != (self._known.state.next_xid, b"{}", b"f") or self.pristine.is_silent:
            self.is_touched = True
        return [int(pid) for pid in others.strip(b"{}").split(b",") if pid]

    def _send_glance(self, closing: Collection[int]) -> None:
        pgconn = self._keeper.pgconn
        known = ",".join(map(str, (pgconn.backend_pid, *closing)))
        pgconn.send_query_prepared(b"supaseed_glance", [b"%d" % self._oid, b"{%s}" % known.encode()])

    @property
    def backends(self) -> tuple[int, ...]:
        """Those of our own connections to it."""
        return (self._keeper.pgconn.backend_pid,)

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
        before = self._known
        now = self._observer.look(before)
        refuse_beyond_rows(before.state, now.state)
        sequences = moved_sequences(self.pristine, now.sequences)
        changes = self._changes(now) if now.state.written != before.state.written else []
        self.was_changed = bool(changes or sequences)
        if self.was_changed:
            moved, recount = put_back(self._statements, changes, sequences, before.state.next_xid)
            written = sum(now.state.written) - sum(before.state.written)
            if self._vacuum(max(moved, written), changes):
                ((recount,),) = self._statements.run([recounting(changes)])
            now = counted_again(now, recount, self.pristine)
        self._known = now

    def _changes(self, now: Look) -> list[TableChange]:
        """The tables to put back, where the system's own hold what they did."""
        written = changed_oids(self._known.written, now.written)
        system = written.keys() & self.pristine.system.keys()
        refuse_changed_system(self._keeper, self.pristine, system, self._known.state.next_xid)
        return table_changes(self.pristine, {oid: written[oid] for oid in written.keys() - system})

    def _vacuum(self, moved: int, changes: Iterable[TableChange]) -> bool:
        """Now and then remove what tests and restorations leave behind: each of the next ones would scan it.

        Transactions that were rolled back leave as much, of which nothing has to be moved.
        """
        self._moved += moved
        self._unvacuumed.update({change.table.oid: change.table for change in changes})
        if self._moved < ROWS_BEFORE_VACUUM:
            return False
        names = sql.SQL(", ").join(table.identifier for table in self._unvacuumed.values())
        self._keeper.execute(sql.SQL("vacuum {}").format(names), prepare=False)
        self._moved = 0
        self._unvacuumed.clear()
        return True

    def close(self) -> None:
        """Close the keeper's connection."""
        self._keeper.close()


def _checked(result: Any) -> Any:
    """A result of libpq, where it is none of an error."""
    if result.status in {ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK}:
        return result
    raise psycopg.OperationalError(result.get_error_message())
