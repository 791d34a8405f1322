"""Small catalogs written by hand, for tests of pure functions."""

from __future__ import annotations

from itertools import count
from typing import Literal

from pytest_supaseed.catalog.model import (
    Catalog,
    Column,
    ForeignKey,
    Function,
    Table,
    TableKind,
    Trigger,
    Type,
    TypeKind,
    UniqueKey,
)

_oids = count(20_000)
_BUILT_IN = {"uuid": 2950, "text": 25, "int4": 23, "int8": 20, "timestamptz": 1184, "bool": 16, "jsonb": 3802}


def kind(name: str) -> Type:
    """A built-in type by its name."""
    return Type(_BUILT_IN[name], "pg_catalog", name, TypeKind.BASE)


def column(
    name: str, type_name: str = "text", *, not_null: bool = True, default: str | None = None
) -> Column:
    """A column; its number does not matter to what is tested."""
    return Column(0, name, kind(type_name), type_name, not_null=not_null, default=default)


def primary(*columns: str) -> UniqueKey:
    """A primary key."""
    return UniqueKey(next(_oids), "pkey", columns, is_primary=True, is_constraint=True)


def unique(*columns: str) -> UniqueKey:
    """A unique constraint."""
    return UniqueKey(next(_oids), "key", columns, is_constraint=True)


def reference(name: str, target: Table, column_name: str = "id") -> ForeignKey:
    """A foreign key of one column."""
    return ForeignKey(
        next(_oids), f"{name}_fkey", (name,), target.oid, target.schema, target.name, (column_name,)
    )


def table(
    name: str,
    *columns: Column,
    schema: str = "public",
    unique_keys: tuple[UniqueKey, ...] = (),
    foreign_keys: tuple[ForeignKey, ...] = (),
    triggers: tuple[Trigger, ...] = (),
) -> Table:
    """A table with an `id uuid` primary key, unless `unique_keys` gives another one."""
    has_primary = any(key.is_primary for key in unique_keys)
    keys = unique_keys if has_primary else (primary("id"), *unique_keys)
    all_columns = columns if has_primary else (column("id", "uuid"), *columns)
    return Table(
        next(_oids),
        schema,
        name,
        TableKind.TABLE,
        all_columns,
        unique_keys=keys,
        foreign_keys=foreign_keys,
        triggers=triggers,
    )


def after_insert(function_name: str) -> Trigger:
    """An enabled AFTER INSERT row trigger."""
    return Trigger(next(_oids), "made_by_test", "after", ("insert",), True, "public", function_name, "")  # noqa: FBT003


def function(name: str, source: str) -> Function:
    """A trigger function."""
    return Function(next(_oids), "public", name, "", "plpgsql", "trigger", source)


def catalog(*tables: Table, functions: tuple[Function, ...] = ()) -> Catalog:
    """A catalog of these tables."""
    return Catalog(180_000, ("public",), tables, functions)


def nothing_stored(
    table: Table, columns: tuple[str, ...], *, end: Literal["first", "last"] | None = None
) -> list[tuple[object, ...]]:
    """Read the keys of an empty database."""
    del table, columns, end
    return []


class Names:
    """Resolves logical names given by hand, and exact names in `public`."""

    def __init__(self, found: Catalog, **logical: Table) -> None:
        self._catalog = found
        self._logical = logical

    def has(self, name: str) -> bool:
        """Whether the name is known."""
        return name in self._logical or self._catalog.find("public", name) is not None

    def resolve(self, name: str) -> Table:
        """The table of a name."""
        found = self._logical.get(name) or self._catalog.find("public", name)
        if found is None:
            raise KeyError(name)
        return found

    def aliases(self, name: str) -> dict[str, str]:
        """No column has another name."""
        del name
        return {}
