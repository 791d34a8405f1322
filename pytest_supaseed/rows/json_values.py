"""JSON of the shape that a column's default shows, and with the members that its name lets one expect."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from pytest_supaseed.rows import text_values as texts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pytest_supaseed.plan.streams import Draws
    from pytest_supaseed.rows.domains import Drawer, Slot

_LITERAL = re.compile(r"^'(?P<text>(?:[^']|'')*)'(?:::[\w.\"]+)*$")
_EMPTY_ARRAY = re.compile(r"^(?:\w+\.)?(?:jsonb?_build_array|to_jsonb?\(ARRAY|array_to_json)")
_LIST_NAME = re.compile(
    r"(?:^|_)(?:tags|labels|items|lines|entries|list|array|keywords|categories|roles|permissions|scopes|features"
    r"|options_list|images|photos|links|urls|emails|phones|attachments|steps|answers|events|history|members)$"
)


def _settings(draws: Draws) -> dict[str, object]:
    return {
        "theme": draws.pick(("light", "dark", "system")),
        "language": draws.pick(texts.LOCALES),
        "notifications": draws.random() < 0.5,  # noqa: PLR2004  # an even chance
    }


def _address(draws: Draws) -> dict[str, object]:
    return {
        "street": f"{draws.between(1, 180)} {draws.pick(texts.STREETS)}",
        "city": draws.pick(texts.CITIES),
        "postal_code": f"{draws.between(10_000, 99_999)}",
        "country": draws.pick(texts.COUNTRIES),
    }


def _location(draws: Draws) -> dict[str, object]:
    return {"lat": draws.between(-6000, 7000) / 100, "lng": draws.between(-17_000, 17_000) / 100}


def _money(draws: Draws) -> dict[str, object]:
    return {"amount": draws.between(100, 50_000) / 100, "currency": draws.pick(texts.CURRENCIES)}


def _contact(draws: Draws) -> dict[str, object]:
    return {"name": texts.person(draws), "email": texts.email(draws)}


def _dimensions(draws: Draws) -> dict[str, object]:
    return {"width": draws.between(100, 2000), "height": draws.between(100, 2000)}


def _translations(draws: Draws) -> dict[str, object]:
    return {"en": texts.phrase(draws), "de": texts.phrase(draws)}


def _result(draws: Draws) -> dict[str, object]:
    return {"status": draws.pick(("ok", "ok", "ok", "error")), "duration_ms": draws.between(5, 900)}


def _document(draws: Draws) -> dict[str, object]:
    return {
        "type": "doc",
        "content": [{"type": "paragraph", "content": [{"type": "text", "text": texts.phrase(draws, 6)}]}],
    }


def _item(draws: Draws) -> dict[str, object]:
    return {
        "name": texts.phrase(draws, 2),
        "quantity": draws.between(1, 5),
        "price": draws.between(100, 9_900) / 100,
    }


def _metadata(draws: Draws) -> dict[str, object]:
    return {
        "source": draws.pick(("web", "mobile", "api", "import")),
        "reference": texts.hexadecimal(draws, 8),
        "tags": [texts.word(draws)],
    }


_MEMBERS: tuple[tuple[re.Pattern[str], Callable[[Draws], dict[str, object]]], ...] = tuple(
    (re.compile(rf"(?:^|_)(?:{pattern})(?:_|$)"), make)
    for pattern, make in (
        (r"settings?|preferences|prefs|config(?:uration)?|options|flags", _settings),
        (r"address(?:es)?|shipping|billing", _address),
        (r"location|coordinates?|geo|position|latlng", _location),
        (r"price|amount|cost|total|money", _money),
        (r"contact|user|author|customer|owner|profile|members?", _contact),
        (r"dimensions?|size|resolution|crop", _dimensions),
        (r"translations?|i18n|locali[sz]ed|title|name|labels_by", _translations),
        (r"results?|response|status|output|error", _result),
        (r"content|body|document|doc|description|rich_text", _document),
        (r"items?|lines?|products?|cart|entries", _item),
    )
)
_TEXT_LISTS: tuple[tuple[re.Pattern[str], Drawer], ...] = tuple(
    (re.compile(rf"(?:^|_)(?:{pattern})$"), drawer)
    for pattern, drawer in (
        (r"tags|labels|keywords|categories|features|list|array", texts.word),
        (
            r"roles|permissions|scopes",
            lambda draws: draws.pick(("read", "write", "delete", "invite", "manage")),
        ),
        (r"images|photos|links|urls|attachments", texts.url),
        (r"emails", texts.email),
    )
)


def json_drawer(slot: Slot) -> Drawer:
    """Objects, arrays, texts, numbers or booleans, as the default's shape is; by the name without one."""
    shape = shape_of(slot.default)
    if shape is list or (shape is None and _LIST_NAME.search(slot.name)):
        return _array_drawer(slot.name)
    if shape is bool:
        return lambda draws: draws.random() < 0.5  # noqa: PLR2004  # an even chance
    if shape in {int, float}:
        return lambda draws: draws.between(1, 1000)
    return texts.phrase if shape is str else _object_drawer(slot)


def shape_of(default: str | None) -> type | None:
    """The Python type of the JSON value that a default expression gives; None where it does not show."""
    if default is None:
        return None
    if _EMPTY_ARRAY.match(default):
        return list
    value = default_value(default)
    return None if value is None else type(value)


def default_value(default: str) -> object:
    """The JSON value of a default that is a literal; None where it is none, or JSON's null."""
    found = _LITERAL.match(default)
    if found is None:
        return None
    try:
        value: object = json.loads(found["text"].replace("''", "'"))
    except ValueError:
        return None
    return value


def _array_drawer(name: str) -> Drawer:
    element = next((drawer for pattern, drawer in _TEXT_LISTS if pattern.search(name)), None)
    if element is None:
        element = next((make for pattern, make in _MEMBERS if pattern.search(name)), _item)
    return lambda draws: [element(draws) for _ in range(draws.between(1, 3))]


def _object_drawer(slot: Slot) -> Drawer:
    given = default_value(slot.default) if slot.default is not None else None
    if isinstance(given, dict) and given:
        return _like(given)
    return next((make for pattern, make in _MEMBERS if pattern.search(slot.name)), _metadata)


def _like(given: Mapping[str, object]) -> Drawer:
    """Objects with the members of a default, flags and numbers drawn anew."""

    def draw(draws: Draws) -> dict[str, object]:
        return {name: _member(value, draws) for name, value in given.items()}

    return draw


def _member(value: object, draws: Draws) -> object:
    if isinstance(value, bool):
        return draws.random() < 0.5  # noqa: PLR2004  # an even chance
    if isinstance(value, int):
        return draws.between(min(0, value), max(10, 2 * value))
    return value


JSON: Mapping[str, Callable[[Slot], Drawer]] = {"json": json_drawer, "jsonb": json_drawer}
"""Drawers of JSON types, by the type's name."""
