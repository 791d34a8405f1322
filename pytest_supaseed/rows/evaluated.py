"""What fills columns by calling the functions of a factory: in columns, or by factory_boy row by row."""

from __future__ import annotations

import random
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

import factory as factory_boy
import factory.random
from factory.builder import BuildStep, Resolver, StepBuilder, parse_declarations
from factory.declarations import SKIP

from pytest_supaseed.errors import PlanError, SupaseedError
from pytest_supaseed.plan.streams import CHUNK_ROWS
from pytest_supaseed.rows.chunk import current_chunk
from pytest_supaseed.rows.row_steps import ReadsUnfinishedRows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from pytest_supaseed.plan.streams import Stream
    from pytest_supaseed.rows.chunk import Chunk


@dataclass(frozen=True)
class FromFunction:
    """Fills a column by calling a function of the chunk, with Python's own random state seeded for it."""

    function: Callable[[Chunk], Iterable[object]]
    reads_rows: bool = False
    """Whether it is a function of a row's other fields."""

    def fill(self, chunk: Chunk, name: str) -> Sequence[object]:
        """Return the function's values."""
        values: list[object] = []
        with seeded_globals(chunk.scope.stream(name).number(chunk.number)):
            try:
                values.extend(self.function(chunk))
            except (SupaseedError, ReadsUnfinishedRows):
                raise
            except Exception as error:
                raise generator_failed(chunk, name, chunk.start + len(values), error) from error
        return values


@dataclass(frozen=True)
class FromFaker:
    """Fills a column from a Faker provider, seeded by the column's stream.

    Args:
        provider: the provider's name.
        locale: the locale that the declaration names.
        arguments: what the provider is called with.
        pooled: whether a plan's rows after those of the first chunk draw from what the provider gives for it.
    """

    provider: str
    locale: str | None
    arguments: Mapping[str, object]
    pooled: bool = False
    _stock: dict[Stream, Sequence[object]] = field(default_factory=dict, compare=False, repr=False)

    def fill(self, chunk: Chunk, name: str) -> Sequence[object]:
        """Call the provider once per row, in the rows' locale where the declaration names none."""
        if self.pooled and chunk.number > 0 and chunk.scope.iterators is None:
            return chunk.draws(name).picks(self._pool(chunk, name), chunk.count)
        return self._called(chunk, name, chunk.number, chunk.count)

    def _pool(self, chunk: Chunk, name: str) -> Sequence[object]:
        """The values of the column's first chunk, whether it has as many rows or not."""
        stream = chunk.scope.stream(name)
        if stream not in self._stock:
            self._stock.clear()
            self._stock[stream] = self._called(chunk, name, 0, CHUNK_ROWS)
        return self._stock[stream]

    def _called(self, chunk: Chunk, name: str, number: int, count: int) -> Sequence[object]:
        values: list[object] = []
        with seeded_globals(chunk.scope.stream(name).number(number)):
            source: Any = factory_boy.Faker
            try:
                generator = source._get_faker(self.locale or chunk.scope.locale)  # noqa: SLF001  # has its providers
                provider, arguments = generator.get_formatter(self.provider), self.arguments
                values.extend(provider(**arguments) for _ in range(count))
            except Exception as error:
                raise generator_failed(chunk, name, chunk.start + len(values), error) from error
        return values


class RowByRow:
    """Fills columns from rows that factory_boy evaluated itself, one at a time.

    Args:
        factory: the factory.
        overrides: what it is called with.
        because: what keeps it from being evaluated in columns.
    """

    row_by_row = True

    def __init__(self, factory: type, overrides: Mapping[str, object], because: str = "") -> None:
        self.because = because
        self._factory = factory
        self._overrides = dict(overrides)
        self._unfinished: set[int] = set()

    def fill(self, chunk: Chunk, name: str) -> Sequence[object]:
        """Return the field's values, evaluating the chunk's rows when first asked."""
        if id(chunk) in self._unfinished:
            raise ReadsUnfinishedRows
        rows = cast("list[dict[str, object]]", chunk.shared(self, lambda: self._evaluate(chunk)))
        return [row.get(name) for row in rows]

    def _evaluate(self, chunk: Chunk) -> list[dict[str, object]]:
        stream = chunk.scope.stream("factory_boy")
        token = current_chunk.set(chunk)
        self._unfinished.add(id(chunk))
        try:
            return [self._row(chunk, index, stream.number(index)) for index in chunk.indices]
        finally:
            self._unfinished.discard(id(chunk))
            current_chunk.reset(token)

    def _row(self, chunk: Chunk, index: int, seed: int) -> dict[str, object]:
        with seeded_globals(seed), default_locale(chunk.scope.locale):
            step, declared = _step(self._factory, self._overrides, index + chunk.scope.sequence)
            for name in declared:
                try:
                    step.attributes[name] = getattr(step.stub, name)
                except SupaseedError:
                    raise
                except Exception as error:
                    raise generator_failed(chunk, name, index, error) from error
            given = cast("Any", self._factory)._adjust_kwargs(**step.attributes)  # noqa: SLF001  # its hook
            return {name: None if value is SKIP else value for name, value in given.items()}


def _step(factory: type, overrides: Mapping[str, object], sequence: int) -> tuple[Any, Any]:
    """A step of factory_boy, made ready to give the fields of one row, which is not instantiated."""
    meta = cast("Any", factory)._meta  # noqa: SLF001  # factory_boy has no public name for it
    declared, _after = parse_declarations(
        dict(overrides), base_pre=meta.pre_declarations, base_post=meta.post_declarations
    )
    step = BuildStep(StepBuilder(meta, dict(overrides), "build"), sequence)
    step.stub = Resolver(declarations=declared, step=step, sequence=sequence)
    return step, declared


def generator_failed(chunk: Chunk, field: str, index: int, error: Exception) -> PlanError:
    """The error for a declaration that raised: whose it is, and in which row."""
    named = f"{chunk.scope.factory or chunk.scope.table}.{field}"
    said = "" if isinstance(error, KeyError | StopIteration) and not error.args else f": {error}"
    return PlanError(
        f"{named} raised {type(error).__name__}{said}, for the row of number {index} of {chunk.scope.table}.",
        looked_at=[f"what raised it is at {_place(error)}"],
        remedies=[f"try it alone: {(chunk.scope.factory or 'the factory').rpartition(':')[2]}.build()"],
    )


def _place(error: BaseException) -> str:
    """The file and line of the innermost frame."""
    frame = error.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    return "an unknown place" if frame is None else f"{frame.tb_frame.f_code.co_filename}:{frame.tb_lineno}"


def default_locale(locale: str | None) -> AbstractContextManager[None]:
    """The locale of factory_boy's `Faker` declarations that name none, while rows are evaluated."""
    if locale is None:
        return nullcontext()
    return cast("AbstractContextManager[None]", factory_boy.Faker.override_default_locale(locale))


@contextmanager
def seeded_globals(seed: int) -> Iterator[None]:
    """Seed Python's and factory_boy's module-wide random state, and put both back after."""
    python, boy = random.getstate(), factory_boy.random.get_random_state()
    random.seed(seed)
    factory_boy.random.reseed_random(seed)
    try:
        yield
    finally:
        random.setstate(python)
        factory_boy.random.set_random_state(boy)
