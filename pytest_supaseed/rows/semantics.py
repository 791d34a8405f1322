"""Values that read as real: what a text column holds, told from its name.

Nothing here is real (DESIGN, decision 10): domains are the reserved ones of RFC 2606, telephone numbers the
fictional ones of the North American plan (555-0100 to 555-0199).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import factory

from pytest_supaseed.rows.declarations import Drawn, OneOf

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_supaseed.rows.streams import Draws

CURRENCIES = ("USD", "EUR", "GBP", "CAD", "AUD")
STATUSES = ("active", "pending", "archived")
COLOURS = ("#0f766e", "#1d4ed8", "#b45309", "#be123c", "#4d7c0f")


def _hexadecimal(size: int) -> Callable[[Draws], object]:
    return lambda draws: f"{int(draws.random() * 16**12):012x}{int(draws.random() * 16**12):012x}"[:size]


def _phone(draws: Draws) -> object:
    return f"+1{draws.between(200, 989)}55501{draws.below(100):02d}"


def _url(draws: Draws) -> object:
    return f"https://www.example.com/{_hexadecimal(8)(draws)}"


def _image(draws: Draws) -> object:
    return f"https://images.example.com/{_hexadecimal(12)(draws)}.jpg"


def _file(draws: Draws) -> object:
    return f"{_hexadecimal(8)(draws)}.{draws.pick(('pdf', 'png', 'jpg', 'csv'))}"


def _email(draws: Draws) -> object:
    return f"user.{_hexadecimal(8)(draws)}@example.com"


def _faker(provider: str, **arguments: Any) -> Callable[[], object]:
    return lambda: factory.Faker(provider, **arguments)


def _drawn(function: Callable[[Draws], object]) -> Callable[[], object]:
    return lambda: Drawn(function)


def _one_of(*values: object) -> Callable[[], object]:
    return lambda: OneOf(values)


_BY_NAME: tuple[tuple[str, Callable[[], object]], ...] = (
    (r"e?mail", _drawn(_email)),
    (r"first_?name|given_?name", _faker("first_name")),
    (r"last_?name|family_?name|surname", _faker("last_name")),
    (r"user_?name|login|handle|nick(?:name)?", _faker("user_name")),
    (r"phone|mobile|fax|tel", _drawn(_phone)),
    (r"company|organi[sz]ation|employer|vendor|brand", _faker("company")),
    (r"(?:picture|avatar|image|photo|logo|thumbnail|cover)(?:_url)?", _drawn(_image)),
    (r"(?:url|uri|link|website|homepage)", _drawn(_url)),
    (r"file_?name|file|path", _drawn(_file)),
    (r"mime(?:_?type)?|content_type", _one_of("image/jpeg", "image/png", "application/pdf", "text/csv")),
    (r"street|address|line_?[12]", _faker("street_address")),
    (r"city|town", _faker("city")),
    (r"state|province|region", _faker("state")),
    (r"zip(?:_?code)?|post(?:al)?_?code", _faker("postcode")),
    (r"country_?code", _faker("country_code")),
    (r"country", _faker("country")),
    (r"currency(?:_?code)?", _one_of(*CURRENCIES)),
    (r"locale|language|lang", _one_of("en", "de", "fr", "es")),
    (r"time_?zone|tz", _one_of("UTC", "Europe/Berlin", "America/New_York")),
    (r"status|state", _one_of(*STATUSES)),
    (r"colou?r", _one_of(*COLOURS)),
    (r"slug|code|sku|token|hash|key|secret|nonce|digest", _drawn(_hexadecimal(16))),
    (r"ip(?:_?address)?", _drawn(lambda draws: f"192.0.2.{draws.below(256)}")),
    (r"title|subject|headline|heading", _faker("sentence", nb_words=4, variable_nb_words=True)),
    (r"(?:full_?|display_?)?name|label", _faker("catch_phrase")),
    (r"description|summary|bio|about|excerpt|caption|notes?|comment", _faker("sentence", nb_words=12)),
    (r"content|body|text|message|html|markdown", _faker("paragraph")),
    (r"category|kind|type|group|tag", _faker("word")),
)
_MEANINGS = tuple(
    (re.compile(rf"(?:^|_)(?:{pattern})(?:_|$)", re.IGNORECASE), make) for pattern, make in _BY_NAME
)
_PERSON = re.compile(
    r"user|person|people|member|profile|customer|contact|author|employee|account", re.IGNORECASE
)
_NAME = re.compile(r"^(?:full_?|display_?)?name$", re.IGNORECASE)


def text_declaration(table: str, column: str) -> object:
    """The declaration for a text column, by the table's and the column's name."""
    if _NAME.match(column) and _PERSON.search(table):
        return factory.Faker("name")
    for pattern, make in _MEANINGS:
        if pattern.search(column):
            return make()
    return factory.Faker("sentence", nb_words=5)
