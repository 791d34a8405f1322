"""Slugs: made of the title or name in their row; of a title of their own where the table has none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from pytest_supaseed.rows.column_words import words_of
from pytest_supaseed.rows.declarations import ColumnDeclaration
from pytest_supaseed.rows.entities import code
from pytest_supaseed.rows.slugs import short_slug

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_supaseed.rows.chunk import Chunk
    from pytest_supaseed.rows.entities import PartOfEntity

SLUGGED = (
    ("title",),
    ("name",),
    ("display", "name"),
    ("full", "name"),
    ("label",),
    ("headline",),
    ("subject",),
)
"""Columns that a slug is made of, the likeliest first; a slug's own prefix stands before them."""


class SlugOfTitle(ColumnDeclaration):
    """A slug of the title that stands in the same row.

    Args:
        prefix: the words before `slug` in the column's name: `category_slug` belongs to `category_name`.
        otherwise: gives the text to make slugs of where there is no such column.
        length: the characters that the column may hold; None for any number.
    """

    def __init__(self, prefix: tuple[str, ...], otherwise: PartOfEntity, length: int | None) -> None:
        super().__init__()
        self.prefix = prefix
        self.otherwise = otherwise
        self.length = length

    def fill(self, chunk: Chunk, name: str) -> Sequence[object]:
        """Fill the column, as the base class says."""
        titles = self._titles(chunk, name)
        draws = chunk.draws(f"{name} without title")
        return [self._slug(title) or code(draws, min(self.length or 8, 8)).lower() for title in titles]

    def _slug(self, title: object) -> str:
        return "" if title is None else short_slug(str(title), self.length)

    def _titles(self, chunk: Chunk, name: str) -> Sequence[object]:
        by_words = {words_of(field): field for field in chunk.scope.producers if field != name}
        prefixes: tuple[tuple[str, ...], ...] = (self.prefix, ()) if self.prefix else ((),)
        for prefix in prefixes:
            for words in SLUGGED:
                found = by_words.get((*prefix, *words))
                if found is not None:
                    return cast("Sequence[Any]", chunk.column(found))
        return self.otherwise.fill(chunk, name)
