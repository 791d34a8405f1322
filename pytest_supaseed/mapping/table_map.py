"""Logical names of tables and columns, resolved to what this database has.

A name is looked for in this order, and the first hit counts:
1. what the user configured;
2. a table of that exact name in `public`, so that the name of a table is never translated away; where the
   framework keeps a table of the same name in a schema of its own (`auth.users`), that one comes before it;
3. what the framework calls it (`setup_types` is `base_templates` in MakerKit);
4. a table of that exact name in one other schema;
5. a table that is like enough, which is then said (`guesses`).
What none of these finds is refused, with the nearest names.
"""

from __future__ import annotations

import json
import warnings
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from pytest_supaseed.errors import GuessedNameWarning, UsageError
from pytest_supaseed.mapping.configured_names import check_columns, configured_tables
from pytest_supaseed.mapping.installed_frameworks import framework_named
from pytest_supaseed.mapping.logical_tables import LOGICAL_TABLES
from pytest_supaseed.mapping.name_lookup import NameLookup, Resolution
from pytest_supaseed.mapping.quoted_names import quoted_name
from pytest_supaseed.mapping.unresolved_names import no_column_error

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pytest_supaseed.catalog.model import Catalog, Table

_NO_TABLES: Mapping[str, str] = MappingProxyType({})
_NO_GIVERS: Mapping[str, str] = MappingProxyType({})
_NO_COLUMNS: Mapping[str, Mapping[str, str]] = MappingProxyType({})


def warn_of_guess(found: Resolution) -> None:
    """Say that a name was guessed, as a warning that can be filtered."""
    warnings.warn(
        f"{found.logical!r} was guessed to be the table {found.schema}.{found.table}: {found.note}."
        f" Say so, to be sure: --supaseed-map {found.logical}={found.schema}.{found.table},"
        " or in [tool.supaseed.tables].",
        GuessedNameWarning,
        stacklevel=3,
    )


