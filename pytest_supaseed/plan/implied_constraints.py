"""Constraints that stand in no constraint: what triggers and partitions make of a row, as checks and keys.

A table is planned with them, so that whatever satisfies declared constraints satisfies these too. All is read
from the text of trigger functions; what the text hides, Postgres refuses when rows are loaded.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_supaseed.catalog.model import Check
from pytest_supaseed.plan.dependency_order import rejects_null
from pytest_supaseed.plan.partition_rows import with_placed_values
from pytest_supaseed.plan.trigger_rows import BaseRows, base_rows, insert_sources

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_supaseed.catalog.model import Catalog, ForeignKey, Table, UniqueKey

GUARD = "trigger_guard"
"""The name of a check that stands for a trigger that raises."""
_GUARD = re.compile(
    r"""\bif\s+new\.(?P<column>"[^"]+"|\w+)\s+is\s+(?P<negated>not\s+)?null\s+then\s+
        raise\s+(?!debug|log|info|notice|warning)""",
    re.IGNORECASE | re.VERBOSE,
)


def with_implied_constraints(table: Table, catalog: Catalog) -> Table:
    """The table with checks and keys that its triggers and partitions imply."""
    placed = with_placed_values(table, catalog)
    guards = tuple(_guards(placed, catalog))
    guarded = replace(placed, checks=(*placed.checks, *guards)) if guards else placed
    return _with_bases(guarded, catalog, frozenset())


def _with_bases(table: Table, catalog: Catalog, above: frozenset[int]) -> Table:
    """A table with the keys of its base tables, and of theirs; `above` are those that it is the base of."""
    found = table
    for base in base_rows(table, catalog):
        if base.table.oid not in above:
            whole = _with_bases(base.table, catalog, above | {table.oid})
            found = _with_keys_of(found, replace(base, table=whole))
    return found


def _guards(table: Table, catalog: Catalog) -> Iterator[Check]:
    """`if new.x is not null then raise exception` says that x is NULL in each new row."""
    for match in dict.fromkeys(
        (found["column"], bool(found["negated"]))
        for source in insert_sources(table, catalog)
        for found in _GUARD.finditer(source)
    ):
        written, negated = match
        name = written[1:-1] if written.startswith('"') else written.lower()
        if name in table.by_name and not (negated and rejects_null(table, name)):
            quoted = name if re.fullmatch(r"[a-z_]\w*", name) else '"' + name.replace('"', '""') + '"'
            yield Check(0, GUARD, f"({quoted} IS {'NULL' if negated else 'NOT NULL'})", (name,))


def _with_keys_of(table: Table, base: BaseRows) -> Table:
    """A table whose trigger inserts a row of a base table first: that row's keys are keys of ours."""
    through = [key for key in table.foreign_keys if _is_made(table, base, key)]
    if not through:
        return table
    ours = dict(base.columns)
    for key in through:
        ours.update(zip(key.target_columns, key.columns, strict=True))
    keys = [key for key in table.foreign_keys if key not in through]
    keys += [
        replace(key, oid=-key.oid, columns=tuple(ours[name] for name in key.columns))
        for key in base.table.foreign_keys
        if key.enforced and key.target_oid != table.oid and ours.keys() >= set(key.columns)
    ]
    unique = [
        _ours(key, ours) for key in base.table.unique_keys if key.is_plain and ours.keys() >= set(key.columns)
    ]
    known = {frozenset(key.columns) for key in table.unique_keys if key.is_plain}
    needed = [
        Check(0, GUARD, f"({mine} IS NOT NULL)", (mine,))
        for theirs, mine in ours.items()
        if rejects_null(base.table, theirs)
        and not rejects_null(table, mine)
        and re.fullmatch(r"[a-z_]\w*", mine)
    ]
    return replace(
        table,
        foreign_keys=tuple(keys),
        unique_keys=(*table.unique_keys, *(key for key in unique if frozenset(key.columns) not in known)),
        checks=(*table.checks, *needed),
    )


def _is_made(table: Table, base: BaseRows, key: ForeignKey) -> bool:
    """Whether the row that a key refers to is made by the trigger: each row of ours has one of its own."""
    own = any(unique.is_plain and set(unique.columns) <= set(key.columns) for unique in table.unique_keys)
    copied = all(
        base.columns.get(theirs) == mine for mine, theirs in zip(key.columns, key.target_columns, strict=True)
    )
    return (own or (copied and base.always)) and key.enforced and key.target_oid == base.table.oid


def _ours(key: UniqueKey, ours: dict[str, str]) -> UniqueKey:
    columns = tuple(ours[name] for name in key.columns if name is not None)
    return replace(key, oid=-key.oid, columns=columns, is_primary=False, is_constraint=False)
