"""People: names from many parts of the world, and user names and e-mail addresses made of them.

Nobody is meant: first and last names are drawn apart. Addresses lie on domains that are reserved for examples
(RFC 2606), and hold the row's number, so that no two rows of a table share one.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from pytest_supaseed.rows.entities import Kind, PartOfEntity, entity, in_columns
from pytest_supaseed.rows.slugs import slugify
from pytest_supaseed.rows.vocabularies.person_names import DEPARTMENTS, FIRST_NAMES, JOB_TITLES, LAST_NAMES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pytest_supaseed.plan.streams import Draws
    from pytest_supaseed.rows.entities import Part
    from pytest_supaseed.rows.local_words import Local

EMAIL_DOMAINS = ("example.com", "example.com", "example.org", "example.net")
MIDDLE_INITIALS = "ABCDEFGHJKLMNPRSTVW"
GENDERS = ("female", "male", "female", "male", "non-binary", "undisclosed")
PRONOUNS = ("she/her", "he/him", "they/them")
LONGEST_NAME = 24
"""Letters of a name in addresses: with these a mailbox stays within the 64 that RFC 5321 allows."""
_FAMILY_FIRST = frozenset({"hu", "vi"})
_HANGUL = re.compile("[\uac00-\ud7a3]")
_EAST_ASIAN = re.compile("[\u3040-\u30ff\u3400-\u9fff]")


class Person(NamedTuple):
    """One person; `number` is the row's, counted from 1, `language` that of the names, where it matters."""

    first: str
    last: str
    middle: str
    number: int
    domain: str
    language: str = ""


@cache
def _plain(name: str) -> str:
    return slugify(name, "")[:LONGEST_NAME] or "user"


def whole_name(first: str, last: str, language: str = "") -> str:
    """First and last name in the order in which they are said: the family's comes first in East Asia.

    Args:
        first: the given name.
        last: the family name.
        language: the language, where letters alone do not tell: Hungarian, Vietnamese.
    """
    between = _after_family_name(last, language)
    return f"{first} {last}" if between is None else f"{last}{between}{first}"


@cache
def _after_family_name(last: str, language: str) -> str | None:
    """What stands between a family's name and the given one that follows; None where it comes last."""
    if language == "zh" or _HANGUL.match(last):
        return ""
    return " " if language in _FAMILY_FIRST or _EAST_ASIAN.match(last) else None


def _person(draws: Draws, index: int) -> Person:
    pick = draws.pick
    return Person(pick(FIRST_NAMES), pick(LAST_NAMES), pick(MIDDLE_INITIALS), index + 1, pick(EMAIL_DOMAINS))


def _persons(draws: Draws, indices: Sequence[int]) -> Sequence[Person]:
    """What `_person` gives for each index, in columns."""
    stocks = (FIRST_NAMES, LAST_NAMES, MIDDLE_INITIALS, EMAIL_DOMAINS)
    drawn = draws.many(len(indices) * len(stocks))
    first, last, middle, domain = (
        [stock[int(share * len(stock))] for share in drawn[place :: len(stocks)]]
        for place, stock in enumerate(stocks)
    )
    numbers = [index + 1 for index in indices]
    return list(map(Person, first, last, middle, numbers, domain))


def _localized(local: Local, draws: Draws, index: int) -> Person:
    pick = draws.pick
    middle = pick(local.first_names)[0]
    return Person(
        pick(local.first_names),
        pick(local.last_names),
        middle,
        index + 1,
        pick(EMAIL_DOMAINS),
        local.language,
    )


PERSON = Kind("person", _person, _localized, _persons)


def _full_names(people: Sequence[Person], _draws: Draws) -> list[str]:
    return [whole_name(person[0], person[1], person[5]) for person in people]


@in_columns(_full_names)
def full_name(person: Person, _draws: Draws) -> str:
    """First and last name."""
    return whole_name(person.first, person.last, person.language)


def _initial_and_last(person: Person, _draws: Draws) -> str:
    return f"{person.first[0]}. {person.last}"


