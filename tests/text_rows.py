"""Rows of text columns as semantics declares them, without a catalog or a server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from pytest_supaseed.rows.chunk import Chunk, Parents, Scope
from pytest_supaseed.rows.semantics import text_declaration

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pytest_supaseed.rows.chunk import Producer

NO_PARENTS = cast("Parents", None)


def chunk_of(  # noqa: PLR0913  # what a chunk is a function of
    producers: Mapping[str, Producer],
    *,
    table: str = "t",
    number: int = 0,
    count: int = 50,
    seed: str = "s",
    locale: str | None = None,
) -> Chunk:
    """A chunk of a table with these columns."""
    scope = Scope(seed, table, "", producers, NO_PARENTS, count, locale=locale)
    return Chunk(scope, number, number * 1000, count)


def text_rows(table: str, columns: str, *, count: int = 50, number: int = 0, **known: Any) -> list[Any]:
    """Rows of a table whose columns are named in a text, as objects with the columns as attributes."""
    return list(text_chunk(table, columns, count=count, number=number, **known).rows())


def text_chunk(table: str, columns: str, *, count: int = 50, number: int = 0, **known: Any) -> Chunk:
    """The chunk of those rows."""
    names = columns.split()
    producers = {name: text_declaration(table, name, siblings=names, **known) for name in names}
    return chunk_of(producers, table=table, number=number, count=count)


def texts(table: str, column: str, *, count: int = 50, **known: Any) -> Sequence[str]:
    """The values of a single text column."""
    return cast("Sequence[str]", text_chunk(table, column, count=count, **known).column(column))
