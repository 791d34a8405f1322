"""Which locales there are: those of Faker."""

from __future__ import annotations

from pytest_supaseed.errors import UsageError
from pytest_supaseed.mapping.nearest_names import nearest

DEFAULT_LOCALE = "en_US"
"""Under it names and places are ours, from all over the world, and words are English."""


def known_locale(name: str) -> str:
    """Return a locale as Faker spells it: `de-de` is `de_DE`.

    Raises:
        UsageError: Faker has no such locale; the message names the nearest ones.
    """
    language, _, territory = name.replace("-", "_").partition("_")
    spelt = f"{language.lower()}_{territory.upper()}" if territory else language.lower()
    if spelt == DEFAULT_LOCALE:
        return spelt
    from faker.config import AVAILABLE_LOCALES

    if spelt in AVAILABLE_LOCALES:
        return spelt
    same = sorted(other for other in AVAILABLE_LOCALES if other.partition("_")[0] == language.lower())
    alike = [*nearest(spelt, same), *same] or nearest(spelt, sorted(AVAILABLE_LOCALES))
    meant = [f"did you mean {other}?" for other in dict.fromkeys(alike)]
    raise UsageError(
        f"There is no locale {name!r}.",
        looked_at=[f"the {len(AVAILABLE_LOCALES)} locales of Faker"],
        remedies=[*meant, "name one that Faker has, such as de_DE or ja_JP", "leave the locale out"],
    )
