"""Makes the plan from the catalog, the framework's recipe and what the user asked for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

from pytest_supaseed.catalog.model import TableKind
from pytest_supaseed.errors import UsageError
from pytest_supaseed.option_values import PerParent
from pytest_supaseed.plan.dependency_order import order_tables
from pytest_supaseed.plan.existing_rows import is_filled_further
from pytest_supaseed.plan.existing_users import USERS, DatabaseState, user_rule
from pytest_supaseed.plan.fillable import Present, fillable_parts
from pytest_supaseed.plan.implied_constraints import with_implied_constraints
from pytest_supaseed.plan.locales import known_locale
from pytest_supaseed.plan.login_parts import add_login_parts
from pytest_supaseed.plan.partition_rows import divided, holders_of_rows
from pytest_supaseed.plan.per_parent import children_of, refuse_circles, refuse_parts
from pytest_supaseed.plan.persona_rows import count_by_persona
from pytest_supaseed.plan.recipes import recipe_for
from pytest_supaseed.plan.seed_plan import AUTO, SeedPlan, SeedRequest, TablePlan, Unplanned
from pytest_supaseed.plan.trigger_rows import tables_filled_by_triggers, trigger_preferences
from pytest_supaseed.plan.user_factories import with_user_factories
from pytest_supaseed.plan.user_strategy import (
    UserNumbers,
    addresses_in_force,
    user_decisions,
    user_numbers,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_supaseed.catalog.model import Catalog, Table
    from pytest_supaseed.plan.child_counts import Children

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

    def aliases(self, name: str) -> Mapping[str, str]:
        """Return the actual column of each logical one that a table has under another name."""
        ...


@dataclass(frozen=True)
class _Draft:
    """What is gathered before the order is known."""

    catalog: Catalog
    parts: dict[int, list[TablePlan]]
    comes_after: dict[int, set[int]]
    unplanned: list[Unplanned]
    children: Mapping[int, Children]
    """By OID, the tables whose rows are counted by parent."""
    names: Mapping[int, str]
    """By OID, what the user calls the tables whose rows were asked for."""
    users: UserNumbers
    """How many users are made, beside how many."""


def make_plan(  # noqa: PLR0913  # one argument for each thing that a plan follows from
    catalog: Catalog,
    framework: str,
    table_map: NameResolver,
    request: SeedRequest,
    *,
    existing: Mapping[int, int] | None = None,
    state: DatabaseState | None = None,
) -> SeedPlan:
    """Decide which tables get how many rows, in which order, made by which factory.

    Args:
        catalog: the database's catalog.
        framework: the framework's name; its recipe plans the users, teams and content.
        table_map: resolves the recipe's logical names.
        request: users, seed and exact row counts.
        existing: rows that are in each table already, by OID; such tables are kept as they are.
        state: the users and addresses that are there; those of an empty database when not given.

    Raises:
        UsageError: `request.rows` names an unknown table, or asks for what cannot be set that way; there is
            no locale `request.locale`; the strategy needs users that are there, and there are none.
        PlanError: a table without which seeding makes no sense cannot be filled.
    """
    counts = existing or {}
    names = _names(request, table_map)
    exact = _exact_rows(request, table_map)
    there = state or DatabaseState()
    users = _users(catalog, table_map, request, exact, there)
    draft = _Draft(catalog, {}, {}, [], _children(request, table_map), names, users)
    if request.users or exact or users.beside:
        _add_recipe(draft, framework, table_map, exact, counts)
        _add_adopted(draft, counts)
        _add_automatic(draft, request, exact, counts)
        _adopt_from_users(draft, exact)
        _count_by_parent(draft, framework, request)
        add_login_parts(draft.parts, catalog, table_map, request.logins)
        if request.logins.personas and not counts.get(_users_oid(users)):
            count_by_persona(draft.parts, draft.comes_after, exact)
        with_user_factories(draft.parts, request.factories, table_map)
    return replace(
        _ordered(draft, framework, request, counts),
        numbers=users,
        decisions=user_decisions(request.users, users, request.user_request, there),
        listed=request.listed,
        addresses=addresses_in_force(request.user_request, there),
        first_row=there.first_row,
    )


def _users(
    catalog: Catalog,
    table_map: NameResolver,
    request: SeedRequest,
    exact: Mapping[int, int],
    there: DatabaseState,
) -> UserNumbers:
    asked = request.user_request
    rule = user_rule(catalog, table_map, asked.where, source=asked.source("existing_users"))
    numbers = user_numbers(request.users, asked, rule, there)
    if rule is None or rule.table.oid not in exact or not numbers.beside:
        return numbers
    return replace(numbers, new=exact[rule.table.oid])


def _users_oid(users: UserNumbers) -> int:
    return 0 if users.rule is None else users.rule.table.oid


def _exact_rows(request: SeedRequest, table_map: NameResolver) -> dict[int, int]:
    """The numbers asked for, by OID; of rows counted by parent there is one until the parents are known."""
    exact: dict[int, int] = {}
    for name, rows in request.rows.items():
        if isinstance(rows, PerParent):
            exact[table_map.resolve(name).oid] = min(rows.high, 1)
            continue
        if rows < 0:
            raise UsageError(f"rows={{{name!r}: {rows}}}: a number of rows is 0 or more.")
        exact[table_map.resolve(name).oid] = rows
    return exact


def _children(request: SeedRequest, table_map: NameResolver) -> dict[int, Children]:
    return {
        (table := table_map.resolve(name)).oid: children_of(table, name, rows, table_map)
        for name, rows in request.rows.items()
        if isinstance(rows, PerParent)
    }


def _names(request: SeedRequest, table_map: NameResolver) -> dict[int, str]:
    found: dict[int, str] = {}
    for name in request.rows:
        other = found.setdefault(table_map.resolve(name).oid, name)
        if other != name:
            raise UsageError(f"rows names one table twice, as {other!r} and as {name!r}.")
    return found


def _count_by_parent(draft: _Draft, framework: str, request: SeedRequest) -> None:
    """Write into the parts whose rows are counted by parent what they are counted by."""
    belongings = {part.logical: part.belongs_to for part in recipe_for(framework) if part.belongs_to}
    for oid, children in draft.children.items():
        name = draft.names[oid]
        parts = draft.parts.get(oid, [])
        asked = request.rows[name]
        if isinstance(asked, PerParent):
            refuse_parts(name, asked, parts)
        wanted = belongings.get(parts[0].logical, "")
        known = {part.part for part in draft.parts.get(children.parent.oid, ())}
        found = replace(children, part=wanted if wanted in known else "")
        draft.parts[oid] = [replace(parts[0], children=found)]
        draft.comes_after.setdefault(oid, set()).add(children.parent.oid)


def _add_recipe(
    draft: _Draft,
    framework: str,
    table_map: NameResolver,
    exact: Mapping[int, int],
    existing: Mapping[int, int],
) -> None:
    recipe = [part for part in recipe_for(framework) if table_map.has(part.logical)]
    for part in recipe:
        table = table_map.resolve(part.logical)
        last = [other for other in recipe if other.logical == part.logical][-1] is part
        usual = draft.users.rows_of(part, existing.get(table.oid, 0))
        rows = exact[table.oid] if last and table.oid in exact else usual
        plan = TablePlan(table, part.logical, part.part, rows, part.factory, required=part.required)
        draft.parts.setdefault(table.oid, []).append(plan)


def _add_adopted(draft: _Draft, existing: Mapping[int, int]) -> None:
    """Adopt what triggers of the recipe's tables make, unless the recipe makes those rows itself."""
    for source in [parts[0] for parts in draft.parts.values()]:
        for target in tables_filled_by_triggers(source.table, draft.catalog):
            planned = draft.parts.get(target.oid, [])
            of_users = source.logical == USERS
            if _is_platform(draft, target) or (not of_users and (planned or existing.get(target.oid))):
                continue
            logical = planned[0].logical if planned else target.qualified
            adopted = TablePlan(
                target, logical, ADOPTED, source.rows, AUTO, adopted_from=source.table.qualified
            )
            draft.parts[target.oid] = [adopted, *planned]
            draft.comes_after.setdefault(target.oid, set()).add(source.table.oid)


