"""Where a seeding stands, as plain values: the ledger keeps them, so that another process can go on."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from pytest_supaseed.load.report import PartReport

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_supaseed.load.seeding import Seeding
    from pytest_supaseed.plan.seed_plan import TablePlan

Phase: TypeAlias = Literal["copied", "isolated", "other"]


@dataclass(frozen=True)
class Place:
    """How far a part is loaded.

    Args:
        phase: `copied` in batches, one row `isolated` from the other, or some `other` way, which cannot be
            taken up in its middle.
        tried: rows that were tried, from the part's first one on.
        taken: rows that Postgres took.
    """

    phase: Phase = "other"
    tried: int = 0
    taken: int = 0


@dataclass(frozen=True)
class PartProgress:
    """What the ledger knows of a part.

    Args:
        place: how far it is loaded.
        report: what became of it; None while it is not done.
        adopted_from: of a part that is done: whose triggers made its rows.
    """

    place: Place
    report: PartReport | None = None
    adopted_from: str | None = None

    @classmethod
    def from_json(cls, place: Mapping[str, Any], report: Mapping[str, Any] | None) -> PartProgress:
        """Return what the columns `place` and `report` say."""
        if report is None:
            return cls(Place(**place))
        return cls(Place(**place), PartReport(**report["part"]), report["adopted_from"])


def report_json(report: PartReport, made: TablePlan) -> dict[str, Any]:
    """Return what became of a part, as `PartProgress.from_json` reads it."""
    return {"part": asdict(report), "adopted_from": made.adopted_from}


def known_json(run: Seeding) -> dict[str, Any]:
    """Return what a seeding found out so far, and what follows depends on."""
    return {
        "read_back": sorted(run.sources.found.read_back),
        "unsure": sorted(run.sources.found.unsure),
        "judged": sorted(run.judged),
        "quiet": {str(oid): None if off is None else sorted(off) for oid, off in run.quiet.items()},
        "filled": sorted(run.filled),
        "notes": run.notes,
    }


def restore_known(run: Seeding, known: Mapping[str, Any]) -> None:
    """Let a seeding know what `known_json` said."""
    run.sources.found.read_back.update(known["read_back"])
    run.sources.found.unsure.update(known["unsure"])
    run.judged.update(known["judged"])
    run.quiet.update(
        {int(oid): None if off is None else frozenset(off) for oid, off in known["quiet"].items()}
    )
    run.filled.update(known["filled"])
    run.notes[:] = known["notes"]


def restore_part(run: Seeding, part: TablePlan, report: PartReport, adopted_from: str | None) -> None:
    """Let a seeding know of a part that was loaded before."""
    run.at = part
    run.made.append(part if adopted_from == part.adopted_from else replace(part, adopted_from=adopted_from))
    run.parts.append(report)
    failed = part.rows and not report.loaded and report.reason
    if failed and part.adopted_from is None and len(run.plan.parts_of(part.table)) > 1:
        run.sources.source(part).give_up()
