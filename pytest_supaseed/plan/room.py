"""How many rows a table can hold: what its unique keys allow, given its parents' rows and finite columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_supaseed.plan.dependency_order import rejects_null
from pytest_supaseed.plan.finite_columns import allowed_values, finite_values

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pytest_supaseed.catalog.model import ForeignKey, Table, UniqueKey

_NUMBERS = {"int2": 2**15 - 1}


@dataclass(frozen=True)
class Room:
    """The most rows that a table can hold, and the key that says so."""

    rows: int
    reason: str


def room_of(table: Table, totals: Mapping[int, int]) -> Room | None:
    """The room of a table; None where nothing bounds it.

    An estimate from above: keys that share columns may leave fewer combinations than their product.

    Args:
        table: the table.
        totals: the rows of each table that comes before it, by OID.
    """
    rooms = [
        Room(rows, f"unique key {unique.name} holds no more: {_names(unique)}")
        for unique in table.unique_keys
        if (rows := _key_room(table, unique, totals)) is not None
    ]
    return min(rooms, key=lambda room: room.rows, default=None)


def room_per_parent(table: Table, key: ForeignKey, totals: Mapping[int, int]) -> int | None:
    """How many rows may refer to one row of a parent table: what else unique keys have; None without a bound.

    Args:
        table: the table.
        key: its foreign key to the parent.
        totals: the rows of each table that comes before it, by OID.
    """
    inside = [unique for unique in table.unique_keys if key in contained_keys(table, unique)]
    rooms = [_key_room(table, unique, totals, without=key) for unique in inside]
    return min((room for room in rooms if room is not None), default=None)


def contained_keys(table: Table, unique: UniqueKey) -> tuple[ForeignKey, ...]:
    """The enforced foreign keys that lie wholly inside a unique key, without those inside another one."""
    columns = set(unique.columns)
    inside = [key for key in table.foreign_keys if key.enforced and set(key.columns) <= columns]
    return tuple(
        key
        for number, key in enumerate(inside)
        if not any(
            set(key.columns) < set(other.columns)
            or (set(key.columns) == set(other.columns) and number > place)
            for place, other in enumerate(inside)
        )
    )


def _names(unique: UniqueKey) -> str:
    return ", ".join(str(name) for name in unique.columns)


def _listed(table: Table, key: ForeignKey) -> int | None:
    """How many values checks allow in a key of one column; None where they list none."""
    values = allowed_values(table, table.by_name[key.columns[0]]) if len(key.columns) == 1 else None
    return None if values is None else len(values)


def _key_room(
    table: Table, unique: UniqueKey, totals: Mapping[int, int], without: ForeignKey | None = None
) -> int | None:
    if not unique.is_plain or unique.without_overlaps:
        return None
    room = 1
    for part in _parts(table, unique, totals, without):
        if part is None:
            return None
        room *= part
    return room


def _parts(
    table: Table, unique: UniqueKey, totals: Mapping[int, int], without: ForeignKey | None
) -> Iterator[int | None]:
    """How many values each part of a key has, but for `without`; None for a part that has no bound."""
    keys = contained_keys(table, unique)
    covered = {name for key in keys for name in key.columns}
    fixed = set(without.columns) if without is not None else set()
    if not unique.nulls_not_distinct and any(
        not rejects_null(table, name) for name in unique.columns if name is not None and name not in fixed
    ):
        yield None
    for key in keys:
        if key is not without:
            rows = totals.get(key.target_oid, 0) if key.target_oid != table.oid else None
            listed = _listed(table, key)
            yield rows if listed is None else min(listed, listed if rows is None else rows)
    for name in unique.columns:
        if name is not None and name not in covered:
            column = table.by_name[name]
            values = finite_values(table, column)
            numbers = column.numbering.room if column.numbering else _NUMBERS.get(column.type.storage.name)
            yield len(values) if values is not None else numbers
