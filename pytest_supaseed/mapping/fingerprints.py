"""Facts of a catalog that a framework is recognised by.

Each is one sentence and one question to the catalog. Nothing is asked of the database, and nothing is scored
by how alike two names are: a name that every second schema has (`accounts`, `profiles`) proves nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_supaseed.catalog.model import Catalog


@dataclass(frozen=True)
class Fingerprint:
    """One fact.

    Args:
        label: the fact as it is printed.
        holds: whether a catalog has it.
        essential: whether there is no such framework without it. The others only add to the confidence.
        weight: what it tells: nothing (0) where many other schemas have it too, a little (1), or much (2).
    """

    label: str
    holds: Callable[[Catalog], bool] = field(repr=False, compare=False)
    essential: bool = True
    weight: int = 2

    def supporting(self) -> Fingerprint:
        """The same fact, as one that a project may have changed: it adds confidence and decides nothing."""
        return replace(self, essential=False, weight=1)

    def ordinary(self) -> Fingerprint:
        """The same fact, as one that must hold but that many other schemas have too: it tells nothing."""
        return replace(self, weight=0)


def schema(name: str) -> Fingerprint:
    """The schema exists."""
    return Fingerprint(f"schema {name}", lambda catalog: name in catalog.schemas)


def relation(schema_name: str, name: str, *columns: str) -> Fingerprint:
    """The table exists and has all of these columns."""
    listed = f"({', '.join(columns)})" if columns else ""

    def holds(catalog: Catalog) -> bool:
        table = catalog.find(schema_name, name)
        return table is not None and set(columns) <= set(table.by_name)

    return Fingerprint(f"{schema_name}.{name}{listed}", holds)


def no_relation(schema_name: str, name: str) -> Fingerprint:
    """There is no such table."""
    return Fingerprint(
        f"no {schema_name}.{name}", lambda catalog: catalog.find(schema_name, name) is None, weight=0
    )


def column_of_type(schema_name: str, name: str, column: str, *types: str) -> Fingerprint:
    """The column exists and is stored as one of these `pg_type.typname`."""

    def holds(catalog: Catalog) -> bool:
        table = catalog.find(schema_name, name)
        found = table.by_name.get(column) if table else None
        return found is not None and found.type.storage.name in types

    return Fingerprint(f"{schema_name}.{name}.{column} is {' or '.join(types)}", holds)


def no_column(schema_name: str, name: str, column: str) -> Fingerprint:
    """The table exists and has no such column."""

    def holds(catalog: Catalog) -> bool:
        table = catalog.find(schema_name, name)
        return table is not None and column not in table.by_name

    return Fingerprint(f"{schema_name}.{name} without {column}", holds, weight=0)


def function(schema_name: str, name: str) -> Fingerprint:
    """A function of that name exists."""
    return Fingerprint(
        f"function {schema_name}.{name}", lambda catalog: catalog.has_function(schema_name, name)
    )


def role(name: str) -> Fingerprint:
    """The cluster has that role."""
    return Fingerprint(f"role {name}", lambda catalog: name in catalog.roles)


def insert_trigger(schema_name: str, name: str) -> Fingerprint:
    """A trigger of the table runs on INSERT."""

    def holds(catalog: Catalog) -> bool:
        table = catalog.find(schema_name, name)
        return table is not None and any("insert" in trigger.events for trigger in table.triggers)

    return Fingerprint(f"insert trigger on {schema_name}.{name}", holds)
