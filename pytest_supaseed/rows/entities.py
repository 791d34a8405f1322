"""Things that a row speaks of: one person, one place, one company, of which each column takes a part.

A row's entity is drawn from a stream of its own, so the columns of a row agree whatever their order, and a
part is the same whichever other columns exist. `sender_city` and `recipient_city` speak of two places: each
role has its own entity.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from pytest_supaseed.rows.declarations import ColumnDeclaration
from pytest_supaseed.rows.local_words import local_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pytest_supaseed.plan.streams import Draws
    from pytest_supaseed.rows.chunk import Chunk
    from pytest_supaseed.rows.local_words import Local

CODE_LETTERS = "BCDFGHJKLMNPQRSTVWXZ23456789"
"""What codes are made of: without vowels no word arises, without 0 and 1 nothing is misread."""

ROOM_FOR_ANY = 80
"""Characters that the best form of what holds the row's number never exceeds."""

if TYPE_CHECKING:
    Part = Callable[[Any, Draws], str]
    """The text of one column: a function of the row's entity and of the column's own draws."""
    WholePart = Callable[[Sequence[Any], Draws], list[str]]
    """The same of all rows of a chunk."""

_WHOLE: dict[Part, WholePart] = {}


def in_columns(whole: WholePart) -> Callable[[Part], Part]:
    """Say how a part is made for all rows of a chunk at once: from the same draws, to the same texts."""

    def said(part: Part) -> Part:
        _WHOLE[part] = whole
        return part

    return said


def whole_part(part: Part, rows: Sequence[Any], draws: Draws) -> list[str]:
    """The texts of a part in all rows of a chunk."""
    whole = _WHOLE.get(part)
    return [part(row, draws) for row in rows] if whole is None else whole(rows, draws)


@dataclass(frozen=True)
class Kind:
    """A kind of entity.

    Args:
        name: what its stream is called.
        make: makes one, from the stream's draws and the row's index.
        localized: the same in the locale that was asked for; None where all locales are alike.
        whole: makes those of all rows of a chunk at once, from the same draws; None to make one by one.
    """

    name: str
    make: Callable[[Draws, int], Any]
    localized: Callable[[Local, Draws, int], Any] | None = None
    whole: Callable[[Draws, Sequence[int]], Sequence[Any]] | None = None


class Entity:
    """The entity of one kind and role in each row of a table; of the rows' own locale where it has none."""

    def __init__(self, kind: Kind, role: str, locale: str | None) -> None:
        self.kind = kind
        self.role = role
        self.locale = locale

    def rows(self, chunk: Chunk) -> Sequence[Any]:
        """One entity per row of the chunk, made when first asked for."""
        return cast("Sequence[Any]", chunk.shared(self, lambda: self._make(chunk)))

    def _make(self, chunk: Chunk) -> Sequence[Any]:
        stream = chunk.scope.stream(f"entity {self.kind.name} {self.role}")
        draws = stream.draws(chunk.number)
        local = self.local(chunk)
        if local is None or self.kind.localized is None:
            make, whole = self.kind.make, self.kind.whole
            if whole is not None:
                return whole(draws, chunk.indices)
            return [make(draws, index) for index in chunk.indices]
        localized = self.kind.localized
        return [localized(local, draws, index) for index in chunk.indices]

    def local(self, chunk: Chunk) -> Local | None:
        """What the locale has to say; None under the default one.

        Raises:
            UsageError: Faker knows no such locale.
        """
        locale = self.locale or chunk.scope.locale
        return None if locale is None else local_of(locale)


@cache
def entity(kind: Kind, role: str = "", locale: str | None = None) -> Entity:
    """The one entity of a kind, role and locale: columns that name the same share it."""
    return Entity(kind, role, locale)


NOTHING = Kind("nothing", lambda _draws, index: index)
"""For parts that need their column's draws only; the entity is the row's index."""


class PartOfEntity(ColumnDeclaration):
    """A column that takes a part of its row's entity.

    Args:
        source: the entity.
        variants: the part's forms, the best first; the first that fits the length is taken.
        length: the characters that the column may hold; None for any number.
        numbered: whether the best form holds the row's number, or so much chance that none comes twice.
        meaning: what it is called in `meanings`; empty where it stands in no list.
        room: the characters that the best form may need.
        local: the part's forms in a locale, where they are others; None where they are the same.
    """

    def __init__(  # noqa: PLR0913  # what is known of a part
        self,
        source: Entity,
        variants: tuple[Part, ...],
        length: int | None = None,
        *,
        numbered: bool = False,
        meaning: str = "",
        room: int = ROOM_FOR_ANY,
        local: Callable[[Local], tuple[Part, ...] | None] | None = None,
    ) -> None:
        super().__init__()
        self.distinct = numbered and (length is None or length >= room)
        """Whether no two rows of a part of the table share a value: a unique column needs no help."""
        self.source = source
        self.variants = variants
        self.length = length
        self.local = local
        self.meaning = meaning

    def fill(self, chunk: Chunk, name: str) -> Sequence[object]:
        """Fill the column, as the base class says."""
        rows, variants, length = self.source.rows(chunk), self._variants(chunk), self.length
        if length is None or variants[0] in _WHOLE:
            found = whole_part(variants[0], rows, chunk.draws(name))
            if length is None or max(map(len, found), default=0) <= length:
                return found
        draws = chunk.draws(name)
        return [_fitting(variants, row, draws, length) for row in rows]

    def _variants(self, chunk: Chunk) -> tuple[Part, ...]:
        local = self.source.local(chunk) if self.local is not None else None
        if local is None or self.local is None:
            return self.variants
        return self.local(local) or self.variants


def _fitting(variants: tuple[Part, ...], row: Any, draws: Draws, length: int) -> str:
    """The first form that fits, else a code."""
    for variant in variants:
        text = variant(row, draws)
        if len(text) <= length:
            return text
    return code(draws, length)


def code(draws: Draws, length: int) -> str:
    """A code of capital letters and digits that starts with a letter."""
    if length < 1:
        return ""
    letters = CODE_LETTERS[:-8]
    return draws.pick(letters) + "".join([draws.pick(CODE_LETTERS) for _ in range(length - 1)])
