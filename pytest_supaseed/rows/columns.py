"""A factory's declarations, compiled once into producers that fill a whole column of a chunk.

What we know is evaluated in columns; a factory with anything that we do not know is evaluated row by row by
factory_boy itself: slower, never wrong.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, cast

import factory as factory_boy
from factory.builder import parse_declarations
from factory.declarations import SKIP, BaseDeclaration

from pytest_supaseed.errors import PlanError, UsageError
from pytest_supaseed.rows.declarations import ColumnDeclaration, Constant, Parent
from pytest_supaseed.rows.evaluated import FromFaker, FromFunction, RowByRow, seeded_globals

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pytest_supaseed.rows.chunk import Chunk, Producer

_NOTHING: object = cast("Any", factory_boy.SelfAttribute("id")).default
"""What factory_boy keeps where a SelfAttribute has no default."""

__all__ = [
    "FromFaker",
    "FromFunction",
    "RowByRow",
    "compile_factory",
    "is_columnar",
    "meta_of",
    "producer_of",
    "seeded_globals",
]


def compile_factory(factory: type, overrides: Mapping[str, object]) -> dict[str, Producer]:
    """Return a producer for each field of a factory_boy class, with the overrides applied.

    A `SubFactory` of a table is a reference to its rows here: rows that come in chunks make no others.

    Args:
        factory: a factory_boy class.
        overrides: what a caller passed to `create`: values or declarations, by field name.

    Raises:
        PlanError: a parent is to be made with values of its own.
    """
    meta = meta_of(factory)
    declared, _after = parse_declarations(
        dict(overrides), base_pre=meta.pre_declarations, base_post=meta.post_declarations
    )
    producers: dict[str, Producer | None] = {}
    for name in declared:
        settled = _settled(declared[name].declaration, declared.declarations)
        if settled is not SKIP:
            found = _reference(factory, name, settled, declared[name].context) or settled
            producers[name] = _producer(found, declared[name].context)
    adjusts = _overrides_hook(factory, "_adjust_kwargs")
    if not adjusts and all(found is not None for found in producers.values()):
        return cast("dict[str, Producer]", producers)
    references = {name: found for name, found in producers.items() if isinstance(found, Parent)}
    iterated = {
        name: InChunk(found)
        for name, found in producers.items()
        if found is not None and isinstance(declared[name].declaration, factory_boy.Iterator)
    }
    # inside a trait's `Maybe` a declaration of ours would go by another name, and draw other values
    settled_ones = {
        name: found
        for name, found in producers.items()
        if isinstance(found, ColumnDeclaration) and isinstance(declared[name].declaration, factory_boy.Maybe)
    }
    unknown = [
        f"{name} is {_article(declared[name].declaration)}"
        for name, found in producers.items()
        if found is None
    ]
    because = ", ".join(unknown) or "it has its own _adjust_kwargs"
    rows = RowByRow(factory, {**overrides, **settled_ones, **references, **iterated}, because)
    alone = {**producers, **iterated}
    return {
        name: cast("Producer", alone[name]) if isinstance(alone[name], ColumnDeclaration) else rows
        for name in producers
    }


def _article(declaration: object) -> str:
    name = type(declaration).__name__
    return f"{'an' if name.startswith(tuple('AEIOU')) else 'a'} {name}"


class InChunk(ColumnDeclaration):
    """A column that is told by the rows' numbers, for rows that factory_boy evaluates one by one."""

    def __init__(self, producer: Producer) -> None:
        super().__init__()
        self.producer = producer

    def fill(self, chunk: Chunk, name: str) -> Any:
        """Fill the column, as the base class says."""
        return self.producer.fill(chunk, name)


def is_columnar(factory: type, overrides: Mapping[str, object]) -> bool:
    """Whether a test's rows can be evaluated in columns: nothing is made, or called, for a single row."""
    meta = meta_of(factory)
    declared, after = parse_declarations(
        dict(overrides), base_pre=meta.pre_declarations, base_post=meta.post_declarations
    )
    fields = declared.declarations
    if any(_settled(hook, fields) is not SKIP for hook in after.declarations.values()):
        return False
    for name in declared:
        settled = _settled(fields[name], fields)
        if settled is not SKIP and _producer(settled, declared[name].context) is None:
            return False
    return True


def _overrides_hook(factory: type, name: str) -> bool:
    """Whether a factory has a hook of factory_boy of its own."""
    own, base = getattr(factory, name), getattr(factory_boy.Factory, name)
    return getattr(own, "__func__", own) is not base.__func__


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


def _settled(declaration: object, declared: Mapping[str, object]) -> object:
    """What a declaration comes to where a trait or parameter that is the same in every row decides it."""
    while isinstance(declaration, factory_boy.Maybe):
        decider: Any = declaration.decider
        if not isinstance(decider, factory_boy.SelfAttribute) or decider.depth > 1:
            return declaration
        value = declared.get(decider.attribute_name, decider.default)
        if isinstance(value, BaseDeclaration) or "." in decider.attribute_name:
            return declaration
        declaration = declaration.yes if value else declaration.no
    return declaration


