"""How the value of an option is read: from the text of a flag or variable, and from TOML.

A reader raises ValueError where a value is not allowed; its message, if it has one, says which part is wrong.

Every pytest run imports this module and those beside it, most without an option of ours: regular expressions
are texts here, which `re` compiles when a value is first read (0.2 to 0.5 ms each).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from pytest_supaseed.email_pattern import email_pattern
from pytest_supaseed.logins import KINDS, password
from pytest_supaseed.memory_size import batch_size, cache_size, memory_size

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path
    from typing import Literal

    IsolationMode = Literal["restore", "rollback", "clone", "shared"]


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


@dataclass(frozen=True, slots=True)
class PerParent:
    """A number of rows for each row of a parent table, in place of a number of rows in all.

    Args:
        table: the parent table, by any of its names.
        low: the fewest rows for each of its rows.
        high: the most.
        by: a column of the foreign key that is meant, where several refer to the parent.
    """

    table: str
    low: int
    high: int
    by: str | None = None

    def __post_init__(self) -> None:
        """See that the numbers are numbers of rows.

        Raises:
            ValueError: they are not, or stand the wrong way round.
        """
        if _count(self.low) > _count(self.high):
            raise ValueError(f"the fewest, {self.low}, come before the most, {self.high}")


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


_LOCALE = r"[A-Za-z]{2,3}(?:[-_][A-Za-z]{2})?"


def _locale(value: object) -> str:
    if not isinstance(value, str) or not re.fullmatch(_LOCALE, value):
        raise ValueError
    return value


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


def _modules_from_text(text: str) -> tuple[str, ...]:
    return _modules(list(_listed_from_text(text)))


def _modules(value: object) -> tuple[str, ...]:
    names = _listed(value)
    for name in names:
        if not all(part.isidentifier() for part in name.split(".")):
            raise ValueError(f"{name!r} is no module, as `import` names it")
    return names


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


_NAME = r'((?:"[^"]*"|[^\s"])+)'
_PER_PARENT = rf"(\d+)(?:\.\.(\d+))?\s+per\s+{_NAME}(?:\s+by\s+{_NAME})?"
_PER_KEYS = frozenset({"per", "count", "by"})


def _rows_from_text(text: str) -> int | PerParent:
    """`200`, or `1..5 per users by owner_id`, whose last two words may be left out."""
    found = re.fullmatch(_PER_PARENT, text, re.ASCII)
    if found is None:
        return _count_from_text(text)
    return PerParent(found[3], int(found[1]), int(found[2] or found[1]), found[4])


def rows_asked(value: object) -> int | PerParent:
    """Return what a marker or the file says of a table's rows.

    Args:
        value: a number; or `{"per": "users", "count": (1, 5)}`, whose count may be one number, and to which
            `"by": "owner_id"` may be added.

    Raises:
        ValueError: it is neither.
    """
    if isinstance(value, PerParent):
        return value
    if not isinstance(value, dict) or not _PER_KEYS & value.keys():
        return _count(value)
    if unknown := [name for name in value if name not in _PER_KEYS]:
        raise ValueError(f"{unknown[0]!r} is none of per, count and by")
    if "per" not in value or "count" not in value:
        raise ValueError('it takes both per and count: {per = "users", count = [1, 5]}')
    for key in ("per", "by"):
        if not isinstance(value.get(key, "-"), str):
            raise ValueError(f"{key} is {value[key]!r}; allowed is a name")  # noqa: TRY004  # as above
    low, high = _low_and_high(value["count"])
    return PerParent(_text(value["per"]), low, high, _text(value["by"]) if "by" in value else None)


def _low_and_high(count: object) -> tuple[int, int]:
    pair = list(count) if isinstance(count, list | tuple) else [count, count]
    try:
        low, high = map(_count, pair)
    except ValueError:
        raise ValueError(f"count is {count!r}; allowed is a whole number, or two: [1, 5]") from None
    return low, high


def _nested_from_text(text: str) -> Mapping[str, Mapping[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for name, value in _pairs_from_text(_text)(text).items():
        table, dot, column = name.rpartition(".")
        if not dot or not table or not column:
            raise ValueError(f"{name!r} is no table.column")
        found.setdefault(table, {})[column] = value
    return MappingProxyType({table: MappingProxyType(columns) for table, columns in found.items()})


def _plain_value(value: object) -> str | None:
    """A value as Postgres prints it: what a filter compares columns with; None is NULL."""
    if isinstance(value, bool):
        return str(value).lower()
    if value is not None and not isinstance(value, str | int | float):
        raise ValueError("allowed is a plain value")
    return None if value is None else str(value)


def _kinds(read: Callable[[Any], Mapping[str, int]]) -> Callable[[object], Mapping[str, int]]:
    def kinds(value: object) -> Mapping[str, int]:
        found = read(value)
        for name in found:
            if name not in KINDS:
                raise ValueError(f"{name!r} is no kind of user")
        return found

    return kinds


_ACTIONS = ("install", "stub", "skip", "error")
_STORAGES = ("auto", "disk", "memory")
TRIGGER_MODES = ("fire", "skip")
ISOLATION_MODES = ("restore", "rollback", "clone", "shared")
"""How a test's writes are undone."""
DOMAINS = ("generic", "outdoor", "saas", "ecommerce")
"""What rows can speak of: each has a vocabulary, `rows/vocabularies/domains/NAME.toml`."""
DEFAULT_DOMAIN = "generic"

