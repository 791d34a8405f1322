"""A digest of what a tree of frozen dataclasses says, without what differs from server to server."""

from __future__ import annotations

import hashlib
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_SIZE = 16
"""Bytes: 128 bits make an accidental clash between two schemas impossible in practice."""


def content_digest(value: object, *, shared: tuple[type, ...] = ()) -> str:
    """Return a hex digest of a value made of dataclasses, tuples, enums and plain values.

    Fields whose metadata say `volatile` stay out of it.

    Args:
        value: the root of the tree.
        shared: classes whose instances stand at many places of the tree; each is digested once.
    """
    return _Walk(shared).digest(value)


@cache
def _stable_fields(kind: type) -> tuple[str, ...]:
    return tuple(item.name for item in fields(kind) if not item.metadata.get("volatile"))


class _Walk:
    """One walk over a tree; `_known` is keyed by identity, which holds while the tree is alive."""

    def __init__(self, shared: tuple[type, ...]) -> None:
        self._shared = shared
        self._known: dict[int, str] = {}

    def digest(self, value: object) -> str:
        text = "\x00".join(self._parts(value))
        return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_SIZE).hexdigest()

    def _parts(self, value: object) -> Iterator[str]:
        if isinstance(value, Enum):
            yield str(value.value)
        elif isinstance(value, tuple):
            yield f"({len(value)}"
            for item in value:
                yield from self._member(item)
        elif is_dataclass(value):
            kind: type = type(value)
            yield kind.__name__
            for name in _stable_fields(kind):
                yield name
                yield from self._member(getattr(value, name))
        else:
            yield repr(value)

    def _member(self, value: object) -> Iterator[str]:
        if not isinstance(value, self._shared):
            yield from self._parts(value)
            return
        if id(value) not in self._known:
            self._known[id(value)] = self.digest(value)
        yield self._known[id(value)]
