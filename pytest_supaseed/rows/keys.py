"""The rows that foreign keys can refer to: computed from the plan where they can be, read back otherwise."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING, Literal, Protocol

from pytest_supaseed.errors import PlanError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pytest_supaseed.catalog.model import Table
    from pytest_supaseed.rows.chunk import KeySource

READ_BACK_LIMIT = 100_000
"""Keys read back from one table at the most; children of a larger one refer to these."""


class KeyReader(Protocol):
    """Reads key values that are in the database; given by the loader, since rows never touch a connection."""

    def __call__(
        self, table: Table, columns: tuple[str, ...], *, end: Literal["first", "last"] | None = None
    ) -> list[tuple[object, ...]]:
        """Return the distinct, complete values of `columns`, ordered, at most `READ_BACK_LIMIT`.

        Where an `end` is asked for, only the value that stands there.
        """
        ...


@dataclass(frozen=True)
class KeysFound:
    """What was found out of tables, by OID, while rows were loaded.

    Args:
        read_back: those whose keys are read, since others than the planned rows are there.
        unsure: those of them of which it is not even sure that the planned rows are there.
    """

    read_back: set[int] = field(default_factory=set)
    unsure: set[int] = field(default_factory=set)


class Addressable(Protocol):
    """A part of a table whose values can be computed for any row."""

    @property
    def rows(self) -> int:
        """How many rows the part has."""
        ...

    def knows(self, column: str) -> bool:
        """Whether a column's values are ours and no trigger's or default's."""
        ...

    def at(self, column: str, indices: Sequence[int]) -> list[object]:
        """Return a column's values in the rows at `indices`."""
        ...


@dataclass(frozen=True)
class PlannedKeys:
    """Keys of rows that the plan itself makes: computed, and read only where the database decides them.

    `columns` says under which column of the source each column of ours is found: an account that a trigger
    makes has the id of its user. `stored` reads what is not known before the rows are loaded, and what
    triggers rewrite.
    """

    source: Addressable
    key: tuple[str, ...]
    columns: Mapping[str, str]
    stored: KeySource
    rewritten: frozenset[str] = frozenset()

    @property
    def count(self) -> int:
        """How many there are."""
        return self.source.rows

    def values(self, columns: tuple[str, ...], indices: Sequence[int]) -> list[tuple[object, ...]]:
        """Return the values of `columns` in the rows at `indices`."""
        names = [self.columns.get(column, column) for column in columns]
        if self.rewritten & set(columns) or not all(map(self.source.knows, names)):
            return self.stored.values(columns, indices)
        found = [self.source.at(name, indices) for name in names]
        return list(zip(*found, strict=True))


class StoredKeys:
    """Keys of rows that are in the database, read once per set of columns and only when asked for."""

    def __init__(self, table: Table, key: tuple[str, ...], reader: KeyReader) -> None:
        self.key = key
        self._table = table
        self._reader = reader
        self._read: dict[tuple[str, ...], list[tuple[object, ...]]] = {}

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self._stored(self.key))

    def values(self, columns: tuple[str, ...], indices: Sequence[int]) -> list[tuple[object, ...]]:
        """Return the values of `columns` in the rows at `indices`."""
        stored = self._stored(columns)
        if indices and not stored:
            raise PlanError(
                f"No row of {self._table.qualified} has a value in {', '.join(columns)} to refer to.",
                remedies=["let a factory declare these columns"],
            )
        return [stored[index % len(stored)] for index in indices]

    def _stored(self, columns: tuple[str, ...]) -> list[tuple[object, ...]]:
        if columns not in self._read:
            self._read[columns] = self._reader(self._table, columns)
        return self._read[columns]


@dataclass(frozen=True)
class JoinedKeys:
    """Several sources one after the other: what migrations made, then each part of the plan."""

    key: tuple[str, ...]
    sources: tuple[KeySource, ...]

    @cached_property
    def _ends(self) -> list[int]:
        return list(accumulate(source.count for source in self.sources))

    @property
    def count(self) -> int:
        """How many there are."""
        return self._ends[-1] if self._ends else 0

    def values(self, columns: tuple[str, ...], indices: Sequence[int]) -> list[tuple[object, ...]]:
        """Return the values of `columns` in the rows at `indices`, in their order."""
        if len(self.sources) == 1:
            return self.sources[0].values(columns, indices)
        placed: dict[int, tuple[list[int], list[int]]] = {}
        for position, index in enumerate(indices):
            number = bisect_right(self._ends, index)
            before = self._ends[number - 1] if number else 0
            positions, own = placed.setdefault(number, ([], []))
            positions.append(position)
            own.append(index - before)
        result: list[tuple[object, ...]] = [()] * len(indices)
        for number, (positions, own) in placed.items():
            for position, value in zip(positions, self.sources[number].values(columns, own), strict=True):
                result[position] = value
        return result
