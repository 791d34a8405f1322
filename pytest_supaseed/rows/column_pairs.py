"""Columns of one table that depend on each other by what their names say: start and end, least and most.

What depends on which is told from names alone and never goes round in a circle: an end looks at its start, a
moment at the creation, a flag at nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_supaseed.rows.domains import columns_named, words
from pytest_supaseed.rows.time_values import MOMENT_TYPES

if TYPE_CHECKING:
    from pytest_supaseed.catalog.model import Column, Table

_EARLIER: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("end", ("start", "begin")),
    ("ends", ("starts", "begins")),
    ("ended", ("started", "begun")),
    ("ending", ("starting", "beginning")),
    ("finish", ("start",)),
    ("finished", ("started",)),
    ("completed", ("started",)),
    ("stop", ("start",)),
    ("to", ("from",)),
    ("until", ("from",)),
    ("through", ("from",)),
    ("till", ("from",)),
    ("close", ("open",)),
    ("closes", ("opens",)),
    ("closing", ("opening",)),
    ("closed", ("opened",)),
    ("out", ("in",)),
    ("checkout", ("checkin",)),
    ("arrival", ("departure",)),
    ("max", ("min",)),
    ("maximum", ("minimum",)),
    ("upper", ("lower",)),
    ("high", ("low",)),
    ("last", ("first",)),
)
"""Words of a later or larger column, and those that its earlier or smaller one has in their place."""
_TOKEN = {later: re.compile(rf"(?:^|(?<=_)){later}(?=_|$)") for later, _ in _EARLIER}
_CREATED = re.compile(
    r"^(?:date_|time_)?(?:created|inserted|registered|added|creation|inserted)(?:_at|_on|_date|_time|_timestamp)?$"
    r"|^create_(?:date|time)$"
)


def earlier_column(table: Table, column: Column, types: frozenset[str]) -> Column | None:
    """The column that holds the start, or the least, of what this one holds the end or the most of."""
    name = words(column.name)
    for later, starts in _EARLIER:
        if _TOKEN[later].search(name):
            for start in starts:
                found = columns_named(table, _TOKEN[later].sub(start, name, count=1))
                if found is not None and found.type.storage.name in types:
                    return found
    return None


def is_creation(column: Column) -> bool:
    """Whether a column says when its row was made."""
    return column.type.storage.name in MOMENT_TYPES and bool(_CREATED.match(words(column.name)))


def creation_column(table: Table, column: Column) -> Column | None:
    """The column that says when a row was made, where it is another one."""
    return next((found for found in table.columns if found.name != column.name and is_creation(found)), None)


def flag_column(table: Table, column: Column) -> Column | None:
    """The boolean that a moment belongs to: `is_deleted` of `deleted_at`."""
    stem = event_of(column)
    if stem is None:
        return None
    found = (columns_named(table, name) for name in (f"is_{stem}", stem, f"has_{stem}", f"was_{stem}"))
    return next((flag for flag in found if flag is not None and flag.type.storage.name == "bool"), None)


def event_of(column: Column) -> str | None:
    """What happened at a moment: `deleted` for `deleted_at`, `deletedOn` and `date_deleted`."""
    name = words(column.name)
    found = re.fullmatch(r"(?:date_)?(\w+?ed|paid|sent|read|seen|won|lost)(?:_at|_on|_date|_time)?", name)
    return found[1] if found else None
