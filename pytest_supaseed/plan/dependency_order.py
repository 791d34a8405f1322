"""The order in which tables are filled: parents before children, circles cut where they may be cut."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from pytest_supaseed.catalog.model import ForeignKey, Table


@dataclass(frozen=True)
class DependencyOrder:
    """Tables in the order of filling, and the foreign keys that stay NULL because they close a circle."""

    tables: tuple[Table, ...]
    cut: frozenset[int]
    """OIDs of the foreign keys that are cut."""
    circular: tuple[Table, ...]
    """Tables in a circle that no nullable key opens, and the ones that need them."""


def order_tables(
    tables: Iterable[Table], *, comes_after: Mapping[int, Collection[int]] | None = None
) -> DependencyOrder:
    """Order tables so that each comes after the ones that its foreign keys refer to.

    Args:
        tables: the tables to order.
        comes_after: further predecessors by OID, such as the table whose triggers fill this one.

    Self-references do not count. Among tables that are free at the same time the one with the smaller
    qualified name comes first, so that the order is the same on every machine. Where only circles are left,
    the nullable foreign keys of the first table in that order are cut, and the search goes on.
    """
    waiting = {table.oid: table for table in sorted(tables, key=lambda table: table.qualified)}
    needs = {oid: _parents(table, waiting) for oid, table in waiting.items()}
    after = comes_after or {}
    ordered: list[Table] = []
    cut: set[int] = set()
    while waiting:
        free = next((oid for oid in waiting if _is_free(oid, needs[oid], after, waiting, cut)), None)
        if free is not None:
            ordered.append(waiting.pop(free))
            continue
        openable = _first_openable(needs, waiting, cut)
        if not openable:
            break
        cut.update(openable)
    return DependencyOrder(tuple(ordered), frozenset(cut), tuple(waiting.values()))


def _parents(table: Table, among: Mapping[int, Table]) -> tuple[tuple[ForeignKey, bool], ...]:
    """The foreign keys of a table that leave it, each with whether it may be NULL."""
    return tuple(
        (key, _may_be_null(table, key))
        for key in table.foreign_keys
        if key.target_oid in among and key.target_oid != table.oid
    )


def _may_be_null(table: Table, key: ForeignKey) -> bool:
    return any(not table.by_name[name].not_null for name in key.columns)


def _is_free(
    oid: int,
    keys: tuple[tuple[ForeignKey, bool], ...],
    after: Mapping[int, Collection[int]],
    waiting: Collection[int],
    cut: Collection[int],
) -> bool:
    return not _open(keys, waiting, cut) and not any(other in waiting for other in after.get(oid, ()))


def _open(
    keys: tuple[tuple[ForeignKey, bool], ...], waiting: Collection[int], cut: Collection[int]
) -> tuple[ForeignKey, ...]:
    return tuple(key for key, _ in keys if key.target_oid in waiting and key.oid not in cut)


def _first_openable(
    needs: Mapping[int, tuple[tuple[ForeignKey, bool], ...]],
    waiting: Collection[int],
    cut: Collection[int],
) -> set[int]:
    """The keys to cut for the first table whose open keys may all be NULL."""
    for oid in waiting:
        open_keys = _open(needs[oid], waiting, cut)
        nullable = {key.oid for key, may_be_null in needs[oid] if may_be_null}
        if open_keys and all(key.oid in nullable for key in open_keys):
            return {key.oid for key in open_keys}
    return set()
