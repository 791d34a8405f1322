"""The columns that tell a table's rows apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pytest_supaseed.catalog.model import Table


def key_of(table: Table) -> tuple[str, ...]:
    """The columns that identify a row: the primary key's, else a plain unique key's, else all columns."""
    plain = [key for key in table.unique_keys if key.is_plain]
    best = table.primary_key or next(iter(plain), None)
    names = best.columns if best is not None else tuple(column.name for column in table.columns)
    return tuple(name for name in names if name is not None)
