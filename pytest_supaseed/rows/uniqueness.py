"""Decides how the rows of a table are told apart, so that each of its unique keys holds.

For each key there are three ways, in this order: a column that can be different in every row; a combination
of parents and of columns with few values, which never comes twice; and rows beyond the last combination that
stay outside the index, by NULL or by its predicate.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pytest_supaseed.plan.dependency_order import rejects_null
from pytest_supaseed.plan.finite_columns import finite_values
from pytest_supaseed.rows.combinations import Beyond
from pytest_supaseed.rows.predicates import Escape, way_out
from pytest_supaseed.rows.told_apart import coarseness, how_tellable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from pytest_supaseed.catalog.model import ForeignKey, Table, UniqueKey


@dataclass(frozen=True)
class Combined:
    """A unique key that holds because no combination of its parts comes twice.

    Args:
        keys: the foreign keys among its parts, by the number of their family.
        columns: the columns of few values among its parts.
        names: all columns of the unique key.
        beyond: what rows get when all combinations came.
        escapes: how they stay outside partial indexes.
        group: keys of one group share parts, and are told apart together.
        every: all of its parts, those that another key of its group brings included: families and columns.
    """

    keys: dict[int, tuple[ForeignKey, ...]]
    columns: tuple[str, ...]
    names: tuple[str, ...]
    beyond: Beyond
    escapes: tuple[Escape, ...] = ()
    group: int = 0
    every: Mapping[int | str, tuple[ForeignKey, ...]] = field(default_factory=dict)

    @property
    def parts(self) -> tuple[str, ...]:
        """The columns that its combinations decide about."""
        linked = (name for found in self.keys.values() for key in found for name in key.columns)
        return (*self.columns, *linked)


@dataclass
class Distinctness:
    """How a table's rows are told apart.

    Args:
        told_apart: columns that are different in every row, with the unit that an index rounds them to.
        combined: keys whose parts are combined.
        chains: OIDs of self-references no two of which have the same parent.
        never_null: columns that hold no NULL, because a key would count it as a value.
        mentioned: all columns of unique keys.
    """

    told_apart: dict[str, str] = field(default_factory=dict)
    combined: list[Combined] = field(default_factory=list)
    chains: set[int] = field(default_factory=set)
    never_null: set[str] = field(default_factory=set)
    mentioned: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class _Links:
    """The foreign keys of the table as they are filled."""

    families: Sequence[Sequence[ForeignKey]]
    to_self: Sequence[ForeignKey]
    constant: Collection[str]
    interlock: bool = True

    @property
    def columns(self) -> set[str]:
        keys = [*self.to_self, *(key for family in self.families for key in family)]
        return {name for key in keys for name in key.columns} | set(self.constant)


def tell_apart(
    table: Table,
    families: Sequence[Sequence[ForeignKey]],
    to_self: Sequence[ForeignKey],
    constant: Collection[str] = (),
    *,
    interlock: bool = True,
) -> Distinctness:
    """Return how each unique key of a table is made to hold.

    Args:
        table: the table.
        families: its foreign keys to other tables, those that share columns together.
        to_self: its foreign keys to itself.
        constant: columns that are the same in every row.
        interlock: whether keys that share parts are told apart together; otherwise the first one has them.
    """
    links = _Links(families, to_self, constant, interlock)
    result = Distinctness()
    for unique in _needed(table):
        named = list(_named(table, unique))
        result.mentioned.update(named)
        if unique.nulls_not_distinct or unique.expressions:
            result.never_null.update(named)
    for unique in _needed(table):
        _tell(table, unique, links, result)
    return result


def _needed(table: Table) -> list[UniqueKey]:
    """The unique keys, plain ones first, without those that a smaller one implies."""
    keys = [key for key in table.unique_keys if not key.without_overlaps]
    ordered = sorted(keys, key=lambda key: (not key.is_plain, len(key.columns), key.name))
    plain = [set(key.columns) for key in ordered if key.is_plain]
    return [key for key in ordered if not any(other < set(key.columns) for other in plain)]


def _named(table: Table, unique: UniqueKey) -> Iterator[str]:
    """The columns of a key, those inside its expressions too, and what generated ones are made of."""
    yield from (name for name in unique.columns if name is not None)
    for expression in _expressions(table, unique):
        yield from (
            column.name
            for column in table.columns
            if re.search(rf'(?<![\w"]){re.escape(_quoted(column.name))}(?![\w"(])', expression)
        )


def _expressions(table: Table, unique: UniqueKey) -> tuple[str, ...]:
    made = (table.by_name[name].generated for name in unique.columns if name is not None)
    return (*unique.expressions, *(expression for expression in made if expression is not None))


def _quoted(name: str) -> str:
    return name if re.fullmatch(r"[a-z_][a-z0-9_$]*", name) else '"' + name.replace('"', '""') + '"'


def _tell(table: Table, unique: UniqueKey, links: _Links, result: Distinctness) -> None:
    names = list(dict.fromkeys(_named(table, unique)))
    unit = coarseness(_expressions(table, unique))
    told = [name for name in names if name in result.told_apart]
    if told and not unit:
        return
    free = [name for name in names if name not in links.columns and table.by_name[name].generated is None]
    tellable = [name for name in free if finite_values(table, table.by_name[name]) is None]
    ranked = sorted(
        (rank, name) for name in tellable if (rank := how_tellable(table.by_name[name])) is not None
    )
    if ranked:
        result.told_apart[told[0] if told else ranked[0][1]] = unit
        return
    _combine(table, unique, names, free, links, result)


def _combine(  # noqa: PLR0913, PLR0917  # one call of a decision that was cut in two
    table: Table,
    unique: UniqueKey,
    names: Sequence[str],
    free: Sequence[str],
    links: _Links,
    result: Distinctness,
) -> None:
    chains = {key.oid for key in links.to_self if set(key.columns) & set(names) and unique.predicate is None}
    if chains:
        result.chains |= chains
        return
    taken = {number for combined in result.combined for number in combined.keys}
    used = {name for combined in result.combined for name in combined.columns}
    every = _all_parts(table, names, free, links)
    keys = {
        number: found for number, found in every.items() if isinstance(number, int) and number not in taken
    }
    columns = tuple(name for name in every if isinstance(name, str) and name not in used)
    group = _interlocked(table, unique, every, result) if links.interlock else None
    if group is not None:
        result.combined.append(Combined(keys, columns, tuple(names), Beyond.NOTHING, (), group, every))
        return
    parts = [*columns, *(name for found in keys.values() for key in found for name in key.columns)]
    escape = way_out(
        table,
        unique.predicate,
        forbidden=links.columns | used | {*parts, *result.told_apart} | _escaping(result),
    )
    if not parts:
        _follow(names, escape, result)
        return
    beyond = (
        Beyond.OUTSIDE if escape else Beyond.NULL if _may_be_null(table, unique, parts) else Beyond.NOTHING
    )
    escapes, group = (escape,) if escape else (), len(result.combined)
    own = {part: found for part, found in every.items() if part in keys or part in columns}
    result.combined.append(Combined(keys, columns, tuple(names), beyond, escapes, group, own))


def _may_be_null(table: Table, unique: UniqueKey, parts: Sequence[str]) -> bool:
    """Whether a row can stay outside a key by NULL in one of its parts."""
    counts_null = unique.nulls_not_distinct or bool(unique.expressions)
    return not counts_null and any(not rejects_null(table, name) for name in parts)


def _all_parts(
    table: Table, names: Sequence[str], free: Sequence[str], links: _Links
) -> dict[int | str, tuple[ForeignKey, ...]]:
    """The families that decide about a key, by number, and its columns of few values."""
    found: dict[int | str, tuple[ForeignKey, ...]] = {
        number: keys for number, family in enumerate(links.families) if (keys := _deciding(family, names))
    }
    found.update({name: () for name in free if finite_values(table, table.by_name[name])})
    return found


def _interlocked(
    table: Table, unique: UniqueKey, every: Mapping[int | str, tuple[ForeignKey, ...]], result: Distinctness
) -> int | None:
    """The group of keys that share parts with this one, joined into one; None where that does not work.

    All of them cover every row, and hold no row that NULL keeps out.
    """
    near = [combined for combined in result.combined if every.keys() & combined.every.keys()]
    columns = [name for part, keys in every.items() for name in _part_columns(part, keys)]
    is_open = unique.predicate is not None or _may_be_null(table, unique, columns)
    agree = all(combined.every.get(part, keys) == keys for combined in near for part, keys in every.items())
    if not near or is_open or not agree or any(found.beyond is not Beyond.NOTHING for found in near):
        return None
    group, joined = near[0].group, {found.group for found in near}
    result.combined[:] = [
        replace(found, group=group) if found.group in joined else found for found in result.combined
    ]
    return group


def _part_columns(part: int | str, keys: tuple[ForeignKey, ...]) -> list[str]:
    return [part] if isinstance(part, str) else [name for key in keys for name in key.columns]


def _escaping(result: Distinctness) -> set[str]:
    return {escape.column for combined in result.combined for escape in combined.escapes}


def _follow(names: Sequence[str], escape: Escape | None, result: Distinctness) -> None:
    """A key all of whose parts others decide about: rows beyond their combinations escape it too.

    Where none of these tells its parts apart, all rows but the first one escape.
    """
    if escape is None:
        return
    for place, combined in enumerate(result.combined):
        if set(combined.parts) <= set(names) and combined.beyond is Beyond.OUTSIDE:
            result.combined[place] = replace(combined, escapes=(*combined.escapes, escape))
            return
    alone = len(result.combined)
    result.combined.append(Combined({}, (), (), Beyond.OUTSIDE, (escape,), alone))


def _deciding(family: Sequence[ForeignKey], names: Sequence[str]) -> tuple[ForeignKey, ...]:
    """The keys of a family that decide about a unique key: those inside it, else the one that shares most."""
    inside = [key for key in family if set(key.columns) <= set(names)]
    if inside:
        return tuple(
            key for key in inside if not any(set(key.columns) < set(other.columns) for other in inside)
        )
    near = [key for key in family if set(key.columns) & set(names)]
    return (max(near, key=lambda key: len(set(key.columns) & set(names))),) if near else ()
