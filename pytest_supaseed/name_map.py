"""Tables and columns by the names that tests use, as configured: by whom, and who has the last word."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from pytest_supaseed.option_values import ValueKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def _none() -> Mapping[str, Any]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class NameMap:
    """Logical names and what they are configured to stand for.

    Args:
        tables: actual tables by logical name: `{"setup_types": "public.base_templates"}`.
        columns: by logical table, actual columns by logical name: `{"setups": {"name": "title"}}`.
        givers: who said so, by `table` or `table.column`, for messages.
    """

    tables: Mapping[str, str] = field(default_factory=_none)
    columns: Mapping[str, Mapping[str, str]] = field(default_factory=_none)
    givers: Mapping[str, str] = field(default_factory=_none, compare=False, repr=False)

    def __bool__(self) -> bool:
        return bool(self.tables or self.columns)

    def given_by(self, giver: str) -> NameMap:
        """Return the same names, with who said so."""
        return replace(self, givers=MappingProxyType(dict.fromkeys(self.names(), giver)))

    def names(self) -> tuple[str, ...]:
        """Return every name that is configured, columns as `table.column`."""
        dotted = (f"{table}.{name}" for table, found in self.columns.items() for name in found)
        return (*self.tables, *dotted)

    def over(self, weaker: NameMap) -> NameMap:
        """Return both together; where both configure a name, this one has the last word."""
        columns = {table: dict(found) for table, found in weaker.columns.items()}
        for table, found in self.columns.items():
            columns[table] = {**columns.get(table, {}), **found}
        return NameMap(
            MappingProxyType({**weaker.tables, **self.tables}),
            _frozen(columns),
            MappingProxyType({**weaker.givers, **self.givers}),
        )


def _frozen(columns: Mapping[str, Mapping[str, str]]) -> Mapping[str, Mapping[str, str]]:
    return MappingProxyType({table: MappingProxyType(dict(found)) for table, found in columns.items()})


_PART = r'(?:"(?:[^"]|"")*"|[^".])+'
_COLUMN = rf"({_PART}(?:\.{_PART})*)\.({_PART})"


def names_from_text(text: str) -> NameMap:
    """Read `setup_types=base_templates,setups.name=title`: a name with a dot is a column.

    Raises:
        ValueError: a part is no name=value, or a name stands twice.
    """
    pairs = []
    for part in filter(None, map(str.strip, text.split(","))):
        name, equals, value = map(str.strip, part.partition("="))
        if not (name and equals and value):
            raise ValueError(f"{part!r} is no name=value")
        pairs.append((name, value))
    if not pairs:
        raise ValueError
    return names_of(pairs)


def names_from_toml(table: object) -> NameMap:
    """Read what a marker or the file says: as in the text, or a table's columns as a table in the table.

    Raises:
        ValueError: it is neither, or a name stands twice.
    """
    if isinstance(table, NameMap):
        return table
    if not isinstance(table, dict):
        raise ValueError  # noqa: TRY004  # one exception for all that is not allowed
    pairs: list[tuple[str, str]] = []
    nested: list[tuple[str, str, str]] = []
    for name, value in table.items():
        if isinstance(value, dict):
            nested += [(name, column, _name(f"{name}.{column}", actual)) for column, actual in value.items()]
        else:
            pairs.append((name, _name(name, value)))
    return names_of(pairs, nested)


def _name(key: object, value: object) -> str:
    if not isinstance(key, str) or not isinstance(value, str) or not value.strip():
        raise ValueError(f"{key} is {value!r}")
    return value.strip()


def names_of(pairs: Iterable[tuple[str, str]], nested: Iterable[tuple[str, str, str]] = ()) -> NameMap:
    """Return the map of names and what they stand for.

    Args:
        pairs: a table, or `table.column`, and what it stands for.
        nested: table, column, and what it stands for.

    Raises:
        ValueError: a name stands twice.
    """
    tables: dict[str, str] = {}
    columns: dict[str, dict[str, str]] = {}
    listed = [*nested]
    for name, value in pairs:
        column = re.fullmatch(_COLUMN, name)
        if column:
            listed.append((column[1], _bare(column[2]), value))
        else:
            _put(tables, name, value, name)
    for table, name, value in listed:
        _put(columns.setdefault(table, {}), name, value, f"{table}.{name}")
    return NameMap(MappingProxyType(tables), _frozen(columns))


def _put(into: dict[str, str], name: str, value: str, shown: str) -> None:
    if name in into:
        raise ValueError(f"{shown} stands twice")
    into[name] = value


def _bare(part: str) -> str:
    return part[1:-1].replace('""', '"') if part.startswith('"') and part.endswith('"') else part


MAP = ValueKind(
    "names by name, `setup_types=base_templates,setups.name=title`", names_from_text, names_from_toml
)
