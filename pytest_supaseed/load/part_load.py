"""Loads one part: adopts what triggers made, writes the rest, without triggers that let nothing pass."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import psycopg

from pytest_supaseed.errors import SupaseedError
from pytest_supaseed.load.ended_seeding import ends_seeding
from pytest_supaseed.load.made_keys import settle_made_keys
from pytest_supaseed.load.part_reports import correct, give_up, record
from pytest_supaseed.load.part_rows import is_told, write_part, write_rest
from pytest_supaseed.load.refusals import reason_of, running_functions
from pytest_supaseed.load.seeding import Outcome
from pytest_supaseed.load.stored_rows import count_rows

if TYPE_CHECKING:
    from pytest_supaseed.load.seeding import Seeding
    from pytest_supaseed.plan.seed_plan import TablePlan

_UNFORESEEN = "a table that the plan does not know of"
"""Whose triggers made rows that the plan did not adopt."""
SCARCE = 10
"""A trigger that lets fewer than one row in ten pass, once another is off, is off as well."""


def load_part(run: Seeding, part: TablePlan) -> None:
    """Load a part, or adopt what triggers made, and report it.

    Raises:
        LoadError: the part is required, and failed.
    """
    begun = time.perf_counter()
    run.begin(part)
    made = part
    try:
        there = 0 if run.taken_up else _from_triggers(run, part)
        made = _as_it_is(run, part, there)
        if there and run.ledger is None:
            settle_made_keys(run, part.table)
        outcome = Outcome(there) if made.adopted_from else _filled_up(run, made, there)
        if made.adopted_from != part.adopted_from:
            run.sources.read_back(part)
    except Exception as error:
        if ends_seeding(run, error) or not is_told(part, error):
            raise
        outcome = give_up(run, made, error)
    record(run, part, made, outcome, begun)


def refill(run: Seeding, part: TablePlan) -> None:
    """Load a part once more, whose rows the triggers of other tables removed."""
    try:
        outcome = fill_part(run, part)
    except (psycopg.Error, SupaseedError) as error:
        if ends_seeding(run, error):
            raise
        outcome = give_up(run, part, error)
    correct(run, part, outcome)


def _from_triggers(run: Seeding, part: TablePlan) -> int:
    """How many rows of a part are there already: triggers made them, be it as planned or not.

    Where a table has several parts, only those count that the plan adopts: it comes first among them.
    """
    alone = len(run.plan.parts_of(part.table)) == 1
    if not part.adopted_from and not alone:
        return 0
    return count_rows(run.connection, part.table) - run.plan.existing.get(part.table.oid, 0)


def _as_it_is(run: Seeding, part: TablePlan, there: int) -> TablePlan:
    """The part as it is to be loaded: adopted where triggers made its rows, by us where they made none."""
    alone = len(run.plan.parts_of(part.table)) == 1
    if part.adopted_from and (run.triggers == "skip" or (alone and not there)):
        return replace(part, adopted_from=None)
    if there and there >= part.rows and not part.adopted_from:
        return replace(part, adopted_from=_UNFORESEEN)
    return part


def _filled_up(run: Seeding, part: TablePlan, there: int) -> Outcome:
    """Fill a part up to the planned number, where triggers made some rows that the plan did not foresee."""
    if not there:
        return fill_part(run, part)
    outcome = write_rest(run, part, part.rows - there)
    run.sources.read_back(part)
    return replace(outcome, loaded=outcome.loaded + there)


def fill_part(run: Seeding, part: TablePlan) -> Outcome:
    """Write the rows of a part; where its triggers let none pass, with them off.

    Raises:
        psycopg.Error: not one row could be tried, or the part is required and a row was refused.
        SupaseedError: its rows cannot be made.
    """
    if part.rows == 0 or run.sources.source(part).is_there:
        return Outcome(part.rows)
    failed: psycopg.Error | None = None
    outcome = Outcome(0)
    before = count_rows(run.connection, part.table, with_children=True) if _has_triggers(part) else 0
    try:
        outcome = write_part(run, part)
    except psycopg.Error as error:
        if ends_seeding(run, error):
            raise
        failed = error
    if not outcome.loaded and not part.required and _has_triggers(part):
        outcome = _without_its_triggers(run, part, failed, outcome, before) or outcome
    if failed is not None and not outcome.loaded:
        raise failed
    if outcome.loaded < part.rows or outcome.refused:
        run.sources.read_back(part)
    elif run.plan.existing.get(part.table.oid):
        run.sources.read_back(part, sure=True)
    return outcome


def _has_triggers(part: TablePlan) -> bool:
    return any("insert" in trigger.events for trigger in part.table.triggers)


def _without_its_triggers(
    run: Seeding, part: TablePlan, failed: psycopg.Error | None, outcome: Outcome, before: int
) -> Outcome | None:
    """Load a part that would stay empty with its triggers off, and say so; None where that is no help.

    A trigger may want a setting, a session or a row that nobody made. One that drops rows to put them into
    tables that inherit from its own has done its work, though: there are more than `before`.
    """
    elsewhere = count_rows(run.connection, part.table, with_children=True) - before
    if elsewhere > 0:
        return Outcome(elsewhere, outcome.refused, outcome.first)
    reason = reason_of(failed) if failed else (outcome.first.reason if outcome.first else "dropped silently")
    raised = running_functions(failed) if failed else (outcome.first.functions if outcome.first else ())
    quiet = _without_those_that_raise(run, part, raised) or _quietly(run, part, None)
    if quiet is None:
        return None
    off = run.quiet[part.table.oid]
    names = f" ({', '.join(sorted(off))})" if off else ""
    run.notes.append(
        f"{part.table.qualified}: its triggers{names} let no row pass, and were off while it was loaded:"
        f" {reason}"
    )
    return quiet


def _without_those_that_raise(run: Seeding, part: TablePlan, raised: tuple[str, ...]) -> Outcome | None:
    """Load a part with only those of its triggers off that refuse its rows, one after the other."""
    own = {trigger.function_name for trigger in part.table.triggers if "insert" in trigger.events}
    off: frozenset[str] = frozenset()
    outcome = Outcome(0)
    while found := [name for name in raised if name in own - off]:
        off |= {found[-1]}
        tried = _attempted(run, part, off, outcome.loaded)
        if isinstance(tried, psycopg.Error):
            raised = running_functions(tried)
            continue
        outcome = replace(tried, loaded=outcome.loaded + tried.loaded)
        if outcome.loaded * SCARCE >= part.rows:
            break
        raised = tried.first.functions if tried.first else ()
    if outcome.loaded:
        return outcome
    run.quiet.pop(part.table.oid, None)
    return None


def _quietly(run: Seeding, part: TablePlan, off: frozenset[str] | None) -> Outcome | None:
    """Load a part with triggers off; None where not one row passes then either."""
    tried = _attempted(run, part, off)
    if isinstance(tried, Outcome) and tried.loaded:
        return tried
    run.quiet.pop(part.table.oid, None)
    return None


def _attempted(
    run: Seeding, part: TablePlan, off: frozenset[str] | None, there: int = 0
) -> Outcome | psycopg.Error:
    """What comes of a part with triggers off: those that call the functions in `off`, all for None.

    Where an attempt before this one wrote some rows, so many more are written as are missing.
    """
    run.quiet[part.table.oid] = off
    try:
        return write_rest(run, part, part.rows - there) if there else write_part(run, part)
    except psycopg.Error as error:
        if ends_seeding(run, error):
            raise
        return error  # the first failure is the one to report: it is of the table as it is
