"""What `per="users", count=(1, 5)` asks for, made out against the catalog: parent, foreign key, numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_supaseed.errors import UsageError
from pytest_supaseed.plan.child_counts import Children
from pytest_supaseed.plan.dependency_order import links, may_be_null

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pytest_supaseed.catalog.model import ForeignKey, Table
    from pytest_supaseed.option_values import PerParent
    from pytest_supaseed.plan.planning import NameResolver
    from pytest_supaseed.plan.seed_plan import TablePlan


def children_of(table: Table, name: str, asked: PerParent, table_map: NameResolver) -> Children:
    """Find the parent and the foreign key that are meant.

    Args:
        table: the table whose rows are asked for.
        name: what the user calls it.
        asked: the numbers, and the parent by the user's name.
        table_map: resolves it.

    Raises:
        UsageError: the parent is unknown, is the table itself, or is referred to by no key or by several.
    """
    keys = [key for key in links(table) if all(table.by_name[own].generated is None for own in key.columns)]
    if not table_map.has(asked.table):
        raise _refused(name, asked, "there is no such table", _parents(keys))
    parent = table_map.resolve(asked.table)
    if parent.oid == table.oid:
        raise _refused(name, asked, "the rows of a table cannot be counted by its own", _parents(keys))
    found = [key for key in keys if key.target_oid == parent.oid]
    if not found:
        what = f"{table.qualified} has no foreign key to {parent.qualified}"
        raise _refused(name, asked, what, _parents(keys))
    key = _meant(table, name, asked, found)
    return Children(parent, asked.table, key, asked.low, asked.high, named_key=len(found) > 1)


def _meant(table: Table, name: str, asked: PerParent, found: Sequence[ForeignKey]) -> ForeignKey:
    """The key by the column that was named, else the only one, else the only one that every row needs."""
    columns = [", ".join(key.columns) for key in found]
    if asked.by is not None:
        named = [key for key in found if asked.by in key.columns]
        if len(named) != 1:
            what = f"{asked.by!r} is no column of one of its keys" if not named else "several keys have it"
            raise _refused(name, asked, what, columns)
        return named[0]
    needed = [key for key in found if not may_be_null(table, key)]
    for keys in (found, needed):
        if len(keys) == 1:
            return keys[0]
    raise _refused(name, asked, f"{table.qualified} refers to it by several keys", columns, by=columns[0])


def refuse_parts(name: str, asked: PerParent, parts: Sequence[TablePlan]) -> None:
    """See that a table's rows are one part, which we make.

    Raises:
        UsageError: they are several parts, are made by triggers, or are not ours to count.
    """
    if not parts:
        raise _refused(name, asked, "its rows are not made by us: it is a view, or the platform's", ())
    labels = [part.part or part.factory for part in parts]
    adopted = [part.adopted_from for part in parts if part.adopted_from is not None]
    if adopted:
        raise _refused(name, asked, f"triggers of {adopted[0]} make its rows", ())
    if len(parts) > 1:
        raise _refused(name, asked, "its rows are made in several parts", labels)
    if parts[0].required:
        raise _refused(name, asked, "each user has exactly one", ())


def refuse_circles(
    asked: Mapping[int, Children], together: Sequence[frozenset[int]], names: Mapping[int, str]
) -> None:
    """See that parents come before their children.

    Raises:
        UsageError: a parent needs a row of the child first.
    """
    for oid, children in asked.items():
        if any({oid, children.parent.oid} <= group for group in together):
            raise UsageError(
                f"rows of {names[oid]!r} per {children.name!r}: {children.parent.qualified} itself needs"
                f" rows of {names[oid]!r}, so that neither comes first.",
                remedies=[f"ask for a plain number: rows={{{names[oid]!r}: 200}}"],
            )


def _parents(keys: Sequence[ForeignKey]) -> list[str]:
    return list(dict.fromkeys(f"{key.target_schema}.{key.target_table}" for key in keys))


def _refused(
    name: str, asked: PerParent, why: str, allowed: Sequence[str], *, by: str | None = None
) -> UsageError:
    plain = f"a plain number is always possible: rows={{{name!r}: 200}}"
    column = None if by is None else by.split(", ")[0]
    numbers = f"({asked.low}, {asked.high})"
    example = f'rows={{{name!r}: {{"per": {asked.table!r}, "by": {column!r}, "count": {numbers}}}}}'
    return UsageError(
        f"rows of {name!r} per {asked.table!r}: {why}.",
        looked_at=[f"what there is: {found}" for found in allowed],
        remedies=[f"name the column that is meant: {example}"] if by is not None else [plain],
    )
