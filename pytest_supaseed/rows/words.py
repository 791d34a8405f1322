"""Titles, sentences and paragraphs, made of patterns and word lists of our own."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from pytest_supaseed.rows.entities import Kind, in_columns, whole_part
from pytest_supaseed.rows.local_texts import local_title
from pytest_supaseed.rows.vocabularies import phrases
from pytest_supaseed.rows.vocabularies.countries import CITIES
from pytest_supaseed.rows.vocabularies.person_names import JOB_TITLES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pytest_supaseed.plan.streams import Draws
    from pytest_supaseed.rows.entities import Part
    from pytest_supaseed.rows.local_words import Local

_SLOT = re.compile(r"(?:\b([Aa]) )?\{(\w+)\}")
_VOWELS = tuple("aeiou")
_ARTICLE_BY_SOUND = {"useful": "a", "uniform": "a", "unit": "a", "honest": "an", "hour": "an"}
SHORT_WORDS = ("new", "old", "top", "key", "day", "box", "map", "sea", "sun", "sky", "oak", "ivy")


def _with_article(word: str) -> str:
    article = _ARTICLE_BY_SOUND.get(word, "an" if word.startswith(_VOWELS) else "a")
    return f"{article} {word}"


@cache
def _stock(slot: str, article: str) -> tuple[str, ...]:
    """The words of a slot, with an article where the pattern has one, capitalised as the slot's name is."""
    stocks: dict[str, Sequence[str]] = {
        "adjective": phrases.ADJECTIVES,
        "noun": phrases.NOUNS,
        "verb": phrases.VERBS,
        "job": JOB_TITLES,
        "city": [line.partition("|")[0] for line in CITIES.strip().splitlines()],
    }
    words = stocks[slot.lower()]
    if article:
        words = [_with_article(word) for word in words]
    capital = slot[0].isupper() or article == "A"
    return tuple(f"{word[0].upper()}{word[1:]}" if capital else word for word in words)


class Pattern(NamedTuple):
    """A pattern taken apart: a text for `%`, and the words of each of its slots."""

    text: str
    slots: tuple[tuple[str, ...], ...]

    def filled(self, draws: Draws) -> str:
        """The text with a word in each slot."""
        return self.text % tuple([words[int(draws.random() * len(words))] for words in self.slots])


@cache
def compiled(patterns: tuple[str, ...]) -> tuple[Pattern, ...]:
    """The patterns, taken apart once."""
    return tuple(
        Pattern(
            _SLOT.sub("%s", pattern),
            tuple(_stock(found[2], found[1] or "") for found in _SLOT.finditer(pattern)),
        )
        for pattern in patterns
    )


def _from(patterns: tuple[str, ...]) -> Part:
    """A part that fills one of the patterns."""

    def whole(rows: Sequence[object], draws: Draws) -> list[str]:
        found, draw, texts = compiled(patterns), draws.random, []
        size = len(found)
        for _ in rows:
            text, slots = found[int(draw() * size)]
            if len(slots) == 1:
                texts.append(text % slots[0][int(draw() * len(slots[0]))])
            elif len(slots) == 2:  # noqa: PLR2004  # most have one or two, and a loop of its own costs more than they do
                first, second = slots
                texts.append(text % (first[int(draw() * len(first))], second[int(draw() * len(second))]))
            else:
                texts.append(text % tuple([words[int(draw() * len(words))] for words in slots]))
        return texts

    @in_columns(whole)
    def fill(_row: object, draws: Draws) -> str:
        return draws.pick(compiled(patterns)).filled(draws)

    return fill


def _sentences(patterns: tuple[str, ...], least: int, most: int) -> Part:
    """A part of several sentences, parted by a space."""

    def fill(_row: object, draws: Draws) -> str:
        found = compiled(patterns)
        return " ".join([draws.pick(found).filled(draws) for _ in range(draws.between(least, most))])

    return fill


sentence = _from(phrases.SENTENCES)
paragraph = _sentences(phrases.SENTENCES, 3, 6)


