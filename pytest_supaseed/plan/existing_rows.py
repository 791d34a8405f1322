"""Which tables that migrations put rows into are filled further, beside those rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_supaseed.plan.dependency_order import links, may_be_null
from pytest_supaseed.plan.trigger_rows import is_filled_by_triggers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_supaseed.catalog.model import Catalog, Table


def is_filled_further(table: Table, catalog: Catalog, existing: Mapping[int, int]) -> bool:
    """Whether a table that holds rows gets more: it looks like one of things, not like a list of values.

    A list of values (states, kinds, time zones) is complete as migrations made it. A table that others refer
    to is none where it has a single row (the first tenant, the root of a tree), where its rows belong to rows
    of such a table (the other tenants are to have users as well), or where triggers put rows into it.
    """
    return _is_referred_to(table, catalog) and (
        _is_growing(table, catalog, existing, frozenset()) or is_filled_by_triggers(table, catalog)
    )


def _is_referred_to(table: Table, catalog: Catalog) -> bool:
    return any(
        key.target_oid == table.oid and key.enforced
        for other in catalog.tables
        if other.oid != table.oid
        for key in other.foreign_keys
    )


def _is_growing(table: Table, catalog: Catalog, existing: Mapping[int, int], seen: frozenset[int]) -> bool:
    """Whether a table has one row, or needs a row of one that gets more; `seen` are being asked already."""
    if existing.get(table.oid, 0) <= 1:
        return True
    needed = (key.target_oid for key in links(table) if not may_be_null(table, key))
    return any(
        oid not in seen
        and (parent := catalog.by_oid.get(oid)) is not None
        and _is_growing(parent, catalog, existing, seen | {table.oid})
        for oid in needed
    )
