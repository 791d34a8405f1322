"""What is known of a framework: how to recognise it, and what it calls the things that tests speak of."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pytest_supaseed.catalog.model import Catalog
    from pytest_supaseed.mapping.fingerprints import Fingerprint

_NOTHING: Mapping[str, tuple[str, ...]] = MappingProxyType({})

TELLING = 100
"""The specificity of a framework that says nothing of it: before those that come with this package."""


@dataclass(frozen=True)
class Candidate:
    """A table that a logical name may stand for.

    Args:
        schema: its schema.
        name: its name.
        columns: columns that it must have to be taken; for names that alone prove nothing.
    """

    schema: str
    name: str
    columns: tuple[str, ...] = ()

    @property
    def qualified(self) -> str:
        """`schema.name`, for messages."""
        return f"{self.schema}.{self.name}"


@dataclass(frozen=True)
class Part:
    """One part of a framework's data: so many rows of a logical table, made by one factory.

    Args:
        logical: the logical table; where the schema lacks it, the part is not planned.
        factory: `package.module:Class`, or the name of one of our factories.
        rows: the number of rows for a number of users; 0 for none.
        part: the part's name where the table has several.
        required: whether seeding makes no sense without it.
        belongs_to: the part of another table to whose rows its rows belong: only teams pay.
        of_teams: whether it is a part of teams: beside users that are there, it counts those without a team.
    """

    logical: str
    factory: str
    rows: Callable[[int], int]
    part: str = ""
    required: bool = False
    belongs_to: str = ""
    of_teams: bool = False


@dataclass(frozen=True)
class Framework:
    """A framework.

    Args:
        name: as users write it: `makerkit-lite`.
        title: as it is printed.
        fingerprints: the facts that it is recognised by.
        builds_on: the framework that it extends: whoever asks for that one contradicts nothing, and what is
            not said here of tables, columns and parts is taken from there.
        tables: what may stand for a logical table, the likeliest first.
        columns: by logical table, the actual columns that may stand for a logical one, the likeliest first.
        recipe: what its data looks like. A part takes the place of the one of that table and name in
            `builds_on`.
        schema: a look-alike for tests without a schema of their own: what the option `schema` takes, most of
            the time a folder of SQL files.
        specificity: how telling it is: of those that recognise a catalog, the highest is what it is.
        origin: the distribution that it comes with; filled in when it is loaded.
    """

    name: str
    title: str
    fingerprints: tuple[Fingerprint, ...]
    builds_on: Framework | None = None
    tables: Mapping[str, tuple[Candidate, ...]] = field(default_factory=lambda: MappingProxyType({}))
    columns: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=lambda: MappingProxyType({}))
    recipe: tuple[Part, ...] = ()
    schema: Any = field(default=None, compare=False)
    specificity: int = TELLING
    origin: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        base = self.builds_on
        tables = {**base.tables, **self.tables} if base else dict(self.tables)
        columns = {name: dict(found) for name, found in (base.columns.items() if base else ())}
        for name, found in self.columns.items():
            columns[name] = {**columns.get(name, {}), **found}
        object.__setattr__(self, "tables", MappingProxyType(tables))
        frozen = {name: MappingProxyType(found) for name, found in columns.items()}
        object.__setattr__(self, "columns", MappingProxyType(frozen))

    def is_or_extends(self, name: str) -> bool:
        """Whether that is this framework's name, or the name of one that it builds on."""
        return self.name == name or (self.builds_on is not None and self.builds_on.is_or_extends(name))

    def recognises(self, catalog: Catalog) -> bool:
        """Whether every essential fact holds."""
        return all(fact.holds(catalog) for fact in self.fingerprints if fact.essential)

    def share(self, catalog: Catalog) -> float:
        """The share of its facts that hold, by weight, from 0 to 1."""
        total = sum(fact.weight for fact in self.fingerprints)
        return self.found(catalog) / total if total else 1.0

    def found(self, catalog: Catalog) -> int:
        """The weight of its facts that hold."""
        return sum(fact.weight for fact in self.fingerprints if fact.holds(catalog))

    def candidates(self, logical: str) -> tuple[Candidate, ...]:
        """What may stand for a logical table; empty where the framework knows no such name."""
        return self.tables.get(logical, ())

    def columns_of(self, logical: str) -> Mapping[str, tuple[str, ...]]:
        """What may stand for the columns of a logical table."""
        return self.columns.get(logical, _NOTHING)
