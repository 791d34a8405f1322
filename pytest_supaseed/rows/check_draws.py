"""Values of a column under its conditions: candidates, the likeliest first, for a solver to try out."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import TYPE_CHECKING, Any

from pytest_supaseed.rows.check_comparisons import CannotTellError, moment
from pytest_supaseed.rows.check_constants import Interval
from pytest_supaseed.rows.check_domains import ColumnFacts, Domain, Role
from pytest_supaseed.rows.check_functions import cast
from pytest_supaseed.rows.check_json import shaped
from pytest_supaseed.rows.check_moments import date_trunc
from pytest_supaseed.rows.check_ranges import ranges
from pytest_supaseed.rows.check_texts import texts
from pytest_supaseed.rows.chunk import REFERENCE_INSTANT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from pytest_supaseed.plan.streams import Draws

TRIES = 12
"""Values drawn for one column before another way is tried."""
ORDINARY = 1000
"""How far a number that has one bound goes from it, in whole units: small numbers read as real."""
MOST_LISTED = 10_000
"""Whole numbers between two bounds that are tried one by one."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY = 86_400
_UNITS = {"date": _DAY, "time": 1, "timestamp": 1, "timestamptz": 1, "interval": 1}
_YEAR_OF_DAYS, _MONTH_OF_DAYS = 365, 30
_MICROSECONDS = 1_000_000


def candidates(
    facts: ColumnFacts, domain: Domain, seen: tuple[Any, ...], draws: Draws, index: int
) -> Iterator[Any]:
    """Yield values that a column may have under the conditions, as far as these were understood.

    Args:
        facts: the column's facts.
        domain: the conditions.
        seen: values that would read as real: the column's own, and one drawn for its name. None is skipped.
        draws: the row's draws.
        index: the row's index, which tells a distinct column's values apart.
    """
    if domain.null is True:
        yield None
        return
    listed = _choices(facts, domain)
    if listed is not None:
        begin = index if facts.role is Role.DISTINCT else draws.below(max(len(listed), 1))
        turned = (listed[(begin + step) % len(listed)] for step in range(len(listed)))
        yield from _fitting(facts, domain, turned)
        return
    known = tuple(value for value in seen if value is not None)
    make = _MAKERS.get(facts.kind, _others)
    yield from make(facts, domain, known, draws, index)


def _addresses(
    _facts: ColumnFacts, _domain: Domain, known: tuple[Any, ...], draws: Draws, _index: int
) -> Iterator[Any]:
    """Addresses of the blocks kept for documentation (RFC 5737, RFC 3849), of both families."""
    yield from known
    for _ in range(TRIES):
        yield f"192.0.2.{draws.below(256)}"
        yield f"2001:db8::{draws.below(9999)}"


def _jsons(
    _facts: ColumnFacts, domain: Domain, known: tuple[Any, ...], draws: Draws, _index: int
) -> Iterator[Any]:
    for _ in range(TRIES):
        yield shaped(domain, known, draws)


def _arrays(
    facts: ColumnFacts, domain: Domain, known: tuple[Any, ...], draws: Draws, index: int
) -> Iterator[Any]:
    for _ in range(TRIES):
        yield _array(facts, domain, known, draws, index)


def _choices(facts: ColumnFacts, domain: Domain) -> Sequence[Any] | None:
    """The values where only some are possible, as the conditions name them; None where they are many."""
    if domain.allowed is not None:
        return domain.allowed
    return {"bool": (True, False), "enum": facts.labels}.get(facts.kind)


def _fitting(facts: ColumnFacts, domain: Domain, values: Iterable[Any]) -> Iterator[Any]:
    """The values as the column's type has them, without those that are excluded."""
    for value in values:
        found = fit(facts, value)
        if found is not None and found not in domain.excluded:
            yield found


def listed_values(
    facts: ColumnFacts, domain: Domain, passes: Callable[[dict[str, Any]], bool]
) -> Sequence[Any] | None:
    """The values of a column where these are finitely many; None otherwise.

    Args:
        facts: the column's facts.
        domain: its conditions.
        passes: tells whether a row of this column alone passes all of its checks.
    """
    listed = _choices(facts, domain)
    if listed is not None:
        return [value for value in _fitting(facts, domain, listed) if passes({facts.name: value})]
    if facts.kind != "whole" or domain.low is None or domain.high is None:
        return None
    low, high = _limits(facts, domain, 0)
    if high - low >= MOST_LISTED:
        return range(low, high + 1)
    found = [value for value in range(low, high + 1) if passes({facts.name: value})]
    return range(low, high + 1) if len(found) == high - low + 1 else found


def fit(facts: ColumnFacts, value: Any) -> Any:
    """A constant of an expression as a value of the column's type; None where it is none."""
    targets = {"whole": "int8", "numeric": "numeric", "float": "float8", "enum": "text"}
    target = targets.get(facts.kind, facts.kind)
    if target in {"array", "range", "json", "other", "bytes"} or isinstance(value, str):
        return value
    try:
        found = cast(value, target)
    except (CannotTellError, TypeError, ValueError, ArithmeticError):
        return None
    if facts.kind == "whole" and found != value:
        return None
    return found.length if isinstance(found, Interval) else found


