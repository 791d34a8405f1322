"""A part of a `supa-seed.config.json`: values are taken by key and kind, and what nobody took is known."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pytest_supaseed.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass
class Section:
    """An object of the file.

    Args:
        path: the file, for messages.
        prefix: the keys that lead here, with a dot behind each: `schema.userTable.`.
        values: what it holds.
    """

    path: Path
    prefix: str
    values: Mapping[str, object]
    _taken: set[str] = field(default_factory=set)
    _sections: dict[str, Section] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.values)

    def names(self) -> tuple[str, ...]:
        """The keys that it has."""
        return tuple(self.values)

    def section(self, key: str) -> Section:
        """Return the object of a key; an empty one where there is none."""
        if key not in self._sections:
            value = self._take(key)
            if value is not None and not isinstance(value, dict):
                raise self._wrong(key, value, "an object: {...}")
            self._sections[key] = Section(self.path, f"{self.prefix}{key}.", value or {})
        return self._sections[key]

    def section_or_name(self, key: str) -> Section:
        """Return the object of a key, where a text stands for an object of that name."""
        value = self.values.get(key)
        if isinstance(value, str):
            self._taken.add(key)
            return self._sections.setdefault(key, Section(self.path, f"{self.prefix}{key}.", {"name": value}))
        return self.section(key)

    def count(self, key: str) -> int | None:
        """Return a whole number, 0 or more; JavaScript's 8.0 is one."""
        value = self._take(key)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if value is not None and (not isinstance(value, int) or isinstance(value, bool) or value < 0):
            raise self._wrong(key, value, "a whole number, 0 or more")
        return value

    def text(self, key: str) -> str | None:
        """Return a text that is not empty; a whole number is one too."""
        value = self._take(key)
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        if value is not None and (not isinstance(value, str) or not value.strip()):
            raise self._wrong(key, value, "a text that is not empty")
        return value

    def one_of(self, key: str, choices: tuple[str, ...]) -> str | None:
        """Return one of these texts."""
        value = self.text(key)
        if value is not None and value not in choices:
            raise self._wrong(key, value, ", ".join(choices))
        return value

    def switch(self, key: str) -> bool | None:
        """Return true or false."""
        value = self._take(key)
        if value is not None and not isinstance(value, bool):
            raise self._wrong(key, value, "true or false")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts; of objects in it, their `type`, `name` or `email`."""
        value = self._take(key)
        if value is None:
            return ()
        if not isinstance(value, list):
            raise self._wrong(key, value, "a list of texts")
        return tuple(self._element(key, one) for one in value)

    def equalities(self, key: str) -> dict[str, object]:
        """Return columns and the plain values that they must have."""
        value = self._take(key)
        if value is None:
            return {}
        if not isinstance(value, dict) or any(isinstance(one, dict | list) for one in value.values()):
            raise self._wrong(key, value, "plain values by column")
        return dict(value)

    def left(self) -> tuple[str, ...]:
        """Return the keys that nobody took, in the order of the file."""
        found: list[str] = []
        for key in self.values:
            if key in self._sections:
                found += self._sections[key].left()
            elif key not in self._taken:
                found.append(f"{self.prefix}{key}")
        return tuple(found)

    def _take(self, key: str) -> object:
        self._taken.add(key)
        return self.values.get(key)

    def _element(self, key: str, value: object) -> str:
        if isinstance(value, dict):
            value = next((value[name] for name in ("type", "name", "email") if name in value), value)
        if not isinstance(value, str) or not value.strip():
            raise self._wrong(key, value, "a list of texts")
        return value

    def _wrong(self, key: str, value: object, allowed: str) -> UsageError:
        shown = repr(value) if len(repr(value)) < SHOWN else f"{repr(value)[:SHOWN]}..."
        return UsageError(f"{self.prefix}{key} in {self.path} is {shown}; allowed is {allowed}.")


SHOWN = 80
"""Characters of a wrong value that a message shows."""
