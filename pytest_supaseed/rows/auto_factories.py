"""Factories derived from the catalog: for tables without one, and for the columns that one leaves out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from pytest_supaseed.catalog.model import TypeKind
from pytest_supaseed.rows.columns import producer_of
from pytest_supaseed.rows.declarations import Constant, Instant, Numbered, PartOf, RandomUuid
from pytest_supaseed.rows.factories import TableFactory
from pytest_supaseed.rows.foreign_keys import Reference, ReferenceToSelf, one_to_one, pair_member
from pytest_supaseed.rows.values import (
    TEXT_TYPES,
    WHOLE_TYPES,
    Fitted,
    text_length,
    value_declaration,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from pytest_supaseed.catalog.model import Column, ForeignKey, Table, UniqueKey

_VOLATILE = re.compile(
    r"\b(?:now|clock_timestamp|timezone|statement_timestamp|transaction_timestamp|random|nextval|gen_random_uuid|"
    r"uuid_generate_v\d\w*|gen_random_bytes|uid|CURRENT_(?:TIMESTAMP|DATE|TIME|USER)|LOCALTIME(?:STAMP)?)\b",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"^(?:created|inserted)(?:_at|_on)?$")
_LATER = re.compile(r"^(?:updated|modified)(?:_at|_on)?$")
PAIR = 2
"""Foreign keys of a junction table's key whose pairs we enumerate."""


@dataclass(frozen=True)
class Derivation:
    """What a derivation needs beside the table itself.

    Args:
        cut: OIDs of the foreign keys that stay NULL, because they close a circle.
        first_numbers: the first free number of whole-number key columns, where rows exist already.
        counts: the number of rows that foreign keys can refer to, by qualified table name.
    """

    cut: Collection[int]
    first_numbers: Mapping[str, int]
    counts: Mapping[str, int]


def is_volatile(column: Column) -> bool:
    """Whether a column's default gives another value each time: the clock, chance or a sequence."""
    return column.default is not None and bool(_VOLATILE.search(column.default))


def derive_factory(table: Table, derivation: Derivation) -> type[TableFactory]:
    """Return a factory_boy class that fills every column of a table that has to be filled, and more.

    Raises:
        PlanError: never here; a column of a type that we know no value of is left out, and Postgres judges.
    """
    declarations = derive_declarations(table, derivation)
    meta = type("Meta", (), {"table": table.qualified})
    name = "".join(word.capitalize() for word in re.split(r"\W|_", table.name) if word) + "Factory"
    return cast("type[TableFactory]", type(name, (TableFactory,), {**declarations, "Meta": meta}))


def derive_declarations(table: Table, derivation: Derivation) -> dict[str, object]:
    """Return a declaration for each column of a table that we fill, foreign keys first."""
    declarations = _foreign_key_declarations(table, derivation)
    referring = set(declarations)
    unique = _columns_to_tell_apart(table, referring)
    for column in table.columns:
        if column.name not in declarations and column.generated is None and column.name not in referring:
            found = _column_declaration(table, column, derivation, unique=column.name in unique)
            if found is not None:
                declarations[column.name] = found
    return declarations


def _foreign_key_declarations(table: Table, derivation: Derivation) -> dict[str, object]:
    declarations: dict[str, object] = {}
    for key in table.foreign_keys:
        if any(name in declarations for name in key.columns):
            continue
        if key.oid in derivation.cut:
            declarations.update(
                {name: Constant(None) for name in key.columns if not table.by_name[name].not_null}
            )
            continue
        field = f"reference_{len(declarations)}"
        declarations[field] = _reference(table, key, derivation)
        for position, name in enumerate(key.columns):
            declarations[name] = PartOf(field, position)
    return declarations


def _reference(table: Table, key: ForeignKey, derivation: Derivation) -> object:
    if key.target_oid == table.oid:
        nullable = all(not table.by_name[name].not_null for name in key.columns)
        return ReferenceToSelf(key.target_columns, nullable=nullable)
    target = f"{key.target_schema}.{key.target_table}"
    index = None
    for unique in table.unique_keys:
        if unique.is_plain and set(key.columns) <= set(unique.columns):
            index = _unique_index(table, key, unique, derivation) or index
    return Reference(target, key.target_columns, index=index)


def _unique_index(table: Table, key: ForeignKey, unique: UniqueKey, derivation: Derivation) -> Any:
    if set(unique.columns) == set(key.columns):
        return one_to_one
    sides = [other for other in table.foreign_keys if set(other.columns) <= set(unique.columns)]
    covered = {name for other in sides for name in other.columns}
    if len(sides) != PAIR or covered != set(unique.columns):
        return None
    first = f"{sides[0].target_schema}.{sides[0].target_table}"
    return pair_member(sides.index(key), lambda _position: derivation.counts.get(first, 1) or 1)


def _columns_to_tell_apart(table: Table, referring: set[str]) -> set[str]:
    """One column of each unique key that is made different in every row, unless its foreign keys do that."""
    chosen: set[str] = set()
    for unique in table.unique_keys:
        names = [name for name in unique.columns if name is not None and name not in referring]
        if not names or chosen & set(names):
            continue
        chosen.add(min(names, key=lambda name: _tellable(table.by_name[name])))
    for unique in table.unique_keys:
        for expression in unique.expressions:
            chosen |= {
                c.name for c in table.columns if re.search(rf"\b{re.escape(c.name)}\b", expression)
            } - referring
    return chosen


def _tellable(column: Column) -> int:
    """How well a column can be made different in every row; smaller is better."""
    storage = column.type.storage
    order = [storage.name == "uuid", storage.name in WHOLE_TYPES, storage.name in TEXT_TYPES]
    return order.index(True) if any(order) else len(order)


def _column_declaration(
    table: Table, column: Column, derivation: Derivation, *, unique: bool
) -> object | None:
    storage = column.type.storage
    numbered = unique or column.identity is not None or column.sequence is not None
    if storage.name in WHOLE_TYPES and numbered:
        return Numbered(derivation.first_numbers.get(column.name, 1))
    if storage.name == "uuid" and (unique or column.not_null):
        return RandomUuid()
    if storage.name == "timestamptz" and _LATER.match(column.name):
        earlier = next((c.name for c in table.columns if _CLOCK.match(c.name)), None)
        return Instant(after=earlier)
    if column.default is not None and not is_volatile(column) and not unique:
        return None
    if not column.not_null and storage.kind in {TypeKind.ARRAY, TypeKind.COMPOSITE}:
        return None
    return _fitted(column, value_declaration(table, column), unique=unique)


def _fitted(column: Column, declaration: object, *, unique: bool) -> object | None:
    if declaration is None or column.type.storage.name not in TEXT_TYPES:
        return declaration
    producer = producer_of(declaration)
    return Fitted(producer, text_length(column), unique=unique)