USER_STRATEGIES = ("create", "existing", "hybrid")
"""What becomes of the number of users beside users that are there."""

MOST_ROWS = 100_000_000
"""Rows that are loaded without a further word: at 100,000 a second some twenty minutes, and 10 to 100 GB."""
COUNT = ValueKind("a whole number, 0 or more", _count_from_text, _count)
COUNTS = ValueKind(
    "whole numbers by table, `setups=200,teams=5`, or `setups=1..5 per users`",
    _pairs_from_text(_rows_from_text),
    _pairs(rows_asked),
)
TEXT = ValueKind("a text that is not empty", _text, _text)
LOCALE = ValueKind("a locale of Faker, such as `de_DE`", _locale, _locale)
SWITCH = ValueKind("true or false", _switch_from_text, _switch)
PATH = ValueKind("the path of a folder", _path, _path)
FILE = ValueKind("the path of a file", _path, _path)
TRIGGERS = ValueKind("fire or skip", _one_of(*TRIGGER_MODES), _one_of(*TRIGGER_MODES))
ISOLATION = ValueKind(
    "restore, rollback, clone or shared", _one_of(*ISOLATION_MODES), _one_of(*ISOLATION_MODES)
)
DOMAIN = ValueKind("generic, outdoor, saas or ecommerce", _one_of(*DOMAINS), _one_of(*DOMAINS))
STRATEGY = ValueKind("create, existing or hybrid", _one_of(*USER_STRATEGIES), _one_of(*USER_STRATEGIES))
EMAIL = ValueKind("a pattern such as `{first}.{last}.{n}@example.com`", email_pattern, email_pattern)
PASSWORD = ValueKind("a text of 1 to 72 bytes without NUL", password, password)
USER_KINDS = ValueKind(
    f"numbers of users by kind, `phone=2,mfa=1`: {', '.join(KINDS)}",
    _kinds(_pairs_from_text(_count_from_text)),
    _kinds(_pairs(_count)),
)
BATCH = ValueKind("auto, or a whole number of rows, 1 or more", batch_size, batch_size)
CACHE = ValueKind("a size such as `2GB` or `500MiB`; or none", cache_size, cache_size)
MEMORY = ValueKind("16MB or more, such as `512MB` or `1GiB`; or none", memory_size, memory_size)
FILTER = ValueKind(
    "values by column, `plan=free,accounts.is_personal_account=true`",
    _pairs_from_text(_plain_value),
    _pairs(_plain_value),
)
STORAGE = ValueKind("auto, disk or memory", _one_of(*_STORAGES), _one_of(*_STORAGES))
MODULES = ValueKind("modules, `tests.factories,more.factories`", _modules_from_text, _modules)
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
