"""How the value of an option is read: from the text of a flag or variable, and from TOML.

A reader raises ValueError where a value is not allowed; its message, if it has one, says which part is wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class ValueKind:
    """A kind of value.

    Args:
        allowed: what is allowed, in words.
        from_text: reads the text of a flag or an environment variable.
        from_toml: reads what tomllib gives.
    """

    allowed: str
    from_text: Callable[[Any], object]
    from_toml: Callable[[Any], object]


def _count_from_text(text: str) -> int:
    if not text.strip().isascii() or not text.strip().isdigit():
        raise ValueError
    return int(text)


def _count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError
    return value


def _text(value: object) -> str:
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(text, str) or not text.strip():
        raise ValueError
    return text


_SWITCHES = {
    "true": True,
    "yes": True,
    "on": True,
    "1": True,
    "false": False,
    "no": False,
    "off": False,
    "0": False,
}


def _switch_from_text(text: str) -> bool:
    if text.strip().lower() not in _SWITCHES:
        raise ValueError
    return _SWITCHES[text.strip().lower()]


def _switch(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError  # noqa: TRY004  # one exception for all that is not allowed
    return value


def _path(value: object) -> Path:
    from pathlib import Path

    if not isinstance(value, str) or not value.strip():
        raise ValueError
    return Path(value).expanduser()


def _one_of(*choices: str) -> Callable[[Any], str]:
    def read(value: object) -> str:
        if value not in choices:
            raise ValueError
        return str(value)

    return read


def _listed_from_text(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _listed(value: object) -> tuple[str, ...]:
    items = [value] if isinstance(value, str) else value
    if not isinstance(items, list):
        raise ValueError  # noqa: TRY004  # one exception for all that is not allowed
    return tuple(map(_text, items))


def _pairs_from_text(read: Callable[[Any], Any]) -> Callable[[str], Mapping[str, Any]]:
    def pairs(text: str) -> Mapping[str, Any]:
        found = {}
        for part in _listed_from_text(text):
            name, equals, value = part.partition("=")
            if not equals or not name.strip():
                raise ValueError(f"{part!r} is no name=value")
            if name.strip() in found:
                raise ValueError(f"{name.strip()} stands twice")
            found[name.strip()] = _named(name.strip(), read, value.strip())
        return MappingProxyType(found)

    return pairs


def _pairs(read: Callable[[Any], Any]) -> Callable[[object], Mapping[str, Any]]:
    def pairs(table: object) -> Mapping[str, Any]:
        if not isinstance(table, dict):
            raise ValueError  # noqa: TRY004  # one exception for all that is not allowed
        return MappingProxyType({name: _named(name, read, value) for name, value in table.items()})

    return pairs


def _named(name: str, read: Callable[[Any], Any], value: object) -> object:
    try:
        return read(value)
    except ValueError as error:
        why = str(error) or (_dotted(name, value) if isinstance(value, dict) and value else "")
        raise ValueError(f"{name} is {value!r}" + (f", {why}" if why else "")) from None


def _dotted(name: str, value: Mapping[str, object]) -> str:
    """TOML takes `public.setups = 200` for a table in a table, which nobody means who writes it."""
    return f'a table in a table; a name with a dot is quoted in TOML: "{name}.{next(iter(value))}"'


def _nested_from_text(text: str) -> Mapping[str, Mapping[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for name, value in _pairs_from_text(_text)(text).items():
        table, dot, column = name.rpartition(".")
        if not dot or not table or not column:
            raise ValueError(f"{name!r} is no table.column")
        found.setdefault(table, {})[column] = value
    return MappingProxyType({table: MappingProxyType(columns) for table, columns in found.items()})


_ACTIONS = ("install", "stub", "skip", "error")
_STORAGES = ("auto", "disk", "memory")
TRIGGER_MODES = ("fire", "skip")

COUNT = ValueKind("a whole number, 0 or more", _count_from_text, _count)
COUNTS = ValueKind(
    "whole numbers by table, `setups=200,teams=5`", _pairs_from_text(_count_from_text), _pairs(_count)
)
TEXT = ValueKind("a text that is not empty", _text, _text)
SWITCH = ValueKind("true or false", _switch_from_text, _switch)
PATH = ValueKind("the path of a folder", _path, _path)
TRIGGERS = ValueKind("fire or skip", _one_of(*TRIGGER_MODES), _one_of(*TRIGGER_MODES))
STORAGE = ValueKind("auto, disk or memory", _one_of(*_STORAGES), _one_of(*_STORAGES))
SCHEMA = ValueKind("folders, files, patterns or functions, separated by commas", _listed_from_text, _listed)
EXTENSIONS = ValueKind(
    "install, stub, skip or error by extension, `pg_cron=skip`",
    _pairs_from_text(_one_of(*_ACTIONS)),
    _pairs(_one_of(*_ACTIONS)),
)
NAMES = ValueKind("names by name, `memos=public.notes`", _pairs_from_text(_text), _pairs(_text))
NESTED_NAMES = ValueKind(
    "columns by table and column, `memos.text=body`", _nested_from_text, _pairs(_pairs(_text))
)
