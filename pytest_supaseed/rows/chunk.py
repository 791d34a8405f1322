"""One chunk of one table while it is being made: columns computed on demand, each at most once."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from pytest_supaseed.email_pattern import DEFAULT_ADDRESSES
from pytest_supaseed.errors import PlanError
from pytest_supaseed.logins import ORDINARY
from pytest_supaseed.option_values import DEFAULT_DOMAIN
from pytest_supaseed.plan.streams import Draws, Stream

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from pytest_supaseed.email_pattern import Addresses
    from pytest_supaseed.logins import Logins

REFERENCE_INSTANT = datetime(2026, 1, 1, tzinfo=UTC)
"""What generated dates are anchored to, never `now()`: a row made today is the row made next year."""


class Producer(Protocol):
    """What fills one column of a chunk."""

    def fill(self, chunk: Chunk, name: str) -> Sequence[object]:
        """Return one value per row of the chunk, in row order."""
        ...


class KeySource(Protocol):
    """The rows of a table that a foreign key can refer to."""

    @property
    def count(self) -> int:
        """How many there are."""
        ...

    @property
    def key(self) -> tuple[str, ...]:
        """The columns of the table's key, the primary one where there is one."""
        ...

    def values(self, columns: tuple[str, ...], indices: Sequence[int]) -> list[tuple[object, ...]]:
        """Return the values of `columns` in the rows at `indices`, in that order."""
        ...


class Parents(Protocol):
    """Finds the key source of a table that a foreign key or a factory names."""

    def of(self, table: str, part: str | None = None) -> KeySource:
        """Return the key source of a logical or qualified table, of one part of it where `part` is given."""
        ...


@dataclass(frozen=True)
class Scope:
    """What a table's columns share: whose randomness it is and where parents come from."""

    seed: str
    table: str
    part: str
    producers: Mapping[str, Producer]
    parents: Parents
    rows: int
    reference: datetime = REFERENCE_INSTANT
    locale: str | None = None
    """The locale of names, places and words that say none themselves; None for the default one."""
    sequence: int = 0
    """What is added to a row's index to get the number that a factory's `Sequence` is given."""
    iterators: dict[object, Iterator[object]] | None = None
    """How far each `Iterator` is in a test; None in a plan, where it is told by the row's index."""
    factory: str = ""
    """The user's factory that makes the rows, for messages; empty where it is one of ours."""
    domain: str = DEFAULT_DOMAIN
    """What the rows speak of."""
    base: int = 0
    """The index of the part's first row: rows of earlier runs into the same database have those before it."""
    addresses: Addresses = DEFAULT_ADDRESSES
    """How users' e-mail addresses are made."""
    logins: Logins = ORDINARY
    """How users log in."""

    def stream(self, column: str) -> Stream:
        """The stream of a column."""
        return Stream(self.seed, self.table, self.part, column)


@dataclass
class Chunk:
    """Rows `start` to `start + count` of a table. `number` addresses the streams."""

    scope: Scope
    number: int
    start: int
    count: int
    _columns: dict[str, Sequence[object]] = field(default_factory=dict)
    _pending: list[str] = field(default_factory=list)
    _shared: dict[int, object] = field(default_factory=dict)

    @property
    def indices(self) -> range:
        """The row indices, counted over the whole part."""
        return range(self.start, self.start + self.count)

    @property
    def positions(self) -> range:
        """The same, counted from the part's first row: by them rows find their parents."""
        return range(self.start - self.scope.base, self.start - self.scope.base + self.count)

    def has(self, name: str) -> bool:
        """Whether a field of that name exists."""
        return name in self.scope.producers

    def is_computing(self, name: str) -> bool:
        """Whether a field is being computed at this moment."""
        return name in self._pending

    def column(self, name: str) -> Sequence[object]:
        """Return the values of a field, computing it first where needed.

        Raises:
            PlanError: there is no such field, or fields need each other in a circle.
        """
        found = self._columns.get(name)
        if found is None:
            found = self._columns[name] = self._compute(name)
        return found

    def draws(self, column: str) -> Draws:
        """The draws of this chunk for a column, from their beginning."""
        return self.scope.stream(column).draws(self.number)

    def rows(self) -> Iterator[RowView]:
        """A light view per row, for functions that want an object."""
        return (RowView(self, self._columns, position) for position in range(self.count))

    def shared(self, owner: object, make: Callable[[], object]) -> object:
        """What `owner` made for this chunk, made when first asked: several columns of one evaluation."""
        if id(owner) not in self._shared:
            self._shared[id(owner)] = make()
        return self._shared[id(owner)]

    def _compute(self, name: str) -> Sequence[object]:
        producer = self.scope.producers.get(name)
        # rows that factory_boy evaluates say themselves that they are not finished: fields come one by one
        if name in self._pending and not getattr(producer, "row_by_row", False):
            circle = " -> ".join([*self._pending[self._pending.index(name) :], name])
            raise PlanError(
                f"The fields of table {self.scope.table!r} need each other in a circle: {circle}.",
                remedies=["let one of them not read the others"],
            )
        if producer is None:
            raise AttributeError(
                f"table {self.scope.table!r} has no field {name!r}; it has {sorted(self.scope.producers)}"
            )
        self._pending.append(name)
        try:
            values = producer.fill(self, name)
        finally:
            self._pending.pop()
        if len(values) != self.count:
            raise PlanError(
                f"Field {name!r} of {self.scope.table!r} gave {len(values)} values for {self.count} rows."
            )
        return values


class RowView:
    """One row of a chunk, read by attribute: what a `LazyAttribute` function receives."""

    __slots__ = ("_chunk", "_made", "_position")

    def __init__(self, chunk: Chunk, made: Mapping[str, Sequence[object]], position: int) -> None:
        self._chunk = chunk
        self._made = made
        self._position = position

    def __getattr__(self, name: str) -> object:
        made = self._made.get(name)
        return (self._chunk.column(name) if made is None else made)[self._position]


current_chunk: ContextVar[Chunk] = ContextVar("supaseed_current_chunk")
"""The chunk being made while factory_boy itself evaluates declarations row by row."""
