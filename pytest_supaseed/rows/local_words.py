"""What a locale of Faker has to say: names, companies and words, in stocks that rows draw from.

Faker itself is asked once for each stock, from a state of its own, so that a row depends on neither the rows
before it nor the order in which stocks are asked for. Where Faker has nothing in the locale's language, and
would give English names or Latin words, ours are taken.
"""

from __future__ import annotations

import warnings
from functools import cache, cached_property
from threading import RLock
from typing import TYPE_CHECKING, Any

from pytest_supaseed.plan.locales import known_locale
from pytest_supaseed.rows.vocabularies.local_countries import FAMILY_NAME_AND_FORM, SPEAKERS
from pytest_supaseed.rows.vocabularies.person_names import FIRST_NAMES, JOB_TITLES, LAST_NAMES

if TYPE_CHECKING:
    from collections.abc import Callable

    from faker import Faker

    from pytest_supaseed.plan.streams import Draws

NAMES = 400
"""Draws of a name: Faker gives frequent ones more often, so that the stock holds them more than once."""
WORDS, SENTENCES = 400, 300
_TITLE_WORDS = 4
_WITHOUT_BLANKS = frozenset({"ja", "zh", "th"})
_ASKED = RLock()
"""A Faker has one state for all: stocks are filled one after the other."""


class Local:
    """The stocks of one locale.

    Args:
        name: the locale, as Faker spells it.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.language = name.partition("_")[0]

    @cached_property
    def faker(self) -> Faker:
        """Faker for this locale."""
        import faker

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # some locales are old names of others, and say so
            return faker.Faker(self.name)

    @cached_property
    def _spoken(self) -> dict[str, str]:
        """The locale in which Faker has each kind of thing."""
        providers: list[Any] = self.faker.factories[0].get_providers()
        return {provider.__provider__.rpartition(".")[2]: str(provider.__lang__) for provider in providers}

    def has(self, kind: str) -> bool:
        """Whether Faker has a kind of thing (`person`, `lorem`) in the locale's language."""
        return self._spoken.get(kind, "").partition("_")[0] == self.language

    def speaker(self, kind: str) -> Local | None:
        """Who has a kind of thing in the locale's language: this locale, or the language's largest."""
        if self.has(kind):
            return self
        other = SPEAKERS.get(self.language, self.name)
        return None if other == self.name else local_of(other).speaker(kind)

    def has_own(self, kind: str) -> bool:
        """Whether Faker has a kind of thing (`address`) for the very locale."""
        return self.has(kind) and (self._spoken[kind] == self.name or "_" not in self.name)

    def stock(self, purpose: str, make: Callable[[], object], size: int) -> tuple[str, ...]:
        """What Faker gives when asked so many times, the same on every machine."""
        with _ASKED:
            self.faker.seed_instance(f"{self.name} {purpose}")
            found = [str(make()).strip() for _ in range(size)]
        return tuple(text for text in found if text)

    @cached_property
    def first_names(self) -> tuple[str, ...]:
        """Given names."""
        speaker = self.speaker("person")
        if speaker is None:
            return tuple(FIRST_NAMES)
        return speaker.stock("first names", speaker.faker.first_name, NAMES)

    @cached_property
    def last_names(self) -> tuple[str, ...]:
        """Family names."""
        speaker = self.speaker("person")
        if speaker is None:
            return tuple(LAST_NAMES)
        return speaker.stock("last names", speaker.faker.last_name, NAMES)

    @cached_property
    def jobs(self) -> tuple[str, ...]:
        """What people work as."""
        return self.stock("jobs", self.faker.job, NAMES) if self.has("job") else tuple(JOB_TITLES)

    def company(self, draws: Draws) -> str:
        """A company named after people whom nobody knows: Faker's own lists hold some that there are."""
        first, last, other = (draws.pick(self.last_names) for _ in range(3))
        forms = {key: draws.pick(stock) if stock else "" for key, stock in self._company_forms.items()}
        pattern = FAMILY_NAME_AND_FORM.get(self.language, "{last} {suffix}")
        if not self.has("company") or not any(forms.values()):
            pattern = "{last} & {other}"
        return pattern.format(first=first, last=last, other=other, **forms).strip()

    @cached_property
    def _company_forms(self) -> dict[str, tuple[str, ...]]:
        made = {"prefix": "company_prefix", "suffix": "company_suffix", "category": "company_category"}
        return {
            key: self.stock(name, getattr(self.faker, name), 50) if hasattr(self.faker, name) else ()
            for key, name in made.items()
        }

    @property
    def has_words(self) -> bool:
        """Whether Faker has words of the language; English ones are ours."""
        return self.language != "en" and self.speaker("lorem") is not None

    @property
    def _lorem(self) -> Local:
        return self.speaker("lorem") or self

    @cached_property
    def words(self) -> tuple[str, ...]:
        """Words."""
        speaker = self._lorem
        return speaker.stock("words", speaker.faker.word, WORDS)

    @cached_property
    def sentences(self) -> tuple[str, ...]:
        """Sentences, with their full stop."""
        speaker = self._lorem
        return speaker.stock("sentences", speaker.faker.sentence, SENTENCES)

    @cached_property
    def titles(self) -> tuple[str, ...]:
        """A few words each, without a full stop."""
        speaker = self._lorem
        made = speaker.stock("titles", lambda: speaker.faker.sentence(nb_words=_TITLE_WORDS), SENTENCES)
        return tuple(text.rstrip(".。 ") for text in made)

    def label(self, draws: Draws) -> str:
        """Two words."""
        first, second = draws.pick(self.words), draws.pick(self.words)
        if self.language in _WITHOUT_BLANKS:
            return f"{first}{second}"
        return f"{first[0].upper()}{first[1:]} {second}"


@cache
def local_of(name: str) -> Local:
    """The stocks of a locale.

    Raises:
        UsageError: Faker knows no such locale.
    """
    return Local(known_locale(name))