@dataclass(frozen=True, eq=False)
class TableMap:
    """The table map of one database; made by `build_table_map`.

    Args:
        lookup: finds the table of a name.
        configured_columns: by table OID, the actual column of each logical one that the user configured.
        resolutions: the configured and the usual logical names that are there, for reports.
        on_guess: told of a guess when it is first used.
    """

    lookup: NameLookup
    configured_columns: Mapping[int, Mapping[str, str]]
    resolutions: tuple[Resolution, ...]
    on_guess: Callable[[Resolution], None] = field(default=warn_of_guess, repr=False)
    _found: dict[str, Table] = field(default_factory=dict, repr=False)
    _columns: dict[tuple[str, str], str] = field(default_factory=dict, repr=False)

    @property
    def framework(self) -> str:
        """The framework's name."""
        return self.lookup.framework.name

    def resolve(self, name: str) -> Table:
        """Return the table that a logical or actual name stands for.

        Raises:
            MappingError: there is none, or several; the error names what is near.
            UsageError: it is not the name of a table.
        """
        table = self._found.get(name)
        if table is None:
            resolution = self.lookup.resolution(name)
            if resolution.source == "guess":
                self.on_guess(resolution)
            table = self._found[name] = self.lookup.table_of(resolution)
        return table

    def has(self, name: str) -> bool:
        """Whether a name resolves to one table.

        Raises:
            UsageError: it is not the name of a table.
        """
        return name in self._found or self.lookup.find(name) is not None

    def column(self, logical_table: str, name: str) -> str:
        """Return the actual column that a logical or actual one stands for.

        Configured names come first, then the exact one, then what the framework knows.

        Raises:
            MappingError: the table does not resolve, or has no such column.
        """
        key = (logical_table, name)
        found = self._columns.get(key)
        if found is None:
            found = self._columns[key] = self._find_column(logical_table, name)
        return found

    def aliases(self, logical_table: str) -> Mapping[str, str]:
        """Return the actual column of each logical one that the table has under another name.

        Raises:
            MappingError: the table does not resolve.
        """
        table = self.resolve(logical_table)
        found = {
            logical: actual
            for logical, candidates in self._candidates(logical_table, table).items()
            if logical not in table.by_name and (actual := _first(candidates, table)) is not None
        }
        return {**found, **self.configured_columns.get(table.oid, {})}

    def logical_names(self, table: Table) -> tuple[str, ...]:
        """Return the logical names among `resolutions` that stand for a table."""
        return tuple(
            found.logical
            for found in self.resolutions
            if (found.schema, found.table) == (table.schema, table.name)
        )

    def _find_column(self, logical_table: str, name: str) -> str:
        table = self.resolve(logical_table)
        configured = self.configured_columns.get(table.oid, {}).get(name)
        if configured is not None:
            return configured
        if name in table.by_name:
            return name
        candidates = self._candidates(logical_table, table).get(name, ())
        found = _first(candidates, table)
        if found is None:
            raise no_column_error(logical_table, table, name, candidates)
        return found

    def _candidates(self, logical_table: str, table: Table) -> Mapping[str, tuple[str, ...]]:
        """What the framework knows of a table's columns, by whichever of its names it was asked for."""
        framework = self.lookup.framework
        merged: dict[str, tuple[str, ...]] = {}
        for name in (*self.logical_names(table), table.name, logical_table):
            merged |= framework.columns_of(name)
        return merged

    def to_json(self) -> str:
        """Return what the map is made from besides the catalog, as JSON."""
        columns = {
            quoted_name(table.schema, table.name): dict(self.configured_columns[table.oid])
            for table in self.lookup.catalog.tables
            if table.oid in self.configured_columns
        }
        return json.dumps(
            {
                "framework": self.framework,
                "tables": dict(self.lookup.configured),
                "columns": columns,
                "guessing": self.lookup.guessing,
            },
            ensure_ascii=False,
        )

    @classmethod
    def from_json(cls, data: str, catalog: Catalog) -> TableMap:
        """Return the map that `to_json` wrote, over the same catalog.

        Raises:
            MappingError: the catalog lacks a table or column that the map names.
            UsageError: the text is no table map.
        """
        try:
            stored = json.loads(data)
            framework, tables, columns = stored["framework"], stored["tables"], stored["columns"]
            guessing = stored["guessing"]
        except (ValueError, TypeError, KeyError) as error:
            raise UsageError(f"A stored table map cannot be read: {error}.") from error
        return build_table_map(catalog, framework, tables=tables, columns=columns, guessing=guessing)


def _first(candidates: tuple[str, ...], table: Table) -> str | None:
    return next((name for name in candidates if name in table.by_name), None)


def build_table_map(  # noqa: PLR0913  # one argument for each thing that names depend on
    catalog: Catalog,
    framework: str,
    *,
    tables: Mapping[str, str] = _NO_TABLES,
    columns: Mapping[str, Mapping[str, str]] = _NO_COLUMNS,
    givers: Mapping[str, str] = _NO_GIVERS,
    guessing: bool = True,
    on_guess: Callable[[Resolution], None] = warn_of_guess,
) -> TableMap:
    """Make the table map of a database.

    Args:
        catalog: the database's catalog.
        framework: the name of the framework that it was recognised as.
        tables: actual tables by logical name, as configured: `{"setup_types": "public.base_templates"}`.
        columns: by logical table, actual columns by logical name: `{"users": {"mail": "email"}}`.
        givers: who configured a name, by `table` or `table.column`, for messages.
        guessing: whether a name that nothing else finds may be guessed at.
        on_guess: told of a guess when it is first used; it warns where nothing else is said.

    Raises:
        MappingError: a configured table or column is not there, is a view, or goes round in a circle.
        UsageError: a name is no name or is configured twice, or the framework is unknown.
    """
    known = framework_named(framework)
    lookup = NameLookup(catalog, known, configured_tables(catalog, tables, givers), guessing=guessing)
    found = tuple(
        resolution
        for name in dict.fromkeys((*lookup.configured, *LOGICAL_TABLES, *known.tables))
        if (resolution := lookup.find(name)) is not None
    )
    return TableMap(lookup, check_columns(lookup, columns, givers), found, on_guess)
