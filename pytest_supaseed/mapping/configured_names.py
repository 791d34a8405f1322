"""Checks what the user configured, once and early: a mistake there is reported before anything is seeded."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from pytest_supaseed.catalog.model import TableKind
from pytest_supaseed.errors import MappingError, UsageError
from pytest_supaseed.mapping.quoted_names import quoted_name, split_name
from pytest_supaseed.mapping.unresolved_names import alike_tables, no_column_error

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_supaseed.catalog.model import Catalog, Table
    from pytest_supaseed.mapping.name_lookup import NameLookup

_VIEWS = (TableKind.VIEW, TableKind.MATERIALIZED_VIEW)


_NO_GIVERS: Mapping[str, str] = MappingProxyType({})


def configured_tables(
    catalog: Catalog, tables: Mapping[str, str], givers: Mapping[str, str] = _NO_GIVERS
) -> Mapping[str, str]:
    """Return the qualified, quoted name of the actual table of each configured logical one.

    A target is an actual table, or else another configured logical name.

    Args:
        catalog: the database's catalog.
        tables: actual tables by logical name.
        givers: who configured a name, for messages.

    Raises:
        MappingError: a target is not there, is a view, or leads round in a circle.
        UsageError: a name is no name, or one logical name is configured twice.
    """
    _refuse_twice(tables)
    found = {name: _follow(catalog, tables, name, givers) for name in tables}
    return MappingProxyType({name: quoted_name(table.schema, table.name) for name, table in found.items()})


def _refuse_twice(tables: Mapping[str, str]) -> None:
    seen: dict[tuple[str | None, str], str] = {}
    for name in tables:
        first = seen.setdefault(split_name(name), name)
        if first != name:
            raise UsageError(
                f"The logical table {first!r} is configured twice, the second time as {name!r}.",
                remedies=[f"remove {first!r} or {name!r} from the configured tables"],
            )


def _follow(catalog: Catalog, tables: Mapping[str, str], name: str, givers: Mapping[str, str]) -> Table:
    """Follow a configured name, through other configured ones, to its table."""
    path = [name]
    while True:
        target = tables[path[-1]]
        table = _actual(catalog, target)
        if table is not None:
            return _writable(name, table, givers)
        if target in path:
            raise _circle([*path, target])
        if target not in tables:
            raise _missing(catalog, name, target, givers.get(name))
        path.append(target)


def _actual(catalog: Catalog, target: str) -> Table | None:
    """The table of an exact name: as it stands, in its schema, in `public`, or in one other schema."""
    schema, name = split_name(target)
    if schema is not None:
        return catalog.find("public", target) or catalog.find(schema, name)
    found = [table for table in catalog.tables if table.name == name]
    at_home = [table for table in found if table.schema == "public"]
    return next(iter(at_home or (found if len(found) == 1 else [])), None)


def _writable(name: str, table: Table, givers: Mapping[str, str]) -> Table:
    if table.kind in _VIEWS:
        raise MappingError(
            f"The logical table {name!r} is configured as {table.qualified}, which is a {table.kind}:"
            " rows cannot be seeded into it.",
            looked_at=_said_by(givers.get(name)),
            remedies=["name the table that the view is made of"],
        )
    return table


def _circle(path: list[str]) -> MappingError:
    if path[0] == path[1]:
        return MappingError(
            f"The logical table {path[0]!r} is configured as itself, and there is no table of that name.",
            remedies=["name an actual table, such as public.base_templates"],
        )
    return MappingError(
        f"The configured tables go round in a circle: {' -> '.join(path)}.",
        remedies=["name an actual table on the right-hand side, such as public.base_templates"],
    )


def _said_by(giver: str | None) -> list[str]:
    return [f"it is configured by {giver}"] if giver else []


def _missing(catalog: Catalog, name: str, target: str, giver: str | None) -> MappingError:
    schema, bare = split_name(target)
    several = [table.qualified for table in catalog.tables if schema is None and table.name == bare]
    if several:
        return MappingError(
            f"The logical table {name!r} is configured as {target!r}, and several schemas have"
            " a table of that name.",
            looked_at=[*several, *_said_by(giver)],
            remedies=[f"write it with its schema: {several[0]}"],
        )
    return MappingError(
        f"The logical table {name!r} is configured as {target!r}, and this database has no such table.",
        looked_at=[*_said_by(giver), *alike_tables(target, catalog)],
        remedies=[
            "correct the name where it is configured, or remove it there",
            "run the migration that makes it",
        ],
    )


def check_columns(
    lookup: NameLookup, columns: Mapping[str, Mapping[str, str]], givers: Mapping[str, str] = _NO_GIVERS
) -> Mapping[int, Mapping[str, str]]:
    """Return the configured columns by their table's OID.

    Args:
        lookup: finds the tables.
        columns: by logical table, actual columns by logical name.
        givers: who configured a column, by `table.column`, for messages.

    Raises:
        MappingError: a table or an actual column is not there.
        UsageError: two names of one table configure the same column differently.
    """
    checked: dict[int, dict[str, str]] = {}
    for name, configured in columns.items():
        table = lookup.table_of(lookup.resolution(name))
        known = checked.setdefault(table.oid, {})
        for logical, actual in configured.items():
            if actual not in table.by_name:
                giver = givers.get(f"{name}.{logical}")
                raise no_column_error(name, table, actual, (), configured_for=logical, giver=giver)
            if known.setdefault(logical, actual) != actual:
                raise UsageError(
                    f"The column {logical!r} of {table.qualified} is configured twice,"
                    f" as {known[logical]!r} and as {actual!r}.",
                    remedies=["keep one of the two"],
                )
    return MappingProxyType({oid: MappingProxyType(found) for oid, found in checked.items()})
