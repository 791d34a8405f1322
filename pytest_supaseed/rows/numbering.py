"""Which number a row's whole-number key has: that of its sequence or identity, else one, two, three..."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_supaseed.catalog.model import Numbering
from pytest_supaseed.rows.declarations import Numbered
from pytest_supaseed.rows.number_values import WHOLE_TYPES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_supaseed.catalog.model import Column, Table
    from pytest_supaseed.rows.keys import KeyReader

PLAIN = Numbering(start=1, step=1, least=1, greatest=2**63 - 1)
"""Columns without a sequence."""


def numbered(column: Column, first_numbers: Mapping[str, int], *, least: int | None = None) -> Numbered:
    """Return the declaration of a column's numbers.

    Args:
        column: the column.
        first_numbers: by column, the first free number where rows exist already.
        least: the least number that checks allow; it counts where numbers go up.
    """
    numbering = column.numbering or PLAIN
    first = first_numbers.get(column.name, numbering.start)
    return Numbered(max(first, least) if least is not None and numbering.step > 0 else first, numbering.step)


def first_numbers(table: Table, reader: KeyReader) -> dict[str, int]:
    """The number after the furthest one stored, of each whole-number column that is numbered or in a key."""
    names = {name for key in table.unique_keys for name in key.columns if name is not None}
    return {
        column.name: _after(column.numbering or PLAIN, table, column.name, reader)
        for column in table.columns
        if column.type.storage.name in WHOLE_TYPES
        and (column.name in names or column.sequence is not None or column.identity is not None)
    }


def _after(numbering: Numbering, table: Table, name: str, reader: KeyReader) -> int:
    """The next number of a sequence that no row has reached yet; its start where there is none so far."""
    stored = reader(table, (name,), end="last" if numbering.step > 0 else "first")
    if not stored:
        return numbering.start
    steps = (int(str(stored[0][0])) - numbering.start) // numbering.step + 1
    return numbering.start + max(steps, 0) * numbering.step
