"""Tests of rows.vocabularies: word lists without doubles and without words that embarrass."""

from __future__ import annotations

import re

import pytest

from pytest_supaseed.rows.choices import CHOICES, STATUSES
from pytest_supaseed.rows.slugs import slugify
from pytest_supaseed.rows.vocabularies import company_names, person_names, phrases, words

LISTS: dict[str, tuple[str, ...]] = {
    f"{module.__name__.rpartition('.')[2]}.{name}": tuple(str(item) for item in value)
    for module in (company_names, person_names, phrases)
    for name, value in vars(module).items()
    if name.isupper() and isinstance(value, tuple)
}
UNWANTED = re.compile(
    r"\b(?:ass|arse|bastard|bitch|bloody|bomb|boob\w*|butt|cock|crap|cunt|damn|dead|death|devil|dick|drunk|dumb|dyke"
    r"|fag\w*|fat|fuck\w*|gay|gun|hate|hell|homo|idiot|jap|jerk|kill\w*|lame|moron|naked|nazi|nude|piss|porn\w*"
    r"|prick|pussy|rape|retard\w*|sex\w*|shit\w*|slave\w*|slut|spic|suck\w*|terror\w*|tit|tits|ugly|war|weapon"
    r"|whore)\b",
    re.IGNORECASE,
)


@pytest.mark.parametrize("name", LISTS)
def test_no_list_holds_a_word_twice(name: str) -> None:
    """Each entry stands once, and none is empty or padded."""
    entries = LISTS[name]

    assert len(entries) == len(set(entries)) > 1
    assert all(entry == entry.strip() != "" for entry in entries)


def test_no_word_embarrasses() -> None:
    """No list, status or choice holds profanity, violence or slurs."""
    everything = [
        entry for entries in (*LISTS.values(), *STATUSES.values(), *CHOICES.values()) for entry in entries
    ]

    assert [entry for entry in everything if UNWANTED.search(entry)] == []


def test_every_name_has_an_ascii_form() -> None:
    """Each name leaves letters for an e-mail address; most names are plain, some are not."""
    names = (*person_names.FIRST_NAMES, *person_names.LAST_NAMES)

    assert all(len(slugify(name, "")) >= 2 for name in names)
    assert 0.01 < sum(not name.isascii() for name in names) / len(names) < 0.15


def test_words_are_read_from_a_block() -> None:
    """A block of text is its words in order."""
    assert words(" one\n two  three ") == ("one", "two", "three")
