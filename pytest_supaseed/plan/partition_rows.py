"""Partitions in the plan: which values place a row, which partitions are filled by themselves.

A partitioned table is filled as a whole, and Postgres places the rows. A foreign key or a check may stand on
a single partition, though: then what a row holds depends on where it falls, and each is filled by itself.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_supaseed.catalog.model import Check, TableKind

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from pytest_supaseed.catalog.model import Catalog, Table

BOUND = "partition_bound"
"""The name of the check that stands for the values that have a partition."""
_LIST = re.compile(r"LIST \((?P<column>\w+|\"(?:[^\"]|\"\")+\")\)")
_VALUES = re.compile(r"FOR VALUES IN \((?P<values>.*)\)", re.DOTALL)


def partitions_of(table: Table, catalog: Catalog) -> tuple[Table, ...]:
    """The partitions of a table itself, not those of its partitions."""
    return tuple(other for other in catalog.tables if other.is_partition and table.oid in other.parent_oids)


def with_placed_values(table: Table, catalog: Catalog) -> Table:
    """The table with a check that lets only values pass for which there is a partition, if these are listed.

    A table with a default partition takes all values, and one without any partition is to get a default one.
    """
    parts = partitions_of(table, catalog) if table.kind is TableKind.PARTITIONED else ()
    values = [_listed(part) for part in parts]
    if not values or None in values:
        return table
    return _bounded(table, table, ", ".join(found for found in values if found))


def divided(table: Table, catalog: Catalog) -> tuple[Table, ...]:
    """The partitions that are to be filled in place of a table: some have constraints that it has not.

    Only where each partition lists its values, of one column: others are filled as a whole.
    """
    parts = partitions_of(table, catalog) if table.kind is TableKind.PARTITIONED else ()
    if not any(_has_constraints_of_its_own(part, table) for part in parts):
        return ()
    bounded = [_bounded(part, table, values) for part in parts if (values := _listed(part))]
    return tuple(bounded) if len(bounded) == len(parts) and all(part.checks for part in bounded) else ()


def holders_of_rows(catalog: Catalog, planned: Collection[int]) -> dict[int, tuple[int, ...]]:
    """For each table that is filled by way of others only, those that hold or bring its rows, by OID."""
    found: dict[int, tuple[int, ...]] = {}
    for table in catalog.tables:
        if table.oid in planned:
            continue
        if table.is_partition:
            root = _planned_root(table, catalog, planned)
            found.update({table.oid: (root,)} if root is not None else {})
        elif table.kind is TableKind.PARTITIONED:
            inside = tuple(part.oid for part in partitions_of(table, catalog) if part.oid in planned)
            found.update({table.oid: inside} if inside else {})
    return found


def with_holders(totals: Mapping[int, int], holders: Mapping[int, Collection[int]]) -> dict[int, int]:
    """Numbers of rows by table, with those of tables that are filled by way of others: at the most."""
    return dict(totals) | {oid: sum(totals.get(one, 0) for one in found) for oid, found in holders.items()}


def _planned_root(table: Table, catalog: Catalog, planned: Collection[int]) -> int | None:
    waiting = list(table.parent_oids)
    for oid in waiting:
        if oid in planned:
            return oid
        waiting += catalog.by_oid[oid].parent_oids if oid in catalog.by_oid else ()
    return None


def _has_constraints_of_its_own(part: Table, root: Table) -> bool:
    """Whether a partition has foreign keys or checks that its table has not."""
    inherited = {(key.columns, key.target_columns, key.target_oid) for key in root.foreign_keys}
    keys = {(key.columns, key.target_columns, key.target_oid) for key in part.foreign_keys}
    known = {check.expression for check in root.checks}
    return bool(keys - inherited) or any(check.expression not in known for check in part.checks)


def _listed(part: Table) -> str | None:
    """The values that a partition lists, as SQL; None where it takes others."""
    found = _VALUES.fullmatch(part.partition_bound or "")
    return found["values"] if found else None


def _bounded(table: Table, root: Table, values: str) -> Table:
    """A table with a check of its partition key; as it is where the key is no single column."""
    key = _LIST.fullmatch(root.partition_key or "")
    if key is None:
        return table
    name = key["column"].strip('"').replace('""', '"')
    check = Check(0, BOUND, f"({key['column']} = ANY (ARRAY[{values}]))", (name,))
    return replace(table, checks=(*table.checks, check))