def _initials(person: Person, _draws: Draws) -> str:
    return f"{person.first[0]}{person.last[0]}".upper()


def first_name(person: Person, _draws: Draws) -> str:
    """The given name."""
    return person.first


def last_name(person: Person, _draws: Draws) -> str:
    """The family name."""
    return person.last


def _display_name(person: Person, draws: Draws) -> str:
    """Mostly the full name, and what else people write there."""
    style = draws.below(8)
    if style == 0:
        return person.first
    whole = full_name(person, draws)
    return f"{person.first} {person.last[0]}." if style == 1 and whole.startswith(person.first) else whole


def _emails(people: Sequence[Person], _draws: Draws) -> list[str]:
    return [
        f"{_plain(first)}.{_plain(last)}.{number}@{domain}".removeprefix("user.")
        for first, last, _, number, domain, _ in people
    ]


@in_columns(_emails)
def email(person: Person, _draws: Draws) -> str:
    """An address that no other row of the table has."""
    return f"{_mailbox(person)}@{person.domain}"


def _mailbox(person: Person) -> str:
    return f"{_plain(person.first)}.{_plain(person.last)}.{person.number}".removeprefix("user.")


def _shorter_email(person: Person, _draws: Draws) -> str:
    return f"{_plain(person.first)[0]}{_plain(person.last)[:5]}{person.number}@{person.domain}"


def _short_email(person: Person, _draws: Draws) -> str:
    return f"{_plain(person.first)[0]}{_plain(person.last)[0]}{person.number}@a.test"


def _username(person: Person, _draws: Draws) -> str:
    return f"{_plain(person.first)}_{_plain(person.last)}{person.number}".removeprefix("user_")


def _shorter_username(person: Person, _draws: Draws) -> str:
    return f"{_plain(person.first)}{person.number}"


def _short_username(person: Person, _draws: Draws) -> str:
    return f"u{person.number}"


def secondary_email(word: str) -> tuple[Part, ...]:
    """The variants of a further address of the same person: at work, for recovery."""

    def addressed(person: Person, _draws: Draws) -> str:
        return f"{_mailbox(person)}@{word}.example"

    return (addressed, _shorter_email, _short_email)


def _one_of(*values: str) -> tuple[Part, ...]:
    return (lambda _person, draws: draws.pick(values), lambda _person, draws: draws.pick(values)[:4])


PARTS: Mapping[str, tuple[Part, ...]] = {
    "first_name": (first_name, _initials),
    "last_name": (last_name, _initials),
    "middle_name": (lambda person, _draws: f"{person.middle}.", lambda person, _draws: person.middle),
    "full_name": (full_name, _initial_and_last, last_name, _initials),
    "sorted_name": (lambda person, _draws: f"{person.last}, {person.first}", last_name, _initials),
    "display_name": (_display_name, _initial_and_last, first_name, _initials),
    "nickname": (lambda person, _draws: person.first[:4].rstrip("aeiou") or person.first, _initials),
    "initials": (_initials,),
    "email": (email, _shorter_email, _short_email),
    "username": (_username, _shorter_username, _short_username),
    "profile_path": (lambda person, draws: f"@{_username(person, draws)}", _short_username),
    "honorific": _one_of("Ms", "Mr", "Dr", "Mx", "Prof."),
    "gender": _one_of(*GENDERS),
    "pronouns": _one_of(*PRONOUNS),
    "job_title": _one_of(*JOB_TITLES),
    "department": _one_of(*DEPARTMENTS),
    "marital_status": _one_of("single", "married", "divorced", "widowed"),
}
"""What a column can hold of a person: variants by the part's name."""


class PersonPart(PartOfEntity):
    """A part of the row's person, for factories that are written by hand: `PersonPart("first_name")`."""

    def __init__(self, part: str, role: str = "", *, locale: str | None = None) -> None:
        super().__init__(entity(PERSON, role, locale), PARTS[part])
