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
    ("return", ("rental", "rent", "loan", "checkout", "borrow", "departure")),
    ("returned", ("rented", "loaned", "borrowed")),
    ("delivery", ("order", "shipping", "ship", "pickup")),
    ("delivered", ("shipped", "ordered")),
    ("shipped", ("ordered", "order")),
    ("due", ("issue", "invoice", "issued")),
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

_CLOCK = re.compile(
    r"\(?(?:now\(\)|CURRENT_TIMESTAMP|CURRENT_DATE|LOCALTIMESTAMP|clock_timestamp\(\))", re.IGNORECASE
)
_RENEWED = re.compile(r"updat|modif|chang|edit|refresh|sync|seen|check|run|expir|(?:^|_)(?:last|next)(?:_|$)")


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
    """The column that says when a row was made, where it is another one.

    It is called so, or else is the only one that every row has from the database's clock: `published_at`,
    `submitted_at`.
    """
    called = [found for found in table.columns if is_creation(found)]
    found = called or [found for found in table.columns if _is_stamped(found)]
    if not found or (not called and len(found) > 1):
        return None
    return next((creation for creation in found if creation.name != column.name), None)


def _is_stamped(column: Column) -> bool:
    """Whether each row gets a moment from the database's clock that no later change renews."""
    stamped = column.not_null and bool(_CLOCK.match(column.default or ""))
    return stamped and column.type.storage.name in MOMENT_TYPES and not _RENEWED.search(words(column.name))


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
