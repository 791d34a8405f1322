"""Finds the table that one name stands for, and says where the name came from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from pytest_supaseed.catalog.model import TableKind
from pytest_supaseed.mapping.guesses import Guesses
from pytest_supaseed.mapping.quoted_names import split_name
from pytest_supaseed.mapping.unresolved_names import ambiguous_error, no_table_error

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_supaseed.catalog.model import Catalog, Table
    from pytest_supaseed.mapping.framework import Candidate, Framework

HOME = "public"
"""The schema in which a name without one is looked for first."""

Source = Literal["configured", "framework", "exact", "guess"]


@dataclass(frozen=True)
class Resolution:
    """What a name stands for.

    Args:
        logical: the name as it was asked for.
        schema: the actual table's schema.
        table: the actual table's name.
        source: where the answer comes from.
        note: what a reader should know of it; empty most of the time.
    """

    logical: str
    schema: str
    table: str
    source: Source
    note: str = ""

    def __str__(self) -> str:
        note = f", {self.note}" if self.note else ""
        return f"{self.logical} -> {self.schema}.{self.table} ({self.source}{note})"


@dataclass(frozen=True, eq=False)
class NameLookup:
    """Resolves names against one catalog.

    Args:
        catalog: the catalog.
        framework: what it was recognised as.
        configured: qualified, quoted actual names by logical name, checked by `configured_tables`.
        guessing: whether a name that nothing else finds may be guessed at.
    """

    catalog: Catalog
    framework: Framework
    configured: Mapping[str, str]
    guessing: bool = True

    @cached_property
    def guesses(self) -> Guesses:
        """What names that nothing else finds may stand for."""
        return Guesses(self.catalog, self.framework)

    @cached_property
    def by_bare_name(self) -> Mapping[str, tuple[Table, ...]]:
        """Relations by their name alone."""
        found: dict[str, tuple[Table, ...]] = {}
        for table in self.catalog.tables:
            found[table.name] = (*found.get(table.name, ()), table)
        return found

    def table_of(self, resolution: Resolution) -> Table:
        """Return the table of a resolution that was made here."""
        return self.catalog.by_qualified[resolution.schema, resolution.table]

    def resolution(self, name: str) -> Resolution:
        """Return what a name stands for.

        Raises:
            MappingError: nothing, or several tables.
            UsageError: it is not the name of a table.
        """
        found = self.find(name)
        if found is not None:
            return found
        schema, bare = split_name(name)
        elsewhere = self._elsewhere(bare) if schema is None else ()
        if len(elsewhere) > 1:
            raise ambiguous_error(name, elsewhere)
        raise no_table_error(name, self)

    def find(self, name: str) -> Resolution | None:
        """Return what a name stands for, or None where that is nothing, or several tables.

        Raises:
            UsageError: it is not the name of a table.
        """
        if name in self.configured:
            schema, table = split_name(self.configured[name])
            return Resolution(name, schema or HOME, table, "configured")
        return self._exact_as_written(name) or self._exact_or_known(name) or self._guessed(name)

    def _exact_as_written(self, name: str) -> Resolution | None:
        """A qualified or quoted name; a table whose name contains the dot comes first."""
        if name and not set(name) & set('."') and name == name.strip():
            return None
        if self.catalog.find(HOME, name):
            return Resolution(name, HOME, name, "exact")
        schema, bare = split_name(name)
        if schema is None:
            return self._exact_or_known(bare, written=name)
        return Resolution(name, schema, bare, "exact") if self.catalog.find(schema, bare) else None

    def _exact_or_known(self, name: str, *, written: str | None = None) -> Resolution | None:
        logical = written or name
        known = self._known(name)
        at_home = self.catalog.find(HOME, name)
        if at_home and not (known and known.name == name):
            return Resolution(logical, HOME, name, "exact")
        if known:
            note = f"{HOME}.{name} exists too" if at_home and known.schema != HOME else ""
            return Resolution(logical, known.schema, known.name, "framework", note)
        elsewhere = self._elsewhere(name)
        if len(elsewhere) == 1:
            return Resolution(logical, elsewhere[0].schema, name, "exact", f"not in {HOME}")
        return None

    def _guessed(self, name: str) -> Resolution | None:
        """What a name is guessed to stand for; a name of several tables is not guessed at."""
        guess = self.guesses.best(name) if self.guessing and name not in self.by_bare_name else None
        if guess is None:
            return None
        return Resolution(name, guess.table.schema, guess.table.name, "guess", guess.why)

    def _known(self, name: str) -> Candidate | None:
        """The first table that the framework keeps under a logical name and that is there."""
        for candidate in self.framework.candidates(name):
            table = self.catalog.find(candidate.schema, candidate.name)
            if table and set(candidate.columns) <= set(table.by_name):
                return candidate
        return None

    def _elsewhere(self, bare: str) -> tuple[Table, ...]:
        """The relations of that exact name outside of `public`; views only where there is no table."""
        found = self.by_bare_name.get(bare, ())
        views = (TableKind.VIEW, TableKind.MATERIALIZED_VIEW)
        return tuple(table for table in found if table.kind not in views) or found
