"""Tells what became of a part: to the listener, to the report, and to whoever refers to its rows."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_supaseed.errors import LoadError
from pytest_supaseed.load.refusals import refused
from pytest_supaseed.load.refused_factories import outcome_with_factory, with_factory
from pytest_supaseed.load.report import PartReport
from pytest_supaseed.load.seeding import Outcome
from pytest_supaseed.load.stored_rows import count_stored
from pytest_supaseed.progress import PartFailed, PartFinished

if TYPE_CHECKING:
    from pytest_supaseed.catalog.model import Table
    from pytest_supaseed.load.refusals import Refusal
    from pytest_supaseed.load.report import SeedReport
    from pytest_supaseed.load.seeding import Seeding
    from pytest_supaseed.plan.seed_plan import SeedPlan, TablePlan

NAMED = 3
"""How many triggers a note names."""


def record(run: Seeding, part: TablePlan, made: TablePlan, outcome: Outcome, begun: float) -> None:
    """Keep what became of a part.

    Args:
        run: the seeding.
        part: the part, as planned.
        made: the part, as it was loaded: an adopted one whose triggers made nothing is filled by us.
        outcome: what came of it.
        begun: `time.perf_counter()` when it began.
    """
    seconds = time.perf_counter() - begun
    outcome = outcome_with_factory(run.plan, part, outcome)
    note = _note(part, outcome)
    if part.rows and not outcome.loaded:
        run.listener(PartFailed(part.label, note))
    else:
        run.listener(PartFinished(part.label, outcome.loaded, seconds))
    if outcome.refused and outcome.loaded == part.rows and outcome.first is not None:
        run.notes.append(
            f"{part.table.qualified}: {outcome.refused:,} refused rows were replaced by others:"
            f" {_why(outcome.first)}"
        )
    run.made.append(made)
    run.parts.append(_report(part, made, outcome, seconds, note))


def give_up(run: Seeding, part: TablePlan, error: Exception) -> Outcome:
    """Nothing of a part could be loaded: whoever refers to it is to know.

    Raises:
        LoadError: the part is required.
    """
    found = with_factory(run.plan, part, refused(error, part.table))
    if part.required:
        raise failed(run.plan, part, found) from error
    run.sources.read_back(part)
    if part.adopted_from is None and len(run.plan.parts_of(part.table)) > 1:
        run.sources.source(part).give_up()
    return Outcome(0, 0, found)


def failed(plan: SeedPlan, part: TablePlan, found: Refusal) -> LoadError:
    """The error for a required part."""
    return LoadError(
        f"Seeding failed at table {part.table.qualified} ({part.label}, {part.rows:,} rows): {_why(found)}",
        looked_at=plan.describe(),
        remedies=[
            "look at the constraint or trigger that is named, and at the columns that it reads",
            found.remedy,
            "mark a test with @pytest.mark.supaseed(users=0) to get the schema alone and look into it",
        ],
    )


def correct_counts(run: Seeding) -> list[TablePlan]:
    """Ask again how many rows there are: triggers of tables that were loaded later may have removed some.

    Returns:
        The parts that were emptied.
    """
    emptied = []
    stored = count_stored(run.connection, run.catalog, with_children=True)
    for position, part in enumerate(run.made):
        found = run.parts[position]
        is_counted = part.table.schema not in run.catalog.platform_schemas and not part.table.is_partition
        known = is_counted and len(run.plan.parts_of(part.table)) == 1
        if not known or not found.loaded:
            continue
        left = stored.get(part.table.oid, 0) - run.plan.existing.get(part.table.oid, 0)
        if left < found.loaded:
            gone = f"{found.loaded - left:,}{_named(removing_triggers(run, part.table))}"
            note = f"{left:,} rows, {found.planned:,} were planned: triggers removed {gone}"
            run.parts[position] = replace(found, loaded=left, note=note, reason=note)
            emptied += [part] if left == 0 and part.adopted_from is None else []
    return emptied


def removing_triggers(run: Seeding, table: Table) -> list[str]:
    """The triggers, as `schema.table.name`, whose function deletes from a table by what its text says."""
    deletes = re.compile(
        rf"\b(?:delete\s+from|truncate(?:\s+table)?)\s+(?:only\s+)?(?:\"?\w+\"?\.)?\"?{re.escape(table.name)}\b",
        re.IGNORECASE,
    )
    found = []
    for other in dict.fromkeys(part.table for part in run.plan.tables):
        for trigger in other.triggers:
            functions = run.catalog.functions_by_name.get(
                (trigger.function_schema, trigger.function_name), ()
            )
            if any(deletes.search(function.source) for function in functions):
                found.append(f"{other.qualified}.{trigger.name}")
    return sorted(found)


def _named(triggers: list[str]) -> str:
    if not triggers:
        return ""
    more = f" and {len(triggers) - NAMED:,} more" if len(triggers) > NAMED else ""
    return f" ({', '.join(triggers[:NAMED])}{more})"


def correct(run: Seeding, part: TablePlan, outcome: Outcome) -> None:
    """Tell of a part again: what became of it has changed."""
    position = next(number for number, made in enumerate(run.made) if made is part)
    before = run.parts[position]
    outcome = outcome_with_factory(run.plan, part, outcome)
    run.parts[position] = _report(part, part, outcome, before.seconds, _note(part, outcome))


def refuse_shortfalls(plan: SeedPlan, report: SeedReport) -> None:
    """See that each table holds the rows that were planned, and that each one was planned.

    Raises:
        LoadError: some hold fewer; all of them are named.
    """
    short = [f"{part.qualified}: {part.note}" for part in report.parts if part.loaded < part.planned]
    short += [
        f"{found.table.qualified}: {found.reason}"
        for found in plan.unplanned
        if not plan.existing.get(found.table.oid)
    ]
    if short:
        raise LoadError(
            f"{len(short)} of the tables hold fewer rows than planned, and strict asks for all of them.",
            looked_at=short,
            remedies=[
                *dict.fromkeys(part.remedy for part in report.parts if part.remedy),
                "leave strict out to work with the rows that are there",
            ],
        )


def _note(part: TablePlan, outcome: Outcome) -> str:
    if outcome.loaded == part.rows:
        return ""
    found = outcome.first
    if not outcome.loaded and found is not None:
        return f"not filled: {_why(found)}"
    short = f"{outcome.loaded:,} rows, {part.rows:,} were planned"
    return short if found is None else f"{short}, {outcome.refused:,} refused: {_why(found)}"


def _why(found: Refusal) -> str:
    row = f" | row: {found.sample}" if found.sample else ""
    return f"{found.reason}{row}"


def _report(part: TablePlan, made: TablePlan, outcome: Outcome, seconds: float, note: str) -> PartReport:
    found = outcome.first
    return PartReport(
        part.table.schema,
        part.table.name,
        part.logical,
        part.part,
        part.rows,
        outcome.loaded,
        seconds,
        adopted=made.adopted_from is not None,
        note=note,
        reason=found.reason if found else "",
        constraint=found.constraint if found else "",
        sample=found.sample if found else "",
        remedy=found.remedy if found else "",
        refused=outcome.refused,
    )
