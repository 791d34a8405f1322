"""Where e-mail addresses stand that no two users may share, derived from the catalog."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_supaseed.catalog.model import TableKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_supaseed.catalog.model import Catalog, Column, Table

_EMAIL = re.compile(r"(?:^|_)e?mail(?:_?addr(?:ess)?)?$", re.IGNORECASE)
_TEXT = frozenset({"text", "varchar", "bpchar", "citext"})
_IDENTITIES = frozenset({"auth.users", "auth.identities"})
"""Tables in which an address says who somebody is, whatever their keys are."""


def email_places(catalog: Catalog, users: Table | None) -> tuple[tuple[Table, Column], ...]:
    """Return the columns of addresses that stand in a unique key or its expression, or say who somebody is.

    Partial keys count too, and those of several columns: an invitation is somebody's.

    Args:
        catalog: the database's catalog.
        users: the users' table.
    """
    return tuple(
        (table, column)
        for table in catalog.tables
        if table.kind in {TableKind.TABLE, TableKind.PARTITIONED} and not table.is_partition
        for column in email_columns(table)
        if table == users or table.qualified in _IDENTITIES or _is_in_key(table, column)
    )


def email_columns(table: Table) -> Iterator[Column]:
    """Yield the columns of a table that hold e-mail addresses, by name and type."""
    for column in table.columns:
        if _EMAIL.search(column.name) and column.type.storage.name in _TEXT:
            yield column


def _is_in_key(table: Table, column: Column) -> bool:
    named = re.compile(rf'(?<![\w"]){re.escape(column.name)}(?![\w"(])')
    return any(
        column.name in key.columns or any(named.search(expression) for expression in key.expressions)
        for key in table.unique_keys
    )
