"""What the operators and functions over JSON give, and values as text."""

from __future__ import annotations

import json
import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from pytest_supaseed.rows.check_comparisons import CannotTellError, refuse, same
from pytest_supaseed.rows.check_constants import JSON_NULL, JsonNull


def json_without(value: Any, key: Any) -> Any:
    """`value - key`: JSON without a key, some keys, or a string of an array."""
    if isinstance(value, dict):
        keys = set(key) if isinstance(key, list) else {key}
        return {name: item for name, item in value.items() if name not in keys}
    return [item for item in value if item != key] if isinstance(key, str) else refuse(value)


def as_text(value: Any) -> str:
    """A value cast to text, for the types whose text form has no settings.

    Raises:
        CannotTellError: another type.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 10**15 else repr(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, str | int) or type(value).__name__ == "UUID":
        return str(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    raise CannotTellError(value)


def array_text(value: Any) -> str:
    """An array of one dimension cast to text: `{a,"b c",NULL}`.

    Raises:
        CannotTellError: it has elements whose text form has settings, or more dimensions.
    """
    if not isinstance(value, list):
        raise CannotTellError(value)
    return "{" + ",".join(map(_element_text, value)) + "}"


def _element_text(item: Any) -> str:
    if item is None:
        return "NULL"
    text = as_text(item)[:1] if isinstance(item, bool) else as_text(item)
    if text and text.upper() != "NULL" and not re.search(r'[{},"\\\s]', text):
        return text
    return '"' + re.sub(r'(["\\])', r"\\\1", text) + '"'


def json_typeof(value: Any) -> str:
    """`jsonb_typeof(value)`."""
    names = (
        (JsonNull, "null"), (bool, "boolean"), (dict, "object"), (list, "array"), (str, "string"),
        (int | float | Decimal, "number"),
    )  # fmt: skip
    found = next((name for kind, name in names if isinstance(value, kind)), None)
    return found or str(refuse(value))


def json_item(value: Any, key: Any) -> Any:
    """`value -> key`: a part of JSON, a scalar being an array of one; None where there is none."""
    if isinstance(key, int) and not isinstance(value, dict | list):
        value = [value]
    named = isinstance(value, dict) and isinstance(key, str) and key in value
    if not named and not (
        isinstance(value, list) and isinstance(key, int) and -len(value) <= key < len(value)
    ):
        return None
    found: Any = value[key]
    return JSON_NULL if found is None else found


def json_path(value: Any, keys: Any) -> Any:
    """`value #> keys`."""
    for key in keys:
        step: Any = int(key) if isinstance(value, list) and re.fullmatch(r"-?\d+", key) else key
        value = json_item(value, step)
        if value is None:
            return None
    return value


def json_text(value: Any) -> str | None:
    """A JSON value as `->>` gives it."""
    if value is None or isinstance(value, JsonNull):
        return None
    return value if isinstance(value, str) else _jsonb_text(value)


def _jsonb_text(value: Any) -> str:
    """A JSON value as `jsonb` prints it: keys by length, then by bytes."""
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: (len(key.encode()), key.encode()))
        return "{" + ", ".join(f"{json.dumps(key)}: {_jsonb_text(value[key])}" for key in keys) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_jsonb_text, value)) + "]"
    if value is None:
        return "null"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else as_text(value)


def contains(left: Any, right: Any) -> bool:
    """`left @> right` over arrays and JSON; the two differ in how they treat nested values."""
    if isinstance(left, dict) and isinstance(right, dict):
        return all(key in left and contains(left[key], item) for key, item in right.items())
    if isinstance(left, list) and isinstance(right, list):
        return all(any(_same_or_contains(one, item) for one in left) for item in right)
    if isinstance(left, list | dict) or isinstance(right, list | dict):
        return (
            isinstance(left, list) and not isinstance(right, dict) and any(same(one, right) for one in left)
        )
    return same(left, right)


def _same_or_contains(one: Any, item: Any) -> bool:
    return contains(one, item) if isinstance(item, dict | list) else one is not None and same(one, item)


def has_key(value: Any, key: Any) -> bool:
    """`value ? key`."""
    return key in value if isinstance(value, dict | list) else value == key