def _adopt_from_users(draft: _Draft, exact: Mapping[int, int]) -> None:
    """Adopt what triggers make for new users of a table that is filled from its catalog.

    Only beside users that are there: it is told apart then which rows are new.
    """
    rule = draft.users.rule
    if rule is None or not draft.users.beside or not draft.users.new:
        return
    (source, *_others) = draft.parts.get(rule.table.oid, [None])
    if source is None or source.factory != AUTO:
        return
    for target in tables_filled_by_triggers(source.table, draft.catalog):
        planned = draft.parts.get(target.oid, [])
        alone = len(planned) == 1 and planned[0].factory == AUTO and planned[0].rows == source.rows
        if alone and target.oid not in exact:
            adopted = replace(planned[0], part=ADOPTED, adopted_from=source.table.qualified)
            draft.parts[target.oid] = [adopted]
            draft.comes_after.setdefault(target.oid, set()).add(source.table.oid)


def _add_automatic(
    draft: _Draft, request: SeedRequest, exact: Mapping[int, int], existing: Mapping[int, int]
) -> None:
    for table in draft.catalog.tables:
        if table.oid in draft.parts or not _is_fillable(draft, table):
            continue
        kept = existing.get(table.oid, 0)
        rows = exact.get(table.oid, _usual_rows(draft, table, request, existing))
        if kept and not rows and table.oid not in exact:
            there = "1 row that is" if kept == 1 else f"{kept:,} rows that are"
            draft.unplanned.append(Unplanned(table, f"kept: {there} there"))
            continue
        _add_rows(draft, table, rows)


