"""Ctrl-C: in the middle of COPY, and between two batches."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg


class SeedingStopped(KeyboardInterrupt):
    """A seeding was asked to stop, and did so between two batches: what is committed stays."""


@dataclass
class StopSign:
    """Asks a seeding to stop once its open batch is committed."""

    is_up: bool = False

    def heed(self) -> None:
        """Stop here, if that is asked for.

        Raises:
            SeedingStopped: it is.
        """
        if self.is_up:
            raise SeedingStopped


@contextmanager
def cancelled_when_interrupted(connection: psycopg.Connection) -> Iterator[None]:
    """Let the server drop what it was sent when the run is interrupted.

    It may hold megabytes of rows in its buffers. Without this it would first work through them all, each with
    its triggers and checks, and whoever pressed Ctrl-C would wait for minutes.
    """
    try:
        yield
    except Exception:
        raise
    except BaseException:
        connection.cancel_safe()
        raise
