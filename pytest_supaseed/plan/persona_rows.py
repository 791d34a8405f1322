"""How much content each user has, where users are personas: casual users have little, power users most."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_supaseed.logins import PERSONAS
from pytest_supaseed.plan.child_counts import Children
from pytest_supaseed.plan.dependency_order import links

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from pytest_supaseed.catalog.model import ForeignKey, Table
    from pytest_supaseed.plan.seed_plan import TablePlan

_ROWS: Mapping[str, Mapping[str, int]] = {
    "setups": {"casual": 1, "expert": 3, "creator": 4, "admin": 2, "power": 5},
    "posts": {"casual": 1, "expert": 2, "creator": 3, "admin": 1, "power": 3},
}
"""Rows for each user by persona: on average as many as without personas."""


def count_by_persona(
    parts: dict[int, list[TablePlan]],
    comes_after: dict[int, set[int]],
    asked: Collection[int],
) -> None:
    """Let content be counted by persona where it belongs to users, or to what triggers make of them.

    Args:
        parts: the parts of each table by OID; changed in place.
        comes_after: tables that come before others; changed in place.
        asked: the tables whose numbers of rows were asked for.
    """
    users = next((some[0] for some in parts.values() if some[0].logical == "users"), None)
    if users is None:
        return
    for oid, some in list(parts.items()):
        rows = _ROWS.get(some[0].logical)
        key = _key_to_users(some[0].table, users, parts)
        if rows is None or key is None or oid in asked or len(some) > 1 or some[0].adopted_from:
            continue
        parent = parts[key.target_oid][0].table
        cycle = tuple(rows[persona] for persona in PERSONAS)
        children = Children(parent, "persona", key, min(cycle), max(cycle), cycle=cycle)
        parts[oid] = [replace(some[0], children=children)]
        comes_after.setdefault(oid, set()).add(key.target_oid)


def _key_to_users(table: Table, users: TablePlan, parts: Mapping[int, list[TablePlan]]) -> ForeignKey | None:
    """The only foreign key to users, or to a table whose first rows triggers of users make."""
    found = [key for key in links(table) if _is_of_users(parts.get(key.target_oid, ()), users)]
    return found[0] if len(found) == 1 else None


def _is_of_users(parts: Collection[TablePlan], users: TablePlan) -> bool:
    first = next(iter(parts), None)
    return first is not None and (
        first.table.oid == users.table.oid or first.adopted_from == users.table.qualified
    )
