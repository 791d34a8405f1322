"""Some tables of a plan: what `--only` and `--exclude` leave of it.

A table that is left out gets no rows. One that stays keeps every row that it would have had, so that what is
chosen changes no value. Nobody is chosen silently: a table that needs rows of one that is left out and empty
is an error, which says what would have to be chosen as well.
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pytest_supaseed.errors import UsageError
from pytest_supaseed.plan.dependency_order import links, may_be_null
from pytest_supaseed.plan.partition_rows import holders_of_rows
from pytest_supaseed.plan.seed_plan import Unplanned

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from pytest_supaseed.catalog.model import Catalog, Table
    from pytest_supaseed.plan.planning import NameResolver
    from pytest_supaseed.plan.seed_plan import SeedPlan, TablePlan

ONLY, EXCLUDE = "--only", "--exclude"
LEFT_OUT = "left out"


@dataclass(frozen=True)
class TableChoice:
    """Which tables are to get rows.

    Args:
        only: logical or actual names; all tables where there are none.
        exclude: names of those that are to get none.
    """

    only: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.only or self.exclude)


@dataclass(frozen=True)
class _Need:
    """A table that needs a row of another one, by a foreign key."""

    table: Table
    key: str
    parent: Table


def choose_tables(
    plan: SeedPlan,
    choice: TableChoice,
    catalog: Catalog,
    table_map: NameResolver,
    asked: Collection[str] = (),
) -> SeedPlan:
    """Return what a choice leaves of a plan.

    Rows that triggers of a chosen table make stay in the plan, since they are made all the same.

    Args:
        plan: the plan of all tables.
        choice: the tables that are chosen.
        catalog: the database's catalog.
        table_map: resolves logical names.
        asked: the tables of which rows were asked for by number.

    Raises:
        MappingError: a name is that of no table.
        UsageError: a chosen table needs rows of one that is left out and has none, or rows were asked for of
            one that is left out; nothing is left.
    """
    if not choice:
        return plan
    only = _oids(choice.only, catalog, table_map)
    excluded = _oids(choice.exclude, catalog, table_map)
    wanted = {part.table.oid for part in plan.tables if not only or part.table.oid in only} - excluded
    _refuse_asked(asked, wanted, plan, catalog, table_map)
    kept = tuple(_kept(plan, wanted))
    if not kept:
        raise UsageError(
            f"Nothing is left to seed by {_said(choice)}.",
            looked_at=[f"tables that would get rows: {_names(part.table for part in plan.tables)}"],
            remedies=["name one of these"],
        )
    needs = _needs(kept, plan, catalog)
    if needs:
        raise _refusal(needs, kept, plan, choice, catalog)
    oids = {part.table.oid for part in kept}
    left = dict.fromkeys(part.table for part in plan.tables if part.table.oid not in oids)
    return replace(
        plan,
        tables=kept,
        cut_keys=plan.cut_keys & {key.oid for part in kept for key in part.table.foreign_keys},
        together=tuple(group for group in plan.together if len(group & oids) > 1),
        unplanned=(*plan.unplanned, *(Unplanned(table, LEFT_OUT) for table in left)),
    )


def _oids(names: Sequence[str], catalog: Catalog, table_map: NameResolver) -> set[int]:
    """The tables of these names, with their partitions."""
    found = {table_map.resolve(name).oid for name in names}
    while more := {
        table.oid
        for table in catalog.tables
        if table.is_partition and table.oid not in found and found.intersection(table.parent_oids)
    }:
        found |= more
    return found


def _kept(plan: SeedPlan, wanted: Collection[int]) -> Iterator[TablePlan]:
    """The parts of chosen tables, and what triggers of these make in others."""
    makers = {part.table.qualified for part in plan.tables if part.table.oid in wanted and part.rows}
    for part in plan.tables:
        if part.table.oid in wanted:
            yield part
        elif part.adopted_from in makers:
            makers.add(part.table.qualified)
            note = f"is left out, but triggers of {part.adopted_from} make its rows"
            yield replace(part, note=note, required=False)


def _refuse_asked(
    asked: Collection[str],
    wanted: Collection[int],
    plan: SeedPlan,
    catalog: Catalog,
    table_map: NameResolver,
) -> None:
    planned = {part.table.oid for part in plan.tables}
    for name in asked:
        named = _oids([name], catalog, table_map)
        if named & planned and not named & set(wanted):
            raise UsageError(
                f"Rows of {name} are asked for, and {name} is left out.",
                remedies=[f"leave {name} out of --rows, or choose it"],
            )


def _needs(kept: Sequence[TablePlan], plan: SeedPlan, catalog: Catalog) -> list[_Need]:
    """What chosen tables need and neither the database nor the plan has."""
    filled = {part.table.oid for part in kept if part.rows}
    holders = holders_of_rows(catalog, filled)
    found = []
    for part in kept:
        if not part.rows or part.adopted_from:
            continue
        if part.children is not None and part.children.parent.oid not in filled:
            found.append(_Need(part.table, f"rows per {part.children.name}", part.children.parent))
        for key in links(part.table):
            has_rows = plan.existing.get(key.target_oid) or any(
                one in filled for one in holders.get(key.target_oid, (key.target_oid,))
            )
            if not has_rows and not may_be_null(part.table, key):
                found.append(_Need(part.table, key.name, catalog.by_oid[key.target_oid]))
    return list(dict.fromkeys(found))


def _refusal(
    needs: Sequence[_Need],
    kept: Sequence[TablePlan],
    plan: SeedPlan,
    choice: TableChoice,
    catalog: Catalog,
) -> UsageError:
    """The error, with the choice that would do."""
    parents = dict.fromkeys(need.parent for need in needs)
    remedies = []
    if choice.only:
        whole = _with_parents(kept, plan, catalog)
        names = [*choice.only, *(name for name in whole if name not in choice.only)]
        remedies.append(f"choose these as well: {_flag(ONLY, names)}")
    else:
        names = [*choice.exclude, *dict.fromkeys(need.table.qualified for need in needs)]
        remedies.append(f"leave out what needs them as well: {_flag(EXCLUDE, names)}")
        remedies.append(f"do not leave out {_names(parents)}")
    return UsageError(
        f"{_names(dict.fromkeys(need.table for need in needs))} would need rows of {_names(parents)}:"
        " left out, and empty.",
        looked_at=[f"{need.table.qualified}: {need.key} -> {need.parent.qualified}" for need in needs],
        remedies=remedies,
    )


def _with_parents(kept: Sequence[TablePlan], plan: SeedPlan, catalog: Catalog) -> list[str]:
    """The tables, by their actual names, that have to be chosen too, with what these need in turn."""
    chosen = list(kept)
    added: dict[str, None] = {}
    while missing := {need.parent.oid for need in _needs(chosen, plan, catalog)}:
        more = [part for part in plan.tables if part.table.oid in missing and part not in chosen]
        if not more:
            break
        added.update(dict.fromkeys(part.table.qualified for part in more))
        chosen += more
    return list(added)


def _said(choice: TableChoice) -> str:
    flags = ((ONLY, choice.only), (EXCLUDE, choice.exclude))
    return " and ".join(_flag(flag, names) for flag, names in flags if names)


def _flag(flag: str, names: Sequence[str]) -> str:
    return f"{flag} {shlex.quote(','.join(names))}"


def _names(tables: Collection[Table] | Iterator[Table]) -> str:
    return ", ".join(dict.fromkeys(table.qualified for table in tables))
