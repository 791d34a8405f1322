"""Values compared as Postgres compares them, or refused where we do not know how."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pytest_supaseed.rows.check_constants import Interval, JsonNull
from pytest_supaseed.rows.check_patterns import python_pattern
from pytest_supaseed.rows.infinities import INFINITE_MOMENTS, InfiniteDay

if TYPE_CHECKING:
    from collections.abc import Callable


_PLAIN = re.compile(r"[a-z0-9]*\Z")
"""Text that every usual collation orders as its bytes."""


_LOCAL = re.compile(r"\\[wWmMyY]|\[:")
"""What depends on the database's locale once a text has letters beyond ASCII."""


class CannotTellError(Exception):
    """A function meets values that we do not know how to treat as Postgres does."""


def comparable(left: Any, right: Any) -> tuple[Any, Any]:
    """Two values in a form that Python compares as Postgres does.

    Raises:
        CannotTellError: we know no such form.
    """
    kinds = (type(left), type(right))
    if kinds[0] is kinds[1]:
        return left, right
    if any(isinstance(value, Interval) for value in (left, right)):
        return interval_length(left), interval_length(right)
    if all(isinstance(value, date) for value in (left, right)):
        return moment(left), moment(right)
    numbers = all(isinstance(value, int | float | Decimal) for value in (left, right))
    if numbers and bool not in kinds:
        return left, right
    if JsonNull in kinds or (numbers and bool in kinds):
        return str(left), repr(right) + "\x00"
    raise CannotTellError(*kinds)


def moment(value: Any) -> datetime:
    """A date or timestamp as an aware timestamp, the session's zone being UTC."""
    if isinstance(value, InfiniteDay):
        return INFINITE_MOMENTS[value.text]
    if not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def interval_length(value: Any) -> timedelta:
    """The length of an interval, however it is held."""
    if isinstance(value, Interval):
        return value.length
    if isinstance(value, timedelta):
        return value
    raise CannotTellError(value)


def ordered(operator: str, left: Any, right: Any) -> bool:
    """Whether `left operator right`, for `<`, `<=`, `>`, `>=`; texts where every collation agrees."""
    left, right = comparable(left, right)
    if isinstance(left, str) and not (_PLAIN.match(left) and _PLAIN.match(right)):
        raise CannotTellError(left, right)
    if isinstance(left, dict | list | JsonNull | Interval):
        left, right = (
            (interval_length(left), interval_length(right)) if isinstance(left, Interval) else refuse(left)
        )
    return bool(_ORDERS[operator](left, right))


def refuse(*values: object) -> Any:
    """Raise that we do not know what Postgres makes of these values."""
    raise CannotTellError(*values)


_ORDERS: dict[str, Callable[[Any, Any], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def equal(left: Any, right: Any) -> bool:
    """Whether two values are equal; texts by their characters."""
    left, right = comparable(left, right)
    if isinstance(left, Interval):
        return left.length == interval_length(right)
    return same(left, right) if isinstance(left, list | dict) else bool(left == right)


def same(left: Any, right: Any) -> bool:
    """Equality of JSON and arrays, in which `true` is no 1."""
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    return isinstance(left, bool) is isinstance(right, bool) and bool(left == right)


def matches(operator: str, subject: Any, pattern: Any) -> bool:
    """Whether text matches a regular expression or a LIKE pattern."""
    if not isinstance(subject, str) or not isinstance(pattern, str):
        raise CannotTellError(subject)
    if not subject.isascii() and (operator.endswith("*") or _LOCAL.search(pattern)):
        raise CannotTellError(subject)
    try:
        return python_pattern(operator, pattern).search(subject) is not None
    except (re.error, OverflowError) as error:
        raise CannotTellError(pattern) from error
