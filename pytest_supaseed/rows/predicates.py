"""Ways out of a partial unique index: which column to set so that its predicate does not hold."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_supaseed.plan.dependency_order import rejects_null
from pytest_supaseed.plan.finite_columns import finite_values, without_casts

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from pytest_supaseed.catalog.model import Column, Table

_NAME = r'\(*(?P<name>"(?:[^"]|"")+"|[a-z_][a-z0-9_$]*)\)*'


@dataclass(frozen=True)
class Escape:
    """A column and the value that takes a row out of the index; any value but NULL where `filled`."""

    column: str
    value: object = None
    filled: bool = False


def way_out(table: Table, predicate: str | None, *, forbidden: Collection[str]) -> Escape | None:
    """How a row stays outside a partial index; None where we know no way, or there is no predicate.

    Args:
        table: the index's table.
        predicate: the text that `pg_get_expr` prints.
        forbidden: columns that may not be set for this.
    """
    for term in _conjuncts(predicate or ""):
        bare = without_casts(term)
        match = re.match(_NAME, bare.removeprefix("(NOT ").removeprefix("NOT "))
        name = match["name"].strip('"').replace('""', '"') if match else ""
        column = table.by_name.get(name)
        if column is None or name in forbidden or column.generated is not None:
            continue
        found = _escape(table, column, bare)
        if found is not None:
            return found
    return None


def _escape(table: Table, column: Column, term: str) -> Escape | None:
    nullable = not rejects_null(table, column.name)
    if term.rstrip(")").endswith("IS NULL"):
        return Escape(column.name, filled=True)
    if term.rstrip(")").endswith("IS NOT NULL"):
        return Escape(column.name) if nullable else None
    if column.type.storage.name == "bool" and "IS NOT" not in term:
        wanted = "NOT " not in term and "false" not in term
        return Escape(column.name, value=not wanted)
    allowed = finite_values(table, column)
    if allowed is not None and (" = " in term):
        listed = set(re.findall(r"'((?:[^']|'')*)'|(-?\d+)", term))
        texts = {first or second for first, second in listed}
        others = [value for value in allowed if str(value) not in texts]
        if others:
            return Escape(column.name, value=others[0])
    return Escape(column.name) if nullable and (" = " in term or " <> " in term) else None


def _conjuncts(predicate: str) -> Iterator[str]:
    """The terms that are joined by AND at the top; the whole where there is no such AND."""
    text = predicate
    if text.startswith("(") and text.endswith(")") and _depth_stays(text[1:-1]):
        text = text[1:-1]
    depth, start, quoted = 0, 0, False
    if re.search(r"\bOR\b", text):
        return
    for place, character in enumerate(text):
        if character == "'":
            quoted = not quoted
        depth += 0 if quoted else (character == "(") - (character == ")")
        if not depth and not quoted and text.startswith(" AND ", place):
            yield text[start:place]
            start = place + len(" AND ")
    yield text[start:]


def _depth_stays(text: str) -> bool:
    """Whether parentheses inside close only what was opened inside."""
    depth = 0
    for character in text:
        depth += (character == "(") - (character == ")")
        if depth < 0:
            return False
    return True
