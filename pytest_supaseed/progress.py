"""What happens while a database is filled, as frozen events; whoever shows progress listens to them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class PartStarted:
    """Loading of a part begins; `rows` is what the plan asks for."""

    label: str
    rows: int


@dataclass(frozen=True, slots=True)
class RowsSent:
    """So many rows of a part were handed to Postgres, `rows` in all so far."""

    label: str
    rows: int


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


ProgressEvent: TypeAlias = PartStarted | RowsSent | PartFinished | PartFailed
ProgressListener: TypeAlias = Callable[[ProgressEvent], None]


def ignore(event: ProgressEvent) -> None:
    """A listener that does not listen."""
    del event
