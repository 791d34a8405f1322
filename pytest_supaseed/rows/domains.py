"""What a value has to fit: the type below all domains, its modifier, and the name that it goes by."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_supaseed.catalog.model import TypeKind
from pytest_supaseed.plan.streams import Draws

if TYPE_CHECKING:
    from pytest_supaseed.catalog.model import Column, Table, Type, TypeField

Drawer = Callable[[Draws], object]
"""Gives one value from a stream's draws, and looks at nothing else."""

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_GAP = re.compile(r"[^\w]+|_+")
_PLURAL = re.compile(r"(?<=\w\w)(?:(?<=[^su])s|(?<=x|z)es|(?<=ch|sh)es)$")
_VARLENA_HEADER = 4
"""Postgres adds the size of a header to the length in a text type's modifier (VARHDRSZ)."""
_NAME_BYTES = 63
"""What a `name` holds (NAMEDATALEN less its end mark)."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for a value: a column, an array's element or a composite's attribute.

    Args:
        kind: the type below all domains.
        modifier: its modifier as `pg_attribute.atttypmod` has it, -1 for none.
        printed: the type as `format_type()` prints it.
        name: the name that it goes by, in lower-case words joined by `_`.
        default: the column's default expression, which shows a JSON value's shape.
    """

    kind: Type
    modifier: int
    printed: str
    name: str
    default: str | None = None

    def element(self) -> Slot | None:
        """The place of one of an array's elements; None where it is no array."""
        inner = self.kind.element
        if inner is None:
            return None
        printed = self.printed.removesuffix("[]")
        return Slot(inner.storage, base_modifier(inner, self.modifier), printed, _PLURAL.sub("", self.name))

    def attribute(self, found: TypeField) -> Slot:
        """The place of one of a composite's attributes."""
        modifier = base_modifier(found.type, found.modifier)
        return Slot(found.type.storage, modifier, found.formatted_type, words(found.name))


def slot_of(column: Column) -> Slot:
    """The place that a column is."""
    modifier = base_modifier(column.type, column.modifier)
    return Slot(column.type.storage, modifier, column.formatted_type, words(column.name), column.default)


def base_modifier(kind: Type, modifier: int) -> int:
    """The modifier of the type below all domains; a domain's own wins over what stands above it."""
    found: Type | None = kind
    while found is not None and found.kind is TypeKind.DOMAIN:
        modifier = found.base_modifier if found.base_modifier >= 0 else modifier
        found = found.base
    return modifier


def takes_null(column: Column) -> bool:
    """Whether a column may be NULL, its domains considered."""
    return not column.not_null and not column.type.rejects_null


def words(name: str) -> str:
    """A column's name in lower-case words: `createdAt`, `Created At` and `created_at` are one."""
    return _GAP.sub("_", _HUMP.sub("_", name)).strip("_").lower()


def text_length(column: Column) -> int | None:
    """The characters that a `varchar(n)`, `char(n)` or `name` column may hold; None without a limit."""
    return slot_length(slot_of(column))


def slot_length(slot: Slot) -> int | None:
    """As `text_length`, for any place."""
    if slot.kind.name == "name":
        return _NAME_BYTES
    if slot.kind.name not in {"varchar", "bpchar"} or slot.modifier < 0:
        return None
    return slot.modifier - _VARLENA_HEADER


def columns_named(table: Table, name: str) -> Column | None:
    """The column of a table that goes by these words, however it is spelt."""
    return next((column for column in table.columns if words(column.name) == name), None)
