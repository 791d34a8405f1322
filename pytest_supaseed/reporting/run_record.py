"""What the summary says of a run beside its datasets: isolation, kept databases, failed seedings."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pytest_supaseed.isolation.isolation_costs import IsolationCost
    from pytest_supaseed.isolation.seed_session import SeedSession

WIDTH = 100
"""Characters of a line; a reason may be a whole message of Postgres's."""
REASONS_SHOWN = 8
"""Reasons that are named; the report has all."""
_REPLACED = "replaced: "


@dataclass(frozen=True)
class RunRecord:
    """What one process has to say, as plain values.

    Args:
        outcomes: by what undoing a test's database took (`untouched`, `put back`, `replaced: why`, `dropped`,
            `shared`, `kept`; empty where nobody needed it again), how many.
        seconds: what getting, closing and undoing all of them took.
        dearest: the test whose database took longest; empty where no database was lent.
        dearest_seconds: what it took.
        dearest_outcome: what undoing it took.
        kept: databases of failed tests that are kept, in the order of failing.
        failures: why datasets could not be made, the first line of each.
    """

    outcomes: dict[str, int]
    seconds: float = 0.0
    dearest: str = ""
    dearest_seconds: float = 0.0
    dearest_outcome: str = ""
    kept: tuple[str, ...] = ()
    failures: tuple[str, ...] = ()

    @classmethod
    def of(cls, session: SeedSession) -> RunRecord:
        """Return what is to be said of a session."""
        costs = session.costs.all
        dearest = max(costs, key=_seconds, default=None)
        return cls(
            outcomes=dict(Counter(cost.outcome for cost in costs)),
            seconds=sum(map(_seconds, costs)),
            dearest="" if dearest is None else dearest.test,
            dearest_seconds=0.0 if dearest is None else _seconds(dearest),
            dearest_outcome="" if dearest is None else dearest.outcome,
            kept=tuple(session.kept.set_aside_names),
            failures=tuple(str(one.error.summary) for one in session.seedings if one.error is not None),
        )

    def to_json(self) -> dict[str, Any]:
        """Return plain values, which xdist can send from a worker."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> RunRecord:
        """Return what `to_json` made."""
        return cls(**{**data, "kept": tuple(data["kept"]), "failures": tuple(data["failures"])})


def trouble_lines(runs: Iterable[RunRecord]) -> Iterator[str]:
    """Say what went wrong: seedings that failed, and databases that are kept, a line for each kind."""
    found = list(runs)
    failures = list(dict.fromkeys(failure for run in found for failure in run.failures))
    if failures:
        more = f" (and {len(failures) - 1} more)" if len(failures) > 1 else ""
        yield _cut(f"failed: {failures[0].splitlines()[0]}", WIDTH - len(more)) + more
    kept = [name for run in found for name in run.kept]
    if kept:
        what = "1 database of a failed test" if len(kept) == 1 else f"{len(kept)} databases of failed tests"
        yield f"kept: {what}; supaseed cache open {kept[0]}" + (", and so on" if len(kept) > 1 else "")


def isolation_lines(runs: Iterable[RunRecord]) -> Iterator[str]:
    """Say how tests' databases were undone, all processes together: how many, why, and the dearest."""
    found = [run for run in runs if run.outcomes]
    if not found:
        return
    outcomes: Counter[str] = Counter()
    for run in found:
        outcomes.update(run.outcomes)
    yield f"isolation: {_counted(outcomes)} ({sum(run.seconds for run in found):.2f} s in all)"
    yield from _reasons(outcomes)
    dearest = max(found, key=lambda run: run.dearest_seconds)
    ending = f": {1000 * dearest.dearest_seconds:.0f} ms" + (
        f", {dearest.dearest_outcome.partition(':')[0]}" if dearest.dearest_outcome else ""
    )
    yield "  dearest: " + _cut(dearest.dearest, WIDTH - len(ending)) + ending


def _counted(outcomes: Counter[str]) -> str:
    kinds: Counter[str] = Counter()
    for outcome, count in outcomes.items():
        kinds[outcome.partition(":")[0] or "not needed again"] += count
    total = sum(kinds.values())
    lent = "1 database lent" if total == 1 else f"{total:,} databases lent"
    return ", ".join([lent, *(f"{count:,} {kind}" for kind, count in kinds.most_common())])


def _reasons(outcomes: Counter[str]) -> Iterator[str]:
    reasons = Counter(
        {name.removeprefix(_REPLACED): n for name, n in outcomes.items() if name.startswith(_REPLACED)}
    )
    for reason, count in reasons.most_common(REASONS_SHOWN):
        yield _cut(
            f"  replaced {count:,} times: {reason}" if count > 1 else f"  replaced once: {reason}", WIDTH
        )
    if len(reasons) > REASONS_SHOWN:
        yield f"  replaced for {len(reasons) - REASONS_SHOWN:,} more reasons: --supaseed-report has all"


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 3]}..."


def _seconds(cost: IsolationCost) -> float:
    return cost.set_up + cost.tear_down + cost.undo
