"""Declarations of ours where factory_boy evaluates a row itself: a chunk of one row around its step."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import factory.random
from factory.builder import parse_declarations
from factory.declarations import BaseDeclaration

from pytest_supaseed.logins import ORDINARY
from pytest_supaseed.option_values import DEFAULT_DOMAIN
from pytest_supaseed.plan.streams import CHUNK_ROWS
from pytest_supaseed.rows.chunk import Chunk, Scope, current_chunk

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pytest_supaseed.logins import Logins
    from pytest_supaseed.rows.chunk import KeySource, Parents, Producer
    from pytest_supaseed.rows.current import RowWriter


@dataclass
class RowCall:
    """A call of a factory in a test that factory_boy evaluates row by row, with all that it calls in turn.

    Args:
        database: where the rows go.
        seed: the call's randomness.
        parents: where foreign keys find their rows.
        iterators: how far each `Iterator` of a factory is in this test.
        locale: the locale of names, places and words.
        domain: what rows speak of.
        logins: how users log in.
    """

    database: RowWriter
    seed: str
    parents: Parents
    iterators: dict[object, Iterator[object]]
    locale: str | None = None
    domain: str = DEFAULT_DOMAIN
    logins: Logins = ORDINARY
    _steps: int = 0

    def next_seed(self) -> str:
        """The randomness of the next step: no two rows of one call are alike."""
        self._steps += 1
        return f"{self.seed}\n{self._steps}"


current_call: ContextVar[RowCall | None] = ContextVar("supaseed_current_call", default=None)


class ReadsUnfinishedRows(Exception):  # noqa: N818  # a signal between two modules, never seen outside
    """A column was asked for while the rows that it is made of are being evaluated one by one."""


class _NoParents:
    """Where there is no database, there is nothing to refer to."""

    def of(self, table: str, part: str | None = None) -> KeySource:
        del part
        raise LookupError(table)


@dataclass(frozen=True)
class _FromStep:
    """A field that factory_boy evaluates."""

    stub: Any

    def fill(self, chunk: Chunk, name: str) -> Sequence[object]:
        del chunk
        return [getattr(self.stub, name)]


_CHUNK = "_supaseed_chunk"
"""Where a step keeps its chunk: both are gone together, while a registry of ours would keep them for good,
since a chunk reads its step."""


def is_without_database() -> bool:
    """Whether a row is built, not made: no plan and no test database is behind it."""
    return current_chunk.get(None) is None and current_call.get() is None


def value_in_step(declaration: Any, step: Any) -> object:
    """The value of one of our declarations in the row of a step.

    Args:
        declaration: the declaration, which may stand inside another one: `Maybe("paid", OneOf(...))`.
        step: factory_boy's `BuildStep`.
    """
    chunk = current_chunk.get(None)
    if chunk is not None and step.parent_step is None:
        name = field_name(declaration, step)
        try:
            column = _column(chunk, name, declaration)
            return column[step.sequence - chunk.scope.sequence - chunk.start]
        except ReadsUnfinishedRows:
            pass
    return declaration.fill(chunk_of_step(step), field_name(declaration, step))[0]


def chunk_of_step(step: Any) -> Chunk:
    """The chunk of one row around a step of factory_boy."""
    kept = vars(step)
    if _CHUNK not in kept:
        kept[_CHUNK] = _chunk_of(step, current_chunk.get(None))
    own: Chunk = kept[_CHUNK]
    return own


def field_name(declaration: object, step: Any) -> str:
    """The field that a declaration fills in a step, with the way to it where it stands inside another one."""
    return next(
        path
        for name, outer in _declared(step).items()
        for path, inner in _within(name, outer)
        if inner is declaration
    )


def _column(chunk: Chunk, name: str, declaration: Any) -> Any:
    """The column of a field; of a declaration inside another one, what it would fill."""
    if chunk.is_computing(name):
        raise ReadsUnfinishedRows
    producer = chunk.scope.producers.get(name)
    if producer is not None and not getattr(producer, "row_by_row", False):
        return chunk.column(name)
    return chunk.shared(declaration, lambda: declaration.fill(chunk, name))


def _chunk_of(step: Any, outer: Chunk | None) -> Chunk:
    stub, declared = step.stub, _declared(step)
    producers: dict[str, Producer] = {name: _FromStep(stub) for name in declared}
    table = str(
        getattr(step.builder.factory_meta, "table", None) or step.builder.factory_meta.factory.__name__
    )
    part = str(getattr(step.builder.factory_meta, "part", ""))
    call = current_call.get()
    index = int(step.sequence)
    if outer is not None:
        like = replace(outer.scope, seed=f"{outer.scope.seed}\n{step.sequence}")
    elif call is not None:
        like = Scope(call.next_seed(), "", "", {}, call.parents, 1, locale=call.locale)
        like = replace(like, domain=call.domain, logins=call.logins)
    else:
        like = Scope(str(factory.random.randgen.getrandbits(64)), "", "", {}, _NoParents(), 1)
    scope = replace(like, table=table, part=part, producers=producers, rows=1)
    return Chunk(scope, index // CHUNK_ROWS, index, 1)


def _declared(step: Any) -> Mapping[str, object]:
    meta = step.builder.factory_meta
    extras = dict(step.builder.extras)
    found, _after = parse_declarations(
        extras, base_pre=meta.pre_declarations, base_post=meta.post_declarations
    )
    return dict(found.declarations)


def _within(path: str, declaration: object) -> Iterator[tuple[str, object]]:
    yield path, declaration
    inner = {
        **getattr(declaration, "_defaults", {}),
        **{name: getattr(declaration, name, None) for name in ("yes", "no", "default")},
    }
    for name, found in inner.items():
        if isinstance(found, BaseDeclaration):
            yield from _within(f"{path}.{name}", found)
