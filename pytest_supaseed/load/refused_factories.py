"""Names the factory and the fields of a user by which a refused row came about."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_supaseed.rows.columns import meta_of

if TYPE_CHECKING:
    from pytest_supaseed.load.refusals import Refusal
    from pytest_supaseed.load.seeding import Outcome
    from pytest_supaseed.plan.seed_plan import SeedPlan, TablePlan


def with_factory(plan: SeedPlan, part: TablePlan, found: Refusal) -> Refusal:
    """Say in a refusal's reason which fields of the user's factory it is about, if it is about any."""
    made_by = next((one.made_by for one in plan.factories if one.name == part.factory), None)
    if made_by is None or part.factory in found.reason:
        return found
    meta = meta_of(made_by)
    fields = {column: name for name, column in meta.columns.items()}
    declared = [fields.get(name, name) for name in found.columns]
    declared = [name for name in declared if name in meta.base_declarations]
    if not declared:
        return found
    return replace(found, reason=f"{found.reason} | declared by {part.factory}: {', '.join(declared)}")


def outcome_with_factory(plan: SeedPlan, part: TablePlan, outcome: Outcome) -> Outcome:
    """Do so in what became of a part."""
    if outcome.first is None:
        return outcome
    return replace(outcome, first=with_factory(plan, part, outcome.first))
