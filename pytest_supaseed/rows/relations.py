"""Which foreign key a factory's field stands for, and what a parent's row gives to its columns."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from pytest_supaseed.errors import MappingError
from pytest_supaseed.rows.declarations import ColumnDeclaration
from pytest_supaseed.rows.row import Row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_supaseed.catalog.model import ForeignKey, Table
    from pytest_supaseed.rows.chunk import Chunk, Producer
    from pytest_supaseed.rows.declarations import Parent

_KEY_ENDING = re.compile(r"_(?:id|uuid|key|fk|ref)$", re.IGNORECASE)
_CONSTRAINT_ENDING = re.compile(r"_(?:fkey\d*|fk|foreign)$", re.IGNORECASE)

_PLAIN_MODULES = frozenset({"builtins", "uuid", "datetime", "decimal", "ipaddress"})
"""Where the classes of values come from that are keys themselves, and no objects with a key."""


def key_of_field(table: Table, field: str, target: Table | None) -> ForeignKey | None:
    """The foreign key that a field fills; None where the field says nothing of one.

    A column belongs to the key that it stands in, the shortest where there are several. Another name has to
    be that of the only key to `target`, or the name of a relation: `author` for `author_id`.

    Raises:
        MappingError: the field is no column, and no key to `target` fits it, or several do.
    """
    keys = _keys(table, target)
    if field in table.by_name:
        own = [key for key in keys if field in key.columns]
        return min(own, key=lambda key: len(key.columns), default=None)
    if target is not None and len(keys) == 1:
        return keys[0]
    named = [key for key in keys if field in relation_names(table, key)]
    if len(named) == 1:
        return named[0]
    if target is None:
        return None
    raise _unclear(table, field, target, keys)


def _keys(table: Table, target: Table | None) -> list[ForeignKey]:
    """The keys to a table, repeated ones once."""
    found: dict[object, ForeignKey] = {}
    for key in table.foreign_keys:
        if target is None or key.target_oid == target.oid:
            found.setdefault((key.target_oid, key.columns), key)
    return list(found.values())


def relation_names(table: Table, key: ForeignKey) -> tuple[str, ...]:
    """What a field may be called to mean a key: by its columns, its constraint, its target if it is alone."""
    others = {name for other in table.foreign_keys if other.columns != key.columns for name in other.columns}
    names = [_KEY_ENDING.sub("", name) for name in key.columns if name not in others]
    names.append(_CONSTRAINT_ENDING.sub("", key.name.removeprefix(f"{table.name}_")))
    if len(_keys(table, None)) == len({other.target_oid for other in _keys(table, None)}):
        names += [key.target_table, key.target_table.removesuffix("s")]
    return tuple(name for name in dict.fromkeys(names) if name not in table.by_name)


def _unclear(table: Table, field: str, target: Table, keys: Sequence[ForeignKey]) -> MappingError:
    listed = [
        f"{key.name} ({', '.join(key.columns)}): {' or '.join(relation_names(table, key))}" for key in keys
    ]
    if not keys:
        others = dict.fromkeys(key.target_table for key in table.foreign_keys)
        return MappingError(
            f"The field {field!r} is a parent in {target.qualified},"
            f" to which {table.qualified} has no foreign key.",
            looked_at=[f"its foreign keys lead to: {', '.join(others) or 'no table'}"],
            remedies=["name the parent's table, or call the field as the column that holds its key"],
        )
    return MappingError(
        f"The field {field!r} is a parent in {target.qualified}, to which {table.qualified} has {len(keys)}"
        " foreign keys: its name has to tell which.",
        looked_at=listed,
        remedies=[f"call it {relation_names(table, keys[0])[0]!r}, or as a column of the key"],
    )


class KeyColumn(ColumnDeclaration):
    """A column of a foreign key, taken from a field that holds the parent's row, its key, or None.

    Args:
        source: the field.
        key: the foreign key.
        place: which of its columns.
        alone: whether a value that is no row is this column's, and not the whole key's.
    """

    def __init__(self, source: str, key: ForeignKey, place: int, *, alone: bool) -> None:
        super().__init__()
        self.source = source
        self.key = key
        self.place = place
        self.alone = alone or len(key.columns) == 1

    def fill(self, chunk: Chunk, name: str) -> Sequence[object]:
        """Fill the column, as the base class says."""
        return [self._value(value, chunk.scope.table, name) for value in chunk.column(self.source)]

    def _value(self, value: object, table: str, name: str) -> object:
        target = self.key.target_columns[self.place]
        if value is None:
            return None
        if isinstance(value, Mapping):
            if target not in value:
                raise MappingError(
                    f"The row given for {table}.{name} has no {target!r}, to which the foreign key refers.",
                    looked_at=[f"the row has {', '.join(map(str, value))}"],
                    remedies=[f"give a row of {self.key.target_table}, or its key"],
                )
            return cast("object", value[target])
        if not self.alone and isinstance(value, tuple) and len(value) == len(self.key.columns):
            return cast("object", value[self.place])
        is_object = type(value).__module__ not in _PLAIN_MODULES
        return getattr(value, target) if is_object and hasattr(value, target) else value


class ParentRows(ColumnDeclaration):
    """The parents that a `Parent` chooses, as rows that hold what the foreign key refers to."""

    def __init__(self, parent: Parent, key: ForeignKey) -> None:
        super().__init__()
        self.parent = parent
        self.key = key

    def fill(self, chunk: Chunk, name: str) -> Sequence[object]:
        """Fill the column, as the base class says."""
        columns = self.key.target_columns
        found = self.parent.keys_of_rows(chunk, name, chunk.positions, columns)
        return [Row(dict(zip(columns, values, strict=True))) for values in found]


class RowsOfColumns(ColumnDeclaration):
    """The parents that the columns of a foreign key refer to, as rows that hold what it refers to."""

    def __init__(self, key: ForeignKey) -> None:
        super().__init__()
        self.key = key

    def fill(self, chunk: Chunk, name: str) -> Sequence[object]:
        """Fill the column, as the base class says."""
        del name
        columns = [chunk.column(column) for column in self.key.columns]
        return [
            None if None in values else Row(dict(zip(self.key.target_columns, values, strict=True)))
            for values in zip(*columns, strict=True)
        ]


class SameAs(ColumnDeclaration):
    """A column that a field of another name fills."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.source = source

    def fill(self, chunk: Chunk, name: str) -> Sequence[object]:
        """Fill the column, as the base class says."""
        del name
        return chunk.column(self.source)


class Kept(ColumnDeclaration):
    """What a field gave before its column was taken from it, under a name of its own."""

    def __init__(self, producer: Producer, name: str) -> None:
        super().__init__()
        self.producer = producer
        self.name = name

    def fill(self, chunk: Chunk, name: str) -> Sequence[object]:
        """Fill the column, as the base class says."""
        del name
        return self.producer.fill(chunk, self.name)
