"""The rows of a part in batches: what is sent by one COPY and committed at once."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from psycopg import sql
from psycopg.rows import tuple_row

from pytest_supaseed.load.seeding import MemoryReached
from pytest_supaseed.plan.streams import CHUNK_ROWS
from pytest_supaseed.progress import BatchCommitted
from pytest_supaseed.rows.batches import NEAR, BatchReading
from pytest_supaseed.rows.keys import READ_BACK_LIMIT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_supaseed.catalog.model import ForeignKey, Table
    from pytest_supaseed.load.seeding import Seeding
    from pytest_supaseed.plan.seed_plan import TablePlan
    from pytest_supaseed.rows.part_source import PartSource

Rows = list[tuple[object, ...]]

_OFTEN = 8
"""A join over the whole table is worth it for a batch of an eighth of the rows that are there."""
_COMPARED = frozenset({"uuid", "int2", "int4", "int8", "text", "varchar"})
"""Types of keys whose values are the same text in Python and in Postgres."""


def chunks_from(source: PartSource, first: int = 0) -> Iterator[tuple[int, Rows]]:
    """The rows of a source from one on, chunk by chunk, each with where in its chunk it begins."""
    at = 0
    for number in source.chunk_numbers:
        start = max(number * CHUNK_ROWS, source.first)
        count = min((number + 1) * CHUNK_ROWS, source.first + source.rows) - start
        if at + count > first:
            skipped = max(first - at, 0)
            yield skipped, source.chunk(number)[skipped:]
        at += count


@dataclass
class Batches:
    """Hands out the rows of a part, batch by batch; what one yields is to be committed before the next.

    Args:
        run: the seeding.
        part: the part.
        first: the row to begin with; those before it are committed.
    """

    run: Seeding
    part: TablePlan
    first: int = 0
    done: int = 0
    """Rows that are committed, from the part's first one on."""
    failure: Exception | None = None
    """What kept further rows from being made; those before it are handed out all the same."""
    joined: int = field(init=False, default=0)
    """Rows of the open batch where a join over the table checks their keys; 0 where that is far larger."""
    _chunks: Iterator[tuple[int, Rows]] = field(init=False)
    _waiting: Rows = field(init=False, default_factory=list)
    _sent: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        self.done = self.first
        self._chunks = chunks_from(self.run.sources.source(self.part), self.first)

    def __iter__(self) -> Iterator[Iterator[Rows]]:
        cut = is_cut(self.run, self.part)
        source = self.run.sources.source(self.part)
        while self._has_more():
            begun = time.perf_counter()
            self._sent = 0
            size = self.run.sizes.rows if cut else None
            rows = min(size or source.rows, source.rows - self.done)
            self.joined = rows if rows * _OFTEN >= self.done else 0
            yield self._batch(size)
            self.done += self._sent
            self.run.committed = self.done
            self._settle(time.perf_counter() - begun, cut=cut)

    @property
    def reached(self) -> int:
        """While a batch is open: rows from the part's first one on, those of the batch included."""
        return self.done + self._sent

    def _batch(self, size: int | None) -> Iterator[Rows]:
        """The rows of one batch, in runs of one chunk; it ends early where memory becomes scarce."""
        while self._has_more() and (size is None or self._sent < size):
            room = len(self._waiting) if size is None else size - self._sent
            rows, self._waiting = self._waiting[:room], self._waiting[room:]
            self._sent += len(rows)
            yield rows
            if size is None:
                self.run.check_memory()
            elif self.run.sizes.fixed is None and self.run.guard.share() >= NEAR:
                return

    def _has_more(self) -> bool:
        if not self._waiting and self.failure is None:
            try:
                _, self._waiting = next(self._chunks, (0, []))
            except MemoryReached:
                raise
            except Exception as error:  # noqa: BLE001  # kept, and raised or told by who loads the part
                self.failure = error
        return bool(self._waiting)

    def _settle(self, seconds: float, *, cut: bool) -> None:
        """Decide on the next batch, once one is committed.

        Raises:
            MemoryReached: memory is full, and no smaller batch would help.
        """
        run, size = self.run, self.run.sizes.rows
        share = run.guard.share()
        if share >= NEAR:
            share = run.guard.relieve()
        if cut:
            run.sizes.hear(BatchReading(self._sent, seconds, share))
            run.listener(BatchCommitted(self.part.label, self.done, run.sizes.rows))
        is_smallest = size == 1 or run.sizes.fixed is not None or not cut
        if share >= 1 and is_smallest and self._has_more():
            raise MemoryReached(run.guard.describe())


def is_cut(run: Seeding, part: TablePlan) -> bool:
    """Whether a part is written in several batches, where it has more rows than one.

    Not where its rows would be others then: where ends of statements show, where children are dealt to
    parents, and where a parent may be missing, for which all rows would have to be made anew.
    """
    source = run.sources.source(part)
    if source.rows <= run.sizes.rows or source.deal is not None:
        return False
    fires = run.triggers == "fire"
    if run.statement_ends.show(part.table, triggers=fires, repeated=not part.required):
        return False
    return all(_is_there(run, key) for key in part.table.foreign_keys if key.enforced)


def _is_there(run: Seeding, key: ForeignKey) -> bool:
    """Whether all rows that a key may refer to are there."""
    target = run.catalog.by_oid[key.target_oid]
    changed = run.triggers == "fire" and run.statement_ends.may_change(target)
    if not changed and target.oid not in run.judged:
        return True
    if (
        len(key.target_columns) != 1
        or target.by_name[key.target_columns[0]].type.storage.name not in _COMPARED
    ):
        return False
    return _all_stored(run, target, key.target_columns)


def _all_stored(run: Seeding, table: Table, columns: tuple[str, ...]) -> bool:
    """Whether all planned values of a key are in the database."""
    keys = run.sources.of(table.qualified)
    if keys.count > READ_BACK_LIMIT:
        return False
    query = sql.SQL("select count(*) from {table} where {column}::text = any(%s)").format(
        table=sql.Identifier(table.schema, table.name), column=sql.Identifier(columns[0])
    )
    values = {str(value) for (value,) in keys.values(columns, range(keys.count)) if value is not None}
    with run.connection.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(query, (list(values),)).fetchone()
    return row is not None and int(row[0]) == len(values)
