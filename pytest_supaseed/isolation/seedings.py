"""The seedings of a session, carried out, found done, or failed: what a report is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pytest_supaseed.errors import SupaseedError
    from pytest_supaseed.isolation.datasets import Dataset
    from pytest_supaseed.isolation.schema_templates import SchemaTemplate
    from pytest_supaseed.mapping.frameworks import Detection
    from pytest_supaseed.mapping.table_map import TableMap
    from pytest_supaseed.plan.seed_plan import SeedPlan
    from pytest_supaseed.progress import ProgressEvent


@dataclass(frozen=True)
class Seeding:
    """A plan, and what became of it.

    Args:
        schema: the schema that it is of.
        detection: what the schema was recognised as.
        table_map: the logical names.
        plan: the plan.
        heard: the events of carrying it out, with their seconds; none where the dataset was there already.
        dataset: what came of it; None where it failed.
        error: why it failed.
    """

    schema: SchemaTemplate
    detection: Detection
    table_map: TableMap
    plan: SeedPlan
    heard: tuple[tuple[float, ProgressEvent], ...] = ()
    dataset: Dataset | None = None
    error: SupaseedError | None = None
