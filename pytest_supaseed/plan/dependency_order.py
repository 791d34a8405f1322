"""The order in which tables are filled: parents before children, circles cut or loaded together."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_supaseed.plan.circles import Arcs, circles, fewest_cuts, harmless

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from pytest_supaseed.catalog.model import Check, ForeignKey, Table

_BRANCHES = re.compile(r"\bOR\b|\bCASE\b|\bNOT \(|COALESCE")
"""What makes a condition inside an expression one that need not hold."""


@dataclass(frozen=True)
class DependencyOrder:
    """Tables in the order of filling, and what is done about circles."""

    tables: tuple[Table, ...]
    cut: frozenset[int]
    """OIDs of nullable foreign keys that close a circle: NULL at first, filled when all tables are."""
    together: tuple[frozenset[int], ...] = ()
    """OIDs of tables whose keys form a circle without a nullable one: loaded in one transaction."""


def order_tables(
    tables: Iterable[Table],
    *,
    comes_after: Mapping[int, Collection[int]] | None = None,
    prefers: Mapping[int, Collection[int]] | None = None,
    holders: Mapping[int, Collection[int]] | None = None,
) -> DependencyOrder:
    """Order tables so that each comes after the ones that its foreign keys refer to.

    Self-references and keys that are not enforced do not count. Among tables that are free at the same time
    the one with the smaller name comes first, so that the order is the same on every machine. A circle is
    opened at as few nullable keys as we find; what then still is a circle is loaded together.

    Args:
        tables: the tables to order.
        comes_after: further predecessors by OID, such as the table whose triggers fill this one.
        prefers: predecessors that are honoured as long as they close no circle.
        holders: for a table that is filled by way of others (a partition by its root), the OIDs of these.
    """
    known = {table.oid: table for table in sorted(tables, key=lambda table: (table.schema, table.name))}
    targets = _Targets(holders or {})
    hard, soft = _arcs(known, comes_after or {}, targets)
    together = circles(hard)
    group = {oid: min(found) for found in together for oid in found}
    firm = _condensed(hard, group)
    cut = fewest_cuts(firm, _condensed(soft, group) - firm, list(known))
    arcs = firm | (_condensed(soft, group) - cut)
    arcs |= harmless(_condensed(_among(known, prefers or {}), group), arcs, list(known))
    return DependencyOrder(
        tuple(known[oid] for oid in _sorted(known, arcs, group)),
        frozenset(key.oid for key in _cut_keys(known, cut, group, targets)),
        tuple(frozenset(found) for found in together),
    )


def links(table: Table) -> Iterator[ForeignKey]:
    """The enforced foreign keys of a table that leave it."""
    return (key for key in table.foreign_keys if key.enforced and key.target_oid != table.oid)


def may_be_null(table: Table, key: ForeignKey) -> bool:
    """Whether a row without a parent satisfies the key, and the columns allow one."""
    free = [not rejects_null(table, name) for name in key.columns]
    return all(free) if key.match_full else any(free)


def rejects_null(table: Table, name: str) -> bool:
    """Whether a column holds no NULL: by itself, its domain or a check; a generated one cannot be set."""
    column = table.by_name[name]
    return (
        column.not_null
        or column.type.rejects_null
        or column.generated is not None
        or any(_asks_for_value(check, name) for check in table.checks)
    )


def _asks_for_value(check: Check, name: str) -> bool:
    """Whether a check says that a column is not NULL, by itself or among other conditions that all hold."""
    if not check.enforced or name not in check.columns or _BRANCHES.search(check.expression):
        return False
    wanted = {f"{name} IS NOT NULL", f'"{name}" IS NOT NULL'}
    return any(part.strip("() ") in wanted for part in check.expression.split(" AND "))


@dataclass(frozen=True)
class _Targets:
    """Which tables hold the rows that a key refers to."""

    holders: Mapping[int, Collection[int]]

    def of(self, table: Table, key: ForeignKey) -> list[int]:
        return [oid for oid in self.holders.get(key.target_oid, (key.target_oid,)) if oid != table.oid]


def _arcs(
    known: Mapping[int, Table], comes_after: Mapping[int, Collection[int]], targets: _Targets
) -> tuple[Arcs, Arcs]:
    """The pairs (child, parent) that must be kept, and those all of whose keys may be NULL."""
    hard = _among(known, comes_after)
    every: Arcs = set()
    for oid, table in known.items():
        for key in links(table):
            arcs = {(oid, target) for target in targets.of(table, key) if target in known}
            every |= arcs
            hard |= set() if may_be_null(table, key) else arcs
    return hard, every - hard


def _among(known: Mapping[int, Table], predecessors: Mapping[int, Collection[int]]) -> Arcs:
    return {
        (child, parent)
        for child, parents in predecessors.items()
        for parent in parents
        if {child, parent} <= known.keys()
    }


def _condensed(arcs: Arcs, group: Mapping[int, int]) -> Arcs:
    """The arcs between groups; those inside one are gone."""
    found = {(group.get(child, child), group.get(parent, parent)) for child, parent in arcs}
    return {(child, parent) for child, parent in found if child != parent}


def _cut_keys(
    known: Mapping[int, Table],
    cut: Collection[tuple[int, int]],
    group: Mapping[int, int],
    targets: _Targets,
) -> Iterator[ForeignKey]:
    """The nullable keys that run between the tables of cut arcs."""
    for oid, table in known.items():
        for key in links(table):
            arcs = {(group.get(oid, oid), group.get(target, target)) for target in targets.of(table, key)}
            if arcs & set(cut) and may_be_null(table, key):
                yield key


def _sorted(known: Mapping[int, Table], arcs: Arcs, group: Mapping[int, int]) -> list[int]:
    """The tables, parents first; the tables of a group stand next to each other."""
    needs: dict[int, set[int]] = {}
    for child, parent in _condensed(arcs, group):
        needs.setdefault(child, set()).add(parent)
    members: dict[int, list[int]] = {}
    for oid in known:
        members.setdefault(group.get(oid, oid), []).append(oid)
    waiting = dict.fromkeys(members)
    ordered: list[int] = []
    while waiting:
        free = next(found for found in waiting if not needs.get(found, set()) & waiting.keys())
        del waiting[free]
        ordered += members[free]
    return ordered
