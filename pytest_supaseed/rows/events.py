"""What happened to a row, and when: `cancelled_at` is set where its flag or its status says cancelled.

A moment looks at the flag and at the status of its row, never the other way round.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_supaseed.rows.column_pairs import event_of, flag_column, is_creation
from pytest_supaseed.rows.declarations import ColumnDeclaration
from pytest_supaseed.rows.domains import columns_named, takes_null, words
from pytest_supaseed.rows.time_values import LONG_AGO, MOMENT_TYPES

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from pytest_supaseed.catalog.model import Column, Table
    from pytest_supaseed.rows.chunk import Chunk

SELDOM_NULL, USUALLY_NULL = 0.9, 0.25
_SELDOM = re.compile(
    r"(?:^|_)(?:deleted|removed|cancell?ed|archived|revoked|banned|suspended|blocked|closed|failed|refunded"
    r"|rejected|disputed|returned|dismissed|locked|disabled|abandoned|expired|terminated|withdrawn|voided)(?:_|$)"
)
_NO_EVENT = re.compile(r"^(?:updated|modified|changed|last_\w+|edited|synced|refreshed)$")
_STATUS_NAMES = ("status", "state", "stage", "phase")
_STATUS = re.compile(r"(?:^|_)(?:status|state)$")
_WHY = {
    "cancel": "cancelled",
    "cancellation": "cancelled",
    "denial": "denied",
    "deny": "denied",
    "error": "failed",
    "failure": "failed",
    "refund": "refunded",
    "rejection": "rejected",
    "revocation": "revoked",
    "suspension": "suspended",
}
"""What has happened to a row that says why: the event by the word before `reason`."""
_LITERAL = re.compile(r"'((?:[^']|'')+)'")
_CAME_BEFORE: dict[str, tuple[str, ...]] = {
    "shipped": ("paid", "confirmed"),
    "delivered": ("paid", "confirmed", "shipped", "sent"),
    "returned": ("paid", "confirmed", "shipped", "delivered"),
    "refunded": ("paid",),
    "succeeded": ("paid", "processed", "completed"),
    "archived": ("published",),
    "running": ("started",),
    "in_progress": ("started", "accepted"),
    "completed": ("started", "accepted", "confirmed", "finished", "approved"),
    "done": ("started", "completed", "finished"),
    "failed": ("started",),
    "resolved": ("started",),
    "closed": ("resolved", "opened"),
    "signed": ("sent",),
    "active": ("activated",),
    "accepted": ("sent",),
    "opened": ("sent", "delivered"),
}
"""What has happened to a row of a status, beside what the status itself says."""


class WithFlag(ColumnDeclaration):
    """A moment where a boolean of the row is true, NULL elsewhere.

    Where the boolean is left to the database's default, that is what counts.
    """

    def __init__(self, inner: ColumnDeclaration, flag: str, default: str | None) -> None:
        super().__init__()
        self.inner = inner
        self.flag = flag
        self.default = default

    def fill(self, chunk: Chunk, name: str) -> Sequence[object]:
        """Fill the column, as the base class says."""
        flags: Sequence[object] = [self.default == "true"] * chunk.count
        if chunk.has(self.flag):
            flags = chunk.column(self.flag)
        return _where(self.inner.fill(chunk, name), flags)


class WithStatus(ColumnDeclaration):
    """A moment where the row's status implies that it has come, NULL elsewhere."""

    def __init__(self, inner: ColumnDeclaration, event: str, status: str, default: str | None) -> None:
        super().__init__()
        self.inner = inner
        self.event = event
        self.status = status
        self.default = default

    def fill(self, chunk: Chunk, name: str) -> Sequence[object]:
        """Fill the column, as the base class says."""
        found = _LITERAL.match(self.default or "")
        states: Sequence[object] = [found[1] if found else None] * chunk.count
        if chunk.has(self.status):
            states = chunk.column(self.status)
        return _where(self.inner.fill(chunk, name), [implies(state, self.event) for state in states])


def _where(values: Sequence[object], told: Sequence[object]) -> list[object]:
    return [value if come else None for value, come in zip(values, told, strict=True)]


def with_event(
    table: Table,
    column: Column,
    inner: ColumnDeclaration,
    vocabulary: Callable[[Column], Collection[object]],
) -> ColumnDeclaration | None:
    """The moment or reason tied to its flag or status; None where there is neither, or it may not be NULL.

    Args:
        table: the column's table.
        column: the column.
        inner: what gives the moment or the reason itself.
        vocabulary: the words that a status column may hold.
    """
    if not takes_null(column):
        return None
    moment = column.type.storage.name in MOMENT_TYPES
    flag = flag_column(table, column) if moment else None
    if flag is not None:
        return WithFlag(inner, flag.name, flag.default)
    event = event_of(column) if moment else _explained(column)
    if event is None or _NO_EVENT.match(event):
        return None
    columns = _status_columns(table)
    for meets in (_says, implies):
        for status in columns:
            if any(meets(state, event) for state in vocabulary(status)):
                return WithStatus(inner, event, status.name, status.default)
    return None


def _explained(column: Column) -> str | None:
    """What has happened to a row that holds such a text: `rejected` for `rejection_reason`."""
    before, _, last = words(column.name).rpartition("_")
    return _WHY.get(before.rpartition("_")[2]) if last in {"reason", "message"} else None


def _status_columns(table: Table) -> list[Column]:
    """The row's status first, then those of a part of it: `signing_status`, `send_status`."""
    named = [found for name in _STATUS_NAMES if (found := columns_named(table, name))]
    others = [found for found in table.columns if _STATUS.search(words(found.name)) and found not in named]
    return [*named[:1], *others]


def _says(state: object, event: str) -> bool:
    """Whether a status is the event's own word: a `send_status` says `sent`, a `read_status` implies it."""
    return isinstance(state, str) and _stem(words(state)) == _stem(event)


def implies(state: object, event: str) -> bool:
    """Whether a row of this status has met the event: `Canceled` a `cancelled`, `delivered` a `shipped`."""
    return _says(state, event) or (isinstance(state, str) and event in _CAME_BEFORE.get(words(state), ()))


def _stem(word: str) -> str:
    return re.sub(r"e?d?$", "", word.replace("ll", "l"))


def stated_words(table: Table, status: Column) -> tuple[str, ...]:
    """The words that an enum or a CHECK lists for a status column; none where nothing lists them."""
    if status.type.storage.labels:
        return status.type.storage.labels
    own = [check.expression for check in table.checks if status.name in check.columns]
    domain = [check.expression for check in status.type.checks]
    return tuple(word for expression in own + domain for word in _LITERAL.findall(expression))


def null_share(column: Column) -> float | None:
    """In which share of the rows a nullable moment has not come; None where its name does not say."""
    if column.type.storage.name not in MOMENT_TYPES:
        return None
    name = words(column.name)
    if _SELDOM.search(name):
        return SELDOM_NULL
    event = event_of(column)
    if event is None or is_creation(column) or LONG_AGO.search(name):
        return None
    return 0.0 if _NO_EVENT.match(event) else USUALLY_NULL
