"""What happens while a database is filled, as frozen events; whoever shows progress listens to them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True)
class SeedingStarted:
    """A seeding begins: so many parts of tables, so many rows in all are planned."""

    parts: int
    rows: int


@dataclass(frozen=True, slots=True)
class PartStarted:
    """Loading of a part begins; `rows` is what the plan asks for."""

    label: str
    rows: int


@dataclass(frozen=True, slots=True)
class RowsSent:
    """So many rows of a part were handed to Postgres, `rows` in all so far; `memory` is our size in bytes."""

    label: str
    rows: int
    memory: int = 0


@dataclass(frozen=True, slots=True)
class BatchCommitted:
    """Rows of a part are committed, `rows` in all so far; the next batch has up to `next_rows`."""

    label: str
    rows: int
    next_rows: int


@dataclass(frozen=True, slots=True)
class PartFinished:
    """A part is committed."""

    label: str
    rows: int
    seconds: float


@dataclass(frozen=True, slots=True)
class PartFailed:
    """A part could not be loaded; nothing of it is committed."""

    label: str
    reason: str


@dataclass(frozen=True, slots=True)
class SeedingFinished:
    """All parts are done."""

    rows: int
    seconds: float


ProgressEvent: TypeAlias = (
    SeedingStarted | PartStarted | RowsSent | BatchCommitted | PartFinished | PartFailed | SeedingFinished
)
ProgressListener: TypeAlias = Callable[[ProgressEvent], None]
Progress: TypeAlias = Callable[[], AbstractContextManager[ProgressListener]]
"""Opens a listener for one seeding, and closes it however that ends."""


def ignore(event: ProgressEvent) -> None:
    """A listener that does not listen."""
    del event


@contextmanager
def unseen() -> Iterator[ProgressListener]:
    """Show nothing."""
    yield ignore


def event_json(event: ProgressEvent) -> dict[str, Any]:
    """Return an event as a JSON-compatible value; `event` is its name."""
    return {"event": type(event).__name__, **asdict(event)}
