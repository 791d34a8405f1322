"""Declarations of ours for factory_boy classes: whole columns at a time, and single rows where asked.

Each is a factory_boy declaration, so that a class made of them is an ordinary factory; `fill` makes a chunk's
column, and `evaluate`, which factory_boy calls row by row, reads the same column: both ways agree.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

from factory.declarations import BaseDeclaration

from pytest_supaseed.errors import PlanError
from pytest_supaseed.rows.chunk import Chunk, RowView, current_chunk

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pytest_supaseed.rows.streams import Draws


class ColumnDeclaration(BaseDeclaration):  # type: ignore[misc]  # factory_boy is untyped
    """Base of declarations that fill a whole column."""

    def fill(self, chunk: Chunk, name: str) -> Sequence[object]:
        """Return one value per row of the chunk."""
        raise NotImplementedError  # pragma: no cover

    def evaluate(self, instance: object, step: Any, extra: object) -> object:
        """Read this declaration's value of one row out of the column, for factory_boy's own evaluation."""
        del instance, extra
        chunk = current_chunk.get()
        name = next(key for key, producer in chunk.scope.producers.items() if producer is self)
        return chunk.column(name)[step.sequence - chunk.start]


class RandomUuid(ColumnDeclaration):
    """A UUID that belongs to the row's index, computable without the rows before it."""

    def fill(self, chunk: Chunk, name: str) -> Sequence[object]:
        """Fill the column, as the base class says."""
        stream = chunk.scope.stream(name)
        return [stream.uuid(index) for index in chunk.indices]

    def at(self, chunk: Chunk, name: str, indices: Sequence[int]) -> list[object]:
        """The values of any rows, in or out of the chunk."""
        stream = chunk.scope.stream(name)
        return [stream.uuid(index) for index in indices]


class Numbered(ColumnDeclaration):
    """`first`, `first + 1`, ...: whole-number keys, computable without the rows before them."""

    def __init__(self, first: int = 1) -> None:
        super().__init__()
        self.first = first

    def fill(self, chunk: Chunk, name: str) -> Sequence[object]:
        """Fill the column, as the base class says."""
        del name
        return range(self.first + chunk.start, self.first + chunk.start + chunk.count)

    def at(self, chunk: Chunk, name: str, indices: Sequence[int]) -> list[object]:
        """The values of any rows, in or out of the chunk."""
        del chunk, name
        return [self.first + index for index in indices]


class Constant(ColumnDeclaration):
    """The same value in every row."""

    def __init__(self, value: object) -> None:
        super().__init__()
        self.value = value

    def fill(self, chunk: Chunk, name: str) -> Sequence[object]:
        """Fill the column, as the base class says."""
        del name
        return [self.value] * chunk.count


class Drawn(ColumnDeclaration):
    """A value drawn for each row by `function(draws)`, from the column's own stream."""

    def __init__(self, function: Callable[[Draws], object]) -> None:
        super().__init__()
        self.function = function

    def fill(self, chunk: Chunk, name: str) -> Sequence[object]:
        """Fill the column, as the base class says."""
        draws = chunk.draws(name)
        function = self.function
        return [function(draws) for _ in range(chunk.count)]


class DrawnFrom(ColumnDeclaration):
    """A value drawn for each row by `function(row, draws)`, where row gives the other fields by attribute."""

    def __init__(self, function: Callable[[Any, Draws], object]) -> None:
        super().__init__()
        self.function = function

    def fill(self, chunk: Chunk, name: str) -> Sequence[object]:
        """Fill the column, as the base class says."""
        draws = chunk.draws(name)
        function = self.function
        return [function(row, draws) for row in chunk.rows()]


