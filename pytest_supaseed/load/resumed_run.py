"""A run that another process began: which parts are done, and how the one in its middle is taken up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psycopg.rows import tuple_row

from pytest_supaseed.load.cleanup import Cleanup
from pytest_supaseed.load.foreign_rows import EarlierRows
from pytest_supaseed.load.ledger import ledger_query
from pytest_supaseed.load.seeding_place import PartProgress, report_json, restore_known, restore_part

if TYPE_CHECKING:
    from collections.abc import Sequence

    import psycopg

    from pytest_supaseed.load.ledger import LedgerRun
    from pytest_supaseed.load.seeding import Seeding
    from pytest_supaseed.plan.seed_plan import SeedPlan, TablePlan


def rows_before(run: int, plan: SeedPlan) -> EarlierRows:
    """Return what stands for tables without the rows that a run put there since it began with them."""
    first: dict[int, int] = {}
    for number, part in enumerate(plan.tables):
        first.setdefault(part.table.oid, number)
    return EarlierRows(run, first)


def join_run(run: Seeding, wanted: LedgerRun) -> None:
    """Let a seeding go as is wanted of its run, from where the ledger says that it came to.

    Args:
        run: the seeding, which has loaded nothing yet.
        wanted: how its run goes.
    """
    run.rehearsed, run.stop = wanted.rehearsed, wanted.stop
    if wanted.resumes is None:
        return
    known: dict[str, Any] = {}
    with run.connection.cursor(row_factory=tuple_row) as cursor:
        found = cursor.execute(ledger_query("parts"), {"run": wanted.resumes}).fetchall()
    for part, place, report, known_then in found:
        run.before[part] = PartProgress.from_json(place, report)
        known = known_then
    if known:
        restore_known(run, known)


def is_done(run: Seeding, parts: Sequence[TablePlan]) -> bool:
    """Whether parts that are loaded together were loaded before; if so, the seeding knows of them."""
    found = [run.before.get(run.plan.tables.index(part)) for part in parts]
    reports = [known.report if known is not None else None for known in found]
    if None in reports:
        _undo(run, parts)
        return False
    for part, known, report in zip(parts, found, reports, strict=True):
        assert known is not None  # noqa: S101  # of each there is a report
        assert report is not None  # noqa: S101
        restore_part(run, part, report, known.adopted_from)
    return True


def _undo(run: Seeding, parts: Sequence[TablePlan]) -> None:
    """Take the rows of parts out that cannot be taken up in their middle: they are loaded anew."""
    for part in parts:
        number = run.plan.tables.index(part)
        known = run.before.get(number)
        if known is None or (known.report is None and known.place.phase != "other" and len(parts) == 1):
            continue
        if run.ledger is not None:
            run.connection.execute(ledger_query("begin_anew"), {"run": run.ledger.run, "part": number})
            Cleanup(run.connection, run.catalog, run=run.ledger.run, part=number, force=True).execute()
        run.quiet.pop(part.table.oid, None)
        run.judged.discard(part.table.oid)
        del run.before[number]


def mark_done(run: Seeding, parts: Sequence[TablePlan]) -> None:
    """Let the ledger know of parts that were just loaded."""
    if run.ledger is None:
        return
    made = run.made[-len(parts) :]
    reports = run.parts[-len(parts) :]
    for part, loaded, report in zip(parts, made, reports, strict=True):
        run.at = part
        run.mark(report_json(report, loaded))


def runs_going_on(connection: psycopg.Connection[Any]) -> frozenset[int]:
    """Return the runs that some process goes on with."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        return frozenset(run for (run,) in cursor.execute(ledger_query("going_on")).fetchall())