def _stepped(
    facts: ColumnFacts, domain: Domain, _known: tuple[Any, ...], draws: Draws, index: int
) -> Iterator[Any]:
    """Numbers, dates and times, as whole numbers of the type's smallest usual unit."""
    finest = {"numeric": max(facts.scale, 6), "whole": 0}.get(facts.kind, 6)
    usual = facts.scale if facts.kind == "numeric" else 0
    places = finest if facts.precision is None and _is_narrow(facts, domain, usual) else usual
    low, high = _limits(facts, domain, places)
    if low > high:
        return
    for step in range(TRIES):
        if facts.role is Role.DISTINCT:
            units = low + (index + step) % (high - low + 1)
        else:
            units = draws.between(low, high) if high - low < 2**52 else low + draws.below(2**52)
        if domain.step is not None:
            units = _on_step(units, low, high, domain.step, 10**places)
        value = _in_form(facts, domain, _from_units(facts, units, places))
        if value not in domain.excluded:
            yield value


def _in_form(facts: ColumnFacts, domain: Domain, value: Any) -> Any:
    """The value with the fields that are given, and after the functions that have to leave it as it is."""
    for name, number in domain.fields.items():
        value = _with_field(value, name, int(number))
    for form in domain.form:
        function, _space, argument = form.partition(" ")
        if function == "date_trunc" and isinstance(value, date):
            value = fit(facts, date_trunc(argument, value))
        elif function == "round" and isinstance(value, Decimal):
            value = round(value, int(argument or 0))
    return value


def _with_field(value: Any, name: str, number: int) -> Any:
    if name in {"dow", "isodow"} and isinstance(value, date):
        return value + timedelta(days=(number - value.isoweekday()) % 7)
    if not hasattr(value, name):
        return value
    changes = {name: number, **({"microsecond": 0} if name == "second" else {})}
    try:
        return value.replace(**changes)
    except ValueError:
        return value


def _is_narrow(facts: ColumnFacts, domain: Domain, usual: int) -> bool:
    """Whether there is less than a handful of usual units between the bounds."""
    if facts.kind in {"whole", "date"} or domain.low is None or domain.high is None:
        return False
    low, high = (_exact(facts, value) for value in (domain.low, domain.high))
    return bool((high - low) * 10**usual < 3)  # noqa: PLR2004  # too few to draw from


def _on_step(units: int, low: int, high: int, step: tuple[int, int], scale: int) -> int:
    modulus, rest = abs(step[0]) * scale or 1, step[1] * scale
    found = units - (units - rest) % modulus
    return found if found >= low else found + modulus if found + modulus <= high else found


def _limits(facts: ColumnFacts, domain: Domain, places: int) -> tuple[int, int]:
    """The bounds in units, open ones moved inwards, missing ones put where values read as real."""
    scale = 10**places
    low = None if domain.low is None else _exact(facts, domain.low) * scale
    high = None if domain.high is None else _exact(facts, domain.high) * scale
    least = None if low is None else ceil(low) + (1 if domain.low_open and low == ceil(low) else 0)
    most = None if high is None else floor(high) - (1 if domain.high_open and high == floor(high) else 0)
    floor_, ceiling = _type_limits(facts, scale)
    if least is None or most is None:
        least, most = _filled(facts, least, most, scale)
    return max(least, floor_), min(most, ceiling)


