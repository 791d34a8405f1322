"""Which planned tables can be filled, with how many rows, and why the others cannot."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pytest_supaseed.errors import PlanError
from pytest_supaseed.plan.dependency_order import links, may_be_null
from pytest_supaseed.plan.room import room_of
from pytest_supaseed.plan.seed_plan import AUTO, Unplanned

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pytest_supaseed.catalog.model import Catalog, ForeignKey, Table
    from pytest_supaseed.plan.dependency_order import DependencyOrder
    from pytest_supaseed.plan.seed_plan import TablePlan


@dataclass(frozen=True)
class Fillable:
    """The parts that can be filled, in order, and the tables that cannot, each with its own reason."""

    parts: tuple[TablePlan, ...]
    unplanned: tuple[Unplanned, ...]


def fillable_parts(
    catalog: Catalog,
    order: DependencyOrder,
    drafted: Mapping[int, Sequence[TablePlan]],
    existing: Mapping[int, int],
) -> Fillable:
    """Leave out the tables that need a parent without rows, and cut the others down to their room.

    Raises:
        PlanError: a required part cannot be filled.
    """
    wanted = {oid: [part.rows for part in parts] for oid, parts in drafted.items()}
    reasons: dict[int, str] = {}
    while True:
        found = _unfillable(catalog, order.tables, wanted, existing, reasons)
        if not found:
            break
        reasons.update(found)
    parts = [part for table in order.tables if table.oid not in reasons for part in drafted[table.oid]]
    for oid, reason in reasons.items():
        _refuse_required(drafted[oid], reason)
    unplanned = tuple(Unplanned(table, reasons[table.oid]) for table in order.tables if table.oid in reasons)
    return Fillable(_with_room(parts, existing), unplanned)


def _unfillable(
    catalog: Catalog,
    tables: Sequence[Table],
    wanted: Mapping[int, list[int]],
    existing: Mapping[int, int],
    reasons: Mapping[int, str],
) -> dict[int, str]:
    """The tables not known yet that need a row of a table that has none and gets none."""

    def is_empty(oid: int) -> bool:
        coming = sum(wanted.get(oid, ())) if oid not in reasons else 0
        return not coming and not existing.get(oid)

    found = {}
    for table in tables:
        if table.oid in reasons or not sum(wanted[table.oid]):
            continue
        for key in links(table):
            if is_empty(key.target_oid) and not may_be_null(table, key):
                found[table.oid] = _reason(catalog, key, reasons.get(key.target_oid))
                break
    return found


def _reason(catalog: Catalog, key: ForeignKey, why: str | None) -> str:
    parent = f"{key.target_schema}.{key.target_table}"
    if why is not None:
        return f"not filled: {key.name} needs a row of {parent}, which is not filled itself"
    if catalog.by_oid.get(key.target_oid) is None:
        return f"not filled: {key.name} needs a row of {parent}, which we do not see"
    return f"not filled: {key.name} needs a row of {parent}, which has none and gets none"


def _refuse_required(parts: Sequence[TablePlan], reason: str) -> None:
    if any(part.required for part in parts):
        table = parts[0].table
        raise PlanError(
            f"Table {table.qualified} cannot be filled: {reason.removeprefix('not filled: ')}.",
            looked_at=[f"{key.name} -> {key.target_schema}.{key.target_table}" for key in table.foreign_keys],
            remedies=["make that foreign key nullable", "let a migration make the rows that it needs"],
        )


def _with_room(parts: Sequence[TablePlan], existing: Mapping[int, int]) -> tuple[TablePlan, ...]:
    """The parts, those that we derive cut down to what their tables can hold.

    Tables of a circle may come before their parents: these count with the rows that are asked for.
    """
    totals = dict(existing)
    for part in parts:
        totals[part.table.oid] = totals.get(part.table.oid, 0) + part.rows
    before: dict[int, int] = dict(existing)
    capped = []
    for part in parts:
        oid = part.table.oid
        room = room_of(part.table, totals) if part.factory == AUTO and part.adopted_from is None else None
        free = None if room is None else max(room.rows - before.get(oid, 0), 0)
        rows = part.rows if free is None else min(part.rows, free)
        note = f"gets {rows:,} of {part.rows:,} rows: {room.reason}" if room and rows < part.rows else ""
        totals[oid] -= part.rows - rows
        before[oid] = before.get(oid, 0) + rows
        capped.append(replace(part, rows=rows, note=note))
    return tuple(capped)
