"""A factory's declarations, compiled once into producers that fill a whole column of a chunk.

What we know is evaluated in columns; a factory with anything that we do not know is evaluated row by row by
factory_boy itself: slower, never wrong.
"""

from __future__ import annotations

import random
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any, cast

import factory as factory_boy
import factory.random
from factory.builder import StepBuilder, parse_declarations
from factory.declarations import BaseDeclaration

from pytest_supaseed.rows.chunk import Chunk, Producer, current_chunk
from pytest_supaseed.rows.declarations import ColumnDeclaration, Constant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from faker import Faker


@dataclass(frozen=True)
class FromFunction:
    """Fills a column by calling a function of the chunk, with Python's own random state seeded for it."""

    function: Callable[[Chunk], Sequence[object]]

    def fill(self, chunk: Chunk, name: str) -> Sequence[object]:
        """Return the function's values."""
        with seeded_globals(chunk.scope.stream(name).number(chunk.number)):
            return self.function(chunk)


@dataclass(frozen=True)
class FromFaker:
    """Fills a column from a Faker provider, seeded by the column's stream."""

    provider: str
    locale: str | None
    arguments: Mapping[str, object]

    def fill(self, chunk: Chunk, name: str) -> Sequence[object]:
        """Call the provider once per row."""
        source = _faker(self.locale)
        source.seed_instance(chunk.scope.stream(name).number(chunk.number))
        method = getattr(source, self.provider)
        return [method(**self.arguments) for _ in range(chunk.count)]


class RowByRow:
    """Fills columns from rows that factory_boy evaluated itself, one at a time."""

    def __init__(self, factory: type, overrides: Mapping[str, object]) -> None:
        self._factory = factory
        self._overrides = dict(overrides)

    def fill(self, chunk: Chunk, name: str) -> Sequence[object]:
        """Return the field's values, evaluating the chunk's rows when first asked."""
        rows = cast("list[dict[str, object]]", chunk.shared(self, lambda: self._evaluate(chunk)))
        return [row.get(name) for row in rows]

    def _evaluate(self, chunk: Chunk) -> list[dict[str, object]]:
        stream = chunk.scope.stream("factory_boy")
        token = current_chunk.set(chunk)
        try:
            return [self._row(index, stream.number(index)) for index in chunk.indices]
        finally:
            current_chunk.reset(token)

    def _row(self, index: int, seed: int) -> dict[str, object]:
        with seeded_globals(seed):
            builder = StepBuilder(meta_of(self._factory), dict(self._overrides), "build")
            return dict(builder.build(force_sequence=index))


def compile_factory(factory: type, overrides: Mapping[str, object]) -> dict[str, Producer]:
    """Return a producer for each field of a factory_boy class, with the overrides applied.

    Args:
        factory: a factory_boy class.
        overrides: what a caller passed to `create`: values or declarations, by field name.
    """
    meta = meta_of(factory)
    declared, _after = parse_declarations(
        dict(overrides), base_pre=meta.pre_declarations, base_post=meta.post_declarations
    )
    producers: dict[str, Producer] = {}
    unknown = False
    for name in declared:
        found = _producer(declared[name].declaration, declared[name].context)
        unknown = unknown or found is None
        if found is not None:
            producers[name] = found
    if unknown:
        rows = RowByRow(factory, overrides)
        return {name: producers[name] if _is_ours(producers.get(name)) else rows for name in declared}
    return producers


def meta_of(factory: type) -> Any:
    """The options of a factory class, under the name that factory_boy gives them."""
    return cast("Any", factory)._meta  # noqa: SLF001  # factory_boy has no public name for it


def producer_of(declaration: object) -> Producer:
    """The producer of a declaration that stands alone.

    Raises:
        TypeError: the declaration cannot be evaluated in columns.
    """
    found = _producer(declaration, {})
    if found is None:
        raise TypeError(f"{type(declaration).__name__} cannot be evaluated in columns")
    return found


def _is_ours(producer: Producer | None) -> bool:
    return isinstance(producer, ColumnDeclaration)


def _producer(declaration: object, context: Mapping[str, object]) -> Producer | None:
    """The producer of one declaration; None where it has to be left to factory_boy."""
    if isinstance(declaration, ColumnDeclaration):
        return declaration
    if not isinstance(declaration, BaseDeclaration):
        return Constant(declaration)
    make = _COMPILERS.get(type(declaration))
    return None if make is None else make(declaration, context)


def _sequence(declaration: Any, _context: Mapping[str, object]) -> Producer:
    function = declaration.function
    return FromFunction(lambda chunk: [function(index) for index in chunk.indices])


def _lazy_function(declaration: Any, _context: Mapping[str, object]) -> Producer:
    function = declaration.function
    return FromFunction(lambda chunk: [function() for _ in range(chunk.count)])


def _lazy_attribute(declaration: Any, _context: Mapping[str, object]) -> Producer:
    function = declaration.function
    return FromFunction(lambda chunk: [function(row) for row in chunk.rows()])


def _lazy_attribute_sequence(declaration: Any, _context: Mapping[str, object]) -> Producer:
    function = declaration.function
    return FromFunction(
        lambda chunk: [function(row, index) for row, index in zip(chunk.rows(), chunk.indices, strict=True)]
    )


def _iterator(declaration: Any, _context: Mapping[str, object]) -> Producer:
    def fill(chunk: Chunk) -> list[object]:
        values = islice(iter(declaration.iterator_builder()), chunk.start, chunk.start + chunk.count)
        return [value if declaration.getter is None else declaration.getter(value) for value in values]

    return FromFunction(fill)


def _faker_declaration(declaration: Any, context: Mapping[str, object]) -> Producer | None:
    arguments = {**declaration._defaults, **context}  # noqa: SLF001  # factory_boy has no other way
    locale = arguments.pop("locale", None)
    if any(isinstance(value, BaseDeclaration) for value in arguments.values()):
        return None
    return FromFaker(declaration.provider, cast("str | None", locale), arguments)


def _self_attribute(declaration: Any, _context: Mapping[str, object]) -> Producer | None:
    if declaration.depth or "." in declaration.attribute_name:
        return None
    return FromFunction(lambda chunk: chunk.column(declaration.attribute_name))


_COMPILERS: dict[type, Callable[[Any, Mapping[str, object]], Producer | None]] = {
    factory_boy.Sequence: _sequence,
    factory_boy.LazyFunction: _lazy_function,
    factory_boy.LazyAttribute: _lazy_attribute,
    factory_boy.LazyAttributeSequence: _lazy_attribute_sequence,
    factory_boy.Iterator: _iterator,
    factory_boy.Faker: _faker_declaration,
    factory_boy.SelfAttribute: _self_attribute,
}


@cache
def _faker(locale: str | None) -> Faker:
    import faker

    return faker.Faker(locale) if locale else faker.Faker()


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
