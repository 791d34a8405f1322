"""What the functions and operators of CHECK expressions give, over Python values."""

from __future__ import annotations

import math
import re
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from ipaddress import ip_interface
from typing import TYPE_CHECKING, Any

from pytest_supaseed.rows.check_comparisons import CannotTellError, moment, refuse
from pytest_supaseed.rows.check_constants import WHOLE, Interval, base_name, day, typed
from pytest_supaseed.rows.check_json_parts import (
    as_text,
    contains,
    has_key,
    json_item,
    json_path,
    json_text,
    json_typeof,
)
from pytest_supaseed.rows.check_json_schema import meets_schema
from pytest_supaseed.rows.check_moments import add, age, date_trunc, extract, subtract, zoned
from pytest_supaseed.rows.check_patterns import similar_pattern
from pytest_supaseed.rows.check_ranges import canonical, covers, overlaps
from pytest_supaseed.rows.infinities import InfiniteDay

if TYPE_CHECKING:
    from collections.abc import Callable


def _arithmetic(function: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    def run(left: Any, right: Any) -> Any:
        if isinstance(left, float) and isinstance(right, Decimal):
            right = float(right)
        elif isinstance(left, Decimal) and isinstance(right, float):
            left = float(left)
        return function(left, right)

    return run


def _divide(left: Any, right: Any) -> Any:
    if isinstance(left, int) and isinstance(right, int):
        return int(Decimal(left) / Decimal(right)) if abs(left) < 10**15 else refuse(left)  # exact
    return left / right


def _modulo(left: Any, right: Any) -> Any:
    """The remainder with the sign of the dividend, as in C."""
    if isinstance(left, float) or isinstance(right, float):
        raise CannotTellError(left)
    return left - right * int(Decimal(left) / Decimal(right))


def _joined(left: Any, right: Any) -> Any:
    if isinstance(left, list) or isinstance(right, list):
        both = [value if isinstance(value, list) else [value] for value in (left, right)]
        return both[0] + both[1]
    if isinstance(left, dict) and isinstance(right, dict):
        return {**left, **right}
    return as_text(left) + as_text(right)


def _contains(left: Any, right: Any) -> bool:
    return covers(left, right) if hasattr(left, "lower_inf") else contains(left, right)


def _overlap(left: Any, right: Any) -> bool:
    if hasattr(left, "lower_inf") and hasattr(right, "lower_inf"):
        return overlaps(left, right)
    if not isinstance(left, list) or not isinstance(right, list):
        raise CannotTellError(left)
    return any(item is not None and item in right for item in left)


def _substring(text: Any, start: Any, length: Any = None) -> str:
    if not isinstance(text, str) or not isinstance(start, int):
        raise CannotTellError(text)
    begin = max(start - 1, 0)
    return text[begin:] if length is None else text[begin : max(start - 1 + length, 0)]


def _cardinality(value: Any) -> int:
    return len(value) if isinstance(value, list) and not _is_nested(value) else refuse(value)


def _is_nested(value: list[Any]) -> bool:
    return bool(value) and isinstance(value[0], list)


def _array_length(value: Any, dimension: Any) -> int | None:
    return (_cardinality(value) or None) if dimension == 1 else refuse(value)


def _octets(value: Any) -> int:
    return len(value) if isinstance(value, bytes) else len(_string(value).encode())


def _string(value: Any) -> str:
    return value if isinstance(value, str) else str(refuse(value))


def _bound(side: str) -> Callable[[Any], Any]:
    def run(value: Any) -> Any:
        if isinstance(value, str):
            return value.lower() if side == "lower" else value.upper()
        return getattr(canonical(value), side) if hasattr(value, "lower_inf") else refuse(value)

    return run


def _of_range(name: str) -> Callable[[Any], Any]:
    def run(value: Any) -> Any:
        value = canonical(value) if hasattr(value, "lower_inf") else refuse(value)
        found = getattr(value, name)
        return bool(found) and not (name != "isempty" and value.isempty)

    return run


def _round(value: Any, places: Any = 0) -> Any:
    if isinstance(value, float):
        return float(round(value))
    rounded = Decimal(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return rounded if isinstance(value, Decimal) else int(rounded)


def _trimmed(side: str) -> Callable[..., Any]:
    return lambda text, letters=" ": getattr(_string(text), side)(letters)


def cast(value: Any, target: str) -> Any:
    """`value::target`.

    Raises:
        CannotTellError: a cast that we do not make.
    """
    name = base_name(target)
    if target.endswith("[]"):
        return value if isinstance(value, list) else refuse(value)
    make = _CASTS.get(name)
    if make is None:
        return value if isinstance(value, str) or name in {"jsonb", "json"} else refuse(value)
    found = make(value)
    size = re.search(r"\((\d+)(?:,\s*(\d+))?\)", target)
    if size and name == "numeric":
        return _round(found, int(size[2] or 0))
    return found[: int(size[1])] if size and isinstance(found, str) else found


def _whole(value: Any) -> int:
    if isinstance(value, bool | int):
        return int(value)
    mode = ROUND_HALF_EVEN if isinstance(value, float) else ROUND_HALF_UP
    return int(Decimal(value).quantize(Decimal(1), mode))


def _day(value: Any) -> date:
    if isinstance(value, InfiniteDay):
        return value
    if isinstance(value, str):
        return day(value)
    return moment(value).astimezone(UTC).date() if isinstance(value, datetime) else date(*_ymd(value))


def _ymd(value: Any) -> tuple[int, int, int]:
    return (value.year, value.month, value.day) if isinstance(value, date) else refuse(value)


def _clock(value: Any) -> time:
    return (
        value.time() if isinstance(value, datetime) else value if isinstance(value, time) else refuse(value)
    )


_CASTS: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(WHOLE, _whole),
    **dict.fromkeys(("text", "varchar", "name", "citext"), as_text),
    "bpchar": as_text,
    "numeric": Decimal,
    "float8": float,
    "bool": lambda value: typed(value, "bool") if isinstance(value, str) else bool(value),
    "date": _day,
    "time": _clock,
    "timestamp": lambda value: moment(value).astimezone(UTC).replace(tzinfo=None),
    "timestamptz": moment,
    "interval": lambda value: value if isinstance(value, timedelta | Interval) else typed(value, "interval"),
    "uuid": lambda value: typed(value, "uuid") if isinstance(value, str) else value,
}


STRICT: dict[str, Callable[..., Any]] = {
    "+": _arithmetic(add),
    "-": lambda left, *right: _arithmetic(subtract)(left, right[0]) if right else -left,
    "*": _arithmetic(lambda a, b: a * b),
    "/": _arithmetic(_divide),
    "%": _modulo,
    "^": lambda a, b: float(a) ** float(b) if isinstance(a, int | float) else Decimal(a) ** Decimal(b),
    "||": _joined,
    "->": json_item,
    "->>": lambda value, key: json_text(json_item(value, key)),
    "#>": json_path,
    "#>>": lambda value, keys: json_text(json_path(value, keys)),
    "?": has_key,
    "?&": lambda value, keys: all(has_key(value, key) for key in keys),
    "?|": lambda value, keys: any(has_key(value, key) for key in keys),
    "@>": _contains,
    "<@": lambda left, right: _contains(right, left),
    "&&": _overlap,
    "lower": _bound("lower"),
    "upper": _bound("upper"),
    "isempty": _of_range("isempty"),
    "lower_inf": _of_range("lower_inf"),
    "upper_inf": _of_range("upper_inf"),
    "lower_inc": _of_range("lower_inc"),
    "upper_inc": _of_range("upper_inc"),
    "initcap": lambda text: re.sub(r"\w+", lambda word: word[0].capitalize(), text),
    "reverse": lambda text: _string(text)[::-1],
    "length": lambda value: len(value) if isinstance(value, str | bytes) else refuse(value),
    "octet_length": _octets,
    "bit_length": lambda value: 8 * _octets(value),
    "cardinality": _cardinality,
    "array_length": _array_length,
    "array_upper": _array_length,
    "array_ndims": lambda value: 1 if _cardinality(value) else None,
    "jsonb_matches_schema": meets_schema,
    "json_matches_schema": meets_schema,
    "jsonb_typeof": json_typeof,
    "json_typeof": json_typeof,
    "jsonb_array_length": lambda value: len(value) if isinstance(value, list) else refuse(value),
    "json_array_length": lambda value: len(value) if isinstance(value, list) else refuse(value),
    "abs": abs,
    "mod": _modulo,
    "round": _round,
    "floor": lambda value: math.floor(value) if not isinstance(value, float) else float(math.floor(value)),
    "ceil": lambda value: math.ceil(value) if not isinstance(value, float) else float(math.ceil(value)),
    "ceiling": math.ceil,
    "sign": lambda value: (value > 0) - (value < 0),
    "sqrt": math.sqrt,
    "extract": extract,
    "date_trunc": date_trunc,
    "timezone": lambda zone, value: zoned(*((value, zone) if isinstance(zone, str) else (zone, value))),
    "age": age,
    "btrim": _trimmed("strip"),
    "ltrim": _trimmed("lstrip"),
    "rtrim": _trimmed("rstrip"),
    "left": lambda text, count: _string(text)[:count],
    "right": lambda text, count: _string(text)[-count:] if count > 0 else _string(text)[abs(count) :],
    "substring": _substring,
    "substr": _substring,
    "strpos": lambda text, part: _string(text).find(part) + 1,
    "family": lambda address: ip_interface(address).version,
    "masklen": lambda address: ip_interface(address).network.prefixlen,
    "starts_with": lambda text, part: _string(text).startswith(part),
    "similar_to_escape": similar_pattern,
    "make_date": date,
}
