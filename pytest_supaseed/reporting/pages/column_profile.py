"""How the values of a column are distributed: decided from texts that were read, without a database."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_supaseed.load.refusals import holds_secret
from pytest_supaseed.load.sampled_rows import MOMENTS, NUMBERS
from pytest_supaseed.reporting.pages.page_data import ChildrenPage, ColumnPage, Value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_supaseed.catalog.model import Column, Table
    from pytest_supaseed.load.sampled_rows import SampledColumn

BUCKETS = 16
"""Steps of a histogram: more than these are thinner than a finger is wide on a phone."""
VALUES_SHOWN = 5
"""The most frequent values that are shown of a column."""
FEW = 12
"""So many different numbers are shown one by one, and more as a histogram."""
TEXT_SHOWN = 60
"""Characters of a value that is shown."""
MOMENT_SHOWN = 16
"""Characters of a moment: up to the minute."""
HIDDEN = "\N{BULLET}\N{BULLET}\N{BULLET}"
"""What stands for a value that may be a secret."""


def column_page(table: Table, column: Column, sampled: SampledColumn | None) -> ColumnPage:
    """Return what is to be shown of a column.

    Args:
        table: the column's table.
        column: the column.
        sampled: its values in the rows that were read; None where none were.
    """
    page = ColumnPage(column.name, column.formatted_type, _key(table, column.name))
    if sampled is None:
        return page
    known = [text for text in sampled.texts if text is not None]
    page = replace(page, nulls=len(sampled.texts) - len(known))
    if holds_secret(column.name):
        return replace(page, shape="hidden")
    if not known:
        return page
    page = replace(page, distinct=len(set(known)))
    ordered = _ordered(column, sampled)
    return _of_numbers(page, ordered) if ordered else _of_texts(page, known)


def _key(table: Table, name: str) -> str:
    """What a column is to the table's keys, in words; the columns of a key of several share them."""
    said = []
    if table.primary_key is not None and name in table.primary_key.columns:
        said.append("primary key")
    elif any(key.columns == (name,) and key.predicate is None for key in table.unique_keys):
        said.append("unique")
    said += [
        f"to {key.target_schema}.{key.target_table}" for key in table.foreign_keys if name in key.columns
    ]
    return ", ".join(dict.fromkeys(said))


def _ordered(column: Column, sampled: SampledColumn) -> list[tuple[float, str]]:
    """Finite numbers, or moments in seconds, with their texts, in their order."""
    kind = column.type.storage.name
    if kind not in NUMBERS | MOMENTS:
        return []
    measures = sampled.epochs if kind in MOMENTS else sampled.texts
    pairs = [
        (float(measure), text[:MOMENT_SHOWN] if kind in MOMENTS else text)
        for measure, text in zip(measures, sampled.texts, strict=True)
        if measure is not None and text is not None
    ]
    return sorted(pair for pair in pairs if math.isfinite(pair[0]))


def _of_numbers(page: ColumnPage, ordered: Sequence[tuple[float, str]]) -> ColumnPage:
    page = replace(page, least=ordered[0][1], greatest=ordered[-1][1])
    if page.key:
        return replace(page, shape="distinct")
    if page.distinct <= FEW:
        return _frequent(page, [text for _, text in ordered])
    return replace(page, shape="histogram", buckets=histogram([number for number, _ in ordered]))


def _of_texts(page: ColumnPage, known: Sequence[str]) -> ColumnPage:
    if page.distinct > FEW and page.distinct * 2 > len(known):
        return replace(page, shape="distinct")
    return replace(page, shape="distinct") if page.key else _frequent(page, known)


def _frequent(page: ColumnPage, known: Sequence[str]) -> ColumnPage:
    """The most frequent values; of equally frequent ones those that come first in the alphabet.

    Where no value stands twice, there are none.
    """
    counted = sorted(Counter(known).items(), key=lambda pair: (-pair[1], pair[0]))
    if len(counted) > 1 and counted[0][1] == 1:
        return replace(page, shape="distinct")
    return replace(
        page,
        shape="values",
        values=tuple(Value(cut(text), rows) for text, rows in counted[:VALUES_SHOWN]),
    )


def histogram(numbers: Sequence[float], buckets: int = BUCKETS) -> tuple[int, ...]:
    """Return how many numbers lie in each of equally wide steps between the least and the greatest.

    Args:
        numbers: finite ones.
        buckets: how many steps.
    """
    least, greatest = min(numbers), max(numbers)
    scale = max(abs(least), abs(greatest))
    if least == greatest:
        return (len(numbers),)
    counts = [0] * buckets
    low, width = least / scale, greatest / scale - least / scale  # a difference of two numbers may overflow
    for number in numbers:
        counts[min(int((number / scale - low) / width * buckets), buckets - 1)] += 1
    return tuple(counts)


def children_page(counts: Sequence[tuple[int, int]], parents: int) -> ChildrenPage:
    """Return how many children the rows of a table have.

    Args:
        counts: numbers of children, and how many parents have so many, in order; none without children.
        parents: all rows of the parent.
    """
    with_children = sum(number for _, number in counts)
    children = sum(size * number for size, number in counts)
    parents = max(parents, with_children)
    childless = parents - with_children
    every = [(0, childless), *counts] if childless else list(counts)
    return ChildrenPage(
        parents=parents,
        childless=childless,
        most=max((size for size, _ in counts), default=0),
        mean=children / parents if parents else 0.0,
        counts=tuple(
            Value(f"{text} {'child' if text == '1' else 'children'}", rows) for text, rows in _grouped(every)
        ),
    )


def _grouped(counts: Sequence[tuple[int, int]], most: int = 8) -> list[tuple[str, int]]:
    """Few numbers one by one, many in equally wide steps: `0`, `1 to 4`."""
    if len(counts) <= most:
        return [(f"{size:,}", number) for size, number in counts]
    low, high = counts[0][0], counts[-1][0]
    width = -(-(high - low + 1) // most)
    groups = [0] * most
    for size, number in counts:
        groups[(size - low) // width] += number
    return [
        (f"{low + at * width:,} to {low + (at + 1) * width - 1:,}", number)
        for at, number in enumerate(groups)
        if number
    ]


def sample_rows(columns: Sequence[SampledColumn], most: int) -> tuple[tuple[str | None, ...], ...]:
    """Return the first rows that were read, without secrets, each value cut.

    Args:
        columns: all columns of a table.
        most: how many rows at most.
    """
    shown = [tuple(_shown(column.name, text) for text in column.texts[:most]) for column in columns]
    return tuple(zip(*shown, strict=True))


def _shown(column: str, text: str | None) -> str | None:
    if text is None:
        return None
    return HIDDEN if holds_secret(column) else cut(text)


def cut(text: str, width: int = TEXT_SHOWN) -> str:
    """Return a text, or its beginning and an ellipsis."""
    return text if len(text) <= width else f"{text[: width - 1].rstrip()}\N{HORIZONTAL ELLIPSIS}"
