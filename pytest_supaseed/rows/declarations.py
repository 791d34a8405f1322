"""Declarations of ours for factory_boy classes: whole columns at a time, and single rows where asked.

Each is a factory_boy declaration, so that a class made of them is an ordinary factory; `fill` makes a chunk's
column, and `evaluate`, which factory_boy calls row by row, reads the same column: both ways agree.
"""

from __future__ import annotations

from copy import copy
from datetime import timedelta
from operator import itemgetter
from typing import TYPE_CHECKING, Any, cast

from factory.declarations import BaseDeclaration

from pytest_supaseed.errors import PlanError, UsageError
from pytest_supaseed.rows.chunk import Chunk, RowView
from pytest_supaseed.rows.row import Row
from pytest_supaseed.rows.row_steps import (
    chunk_of_step,
    current_call,
    field_name,
    is_without_database,
    value_in_step,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pytest_supaseed.plan.streams import Draws


class ColumnDeclaration(BaseDeclaration):  # type: ignore[misc]  # factory_boy is untyped
    """Base of declarations that fill a whole column."""

    def fill(self, chunk: Chunk, name: str) -> Sequence[object]:
        """Return one value per row of the chunk."""
        raise NotImplementedError  # pragma: no cover

    def evaluate(self, instance: object, step: Any, extra: object) -> object:
        """Read this declaration's value of one row out of the column, for factory_boy's own evaluation."""
        del instance, extra
        return value_in_step(self, step)


class RandomUuid(ColumnDeclaration):
    """A UUID that belongs to the row's index, computable without the rows before it."""

    def fill(self, chunk: Chunk, name: str) -> Sequence[object]:
        """Fill the column, as the base class says."""
        return chunk.scope.stream(name).uuids(chunk.indices)

    def at(self, chunk: Chunk, name: str, indices: Sequence[int]) -> list[object]:
        """The values of any rows, in or out of the chunk."""
        return list(chunk.scope.stream(name).uuids(indices))


class Numbered(ColumnDeclaration):
    """`first`, `first + step`, ...: whole-number keys, computable without the rows before them."""

    def __init__(self, first: int = 1, step: int = 1) -> None:
        super().__init__()
        self.first = first
        self.step = step

    def fill(self, chunk: Chunk, name: str) -> Sequence[object]:
        """Fill the column, as the base class says."""
        del name
        begin = self.first + chunk.positions.start * self.step
        return range(begin, begin + chunk.count * self.step, self.step)

    def at(self, chunk: Chunk, name: str, indices: Sequence[int]) -> list[object]:
        """The values of any rows, in or out of the chunk."""
        del name
        base = chunk.scope.base
        return [self.first + (index - base) * self.step for index in indices]


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
    """A value drawn for each row by `function(draws)`, from the column's own stream.

    A function that has `many(draws, count)` draws all of them at once.
    """

    def __init__(self, function: Callable[[Draws], object]) -> None:
        super().__init__()
        self.function = function

    def fill(self, chunk: Chunk, name: str) -> Sequence[object]:
        """Fill the column, as the base class says."""
        draws, function = chunk.draws(name), self.function
        many = getattr(function, "many", None)
        if many is not None:
            return cast("Sequence[object]", many(draws, chunk.count))
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
        return chunk.draws(name).picks(self.values, chunk.count)


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
            return [begin + timedelta(0, seconds) for seconds in draws.many_below(span, chunk.count)]
        earlier = cast("Sequence[Any]", chunk.column(self.after))
        return [start + (end - start) * draws.random() for start in earlier]


class Parent(ColumnDeclaration):
    """A reference to a row of another table that is there: of the plan, or in the test's database.

    `user_id = Parent("users")` fills that column; `user = Parent("users")`, where `user` is no column, fills
    the columns of the foreign key to that table, whatever they are called and however many they are. Where
    the table has no row yet, one is made. To make a parent for each row, use `factory.SubFactory`.

    Args:
        table: the parent's logical or actual table, such as `"users"`, or its `TableFactory`.
        column: the parent's column that is referred to, where no foreign key says it; its key's first column
            when not given.
        part: one part of the parent's rows, such as `"teams"`; all of them when not given.
        index: chooses the parent of each row: `index(row index, parent count)`; drawn when not given.
    """

    def __init__(
        self,
        table: str | type,
        *,
        column: str | None = None,
        part: str | None = None,
        index: Callable[[int, int], int] | None = None,
    ) -> None:
        super().__init__()
        if not isinstance(table, str) and not hasattr(table, "_meta"):
            raise TypeError(f"Parent({table!r}): it takes the name of a table, or a TableFactory")
        self.target = table
        self.column = column
        self.part = part or (getattr(_meta(table), "part", "") or None)
        self.index = index

    @property
    def table(self) -> str:
        """The parent's table, logical or actual.

        Raises:
            UsageError: the parent's factory names none.
        """
        if isinstance(self.target, str):
            return self.target
        found = getattr(_meta(self.target), "table", None)
        if not found:
            raise UsageError(
                f"Parent({self.target.__name__}): that factory has no table.",
                remedies=[f'say it in {self.target.__name__}: class Meta: table = "..."'],
            )
        return str(found)

    def evaluate(self, instance: object, step: Any, extra: object) -> object:
        """Choose one row's parent; None where a row is built without a database."""
        if is_without_database():
            return None
        call = current_call.get()
        if call is None:
            return super().evaluate(instance, step, extra)
        name = field_name(self, step)
        reference = call.database.reference(step.builder.factory_meta.factory, name, self)
        chosen = self if self.index is not None or not reference.is_unique else one_each(self)
        (values,) = chosen.keys_of_rows(chunk_of_step(step), name, [step.sequence], reference.columns)
        if reference.is_column or reference.columns is None:
            return values[0]
        return Row(dict(zip(reference.columns, values, strict=True)))

    def fill(self, chunk: Chunk, name: str) -> Sequence[object]:
        """Fill the column, as the base class says."""
        return self.of_rows(chunk, name, chunk.positions)

    def of_rows(self, chunk: Chunk, name: str, rows: Sequence[int]) -> Sequence[object]:
        """The values of the parents of rows with these numbers, which count where `index` is given."""
        columns = None if self.column is None else (self.column,)
        return [value for (value, *_others) in self.keys_of_rows(chunk, name, rows, columns)]

    def keys_of_rows(
        self, chunk: Chunk, name: str, rows: Sequence[int], columns: tuple[str, ...] | None
    ) -> list[tuple[object, ...]]:
        """The same, of several columns together; the key's first one where none are given."""
        source = chunk.scope.parents.of(self.table, self.part)
        if source.count == 0:
            raise no_parent(chunk.scope.table, name, self.table)
        chosen = self._choose(chunk, name, rows, source.count)
        return source.values(columns or source.key[:1], chosen)

    def _choose(self, chunk: Chunk, name: str, rows: Sequence[int], count: int) -> list[int]:
        if self.index is not None:
            return [self.index(row, count) for row in rows]
        return chunk.draws(name).many_below(count, chunk.count)


class PartOf(ColumnDeclaration):
    """One component of a tuple-valued field: how a composite foreign key fills its columns together."""

    def __init__(self, source: str, position: int) -> None:
        super().__init__()
        self.source = source
        self.position = position

    def fill(self, chunk: Chunk, name: str) -> Sequence[object]:
        """Fill the column, as the base class says."""
        del name
        return list(map(itemgetter(self.position), cast("Sequence[Any]", chunk.column(self.source))))


def one_each(parent: Parent) -> Parent:
    """The same reference, where no two rows may have one parent: found by the row's number."""
    found = copy(parent)
    found.index = lambda row, count: row % count
    return found


def _meta(table: str | type) -> Any:
    """A factory class's options; of a name, None."""
    return None if isinstance(table, str) else cast("Any", table)._meta  # noqa: SLF001  # its only name


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
