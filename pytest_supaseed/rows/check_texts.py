"""Text under conditions: what was there first, made to fit; then text written along a pattern."""

from __future__ import annotations

import re
from decimal import Decimal
from math import ceil, floor
from typing import TYPE_CHECKING, Any

from pytest_supaseed.rows.check_domains import ColumnFacts, Domain, Role
from pytest_supaseed.rows.check_patterns import Digits, matching_text, python_pattern

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_supaseed.plan.streams import Draws

_NUMBER_AT_END = re.compile(r"-?\d+\Z")
WORDS = (
    "amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "harbor", "island", "juniper", "kettle",
    "lantern", "meadow", "north", "orchard", "prairie", "quarry", "river", "summit", "timber",
)  # fmt: skip
"""Words for a text of which nothing else is known."""
_TRIES = 16
_MANY = 1000
_SCRAMBLE = 0x9E3779B97F4A7C15
"""An odd number near 2^64 over the golden ratio: multiples of it spread evenly over any range."""
_FORMS: dict[str, Callable[[str], str]] = {
    "lower": str.lower,
    "upper": str.upper,
    "btrim": str.strip,
    "rtrim": str.rstrip,
    "ltrim": str.lstrip,
}


def texts(
    facts: ColumnFacts, domain: Domain, known: tuple[Any, ...], draws: Draws, index: int
) -> Iterator[str]:
    """Yield texts, the ones nearest to what was there first."""
    patterns = _compiled(domain)
    if any(isinstance(bound, int | Decimal) for bound in (domain.low, domain.high)):
        yield from _numbers(domain, draws)
    for text in _variants(known, draws):
        found = _formed(domain, _sized(facts, domain, text, draws))
        if all(pattern.search(found) for pattern in patterns):
            yield found
    if len(patterns) > 1:
        joined = "".join(_written(facts, domain, pattern, draws, index) for pattern in patterns)
        yield _formed(domain, _sized(facts, domain, joined, draws))
    for _ in range(_TRIES if patterns else 0):
        pattern = patterns[draws.below(len(patterns))]
        yield _formed(domain, _written(facts, domain, pattern, draws, index))


def _numbers(domain: Domain, draws: Draws) -> Iterator[str]:
    """Numbers as text, for a column that is cast to a number."""
    low = ceil(domain.low) if domain.low is not None else min(0, floor(domain.high))
    high = floor(domain.high) if domain.high is not None else low + _MANY
    for _ in range(_TRIES):
        yield str(draws.between(low, max(low, high)))


def _compiled(domain: Domain) -> list[re.Pattern[str]]:
    found = []
    for operator, text in domain.patterns:
        try:
            found.append(python_pattern(operator, text))
        except (re.error, OverflowError):
            continue
    return found


def _variants(known: tuple[Any, ...], draws: Draws) -> Iterator[str]:
    """The known texts as they are, as slugs, as words, in capitals."""
    own = [value for value in known if isinstance(value, str) and value] or [draws.pick(WORDS)]
    yield from own
    for text in own:
        plain = text.encode("ascii", "ignore").decode()
        for glue in ("-", "_", ""):
            slug = re.sub(r"[^a-z0-9]+", glue, plain.lower()).strip(glue or None)
            yield slug
            yield re.sub(r"\A[^a-z]+", "", slug)
            yield slug.upper()
        yield re.sub(r"[^A-Za-z]+", " ", plain).strip().capitalize()


def _sized(facts: ColumnFacts, domain: Domain, text: str, draws: Draws) -> str:
    """Text cut or filled up with words until its length is allowed; a distinct one keeps its number."""
    number = _NUMBER_AT_END.search(text) if facts.role is Role.DISTINCT else None
    end = number[0] if number else ""
    longest = min((size for size in (domain.longest, facts.length) if size is not None), default=None)
    body = text[: len(text) - len(end)]
    while len(body) + len(end) < domain.shortest:
        glue = " " if " " in text else "-" if "-" in text else ""
        body = f"{body}{glue if body else ''}{draws.pick(WORDS)}"
    if longest is not None and len(body) + len(end) > longest:
        room = max(longest - len(end), 0)
        cut = body[:room].rstrip(" -_.")
        body = cut if len(cut) + len(end) >= domain.shortest else body[:room]
    return body + end


def _formed(domain: Domain, text: str) -> str:
    for form in domain.form:
        change = _FORMS.get(form)
        text = change(text) if change else text
    return text


def _written(facts: ColumnFacts, domain: Domain, pattern: re.Pattern[str], draws: Draws, index: int) -> str:
    """Text along a pattern; in a distinct column the row's index decides at every choice."""
    longest = domain.longest if domain.longest is not None else facts.length
    if facts.role is not Role.DISTINCT:
        return matching_text(pattern, draws, longest=longest)
    blank = Digits(0)
    matching_text(pattern, blank, longest=longest)
    digits = Digits(index * _SCRAMBLE % blank.capacity if _odd_part(blank.capacity) else index)
    text = matching_text(pattern, digits, longest=longest)
    return text if not digits.left else matching_text(pattern, Digits(index), longest=longest)


def _odd_part(capacity: int) -> bool:
    """Whether multiplying by `_SCRAMBLE` is one-to-one modulo the capacity."""
    from math import gcd

    return gcd(_SCRAMBLE, capacity) == 1
