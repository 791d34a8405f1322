"""What users' e-mail addresses look like: a pattern whose addresses are valid whatever fills its fields.

Addresses are lower case and ASCII; the mailbox has at most 64 characters and the whole at most 254 (RFC 5321,
section 4.5.3.1, and its erratum 1690). What would be longer is shortened in the fields that are words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LONGEST_MAILBOX = 64
LONGEST = 254

WORDS = ("first", "last", "seed", "persona")
"""Fields that are filled with words, which can be shortened."""
NUMBERS = ("n", "team")
FIELDS = (*WORDS[:2], "n", "seed", "persona", "team")

DEFAULT_PATTERN = "{first}.{last}.{n}@example.com"

RESERVED = ("example.com", "example.org", "example.net", "test", "example", "invalid", "localhost")
"""Domains that nobody owns (RFC 2606, RFC 6761), with all that lies below them."""

_FIELD = r"\{([^{}]*)\}"
_ATOM = r"[a-z0-9!#$&'*+/=?^_`|~-]+"
_MAILBOX = rf"{_ATOM}(?:\.{_ATOM})*"
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"

_SAMPLES: tuple[Mapping[str, str], ...] = (
    {name: "x" if name in WORDS else "1" for name in FIELDS},
    {name: "x" * 200 if name in WORDS else "9" * 15 for name in FIELDS},
)
"""The shortest and the longest that can fill the fields."""


@dataclass(frozen=True)
class EmailPattern:
    """A pattern; made by `email_pattern`, which sees that its addresses are valid.

    Args:
        text: the pattern, in lower case: `{first}.{last}.{n}@example.com`.
    """

    text: str

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that it has, in order."""
        return tuple(re.findall(_FIELD, self.text))

    @property
    def is_numbered(self) -> bool:
        """Whether the row's number is in every address, so that no two share one."""
        return "n" in self.fields

    @property
    def domain(self) -> str:
        """What follows the @."""
        return self.text.rpartition("@")[2]

    @property
    def is_reserved(self) -> bool:
        """Whether its addresses can be nobody's."""
        return any(self.domain == name or self.domain.endswith(f".{name}") for name in RESERVED)

    @property
    def shape(self) -> str:
        """A regular expression of Postgres and Python for its addresses; it captures their number."""
        parts = re.split(_FIELD, self.text)
        kinds = {"n": "([0-9]{1,15})", "team": "[0-9]+"}
        made = [
            kinds.get(part, "[a-z0-9]+") if place % 2 else re.sub(r"([^a-z0-9@_-])", r"\\\1", part)
            for place, part in enumerate(parts)
        ]
        return f"^{''.join(made)}$"

    @cached_property
    def numbered(self) -> EmailPattern:
        """The same with the row's number at the mailbox's end; itself where it has one."""
        if self.is_numbered:
            return self
        mailbox, _, domain = self.text.rpartition("@")
        return EmailPattern(f"{mailbox}.{{n}}@{domain}")

    def address(self, values: Mapping[str, str], longest: int = LONGEST) -> str:
        """Return the address of a row.

        Args:
            values: by field, lower-case letters and digits.
            longest: characters that there is room for.
        """
        whole = self._filled(values)
        over = max(len(whole.rpartition("@")[0]) - LONGEST_MAILBOX, len(whole) - longest)
        shortened = dict(values)
        while over > 0:
            words = [one for one in WORDS if one in self.fields and len(shortened[one]) > 1]
            if not words:
                break
            name = max(words, key=lambda one: len(shortened[one]))
            shortened[name] = shortened[name][:-1]
            over -= self.fields.count(name)
        return whole if shortened == values else self._filled(shortened)

    def _filled(self, values: Mapping[str, str]) -> str:
        return re.sub(_FIELD, lambda match: values[match[1]], self.text)


def email_pattern(text: object) -> EmailPattern:
    """Return the pattern that a text says.

    Raises:
        ValueError: it is no text, has an unknown field, or its addresses are not valid; the message says why.
    """
    if not isinstance(text, str) or not text.strip():
        raise ValueError
    pattern = EmailPattern(text.strip().lower())
    for name in pattern.fields:
        if name not in FIELDS:
            raise ValueError(f"{{{name}}} is no field; there are {', '.join(FIELDS)}")
    if bare := set(re.sub(_FIELD, "", pattern.text)) & set("{}"):
        raise ValueError(f"{min(bare)} stands alone")
    for why in _faults(pattern):
        raise ValueError(why)
    return pattern


def _faults(pattern: EmailPattern) -> Iterator[str]:
    """What is wrong with the addresses of a pattern."""
    if pattern.text.count("@") != 1:
        yield "an address has one @"
        return
    mailbox, _, domain = pattern.text.rpartition("@")
    if words := [name for name in re.findall(_FIELD, domain) if name in WORDS]:
        yield f"{{{words[0]}}} stands in the domain, where only numbers can: {', '.join(NUMBERS)}"
    for values in _SAMPLES:
        address = pattern.numbered.address(values)
        filled, _, place = address.rpartition("@")
        if not address.isascii() or not re.fullmatch(_MAILBOX, filled):
            yield f"{mailbox!r} makes no mailbox: ASCII letters, digits and signs, single dots between them"
        if not all(re.fullmatch(_LABEL, label) for label in place.split(".")):
            yield f"{domain!r} is no domain"
        if len(filled) > LONGEST_MAILBOX or len(address) > LONGEST:
            yield f"its addresses can exceed {LONGEST_MAILBOX} characters before the @, or {LONGEST} in all"


@dataclass(frozen=True)
class Addresses:
    """How the addresses of one run are made.

    Args:
        pattern: what they look like.
        after: the largest number in addresses of that look that are in use: those of the run go on after it.
        taken: addresses without a number that are in use, lower case; empty where the pattern has a number.
    """

    pattern: EmailPattern
    after: int = 0
    taken: frozenset[str] = frozenset()

    def beside(self, after: int, taken: frozenset[str]) -> Addresses:
        """The same, beside what is in use."""
        return replace(self, after=after, taken=taken)


DEFAULT_ADDRESSES = Addresses(EmailPattern(DEFAULT_PATTERN))