def _label(_row: object, draws: Draws) -> str:
    return f"{draws.pick(phrases.ADJECTIVES).capitalize()} {draws.pick(phrases.NOUNS)}"


def word(_row: object, draws: Draws) -> str:
    """One noun."""
    return draws.pick(phrases.NOUNS)


def _short_word(_row: object, draws: Draws) -> str:
    return draws.pick(SHORT_WORDS)


def _product(_row: object, draws: Draws) -> str:
    name = f"{draws.pick(phrases.MATERIALS)} {draws.pick(phrases.PRODUCTS)}"
    if draws.below(2):
        return f"{draws.pick(phrases.ADJECTIVES).capitalize()} {name}"
    return name.capitalize()


def _html(row: object, draws: Draws) -> str:
    return f"<p>{paragraph(row, draws)}</p><p>{sentence(row, draws)}</p>"


def _markdown(row: object, draws: Draws) -> str:
    heading, first, second = (_label(row, draws) for _ in range(3))
    return f"## {heading}\n\n{paragraph(row, draws)}\n\n- {first}\n- {second}"


_SHORT = (_label, word, _short_word)


def _titles(patterns: tuple[str, ...]) -> tuple[Part, ...]:
    return (_from(patterns), *_SHORT)


def _titled(sort: str, variants: tuple[Part, ...]) -> Kind:
    def localized(local: Local, draws: Draws, _index: int) -> str:
        return local_title(local, sort, draws) if local.has_words else variants[0](None, draws)

    def whole(draws: Draws, indices: Sequence[int]) -> list[str]:
        return whole_part(variants[0], indices, draws)

    return Kind("title", lambda draws, _index: variants[0](None, draws), localized, whole)


TITLE_VARIANTS: Mapping[str, tuple[Part, ...]] = {
    "article": _titles(phrases.TITLES),
    "task": _titles(phrases.TASKS),
    "product": (_product, *_SHORT),
    "label": _SHORT,
}
"""What the titles of a table's rows are, by the sort of thing that its rows are."""
TITLE_KINDS: Mapping[str, Kind] = {sort: _titled(sort, made) for sort, made in TITLE_VARIANTS.items()}
"""A row's title as an entity: what a slug is made of where the table has no column for the title."""


def _same(title: str, _draws: Draws) -> str:
    return title


TITLE_PARTS: tuple[Part, ...] = (_same, *_SHORT)
"""Variants of a title."""

PARTS: Mapping[str, tuple[Part, ...]] = {
    "sentence": (sentence, *_SHORT),
    "paragraph": (paragraph, sentence, *_SHORT),
    "html": (_html, sentence, *_SHORT),
    "markdown": (_markdown, sentence, *_SHORT),
    "message": (_from(phrases.MESSAGES), *_SHORT),
    "question": _titles(phrases.QUESTIONS),
    "bio": (_from(phrases.BIOS), *_SHORT),
    "instructions": (_from(phrases.INSTRUCTIONS), *_SHORT),
    "reason": (_from(phrases.REASONS), *_SHORT),
    "label": _SHORT,
    "word": (word, _short_word),
    "unit": (lambda _row, draws: draws.pick(phrases.UNITS), lambda _row, draws: draws.pick(("kg", "g", "l"))),
    "material": (lambda _row, draws: draws.pick(phrases.MATERIALS), _short_word),
}
"""What a column can hold of words: variants by the part's name."""


def _colour(draws: Draws, _index: int) -> tuple[str, str]:
    return draws.pick(phrases.COLOURS)


COLOUR = Kind("colour", _colour)


def _channels(colour: tuple[str, str], _draws: Draws) -> str:
    red, green, blue = (int(colour[1][at : at + 2], 16) for at in (1, 3, 5))
    return f"rgb({red}, {green}, {blue})"


COLOUR_PARTS: Mapping[str, tuple[Part, ...]] = {
    "colour_name": (lambda colour, _draws: colour[0], lambda colour, _draws: colour[0][:3].upper()),
    "colour": (lambda colour, _draws: colour[1], lambda colour, _draws: colour[1][1:]),
    "colour_rgb": (_channels,),
}
"""What a column can hold of a colour."""
