"""Writes what a `supa-seed.config.json` says as the `[tool.supaseed]` of a `pyproject.toml`."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from pytest_supaseed.name_map import NameMap

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pytest_supaseed.original.config_file import OriginalConfig

TABLE = "tool.supaseed"

USUAL_USERS = 10
"""Users where nobody says how many, as in the option `users`; numbers for each user are multiplied by it."""

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


def toml_of(config: OriginalConfig) -> str:
    """Return `[tool.supaseed]` with the settings of the file, as TOML.

    What does nothing here stands in comments. Numbers of rows for each user are written as they come to.
    """
    options: dict[str, Any] = dict(config.options)
    names: NameMap = options.pop("map", None) or NameMap()
    existing: Mapping[str, object] = options.pop("existing_users", {})
    rows = {**_usual_totals(config), **{name: str(count) for name, count in options.pop("rows", {}).items()}}
    lines = [
        f"[{TABLE}]",
        *(f"{name.replace('_', '-')} = {_value(value)}" for name, value in options.items()),
    ]
    lines += [f"# without a meaning here: {key}" for key in config.unused]
    lines += [
        f"# in a factory of {_value(name)}: category = factory.Iterator([{', '.join(map(_value, values))}])"
        for name, values in config.categories.items()
    ]
    lines += _section("existing-users", {name: _value(value) for name, value in existing.items()})
    lines += _section("rows", rows)
    lines += _section("tables", {name: _value(actual) for name, actual in names.tables.items()})
    for table, columns in names.columns.items():
        lines += _section(
            f"columns.{_key(table)}", {name: _value(actual) for name, actual in columns.items()}
        )
    return "\n".join(lines) + "\n"


def _usual_totals(config: OriginalConfig) -> dict[str, str]:
    users = config.options.get("users", USUAL_USERS)
    totals: dict[str, Any] = {"users": users, **dict(_exact(config))}
    said: dict[str, str] = {}
    for name, usual in config.usual_rows.items():
        totals.setdefault(name, usual.low * totals.get(usual.table, 0))
        said[name] = f"{totals[name]}  # {usual.low} for each of the {usual.table}"
    return said


def _exact(config: OriginalConfig) -> Mapping[str, Any]:
    rows: Any = config.options.get("rows", {})
    return dict(rows)


def _section(name: str, pairs: Mapping[str, str]) -> Iterator[str]:
    if pairs:
        yield ""
        yield f"[{TABLE}.{name}]"
        yield from (f"{_key(key)} = {value}" for key, value in pairs.items())


def _values(names: Mapping[str, str]) -> dict[str, str]:
    return {name: _value(actual) for name, actual in names.items()}


def _key(name: str) -> str:
    return name if _BARE_KEY.fullmatch(name) else _value(name)


def _value(value: object) -> str:
    """A whole number or a text; JSON's escapes are TOML's, but for DEL, which TOML wants escaped too."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