def _reference(factory: type, name: str, declaration: object, context: Mapping[str, object]) -> Parent | None:
    """The rows that a SubFactory of a table refers to in a plan."""
    from pytest_supaseed.rows.parent_factories import parent_of_declaration

    if isinstance(declaration, Parent):
        return declaration
    found = parent_of_declaration(declaration)
    own = {**getattr(declaration, "_defaults", {}), **context}
    if found is not None and own and isinstance(declaration, factory_boy.SubFactory):
        raise PlanError(
            f"{factory.__name__}.{name} makes a parent with values of its own ({', '.join(own)}),"
            " and the rows of a plan refer to parents that are planned.",
            remedies=[
                f'{name} = Parent("{found.table}") refers to any of them',
                "planned = False in class Meta leaves the factory to the tests",
            ],
        )
    return found


def _producer(declaration: object, context: Mapping[str, object]) -> Producer | None:
    """The producer of one declaration; None where it has to be left to factory_boy."""
    if isinstance(declaration, ColumnDeclaration):
        if context:
            raise _takes_no_values(declaration, context)
        return declaration
    if not isinstance(declaration, BaseDeclaration):
        return Constant(declaration)
    make = _COMPILERS.get(type(declaration))
    return None if make is None else make(declaration, context)


def _takes_no_values(declaration: ColumnDeclaration, context: Mapping[str, object]) -> UsageError:
    given = ", ".join(f"__{name}" for name in context)
    return UsageError(
        f"{type(declaration).__name__} takes no values from its caller, and was given {given}.",
        remedies=[
            "a parent with values of its own is made by factory.SubFactory(UserFactory), or passed as a row",
        ],
    )


class CountedIterator(factory_boy.Iterator):  # type: ignore[misc]  # factory_boy is untyped
    """An `Iterator` that begins anew in each test: how far it is, the test's database knows."""

    def __init__(self, declared: Any) -> None:
        super().__init__((), getter=declared.getter)
        self.declared = declared
        self.iterator_builder = declared.iterator_builder

    def evaluate(self, instance: object, step: Any, extra: object) -> object:
        """The next value: of the test, or of the process where a row is built without a database."""
        from pytest_supaseed.rows.row_steps import current_call

        call = current_call.get()
        if call is None:
            return self.declared.evaluate(instance, step, extra)
        value = next(iterator_of(self.declared, call.iterators))
        return value if self.getter is None else self.getter(value)

    def reset(self) -> None:
        """Begin anew."""
        self.declared.reset()


def iterator_of(declared: Any, iterators: dict[object, Iterator[object]]) -> Iterator[object]:
    """The iterator of a declaration in a test, begun when first asked for."""
    if declared not in iterators:
        iterators[declared] = iter(declared.iterator_builder())
    return iterators[declared]


def _sequence(declaration: Any, _context: Mapping[str, object]) -> Producer:
    function = declaration.function
    return FromFunction(lambda chunk: (function(number) for number in _numbers(chunk)))


def _numbers(chunk: Chunk) -> range:
    first = chunk.start + chunk.scope.sequence
    return range(first, first + chunk.count)


def _lazy_function(declaration: Any, _context: Mapping[str, object]) -> Producer:
    function = declaration.function
    return FromFunction(lambda chunk: (function() for _ in range(chunk.count)))


def _lazy_attribute(declaration: Any, _context: Mapping[str, object]) -> Producer:
    function = declaration.function
    return FromFunction(lambda chunk: (function(row) for row in chunk.rows()), reads_rows=True)


def _lazy_attribute_sequence(declaration: Any, _context: Mapping[str, object]) -> Producer:
    function = declaration.function
    return FromFunction(
        lambda chunk: (
            function(row, number) for row, number in zip(chunk.rows(), _numbers(chunk), strict=True)
        ),
        reads_rows=True,
    )


def _iterator(declaration: Any, _context: Mapping[str, object]) -> Producer:
    declared = getattr(declaration, "declared", declaration)

    def fill(chunk: Chunk) -> Iterator[object]:
        if chunk.scope.iterators is None:
            values = islice(iter(declared.iterator_builder()), chunk.positions.start, chunk.positions.stop)
        else:
            values = islice(iterator_of(declared, chunk.scope.iterators), chunk.count)
        return (value if declared.getter is None else declared.getter(value) for value in values)

    return FromFunction(fill)


def _faker_declaration(declaration: Any, context: Mapping[str, object]) -> Producer | None:
    arguments = {**declaration._defaults, **context}  # noqa: SLF001  # factory_boy has no other way
    locale = arguments.pop("locale", None)
    if any(isinstance(value, BaseDeclaration) for value in arguments.values()):
        return None
    return FromFaker(declaration.provider, cast("str | None", locale), arguments)


def _self_attribute(declaration: Any, _context: Mapping[str, object]) -> Producer | None:
    has_default = declaration.default is not _NOTHING
    if declaration.depth > 1 or "." in declaration.attribute_name or has_default:
        return None
    return FromFunction(lambda chunk: chunk.column(declaration.attribute_name), reads_rows=True)


_COMPILERS: dict[type, Callable[[Any, Mapping[str, object]], Producer | None]] = {
    factory_boy.Sequence: _sequence,
    factory_boy.LazyFunction: _lazy_function,
    factory_boy.LazyAttribute: _lazy_attribute,
    factory_boy.LazyAttributeSequence: _lazy_attribute_sequence,
    factory_boy.Iterator: _iterator,
    CountedIterator: _iterator,
    factory_boy.Faker: _faker_declaration,
    factory_boy.SelfAttribute: _self_attribute,
}
