"""A row as tests see it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


class Row(Mapping[str, Any]):
    """A row of a table: items and attributes by column name, actual or logical.

    `row["email"]`, `row.email` and, where the table map calls the column `mail`, `row.mail` are one value.
    Iterating and comparing use the actual names. A row is a value: changing the database does not change it.

    Args:
        values: the values by column.
        aliases: columns by their logical names.
        related: what attributes of other names give: the parents' rows that a factory made the row with.
    """

    __slots__ = ("_aliases", "_related", "_values")
    _aliases: dict[str, str]
    _related: dict[str, Any]
    _values: dict[str, Any]

    def __init__(
        self,
        values: Mapping[str, object],
        aliases: Mapping[str, str] | None = None,
        related: Mapping[str, object] | None = None,
    ) -> None:
        object.__setattr__(self, "_values", dict(values))
        object.__setattr__(self, "_aliases", dict(aliases or {}))
        object.__setattr__(self, "_related", dict(related or {}))

    def __getitem__(self, name: str) -> Any:
        if name in self._values:
            return self._values[name]
        return self._values[self._aliases[name]]

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        try:
            return self[name]
        except KeyError:
            if name in self._related:
                return self._related[name]
            raise AttributeError(f"no column {name!r}; the row has {', '.join(self)}") from None

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a Row is a value: {name!r} cannot be set; write to the database instead")

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def with_values(self, values: Mapping[str, object]) -> Row:
        """Return a row with other values, and the rest as it is here."""
        return type(self)(values, self._aliases, self._related)

    def __hash__(self) -> int:
        return hash(tuple(self._values))

    def __repr__(self) -> str:
        inside = ", ".join(f"{name}={value!r}" for name, value in self._values.items())
        return f"{type(self).__name__}({inside})"

    def __reduce__(self) -> tuple[object, ...]:
        return (Row, (self._values, self._aliases, self._related))
