"""Ctrl-C in the middle of COPY."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg


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
