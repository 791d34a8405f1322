"""What the report shows of a plan before anything is loaded: its relations, its parts, its columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_supaseed.reporting.pages.column_profile import column_page
from pytest_supaseed.reporting.pages.dataset_page import shown_tables
from pytest_supaseed.reporting.pages.page_data import DatasetPage, KeyPage, PartPage, TablePage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_supaseed.isolation.inspected_schema import InspectedSchema
    from pytest_supaseed.plan.seed_plan import SeedPlan, TablePlan


def plan_page(schema: InspectedSchema, plan: SeedPlan) -> DatasetPage:
    """Return what is to be shown of a plan; a table's rows are those that are there and those planned.

    Args:
        schema: what is known of the schema.
        plan: the plan.
    """
    return DatasetPage(
        name="",
        server=schema.server,
        origin=schema.origin,
        framework=schema.detection.describe(),
        tables=tuple(_tables(schema, plan)),
        keys=tuple(_keys(schema, plan)),
        parts=tuple(map(_part, plan.tables)),
        users=plan.users,
        seed=plan.seed,
        notes=("This is a plan: nothing of it is loaded.", *plan.notes, *schema.notes),
    )


def _tables(schema: InspectedSchema, plan: SeedPlan) -> Iterator[TablePage]:
    reasons = {one.table.oid: one.reason for one in plan.unplanned}
    for table in shown_tables(schema.catalog, plan):
        planned = sum(part.rows for part in plan.tables if part.table.oid == table.oid)
        names = [name for name in schema.table_map.logical_names(table) if name != table.name]
        yield TablePage(
            name=table.qualified,
            schema=table.schema,
            logical=", ".join(names),
            rows=schema.existing.get(table.oid, 0) + planned,
            columns=tuple(column_page(table, column, None) for column in table.columns),
            unplanned=reasons.get(table.oid, ""),
        )


def _keys(schema: InspectedSchema, plan: SeedPlan) -> Iterator[KeyPage]:
    shown = {table.oid: table for table in shown_tables(schema.catalog, plan)}
    for table in shown.values():
        for key in table.foreign_keys:
            if key.target_oid in shown:
                yield KeyPage(
                    child=table.qualified,
                    parent=f"{key.target_schema}.{key.target_table}",
                    columns=key.columns,
                    optional=any(not table.by_name[name].not_null for name in key.columns),
                    is_cut=key.oid in plan.cut_keys,
                )


def _part(part: TablePlan) -> PartPage:
    how = f"made by triggers of {part.adopted_from}" if part.adopted_from else part.factory
    per = f", {part.children}" if part.children is not None else ""
    return PartPage(part.table.qualified, part.label, part.rows, how + per, note=part.note)
