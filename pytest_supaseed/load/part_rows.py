"""Writes the rows of one part: whole where Postgres takes it; else row by row, others for refused ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from pytest_supaseed.errors import SupaseedError
from pytest_supaseed.load.batched_rows import Batches
from pytest_supaseed.load.bisection import PATIENCE, Patience, keep_good
from pytest_supaseed.load.copy_rows import copy_rows
from pytest_supaseed.load.dealt_rows import empty_places, rows_for_empty_places
from pytest_supaseed.load.ended_seeding import ends_seeding
from pytest_supaseed.load.judged_rows import JUDGE_SECONDS, judge_part, needs_judge, opaque_checks
from pytest_supaseed.load.key_checks import keys_checked_at_once
from pytest_supaseed.load.partitions import lacks_partition, make_partition
from pytest_supaseed.load.refusals import Refusals, concerns_rows, refused, violated_key
from pytest_supaseed.load.seeding import PART_SECONDS, ROW_SECONDS, Outcome
from pytest_supaseed.load.seeding_place import Place
from pytest_supaseed.load.stored_rows import count_rows
from pytest_supaseed.plan.seed_plan import AUTO
from pytest_supaseed.plan.streams import CHUNK_ROWS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pytest_supaseed.catalog.model import Table
    from pytest_supaseed.load.seeding import Seeding
    from pytest_supaseed.load.seeding_place import Phase
    from pytest_supaseed.plan.seed_plan import TablePlan
    from pytest_supaseed.rows.part_source import PartSource

MENDS = 20
"""How often a part is begun anew because a cause could be mended: each key's parents and each missing
partition at most once, so that this is reached by no schema that we know."""
SPARE = 2
"""Rows tried in place of refused ones, for each planned row: three candidates in all."""


@dataclass(frozen=True)
class _Copied:
    """What came of copying a part: rows committed from its first one on, rows taken, and what ended it."""

    committed: int
    taken: int
    error: Exception | None = None


def write_part(run: Seeding, part: TablePlan) -> Outcome:
    """Write the rows of a part, in batches where it can be cut.

    Raises:
        psycopg.Error: not one row could be tried, or the part is required and a row was refused.
        SupaseedError: its rows cannot be made.
        MemoryReached: they do not fit into memory.
    """
    source = run.sources.source(part)
    found = Refusals(part.table, source.columns)
    _tell_of_slow_rows(run, part, source.row_by_row)
    start = run.take_up()
    is_isolated = start.phase == "isolated"
    copied = _Copied(start.tried, start.taken) if is_isolated else _copied(run, part, start)
    error = copied.error
    if error is None and not is_isolated:
        loaded = _left_after(run, part, copied.taken)
    elif error is not None and (part.required or ends_seeding(run, error)):
        raise error
    elif isinstance(error, psycopg.Error) and needs_judge(
        error, part.table, opaque_checks(part.table, run.catalog)
    ):
        run.place = Place()
        return Outcome(judge_part(run, part, found, copied.committed), found.count, found.first)
    elif error is not None and not (isinstance(error, psycopg.Error) and concerns_rows(error)):
        return _ended_early(part, error, copied.taken, found)
    else:
        isolated = _isolated(run, part, found, copied)
        if isolated.error is not None:
            return _ended_early(part, isolated.error, isolated.taken, found)
        loaded = isolated.taken
    # unique keys may leave room for no more; where there is room for none, trying is what tells why
    wanted = (source.rows if source.deal is not None else min(part.rows, source.rows)) or part.rows
    if loaded < wanted:
        if loaded:
            run.sources.read_back(part)
        loaded = _left_after(run, part, loaded + _in_place(run, part, wanted - loaded, found))
    return Outcome(loaded, found.count, found.first)


def _tell_of_slow_rows(run: Seeding, part: TablePlan, because: str) -> None:
    """Say which factory is not evaluated in columns, and why, where there are rows enough to wait for."""
    name = part.factory.rpartition(":")[2]
    note = f"{part.table.qualified}: {name} is evaluated row by row, which is slow, because {because}"
    if because and part.rows > CHUNK_ROWS and note not in run.notes:
        run.notes.append(note)


def _ended_early(part: TablePlan, error: Exception, loaded: int, found: Refusals) -> Outcome:
    """A part whose further rows cannot be made, or tried: those before them are there, and count.

    Raises:
        Exception: there are none, or it is not an error that is told.
    """
    if not loaded or not is_told(part, error):
        raise error
    return Outcome(loaded, found.count, refused(error, part.table))


def _copied(run: Seeding, part: TablePlan, start: Place) -> _Copied:
    """Copy the part, mending what can be mended as long as nothing of it is committed."""
    mended: set[object] = set()
    for _ in range(MENDS):
        copied = _copy_batches(run, part, start)
        error = copied.error
        if (
            not isinstance(error, psycopg.Error)
            or copied.committed
            or run.connection.broken
            or not _mend(run, part, error, mended)
        ):
            return copied
    return copied


def _mend(run: Seeding, part: TablePlan, error: psycopg.Error, mended: set[object]) -> bool:
    """Remove the cause of an error where that is known: keys that are not as planned, no partition."""
    key = violated_key(error, part.table)
    parents = [] if key is None else run.plan.parts_of(run.catalog.by_oid[key.target_oid])
    if key is not None and parents and key.target_oid not in {*mended, part.table.oid}:
        mended.add(key.target_oid)
        run.sources.read_back(parents[0])
        return True
    if lacks_partition(error):
        made = make_partition(run.connection, error)
        run.notes += [made] if made else []
        return made is not None
    return False


def _copy_batches(run: Seeding, part: TablePlan, start: Place) -> _Copied:
    source = run.sources.source(part)
    if not source.columns:
        return _insert_defaults(run, part)
    has_judge = not part.required and opaque_checks(part.table, run.catalog)
    seconds = (JUDGE_SECONDS if has_judge else PART_SECONDS) + ROW_SECONDS * part.rows
    batches, taken = Batches(run, part, start.tried), start.taken
    phase: Phase = "other" if part.table.oid in run.quiet else "copied"
    try:
        for batch in batches:
            with run.writing(part.table, seconds), keys_checked_at_once(run, part.table, batches.joined):
                taken += copy_source(run, source, part.label, batch, batches.done)
                run.place = Place(phase, batches.reached, taken)
    except psycopg.Error as error:
        return _Copied(batches.done, batches.done, error)
    return _Copied(batches.done, taken, batches.failure)


def _insert_defaults(run: Seeding, part: TablePlan) -> _Copied:
    """Rows of a table in which every column has its value from Postgres: COPY wants a column."""
    statement = sql.SQL("insert into {} default values").format(
        sql.Identifier(part.table.schema, part.table.name)
    )
    try:
        with run.writing(part.table, PART_SECONDS):
            taken = sum(run.connection.execute(statement).rowcount for _ in range(part.rows))
    except psycopg.Error as error:
        return _Copied(0, 0, error)
    return _Copied(part.rows, taken)


def copy_source(
    run: Seeding, source: PartSource, label: str, rows: Iterable[list[tuple[object, ...]]], before: int = 0
) -> int:
    """Copy rows of a source, a chunk at a time, and tell of each; `before` of them were sent already."""

    def told(sent: int) -> None:
        run.sent(label, before + sent)

    ready = list(rows) if run.rehearsed else rows  # what they refer to is read by the one connection there is
    taken = copy_rows(run.connection, source.plan.table, source.columns, ready, on_rows=told)
    _compute_virtual(run, source.plan.table)
    return taken


def _isolated(run: Seeding, part: TablePlan, found: Refusals, copied: _Copied) -> _Copied:
    """Copy the rest of a part chunk by chunk, halving those that are refused.

    Deferred constraints judge at once. Whatever the batches are, rows are tried in the same order, each after
    all before it: so which ones are taken, and replaced, does not depend on them.
    """
    source = run.sources.source(part)
    patience, loaded = Patience(), copied.taken
    batches = Batches(run, part, copied.committed)
    phase: Phase = "other" if part.table.oid in run.quiet else "isolated"
    for batch in batches:
        with run.writing(part.table, PART_SECONDS):
            run.connection.execute("set constraints all immediate")
            for rows in batch:
                loaded += keep_rows(run, source, rows, found, patience)
                run.sent(part.label, loaded)
                if patience.is_exhausted:
                    break
            run.place = Place(phase, batches.reached, loaded)
        if patience.is_exhausted:
            break
    return _Copied(batches.done, loaded, batches.failure)


def _compute_virtual(run: Seeding, table: Table) -> None:
    """Let Postgres compute the columns that it does not store: it takes a row whose value overflows then."""
    virtual = [
        sql.SQL("count({})").format(sql.Identifier(column.name)) for column in table.columns if column.virtual
    ]
    if virtual:
        run.connection.execute(
            sql.SQL("select {} from {}").format(
                sql.SQL(", ").join(virtual), sql.Identifier(table.schema, table.name)
            )
        )


def keep_rows(
    run: Seeding, source: PartSource, rows: Sequence[tuple[object, ...]], found: Refusals, patience: Patience
) -> int:
    """Copy the rows that Postgres takes, each attempt in a savepoint; see `keep_good`."""

    def attempt(some: Sequence[tuple[object, ...]]) -> int:
        with run.connection.transaction():
            taken = copy_rows(
                run.connection, source.plan.table, source.columns, [some], on_rows=lambda _rows: None
            )
            _compute_virtual(run, source.plan.table)
            return taken

    return keep_good(rows, attempt, found.add, patience)


def _in_place(run: Seeding, part: TablePlan, missing: int, found: Refusals) -> int:
    """Rows beyond the planned ones, in place of those that are missing; what fails here is only explained."""
    if not run.sources.source(part).columns:
        return 0
    try:
        return _spares(run, part, missing, found)
    except Exception as error:
        if ends_seeding(run, error) or not is_told(part, error):
            raise
        found.explain((), error)
        return 0


def _spares(run: Seeding, part: TablePlan, missing: int, found: Refusals) -> int:
    """Try further rows until nothing is missing, none is taken any more, or the bound is met.

    They begin with a chunk of their own: the draws of a chunk are those of its number.
    """
    source = run.sources.source(part)
    if source.deal is not None:
        rows = rows_for_empty_places(run, source, source.deal, range(1, SPARE + 1))
    else:
        first = -(-part.rows // CHUNK_ROWS) * CHUNK_ROWS
        further = source.beyond(first, max(SPARE * part.rows, PATIENCE))
        rows = (further.chunk(number) for number in further.chunk_numbers)
    return _take(run, source, rows, missing, found, Patience())


def _take(  # noqa: PLR0913, PLR0917  # what rows are tried, and how many
    run: Seeding,
    source: PartSource,
    chunks: Iterable[list[tuple[object, ...]]],
    missing: int,
    found: Refusals,
    patience: Patience,
) -> int:
    """Copy the first rows that Postgres takes, so many as are missing."""
    loaded, run.place = 0, Place()
    with run.writing(source.plan.table, PART_SECONDS):
        run.connection.execute("set constraints all immediate")
        for chunk in chunks:
            rows = chunk
            while rows and loaded < missing and not patience.is_exhausted:
                batch, rows = rows[: missing - loaded], rows[missing - loaded :]
                loaded += keep_rows(run, source, batch, found, patience)
                run.check_memory()
            if loaded == missing or patience.is_exhausted:
                break
    return loaded


def write_rest(run: Seeding, part: TablePlan, missing: int) -> Outcome:
    """Write so many of a part's rows as are missing, where triggers made some of their like already.

    Which ones the triggers made is not known, so all are tried; to be refused is what is expected then.
    """
    source = run.sources.source(part)
    found = Refusals(part.table, source.columns)
    rows: Iterator[list[tuple[object, ...]]]
    if source.deal is None:
        rows = (source.chunk(number) for number in source.chunk_numbers)
    else:
        missing = len(empty_places(run, source, source.deal))
        rows = rows_for_empty_places(run, source, source.deal, range(1))
    loaded = _take(run, source, rows, missing, found, Patience(max(PATIENCE, CHUNK_ROWS)))
    if loaded < missing:
        loaded += _in_place(run, part, missing - loaded, found)
    return Outcome(loaded, found.count, found.first)


def _left_after(run: Seeding, part: TablePlan, taken: int) -> int:
    """The rows that are still there: a trigger that fires late may delete what was just taken."""
    late = [trigger for trigger in part.table.triggers if trigger.timing == "after"]
    if not late or len(run.plan.parts_of(part.table)) > 1:
        return taken
    return min(taken, count_rows(run.connection, part.table) - run.plan.existing.get(part.table.oid, 0))


def is_told(part: TablePlan, error: Exception) -> bool:
    """Whether an error is reported and not raised: a fault of a derived generator costs its table only."""
    return isinstance(error, psycopg.Error | SupaseedError) or part.factory == AUTO