def _filled(facts: ColumnFacts, low: int | None, high: int | None, scale: int) -> tuple[int, int]:
    if facts.kind == "time":
        return (0 if low is None else low), (_DAY * scale - 1 if high is None else high)
    if facts.kind == "interval":
        low = 0 if low is None and (high is None or high >= 0) else low
        low = high - _DAY * scale if low is None and high is not None else low or 0
        return low, low + _MONTH_OF_DAYS * _DAY * scale if high is None else high
    if facts.kind in _UNITS:
        return _filled_dates(_DAY // _UNITS[facts.kind] * scale, low, high)
    if low is None:
        return (min(scale, high) if high is not None and high >= 0 else (high or 0) - ORDINARY * scale), (
            ORDINARY * scale if high is None else high
        )
    return low, low + max(ORDINARY * scale - low, 100 * scale)


def _filled_dates(day: int, low: int | None, high: int | None) -> tuple[int, int]:
    """A year up to the high bound or the reference instant; a month from the low bound on."""
    today = int((REFERENCE_INSTANT - _EPOCH).total_seconds()) * day // _DAY
    if low is None:
        end = today if high is None else high
        return end - _YEAR_OF_DAYS * day, end
    soon = low + _MONTH_OF_DAYS * day
    return low, min(soon, today) if low + day // 24 < today else soon


def _type_limits(facts: ColumnFacts, scale: int) -> tuple[int, int]:
    if facts.kind == "whole":
        return -(2**facts.bits), 2**facts.bits - 1
    if facts.kind == "numeric" and facts.precision is not None:
        most = 10**facts.precision - 1
        return -most, most
    if facts.kind == "time":
        return 0, _DAY * scale - 1
    return -(2**63), 2**63


def _exact(facts: ColumnFacts, value: Any) -> Fraction:
    """A bound in the type's unit: days for a date, seconds for a time, ones for a number."""
    if isinstance(value, Interval):
        value = value.length
    if isinstance(value, timedelta):
        return Fraction(value // timedelta(microseconds=1), _MICROSECONDS)
    if isinstance(value, time):
        seconds = value.hour * 3600 + value.minute * 60 + value.second
        return seconds + Fraction(value.microsecond, _MICROSECONDS)
    if hasattr(value, "isoformat"):
        passed = (moment(value) - _EPOCH) // timedelta(microseconds=1)
        return Fraction(passed, _MICROSECONDS * _UNITS.get(facts.kind, 1))
    return Fraction(value)


def _from_units(facts: ColumnFacts, units: int, places: int) -> Any:
    if facts.kind == "whole":
        return units
    if facts.kind == "numeric":
        return Decimal(units).scaleb(-places)
    seconds = timedelta(microseconds=units * _UNITS[facts.kind] * _MICROSECONDS // 10**places)
    if facts.kind == "interval":
        return seconds
    found = _EPOCH + seconds
    parts = {"date": found.date(), "time": found.time(), "timestamptz": found}
    return parts.get(facts.kind, found.replace(tzinfo=None))


def _floats(
    _facts: ColumnFacts, domain: Domain, _known: tuple[Any, ...], draws: Draws, _index: int
) -> Iterator[Any]:
    low, high = (None if bound is None else float(bound) for bound in (domain.low, domain.high))
    begin = low if low is not None else min(0.0, high - 100) if high is not None else 0.0
    end = high if high is not None else begin + 100
    for _ in range(TRIES):
        value = begin + draws.random() * (end - begin)
        yield round(value, 4) if begin < round(value, 4) < end else value


def _others(
    _facts: ColumnFacts, _domain: Domain, known: tuple[Any, ...], _draws: Draws, _index: int
) -> Iterator[Any]:
    yield from known


def _ranges(
    facts: ColumnFacts, domain: Domain, known: tuple[Any, ...], draws: Draws, index: int
) -> Iterator[Any]:
    return ranges(facts, domain, known, lambda ends, narrowed: candidates(ends, narrowed, (), draws, index))


def _bytes(
    _facts: ColumnFacts, domain: Domain, _known: tuple[Any, ...], draws: Draws, _index: int
) -> Iterator[Any]:
    longest = domain.longest if domain.longest is not None else max(domain.shortest, 16)
    for _ in range(TRIES):
        yield bytes(draws.below(256) for _ in range(draws.between(min(domain.shortest, longest), longest)))


def _uuids(
    _facts: ColumnFacts, _domain: Domain, _known: tuple[Any, ...], draws: Draws, _index: int
) -> Iterator[Any]:
    from uuid import UUID

    for _ in range(TRIES):
        parts = (draws.below(2**48), draws.below(2**40), draws.below(2**40))
        yield UUID(int=(parts[0] << 80) | (parts[1] << 40) | parts[2], version=4)


def _array(facts: ColumnFacts, domain: Domain, known: tuple[Any, ...], draws: Draws, index: int) -> list[Any]:
    """Elements that have to be there, then others up to a length that is allowed."""
    source = [item for value in known if isinstance(value, list) for item in value if item is not None]
    if domain.within is not None:
        source = list(domain.within)
    longest = domain.longest if domain.longest is not None else max(domain.shortest, len(domain.holding), 3)
    count = draws.between(min(domain.shortest, longest), longest)
    found = list(domain.holding)
    if len(source) < count and domain.within is None and facts.element is not None:
        source = []
    while len(found) < count:
        item = _element(facts, domain, source, draws, index)
        if item is None:
            break
        found.append(item)
    return found


def _element(facts: ColumnFacts, domain: Domain, source: list[Any], draws: Draws, index: int) -> Any:
    if domain.within is not None or facts.element is None or (source and domain.element is None):
        return source[draws.below(len(source))] if source else None
    seen = (source[draws.below(len(source))],) if source else ()
    return next(candidates(facts.element, domain.element or Domain(), seen, draws, index), None)


_MAKERS: dict[str, Callable[[ColumnFacts, Domain, tuple[Any, ...], Draws, int], Iterator[Any]]] = {
    **dict.fromkeys(("whole", "numeric", *_UNITS), _stepped),
    "text": texts,
    "array": _arrays,
    "range": _ranges,
    "json": _jsons,
    "bytes": _bytes,
    "uuid": _uuids,
    "inet": _addresses,
    "float": _floats,
}
__all__ = ["candidates", "fit", "listed_values"]
