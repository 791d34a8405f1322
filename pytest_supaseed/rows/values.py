"""Values of a Postgres type, and text made to fit and to differ."""

from __future__ import annotations

import re
from datetime import UTC, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

from pytest_supaseed.catalog.model import TypeKind
from pytest_supaseed.rows.declarations import ColumnDeclaration, Constant, Drawn, Instant, OneOf, RandomUuid
from pytest_supaseed.rows.semantics import text_declaration

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from pytest_supaseed.catalog.model import Column, Table
    from pytest_supaseed.rows.chunk import Chunk, Producer
    from pytest_supaseed.rows.streams import Draws

TEXT_TYPES = frozenset({"text", "varchar", "bpchar", "name", "citext"})
WHOLE_TYPES = {"int2": 2**15 - 1, "int4": 2**31 - 1, "int8": 2**63 - 1}
ORDINARY_MAXIMUM = 1000
"""Whole numbers whose meaning we do not know stay below this: small numbers read as real."""


class FromInstant(ColumnDeclaration):
    """A date, time or zoneless timestamp taken from a drawn instant."""

    def __init__(self, convert: Callable[[datetime], object]) -> None:
        super().__init__()
        self.convert = convert

    def fill(self, chunk: Chunk, name: str) -> Sequence[object]:
        """Fill the column, as the base class says."""
        convert = self.convert
        return [convert(cast("datetime", value)) for value in Instant().fill(chunk, name)]


class Fitted(ColumnDeclaration):
    """Text cut to `length` characters and, where `unique`, told apart by the row's index at its end."""

    def __init__(self, inner: Producer, length: int | None, *, unique: bool) -> None:
        super().__init__()
        self.inner = inner
        self.length = length
        self.unique = unique

    def fill(self, chunk: Chunk, name: str) -> Sequence[object]:
        """Fill the column, as the base class says."""
        texts = [str(value) for value in self.inner.fill(chunk, name)]
        if not self.unique:
            return [text[: self.length] for text in texts]
        return [self._tell_apart(text, index) for text, index in zip(texts, chunk.indices, strict=True)]

    def _tell_apart(self, text: str, index: int) -> str:
        before, at, domain = text.partition("@")
        suffix = f"-{index + 1}"
        room = None if self.length is None else max(self.length - len(suffix) - len(at + domain), 0)
        return f"{before.rstrip('.')[:room]}{suffix}{at}{domain}"


def text_length(column: Column) -> int | None:
    """The characters that a `varchar(n)` or `char(n)` column may hold; None where there is no limit."""
    found = re.search(r"\((\d+)\)", column.formatted_type) if column.type.storage.name != "text" else None
    if column.modifier < 0 and column.type.base_modifier < 0:
        return None
    return int(found[1]) if found else max(column.modifier, column.type.base_modifier) - 4


def value_declaration(table: Table, column: Column) -> object | None:
    """The declaration that fills a column from its type and name; None where we know no value of the type."""
    storage = column.type.storage
    if storage.kind is TypeKind.ENUM:
        return OneOf(storage.labels)
    if storage.kind is TypeKind.ARRAY:
        return Constant([])
    if storage.name in TEXT_TYPES:
        return text_declaration(table.name, column.name)
    if storage.name in WHOLE_TYPES:
        return Drawn(lambda draws: draws.between(1, ORDINARY_MAXIMUM))
    if storage.name == "numeric":
        return Drawn(_numeric(column))
    make = _BY_TYPE.get(storage.name) if storage.schema == "pg_catalog" else None
    return make() if make else None


def _numeric(column: Column) -> Callable[[Draws], object]:
    found = re.search(r"\((\d+),(\d+)\)", column.formatted_type)
    precision, scale = (int(found[1]), int(found[2])) if found else (7, 2)
    bound = 10 ** min(precision, scale + 3)
    return lambda draws: Decimal(draws.between(1, bound - 1)).scaleb(-scale)


_BY_TYPE: dict[str, Callable[[], Any]] = {
    "uuid": RandomUuid,
    "bool": lambda: Drawn(lambda draws: draws.random() < 0.5),  # noqa: PLR2004  # an even chance
    "float4": lambda: Drawn(lambda draws: round(draws.random() * 100, 2)),
    "float8": lambda: Drawn(lambda draws: round(draws.random() * 100, 4)),
    "timestamptz": Instant,
    "timestamp": lambda: FromInstant(lambda instant: instant.astimezone(UTC).replace(tzinfo=None)),
    "date": lambda: FromInstant(lambda instant: instant.date()),
    "time": lambda: FromInstant(lambda instant: time(instant.hour, instant.minute, instant.second)),
    "jsonb": lambda: Constant({}),
    "json": lambda: Constant({}),
    "bytea": lambda: Drawn(lambda draws: draws.below(2**64).to_bytes(8, "big")),
    "inet": lambda: Drawn(lambda draws: f"192.0.2.{draws.below(256)}"),
}
