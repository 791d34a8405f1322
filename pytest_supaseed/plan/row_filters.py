"""Which rows of a table are meant, as a value: the load layer asks Postgres for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pytest_supaseed.catalog.model import Table


@dataclass(frozen=True)
class RowFilter:
    """Conditions that a row meets, all of them.

    Args:
        equal: columns and the texts that their values print as; None is NULL.
        related: rows of other tables that there are, or are not.
    """

    equal: tuple[tuple[str, str | None], ...] = ()
    related: tuple[Related, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.equal or self.related)

    def and_also(self, other: RowFilter) -> RowFilter:
        """Both conditions."""
        return RowFilter((*self.equal, *other.equal), (*self.related, *other.related))


@dataclass(frozen=True)
class Related:
    """A row of another table, which is there or not.

    Args:
        table: the other table.
        columns: its columns that equal ours.
        own: ours, in the same order.
        where: what else it meets.
        present: whether there has to be such a row, or may be none.
    """

    table: Table
    columns: tuple[str, ...]
    own: tuple[str, ...]
    where: RowFilter = RowFilter()
    present: bool = True
