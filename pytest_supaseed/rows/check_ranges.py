"""Ranges in checks: what their operators give, and ranges whose ends meet conditions."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from psycopg.types.range import Range

from pytest_supaseed.rows.check_comparisons import comparable, ordered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_supaseed.rows.check_domains import ColumnFacts, Domain

_TRIES = 12
CONSTRUCTORS = ("int4range", "int8range", "numrange", "daterange", "tsrange", "tstzrange")
"""The built-in functions that make a range of two ends."""


def make_range(values: list[Any]) -> Range[Any]:
    """`tstzrange(lower, upper, bounds)`; an end that is NULL is open."""
    lower, upper, *bounds = values
    return canonical(Range(lower, upper, bounds[0] if bounds else "[)"))


def canonical(found: Range[Any]) -> Range[Any]:
    """The range as Postgres keeps it: over whole numbers and days in the form `[)`, without a value empty."""
    if found.isempty:
        return found
    lower, upper = found.lower, found.upper
    if not any(_is_discrete(end) for end in (lower, upper)):
        return found if lower != upper or lower is None or found.bounds == "[]" else Range(empty=True)
    if lower is not None and not found.lower_inc:
        lower = _next(lower)
    if upper is not None and found.upper_inc:
        upper = _next(upper)
    is_empty = lower is not None and upper is not None and lower >= upper
    return Range(empty=True) if is_empty else Range(lower, upper, "[)")


def _is_discrete(end: Any) -> bool:
    return isinstance(end, int) or (isinstance(end, date) and not isinstance(end, datetime))


def _next(end: Any) -> Any:
    return end + 1 if isinstance(end, int) else end + timedelta(days=1)


def covers(outer: Range[Any], inner: Any) -> bool:
    """`outer @> inner`, of a range or of one value."""
    if not isinstance(inner, Range):
        inner = Range(inner, inner, "[]")
    outer, inner = canonical(outer), canonical(inner)
    if inner.isempty or outer.isempty:
        return bool(inner.isempty)
    return _begins_before(outer, inner) and _ends_after(outer, inner)


def _begins_before(outer: Range[Any], inner: Range[Any]) -> bool:
    if outer.lower is None or inner.lower is None:
        return outer.lower is None
    mine, other = comparable(outer.lower, inner.lower)
    return ordered("<", mine, other) or (mine == other and (outer.lower_inc or not inner.lower_inc))


def _ends_after(outer: Range[Any], inner: Range[Any]) -> bool:
    if outer.upper is None or inner.upper is None:
        return outer.upper is None
    mine, other = comparable(outer.upper, inner.upper)
    return ordered(">", mine, other) or (mine == other and (outer.upper_inc or not inner.upper_inc))


def overlaps(one: Range[Any], other: Range[Any]) -> bool:
    """`one && other`."""
    one, other = canonical(one), canonical(other)
    if one.isempty or other.isempty:
        return False
    return _reaches(one, other) and _reaches(other, one)


def _reaches(one: Range[Any], other: Range[Any]) -> bool:
    """Whether `one` begins before `other` ends."""
    if one.lower is None or other.upper is None:
        return True
    begin, end = comparable(one.lower, other.upper)
    return ordered("<", begin, end) or (begin == end and one.lower_inc and other.upper_inc)


def bound_ends(domain: Domain, operator: str, value: Any) -> None:
    """Take in that a value `@>`, `<@` or `&&` another: a range, or one value in it.

    Args:
        domain: of the column on the operator's left: a range, or a value where the other is one.
        operator: the operator.
        value: what stands on its right.
    """
    if isinstance(value, str | list | dict | bool):
        return
    low, high = (value.lower, value.upper) if isinstance(value, Range) else (value, value)
    if isinstance(value, Range) and operator == "<@":
        _inside(domain, value)
        _inside(domain.begin, value)
        _inside(domain.end, value)
    elif operator == "@>":
        _apart(domain, low, high)
    elif operator == "&&":
        _apart(domain, high, low)


def _inside(domain: Domain, value: Range[Any]) -> None:
    if value.lower is not None:
        domain.at_least(value.lower, open_=not value.lower_inc)
    if value.upper is not None:
        domain.at_most(value.upper, open_=False)


def _apart(domain: Domain, latest_begin: Any, earliest_end: Any) -> None:
    if latest_begin is not None:
        domain.begin.at_most(latest_begin, open_=False)
    if earliest_end is not None:
        domain.end.at_least(earliest_end, open_=False)


def ranges(
    facts: ColumnFacts,
    domain: Domain,
    known: tuple[Any, ...],
    draw: Callable[[ColumnFacts, Domain], Iterator[Any]],
) -> Iterator[Range[Any]]:
    """Yield ranges whose ends meet their conditions, as near to a known one as these allow.

    Args:
        facts: the column's facts, with those of its ends as `element`.
        domain: its conditions, with those of its ends as `begin` and `end`.
        known: values that the column had.
        draw: yields values of the ends' type under conditions.
    """
    kept = next((one for one in known if isinstance(one, Range) and not one.isempty), None)
    if kept is not None:
        yield kept
        if not domain.ends:
            yield from _shortened(kept)
    if facts.element is None:
        return
    for number in range(_TRIES):
        found = _drawn(facts.element, domain, kept if number < _TRIES // 2 else None, draw)
        if found is not None:
            yield found


def _shortened(found: Range[Any]) -> Iterator[Range[Any]]:
    """Ranges shorter and shorter, from the same lower end."""
    if found.lower is None or found.upper is None:
        return
    span = found.upper - found.lower
    for _ in range(_TRIES):
        span = span // 2 if isinstance(span, int | timedelta) else span / 2
        if not span:
            break
        yield Range(found.lower, found.lower + span, "[)")


def _drawn(
    element: ColumnFacts,
    domain: Domain,
    kept: Range[Any] | None,
    draw: Callable[[ColumnFacts, Domain], Iterator[Any]],
) -> Range[Any] | None:
    """One range; the ends of `kept` stay where no condition is on them."""
    begin, end = domain.begin.copy(), domain.end.copy()
    _cap(begin, end)
    lower = kept.lower if kept is not None and not domain.begin.is_bound else next(draw(element, begin), None)
    if lower is None:
        return None
    if kept is not None and kept.upper is not None and kept.lower is not None and not domain.end.is_bound:
        upper = lower + (kept.upper - kept.lower)
    else:
        end.at_least(lower, open_=False)
        upper = next(draw(element, end), None)
    if upper is None or ordered("<", *comparable(upper, lower)):
        return None
    return canonical(Range(lower, upper, "[]" if upper == lower else "[)"))


def _cap(begin: Domain, end: Domain) -> None:
    """A range begins before the latest end that it may have."""
    latest = end.high if end.allowed is None else max(end.allowed, default=None)
    if latest is not None:
        begin.at_most(latest, open_=False)
