"""Makes the plan from the catalog, the framework's recipe and what the user asked for."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

from pytest_supaseed.catalog.model import TableKind
from pytest_supaseed.errors import UsageError
from pytest_supaseed.plan.dependency_order import order_tables
from pytest_supaseed.plan.fillable import fillable_parts
from pytest_supaseed.plan.recipes import recipe_for
from pytest_supaseed.plan.seed_plan import AUTO, SeedPlan, SeedRequest, TablePlan, Unplanned
from pytest_supaseed.plan.trigger_rows import tables_filled_by_triggers, trigger_preferences

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_supaseed.catalog.model import Catalog, Table

PLATFORM_SCHEMAS = frozenset(
    {
        "auth",
        "cron",
        "extensions",
        "graphql",
        "graphql_public",
        "net",
        "pgsodium",
        "pgsodium_masks",
        "realtime",
        "storage",
        "supabase_functions",
        "supabase_migrations",
        "supaseed",
        "vault",
    }
)
"""Schemas that belong to the platform: filled only where a recipe names a table of theirs."""

ADOPTED = "by trigger"
"""The part's name of rows that triggers make."""


class NameResolver(Protocol):
    """What the plan needs of the table map."""

    def has(self, name: str) -> bool:
        """Whether the name resolves in this database."""
        ...

    def resolve(self, name: str) -> Table:
        """Return the actual table."""
        ...


@dataclass(frozen=True)
class _Draft:
    """What is gathered before the order is known."""

    catalog: Catalog
    parts: dict[int, list[TablePlan]]
    comes_after: dict[int, set[int]]
    unplanned: list[Unplanned]


def make_plan(
    catalog: Catalog,
    framework: str,
    table_map: NameResolver,
    request: SeedRequest,
    *,
    existing: Mapping[int, int] | None = None,
) -> SeedPlan:
    """Decide which tables get how many rows, in which order, made by which factory.

    Args:
        catalog: the database's catalog.
        framework: the framework's name; its recipe plans the users, teams and content.
        table_map: resolves the recipe's logical names.
        request: users, seed and exact row counts.
        existing: rows that are in each table already, by OID; such tables are kept as they are.

    Raises:
        UsageError: `request.rows` names an unknown table, or asks for what cannot be set that way.
        PlanError: a table without which seeding makes no sense cannot be filled.
    """
    counts = existing or {}
    exact = _exact_rows(request, table_map)
    draft = _Draft(catalog, {}, {}, [])
    if request.users or exact:
        _add_recipe(draft, framework, table_map, request, exact)
        _add_adopted(draft, counts)
        _add_automatic(draft, request, exact, counts)
    return _ordered(draft, framework, request, counts)


def _exact_rows(request: SeedRequest, table_map: NameResolver) -> dict[int, int]:
    exact: dict[int, int] = {}
    for name, rows in request.rows.items():
        if rows < 0:
            raise UsageError(f"rows={{{name!r}: {rows}}}: a number of rows is 0 or more.")
        exact[table_map.resolve(name).oid] = rows
    return exact


def _add_recipe(
    draft: _Draft, framework: str, table_map: NameResolver, request: SeedRequest, exact: Mapping[int, int]
) -> None:
    recipe = [part for part in recipe_for(framework) if table_map.has(part.logical)]
    for part in recipe:
        table = table_map.resolve(part.logical)
        last = [other for other in recipe if other.logical == part.logical][-1] is part
        rows = exact[table.oid] if last and table.oid in exact else part.rows(request.users)
        plan = TablePlan(table, part.logical, part.part, rows, part.factory, required=part.required)
        draft.parts.setdefault(table.oid, []).append(plan)


def _add_adopted(draft: _Draft, existing: Mapping[int, int]) -> None:
    """Adopt what triggers of the recipe's tables make, unless the recipe makes those rows itself."""
    for source in [parts[0] for parts in draft.parts.values()]:
        for target in tables_filled_by_triggers(source.table, draft.catalog):
            planned = draft.parts.get(target.oid, [])
            if _is_platform(target) or (planned and source.logical != "users") or existing.get(target.oid):
                continue
            logical = planned[0].logical if planned else target.qualified
            adopted = TablePlan(
                target, logical, ADOPTED, source.rows, AUTO, adopted_from=source.table.qualified
            )
            draft.parts[target.oid] = [adopted, *planned]
            draft.comes_after.setdefault(target.oid, set()).add(source.table.oid)


def _add_automatic(
    draft: _Draft, request: SeedRequest, exact: Mapping[int, int], existing: Mapping[int, int]
) -> None:
    for table in draft.catalog.tables:
        if table.oid in draft.parts or not _is_fillable(table):
            continue
        kept = existing.get(table.oid, 0)
        if kept and table.oid not in exact:
            made = "1 row" if kept == 1 else f"{kept:,} rows"
            draft.unplanned.append(Unplanned(table, f"kept: {made} that migrations made"))
            continue
        rows = exact.get(table.oid, request.users)
        draft.parts[table.oid] = [TablePlan(table, table.qualified, "", rows, AUTO)]


def _is_platform(table: Table) -> bool:
    return table.schema in PLATFORM_SCHEMAS


def _is_fillable(table: Table) -> bool:
    holds_rows = table.kind in {TableKind.TABLE, TableKind.PARTITIONED} and not table.is_partition
    return holds_rows and table.extension is None and not _is_platform(table)


def _ordered(draft: _Draft, framework: str, request: SeedRequest, existing: Mapping[int, int]) -> SeedPlan:
    tables = [parts[0].table for parts in draft.parts.values()]
    order = order_tables(
        tables, comes_after=draft.comes_after, prefers=trigger_preferences(tables, draft.catalog)
    )
    planned = fillable_parts(draft.catalog, order, draft.parts, existing)
    return SeedPlan(
        tables=planned.parts,
        seed=request.seed,
        users=request.users,
        cut_keys=order.cut & {key.oid for part in planned.parts for key in part.table.foreign_keys},
        unplanned=(*draft.unplanned, *planned.unplanned),
        existing=MappingProxyType(dict(existing)),
        factories=request.factories,
        framework=framework,
        together=tuple(
            group
            for oids in order.together
            if len(group := oids & {part.table.oid for part in planned.parts}) > 1
        ),
    )
