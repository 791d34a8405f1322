"""What `supaseed plan` says: what would be loaded, in which order, and what Postgres will have to judge."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_supaseed.load.plan_sample import Estimate
from pytest_supaseed.reporting.sections import counted, section

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_supaseed.isolation.inspected_schema import InspectedSchema
    from pytest_supaseed.plan.seed_plan import SeedPlan, TablePlan

_CHECK_SHOWN = 100
"""Characters of a check's expression that a person is shown without `-v`."""


def plan_json(schema: InspectedSchema, plan: SeedPlan, estimate: Estimate | None = None) -> dict[str, Any]:
    """Return everything about a plan, as plain values.

    Args:
        schema: what it is for.
        plan: the plan.
        estimate: what it would take; None where that was not measured.
    """
    tables = schema.catalog.by_oid
    return {
        "server": schema.server,
        "schema": schema.origin,
        "framework": plan.framework,
        "users": plan.users,
        "seed": plan.seed,
        "rows": plan.total,
        "digest": plan.digest(),
        "estimate": None if estimate is None else estimate.to_json(),
        "parts": [_part_json(part) for part in plan.tables],
        "cut_keys": list(_cut_keys(plan)),
        "together": [sorted(tables[oid].qualified for oid in group) for group in plan.together],
        "unplanned": [{"table": one.table.qualified, "reason": one.reason} for one in plan.unplanned],
        "existing": {tables[oid].qualified: count for oid, count in schema.existing.items() if oid in tables},
        "judged": list(_judged(plan)),
        "notes": [*plan.notes, *schema.notes],
    }


def plan_lines(found: dict[str, Any], *, verbose: bool) -> Iterator[str]:
    """Say it in words.

    Args:
        found: what `plan_json` returned.
        verbose: say how many rows are there already, and print expressions and notes in full.
    """
    yield f"server: {found['server']}"
    yield f"schema: {found['schema']}, framework {found['framework']}"
    yield (
        f"plan: {counted(found['users'], 'user')}, seed {found['seed']!r}: {counted(found['rows'], 'row')}"
        f" in {counted(len(found['parts']), 'part')}, in this order"
    )
    yield from (f"  {_part_line(part)}" for part in found["parts"])
    if found["estimate"] is not None:
        yield f"estimate: {Estimate(**found['estimate'])}"
    yield from section("keys that close a circle", [_cut_line(key) for key in found["cut_keys"]])
    together = [f"{', '.join(group)}: in one transaction, keys deferred" for group in found["together"]]
    yield from section("tables loaded together", together)
    unplanned = [f"{one['table']}: {one['reason']}" for one in found["unplanned"]]
    yield from section("not planned", unplanned)
    judged = [_judged_line(check, verbose=verbose) for check in found["judged"]]
    yield from section("checks that Postgres judges over candidate rows", judged)
    if verbose:
        rows = [f"{table}: {counted(count, 'row')}" for table, count in found["existing"].items()]
        yield from section("there already", rows)
        yield from section("notes", found["notes"])
    elif found["notes"]:
        yield f"{counted(len(found['notes']), 'note')}: say -v"


def _part_json(part: TablePlan) -> dict[str, Any]:
    return {
        "table": part.table.qualified,
        "logical": part.logical,
        "part": part.part,
        "rows": part.rows,
        "per_parent": None if part.children is None else str(part.children),
        "factory": None if part.adopted_from else part.factory,
        "adopted_from": part.adopted_from,
        "required": part.required,
        "note": part.note,
    }


def _part_line(part: dict[str, Any]) -> str:
    how = f"made by triggers of {part['adopted_from']}" if part["adopted_from"] else f"by {part['factory']}"
    named = part["logical"] if part["logical"] != part["table"] else ""
    label = " ".join(text for text in (named, f"({part['part']})" if part["part"] else "") if text)
    said = [part["table"], f"as {label}" if label else "", how, part["per_parent"], part["note"]]
    return f"{part['rows']:>9,} rows  {', '.join(filter(None, said))}"


def _cut_keys(plan: SeedPlan) -> Iterator[dict[str, Any]]:
    for table in dict.fromkeys(part.table for part in plan.tables):
        for key in table.foreign_keys:
            if key.oid in plan.cut_keys:
                yield {
                    "table": table.qualified,
                    "constraint": key.name,
                    "columns": list(key.columns),
                    "references": f"{key.target_schema}.{key.target_table}",
                }


def _cut_line(key: dict[str, Any]) -> str:
    columns = ", ".join(key["columns"])
    return f"{key['table']} ({columns}) -> {key['references']}: NULL at first, filled in the end"


def _judged(plan: SeedPlan) -> Iterator[dict[str, Any]]:
    """The checks of planned tables of which we cannot say that our rows pass them."""
    from pytest_supaseed.rows.checked_columns import unsolved

    for table in dict.fromkeys(part.table for part in plan.tables if part.adopted_from is None):
        for check in unsolved(table):
            yield {
                "table": table.qualified,
                "constraint": check.name,
                "columns": list(check.columns),
                "expression": check.expression,
            }


def _judged_line(check: dict[str, Any], *, verbose: bool) -> str:
    text = check["expression"] if verbose else " ".join(check["expression"].split())
    shown = text if verbose or len(text) <= _CHECK_SHOWN else f"{text[:_CHECK_SHOWN].rstrip()} ..."
    return f"{check['table']} {check['constraint']}: {shown}"
