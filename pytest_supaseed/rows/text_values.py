"""Short texts for places inside other values: an array's elements, a composite's attributes, JSON, XML."""

from __future__ import annotations

import re
import string
from typing import TYPE_CHECKING

from pytest_supaseed.rows.domains import Drawer, Slot, slot_length

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pytest_supaseed.plan.streams import Draws

WORDS = (
    "amber", "anchor", "aspen", "basil", "beacon", "birch", "breeze", "canyon", "cedar", "clover",
    "coral", "cotton", "crystal", "delta", "ember", "falcon", "fern", "forest", "garden", "granite",
    "harbour", "hazel", "horizon", "island", "ivory", "juniper", "lagoon", "lantern", "lilac", "maple",
    "meadow", "mint", "nectar", "north", "ocean", "olive", "orchard", "pebble", "pine", "prairie",
    "quartz", "river", "saffron", "sage", "sierra", "silver", "summit", "timber", "valley", "velvet",
    "willow", "winter",
)  # fmt: skip
FIRST_NAMES = (
    "Ada",
    "Amir",
    "Chen",
    "Elena",
    "Farid",
    "Grace",
    "Hugo",
    "Ines",
    "Jonas",
    "Kofi",
    "Lena",
    "Maya",
)
LAST_NAMES = (
    "Berg",
    "Costa",
    "Diaz",
    "Fischer",
    "Haddad",
    "Ito",
    "Jansen",
    "Keller",
    "Lind",
    "Moreau",
    "Okafor",
)
CITIES = (
    "Porto",
    "Ghent",
    "Turku",
    "Bergen",
    "Graz",
    "Lyon",
    "Leeds",
    "Halifax",
    "Austin",
    "Osaka",
    "Nairobi",
)
STREETS = ("Mill Lane", "Station Road", "Orchard Street", "Harbour Way", "Church Street", "Park Avenue")
COUNTRIES = ("PT", "BE", "FI", "NO", "AT", "FR", "GB", "CA", "US", "JP", "KE")
CURRENCIES = ("USD", "EUR", "GBP", "CAD", "AUD")
LOCALES = ("en", "de", "fr", "es", "pt", "nl")
COLOURS = ("#0f766e", "#1d4ed8", "#b45309", "#be123c", "#4d7c0f")
ZONES = ("UTC", "Europe/Lisbon", "Europe/Berlin", "America/New_York", "Asia/Tokyo")


def word(draws: Draws) -> str:
    """A word of everyday things."""
    return draws.pick(WORDS)


def phrase(draws: Draws, size: int = 3) -> str:
    """A few words, the first one with a capital."""
    return " ".join(draws.pick(WORDS) for _ in range(size)).capitalize()


def hexadecimal(draws: Draws, size: int = 16) -> str:
    """Hexadecimal digits."""
    return "".join(draws.pick("0123456789abcdef") for _ in range(size))


def email(draws: Draws) -> str:
    """An address on a domain that is reserved for examples."""
    return f"{draws.pick(FIRST_NAMES)}.{draws.pick(LAST_NAMES)}.{draws.below(10_000)}@example.com".lower()


def url(draws: Draws) -> str:
    """A page on a domain that is reserved for examples."""
    return f"https://www.example.com/{draws.pick(WORDS)}/{draws.below(10_000)}"


def person(draws: Draws) -> str:
    """A person's name."""
    return f"{draws.pick(FIRST_NAMES)} {draws.pick(LAST_NAMES)}"


def _of(values: tuple[str, ...]) -> Drawer:
    return lambda draws: draws.pick(values)


_BY_NAME: tuple[tuple[re.Pattern[str], Drawer], ...] = tuple(
    (re.compile(rf"(?:^|_)(?:{pattern})(?:_|$)"), drawer)
    for pattern, drawer in (
        (r"e?mail", email),
        (r"url|uri|link|website|href|image|avatar|photo", url),
        (r"first_?name|given_?name", _of(FIRST_NAMES)),
        (r"last_?name|family_?name|surname", _of(LAST_NAMES)),
        (r"(?:full_?)?name|author|owner|user|person", person),
        (r"phone|mobile|fax|tel", lambda draws: f"+1{draws.between(200, 989)}55501{draws.below(100):02d}"),
        (r"city|town", _of(CITIES)),
        (r"street|address|line_?[12]?", lambda draws: f"{draws.between(1, 180)} {draws.pick(STREETS)}"),
        (r"zip(?:_?code)?|post(?:al)?_?code", lambda draws: f"{draws.between(10_000, 99_999)}"),
        (r"country(?:_?code)?", _of(COUNTRIES)),
        (r"currency(?:_?code)?", _of(CURRENCIES)),
        (r"locale|language|lang", _of(LOCALES)),
        (r"time_?zone|tz", _of(ZONES)),
        (r"colou?r", _of(COLOURS)),
        (r"role|permission|scope", _of(("owner", "admin", "editor", "viewer", "member"))),
        (r"status|state", _of(("active", "pending", "archived"))),
        (r"hash|token|key|secret|code|sku|slug|digest", hexadecimal),
        (r"title|subject|description|note|comment|body|message|summary|text|content", phrase),
    )
)


def text_drawer(slot: Slot) -> Drawer:
    """Texts by the name that the place goes by, cut to its length."""
    found = next((drawer for pattern, drawer in _BY_NAME if pattern.search(slot.name)), word)
    length = slot_length(slot)
    if length is None:
        return found
    return lambda draws: str(found(draws))[:length].rstrip() or "x"


def _letter(_slot: Slot) -> Drawer:
    return lambda draws: draws.pick(string.ascii_lowercase)


TEXTS: Mapping[str, Callable[[Slot], Drawer]] = {
    **dict.fromkeys(("text", "varchar", "bpchar", "name", "citext"), text_drawer),
    "char": _letter,
    "refcursor": lambda _slot: word,
}
"""Drawers of text types, by the type's name."""