def _usual_rows(draft: _Draft, table: Table, request: SeedRequest, existing: Mapping[int, int]) -> int:
    """How many rows a table gets of which nobody says a number."""
    kept, users = existing.get(table.oid, 0), draft.users
    if users.rule is not None and table.oid == users.rule.table.oid and (kept or users.beside):
        return users.new
    if not kept:
        return users.new + users.chosen if users.beside else request.users
    if users.beside:
        return users.further(table, draft.catalog)
    rows = max(request.users - kept, 0)
    return rows if is_filled_further(table, draft.catalog, existing) else 0


def _add_rows(draft: _Draft, table: Table, rows: int) -> None:
    """Plan rows of a table: in itself, or in each of its partitions where these have keys of their own."""
    parts = divided(table, draft.catalog)
    for number, part in enumerate(parts):
        share = rows // len(parts) + (number < rows % len(parts))
        draft.parts[part.oid] = [TablePlan(part, part.qualified, "", share, AUTO)]
    if not parts:
        whole = with_implied_constraints(table, draft.catalog)
        draft.parts[table.oid] = [TablePlan(whole, table.qualified, "", rows, AUTO)]


def _is_platform(draft: _Draft, table: Table) -> bool:
    return table.schema in draft.catalog.platform_schemas


def _is_fillable(draft: _Draft, table: Table) -> bool:
    holds_rows = table.kind in {TableKind.TABLE, TableKind.PARTITIONED} and not table.is_partition
    return holds_rows and table.extension is None and not _is_platform(draft, table)


def _ordered(draft: _Draft, framework: str, request: SeedRequest, existing: Mapping[int, int]) -> SeedPlan:
    tables = [parts[0].table for parts in draft.parts.values()]
    holders = holders_of_rows(draft.catalog, draft.parts.keys())
    order = order_tables(
        tables,
        comes_after=draft.comes_after,
        prefers=trigger_preferences(tables, draft.catalog),
        holders=holders,
    )
    refuse_circles(draft.children, order.together, draft.names)
    planned = fillable_parts(draft.catalog, order, draft.parts, Present(existing, holders), seed=request.seed)
    return SeedPlan(
        tables=planned.parts,
        seed=request.seed,
        users=request.users,
        cut_keys=order.cut & {key.oid for part in planned.parts for key in part.table.foreign_keys},
        unplanned=(*draft.unplanned, *planned.unplanned),
        existing=MappingProxyType(dict(existing)),
        factories=request.factories,
        framework=framework,
        locale=known_locale(request.locale),
        domain=request.domain,
        logins=request.logins,
        together=tuple(
            group
            for oids in order.together
            if len(group := oids & {part.table.oid for part in planned.parts}) > 1
        ),
    )
