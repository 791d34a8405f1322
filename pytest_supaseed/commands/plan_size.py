"""How large a plan may be: what takes days, or more room than there is, is asked for by mistake."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from pytest_supaseed.errors import UsageError

if TYPE_CHECKING:
    from pytest_supaseed.load.plan_sample import Estimate
    from pytest_supaseed.plan.seed_plan import SeedPlan

MOST_ROWS = 100_000_000
"""Rows that are loaded without a further word: at 100,000 a second some twenty minutes, and 10 to 100 GB."""

max_rows = click.option(
    "--max-rows",
    type=click.IntRange(min=0),
    default=MOST_ROWS,
    show_default=f"{MOST_ROWS:,}",
    metavar="N",
    help="Refuse a plan of more rows.",
)


def refuse_oversize(plan: SeedPlan, most: int, estimate: Estimate | None) -> None:
    """See that a plan is not larger than what is allowed.

    Args:
        plan: the plan.
        most: the rows that are allowed.
        estimate: what it would take; None where that was not measured.

    Raises:
        UsageError: it is.
    """
    from pytest_supaseed.reporting.planned import estimate_line

    if plan.total <= most:
        return
    largest = sorted(plan.tables, key=lambda part: -part.rows)[:3]
    raise UsageError(
        f"{plan.total:,} rows are planned, and {most:,} are allowed.",
        looked_at=[
            *([f"what they would take: {estimate_line(estimate.to_json())}"] if estimate else []),
            *(f"{part.table.qualified}: {part.rows:,} rows" for part in largest),
        ],
        remedies=["ask for fewer: --users, --rows", f"if it is meant, allow them: --max-rows {plan.total}"],
    )
