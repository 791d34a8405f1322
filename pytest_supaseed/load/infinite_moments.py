"""Reads infinite dates and timestamps, which psycopg refuses: Python's calendar has no place for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.adapt import Loader
from psycopg.pq import Format

from pytest_supaseed.rows.infinities import INFINITE_DAYS, INFINITE_MOMENTS

if TYPE_CHECKING:
    from collections.abc import Mapping


class _Reading(Loader):
    """Psycopg's own reading of a type, and of its infinities."""

    infinite: Mapping[str, object]

    def __init__(self, oid: int, context: Any = None) -> None:
        super().__init__(oid, context)
        inner = psycopg.adapters.get_loader(oid, Format.TEXT)
        assert inner is not None  # noqa: S101  # psycopg has one for each of the types below
        self._inner = inner(oid, context)

    def load(self, data: Any) -> object:
        """Return the value of a text that Postgres wrote."""
        text = bytes(data)
        return self.infinite[text.decode()] if text.endswith(b"y") else self._inner.load(data)


class _Days(_Reading):
    infinite = INFINITE_DAYS


class _Moments(_Reading):
    infinite = {text: found.replace(tzinfo=None) for text, found in INFINITE_MOMENTS.items()}  # noqa: RUF012


class _ZonedMoments(_Reading):
    infinite = INFINITE_MOMENTS


def read_infinities(reader: psycopg.Cursor[Any] | psycopg.Connection[Any]) -> None:
    """Let a cursor, or all later ones of a connection, read infinities as `rows.infinities` has them."""
    for name, loader in (("date", _Days), ("timestamp", _Moments), ("timestamptz", _ZonedMoments)):
        reader.adapters.register_loader(name, loader)
