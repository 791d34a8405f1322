"""Which planned tables can be filled, with how many rows, and why the others cannot."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pytest_supaseed.errors import PlanError
from pytest_supaseed.plan.child_counts import widest_fit
from pytest_supaseed.plan.dependency_order import links, may_be_null
from pytest_supaseed.plan.partition_rows import with_holders
from pytest_supaseed.plan.room import room_of, room_per_parent
from pytest_supaseed.plan.seed_plan import AUTO, Unplanned

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from pytest_supaseed.catalog.model import Catalog, ForeignKey, Table
    from pytest_supaseed.plan.dependency_order import DependencyOrder
    from pytest_supaseed.plan.seed_plan import TablePlan


@dataclass(frozen=True)
class Present:
    """What is known of rows beside the plan's parts.

    Args:
        existing: rows that migrations made, by table OID.
        holders: the planned tables that hold or bring the rows of one that is not planned itself.
    """

    existing: Mapping[int, int]
    holders: Mapping[int, Collection[int]]


@dataclass(frozen=True)
class Fillable:
    """The parts that can be filled, in order, and the tables that cannot, each with its own reason."""

    parts: tuple[TablePlan, ...]
    unplanned: tuple[Unplanned, ...]


def fillable_parts(
    catalog: Catalog,
    order: DependencyOrder,
    drafted: Mapping[int, Sequence[TablePlan]],
    present: Present,
    *,
    seed: str,
) -> Fillable:
    """Leave out the tables that need a parent without rows, and cut the others down to their room.

    Raises:
        PlanError: a required part cannot be filled.
    """
    wanted = {oid: [part.rows for part in parts] for oid, parts in drafted.items()}
    reasons: dict[int, str] = {}
    while True:
        found = _unfillable(catalog, order.tables, wanted, present, reasons)
        if not found:
            break
        reasons.update(found)
    parts = [part for table in order.tables if table.oid not in reasons for part in drafted[table.oid]]
    for oid, reason in reasons.items():
        _refuse_required(drafted[oid], reason)
    unplanned = tuple(Unplanned(table, reasons[table.oid]) for table in order.tables if table.oid in reasons)
    return Fillable(_with_room(parts, present, seed), unplanned)


def _unfillable(
    catalog: Catalog,
    tables: Sequence[Table],
    wanted: Mapping[int, list[int]],
    present: Present,
    reasons: Mapping[int, str],
) -> dict[int, str]:
    """The tables not known yet that need a row of a table that has none and gets none."""

    def is_empty(oid: int) -> bool:
        bringing = [one for one in present.holders.get(oid, (oid,)) if one not in reasons]
        return not present.existing.get(oid) and not any(sum(wanted.get(one, ())) for one in bringing)

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


def _with_room(parts: Sequence[TablePlan], present: Present, seed: str) -> tuple[TablePlan, ...]:
    """The parts, those that we derive cut down to what their tables can hold.

    Tables of a circle may come before their parents: these count with the rows that are asked for.
    """
    totals = dict(present.existing)
    for part in parts:
        totals[part.table.oid] = totals.get(part.table.oid, 0) + part.rows
    totals = with_holders(totals, present.holders)
    before: dict[int, int] = dict(present.existing)
    capped: list[TablePlan] = []
    for part in parts:
        oid = part.table.oid
        asked = _counted(part, totals, capped, seed)
        room = room_of(part.table, totals) if part.factory == AUTO and part.adopted_from is None else None
        free = None if room is None else max(room.rows - before.get(oid, 0), 0)
        made = asked if free is None or asked.rows <= free else _cut_down(asked, free, seed)
        if room and made.rows < asked.rows:
            made = replace(made, note=f"gets {made.rows:,} of {asked.rows:,} rows: {room.reason}")
        totals[oid] -= part.rows - made.rows
        before[oid] = before.get(oid, 0) + made.rows
        capped.append(made)
    return tuple(capped)


def _counted(part: TablePlan, totals: Mapping[int, int], made: Sequence[TablePlan], seed: str) -> TablePlan:
    """A part with as many rows as its parents have children, where it is counted by parent."""
    asked = part.children
    if asked is None:
        return part
    rows = [other.rows for other in made if other.table.oid == asked.parent.oid and other.part == asked.part]
    parents = sum(rows) if asked.part else totals.get(asked.parent.oid, 0)
    whole = replace(asked, parents=parents)
    children = replace(whole, most=room_per_parent(part.table, asked.key, totals))
    total = children.counts(seed, part.logical).total(parents)
    is_cut = children.most is not None and children.most < children.high
    wanted = whole.counts(seed, part.logical).total(parents) if is_cut else total
    note = (
        f"gets {total:,} of {wanted:,} rows: its unique keys hold no more than {children.most:,}"
        f" per {asked.name}"
        if total < wanted
        else ""
    )
    return replace(part, rows=total, children=children, note=note)


def _cut_down(part: TablePlan, free: int, seed: str) -> TablePlan:
    """A part with no more rows than are free: with fewer per parent, where they are counted so."""
    if part.children is None:
        return replace(part, rows=free)
    most = widest_fit(part.children, seed, part.logical, free)
    if most is None:
        return replace(part, rows=free)
    children = replace(part.children, most=most)
    return replace(part, rows=children.counts(seed, part.logical).total(children.parents), children=children)
