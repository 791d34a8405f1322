"""Plans that take days, or more room than there is: they are asked for by mistake, and refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_supaseed.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_supaseed.load.plan_sample import Estimate
    from pytest_supaseed.plan.seed_plan import SeedPlan

LARGEST_SHOWN = 3


def refuse_oversize(
    plan: SeedPlan, most: int, estimated: Callable[[], Estimate | None], *, flag_prefix: str
) -> None:
    """See that a plan is not larger than what is allowed.

    Args:
        plan: the plan.
        most: the rows that are allowed.
        estimated: says what it would take, or None; asked only where it is refused.
        flag_prefix: how flags begin where it was asked for.

    Raises:
        UsageError: it is.
    """
    if plan.total <= most:
        return
    estimate = estimated()
    largest = sorted(plan.tables, key=lambda part: -part.rows)[:LARGEST_SHOWN]
    raise UsageError(
        f"{plan.total:,} rows are planned, and {most:,} are allowed.",
        looked_at=[
            *([f"what they would take: {estimate}"] if estimate else []),
            *(f"{part.table.qualified}: {part.rows:,} rows" for part in largest),
        ],
        remedies=[
            f"ask for fewer: {flag_prefix}users, {flag_prefix}rows",
            f"if it is meant, allow them: {flag_prefix}max-rows {plan.total}",
        ],
    )