class FromRow(ColumnDeclaration):
    """A value computed for each row by `function(row, index)`."""

    def __init__(self, function: Callable[[Any, int], object]) -> None:
        super().__init__()
        self.function = function

    def fill(self, chunk: Chunk, name: str) -> Sequence[object]:
        """Fill the column, as the base class says."""
        del name
        function = self.function
        return [function(row, index) for row, index in zip(chunk.rows(), chunk.indices, strict=True)]


class OneOf(ColumnDeclaration):
    """One of the given values, each as likely as the others."""

    def __init__(self, values: Sequence[object]) -> None:
        super().__init__()
        self.values = tuple(values)

    def fill(self, chunk: Chunk, name: str) -> Sequence[object]:
        """Fill the column, as the base class says."""
        draws = chunk.draws(name)
        values, size = self.values, len(self.values)
        return [values[draws.below(size)] for _ in range(chunk.count)]


class Instant(ColumnDeclaration):
    """A moment in the `days` before the reference instant; not before the field that `after` names."""

    def __init__(self, days: int = 365, *, after: str | None = None) -> None:
        super().__init__()
        self.days = days
        self.after = after

    def fill(self, chunk: Chunk, name: str) -> Sequence[object]:
        """Fill the column, as the base class says."""
        draws = chunk.draws(name)
        end = chunk.scope.reference
        if self.after is None:
            begin, span = end - timedelta(days=self.days), self.days * 86_400
            return [begin + timedelta(seconds=draws.below(span)) for _ in range(chunk.count)]
        earlier = cast("Sequence[Any]", chunk.column(self.after))
        return [start + (end - start) * draws.random() for start in earlier]


class Parent(ColumnDeclaration):
    """A reference to a row of another table.

    Args:
        table: the parent's logical table, such as `"users"`.
        column: the parent's column that is referred to; its key's first column when not given.
        part: one part of the parent's rows, such as `"teams"`; all of them when not given.
        index: chooses the parent of each row: `index(row index, parent count)`; drawn when not given.
    """

    def __init__(
        self,
        table: str,
        *,
        column: str | None = None,
        part: str | None = None,
        index: Callable[[int, int], int] | None = None,
    ) -> None:
        super().__init__()
        self.table = table
        self.column = column
        self.part = part
        self.index = index

    def fill(self, chunk: Chunk, name: str) -> Sequence[object]:
        """Fill the column, as the base class says."""
        source = chunk.scope.parents.of(self.table, self.part)
        if source.count == 0:
            raise no_parent(chunk.scope.table, name, self.table)
        chosen = self._choose(chunk, name, source.count)
        column = self.column or source.key[0]
        return [value for (value,) in source.values((column,), chosen)]

    def _choose(self, chunk: Chunk, name: str, count: int) -> list[int]:
        if self.index is not None:
            return [self.index(row, count) for row in chunk.indices]
        draws = chunk.draws(name)
        return [draws.below(count) for _ in range(chunk.count)]


class PartOf(ColumnDeclaration):
    """One component of a tuple-valued field: how a composite foreign key fills its columns together."""

    def __init__(self, source: str, position: int) -> None:
        super().__init__()
        self.source = source
        self.position = position

    def fill(self, chunk: Chunk, name: str) -> Sequence[object]:
        """Fill the column, as the base class says."""
        del name
        position = self.position
        return [cast("tuple[object, ...]", value)[position] for value in chunk.column(self.source)]


def no_parent(table: str, field: str, parent: str) -> PlanError:
    """The error for a row that needs a parent where there is none."""
    return PlanError(
        f"A row of {table!r} needs a row of {parent!r} for its field {field!r}, and that table has none.",
        remedies=[
            f"create a {parent!r} row first",
            f"pass {field}= explicitly",
            "seed with at least one user",
        ],
    )


__all__ = [
    "ColumnDeclaration",
    "Constant",
    "Drawn",
    "DrawnFrom",
    "FromRow",
    "Instant",
    "Numbered",
    "OneOf",
    "Parent",
    "PartOf",
    "RandomUuid",
    "RowView",
    "no_parent",
]
