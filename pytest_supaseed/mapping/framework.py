"""What is known of a framework: how to recognise it, and what it calls the things that tests speak of."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_supaseed.catalog.model import Catalog
    from pytest_supaseed.mapping.fingerprints import Fingerprint

_NOTHING: Mapping[str, tuple[str, ...]] = MappingProxyType({})


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
class Framework:
    """A framework.

    Args:
        name: as users write it: `makerkit-lite`.
        title: as it is printed.
        fingerprints: the facts that it is recognised by.
        builds_on: the framework that it extends: whoever asks for that one contradicts nothing.
        tables: what may stand for a logical table, the likeliest first.
        columns: by logical table, the actual columns that may stand for a logical one, the likeliest first.
    """

    name: str
    title: str
    fingerprints: tuple[Fingerprint, ...]
    builds_on: Framework | None = None
    tables: Mapping[str, tuple[Candidate, ...]] = field(default_factory=lambda: MappingProxyType({}))
    columns: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=lambda: MappingProxyType({}))

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
