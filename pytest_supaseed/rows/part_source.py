"""The rows of one part of a table, addressable by chunk and by row."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from pytest_supaseed.email_pattern import DEFAULT_ADDRESSES
from pytest_supaseed.errors import PlanError
from pytest_supaseed.logins import ORDINARY
from pytest_supaseed.option_values import DEFAULT_DOMAIN
from pytest_supaseed.plan.locales import DEFAULT_LOCALE
from pytest_supaseed.plan.streams import CHUNK_ROWS
from pytest_supaseed.rows.chunk import Chunk, Scope

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pytest_supaseed.email_pattern import Addresses
    from pytest_supaseed.logins import Logins
    from pytest_supaseed.plan.seed_plan import TablePlan
    from pytest_supaseed.rows.chunk import Parents, Producer
    from pytest_supaseed.rows.deals import Deal

CHUNKS_KEPT = 64
"""Chunks of a part that are kept for children to refer to: 64,000 rows, a few MB."""


class PartSource:
    """The rows of one part, addressable by chunk and, for keys, by row.

    Args:
        plan: the part.
        producers: what fills each field.
        columns: the fields that are columns of the actual table, in its order.
        parents: where foreign keys find their rows.
        seed: whose randomness it is.
        first: which row of the part is the first; 0 except for rows made later.
        bounded: whether there are fewer rows than planned where unique keys leave room for no more.
        locale: the locale of names, places and words.
        domain: what the rows speak of.
        deal: deals the rows to a parent table, where they are counted by parent.
        factory: the user's factory that makes the rows, for messages.
        sequence: what is added to a row's index to get its sequence number.
        iterators: how far each `Iterator` is in a test.
        base: the index of the part's first row, where an earlier run has used those before it.
        addresses: how users' e-mail addresses are made.
        logins: how users log in.
    """

    def __init__(  # noqa: PLR0913  # one argument for each thing that a row is a function of
        self,
        plan: TablePlan,
        producers: Mapping[str, Producer],
        columns: tuple[str, ...],
        parents: Parents,
        *,
        seed: str,
        first: int = 0,
        bounded: bool = False,
        locale: str = DEFAULT_LOCALE,
        domain: str = DEFAULT_DOMAIN,
        deal: Deal | None = None,
        factory: str = "",
        sequence: int = 0,
        iterators: dict[object, Iterator[object]] | None = None,
        base: int = 0,
        addresses: Addresses = DEFAULT_ADDRESSES,
        logins: Logins = ORDINARY,
    ) -> None:
        self.plan = plan
        self.columns = columns
        self.first = base + first
        self.deal = deal
        self._rows: int | None = None if bounded else plan.rows
        self._locale = locale
        spoken = None if locale == DEFAULT_LOCALE else locale
        self._scope = Scope(
            seed,
            plan.logical,
            plan.part,
            producers,
            parents,
            plan.rows,
            locale=spoken,
            domain=domain,
            sequence=sequence,
            iterators=iterators,
            factory=factory,
            base=base,
            addresses=addresses,
            logins=logins,
        )
        self._chunks: OrderedDict[int, Chunk] = OrderedDict()

    @property
    def is_there(self) -> bool:
        """Whether the part's row is one that a database has once, and has already."""
        return any(getattr(producer, "is_there", False) for producer in self._scope.producers.values())

    @property
    def rows(self) -> int:
        """How many rows there are: no more than unique keys leave room for, 0 once the part failed."""
        if self._rows is None:
            scope = self._scope
            bounds = [getattr(producer, "room", None) for producer in scope.producers.values()]
            rooms = [bound(scope.parents) for bound in bounds if bound is not None]
            planned = self.plan.rows
            wanted = planned if self.deal is None else self.deal.limit(scope.parents, planned)
            self._rows = min([wanted, *(room for room in rooms if room is not None)])
        return self._rows

    def give_up(self) -> None:
        """The part could not be loaded: nothing may refer to it."""
        self._rows = 0

    def beyond(self, first: int, rows: int) -> PartSource:
        """Further rows of the part, from its row `first` on: in place of those that the database refused."""
        plan, scope = replace(self.plan, rows=rows), self._scope
        return PartSource(
            plan,
            scope.producers,
            self.columns,
            scope.parents,
            seed=scope.seed,
            first=first,
            locale=self._locale,
            domain=scope.domain,
            deal=self.deal,
            factory=scope.factory,
            base=scope.base,
            addresses=scope.addresses,
            logins=scope.logins,
        )

    @property
    def parents(self) -> Parents:
        """Where foreign keys find their rows."""
        return self._scope.parents

    def forget(self) -> None:
        """Drop the chunks that were kept: what they referred to has changed."""
        self._chunks.clear()

    @property
    def chunk_numbers(self) -> range:
        """The numbers of all chunks."""
        return range(self.first // CHUNK_ROWS, -(-(self.first + self.rows) // CHUNK_ROWS))

    def chunk(self, number: int) -> list[tuple[object, ...]]:
        """Return the rows of a chunk, as tuples in the order of `columns`: a pure function of the number."""
        made = self._make(number)
        return list(zip(*(made.column(name) for name in self.columns), strict=True))

    def all_rows(self) -> Iterator[tuple[object, ...]]:
        """All rows, chunk after chunk; at most one chunk is held."""
        for number in self.chunk_numbers:
            yield from self.chunk(number)

    def at(self, column: str, indices: Sequence[int]) -> list[object]:
        """Return a column's values in the rows at `indices`, computing no more than it has to."""
        producer = self._scope.producers.get(column)
        if producer is None:
            raise PlanError(
                f"The values of {self.plan.label}.{column} are not known before the rows are loaded.",
                remedies=[f"let a factory declare {column!r}"],
            )
        direct = getattr(producer, "at", None)
        if direct is not None:
            return list(direct(self._empty, column, [self.first + index for index in indices]))
        return [self._value(column, self.first + index) for index in indices]

    @property
    def row_by_row(self) -> str:
        """Why factory_boy evaluates the rows one by one; empty where they are made in columns."""
        reasons = (getattr(producer, "because", "") for producer in self._scope.producers.values())
        return next(filter(None, reasons), "")

    def knows(self, column: str) -> bool:
        """Whether a field of that name is ours, so that its values are known before the rows are loaded."""
        return column in self._scope.producers

    @cached_property
    def _empty(self) -> Chunk:
        return Chunk(self._scope, 0, 0, 0)

    def _value(self, column: str, index: int) -> object:
        chunk = self._kept(index // CHUNK_ROWS)
        return chunk.column(column)[index - chunk.start]

    def _kept(self, number: int) -> Chunk:
        if number in self._chunks:
            self._chunks.move_to_end(number)
        else:
            self._chunks[number] = self._make(number)
            if len(self._chunks) > CHUNKS_KEPT:
                self._chunks.popitem(last=False)
        return self._chunks[number]

    def _make(self, number: int) -> Chunk:
        start = max(number * CHUNK_ROWS, self.first)
        end = min((number + 1) * CHUNK_ROWS, self.first + self.rows)
        return Chunk(self._scope, number, start, end - start)
