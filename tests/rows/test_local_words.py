"""Tests of rows.local_words: names, companies and words in a locale."""

from __future__ import annotations

import re
import warnings

import pytest
from faker.config import AVAILABLE_LOCALES
from text_rows import chunk_of, text_rows

from pytest_supaseed.plan.streams import Draws
from pytest_supaseed.rows.companies import CompanyPart
from pytest_supaseed.rows.local_words import Local, local_of
from pytest_supaseed.rows.people import PersonPart, whole_name

COLUMNS = (
    "first_name last_name full_name email username company company_domain title slug street city state zip "
    "country phone currency language description"
)
FICTIONAL = re.compile(r"\+\d{10,13}")


@pytest.mark.parametrize("locale", sorted(AVAILABLE_LOCALES))
def test_no_locale_stumbles(locale: str) -> None:
    """In every locale of Faker all columns are filled, addresses are ASCII and reserved, slugs plain."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        rows = text_rows("articles", COLUMNS, count=40, locale=locale)
        for row in rows:
            assert all(getattr(row, name) for name in COLUMNS.split())
            assert re.fullmatch(r"[a-z0-9.]{1,64}@example\.(com|org|net)", row.email)
            assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*\.example", row.company_domain)
            assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", row.slug)
            assert FICTIONAL.fullmatch(row.phone)


@pytest.mark.parametrize(
    ("locale", "letters"),
    [("ja_JP", "[぀-ヿ㐀-鿿]"), ("ar_AA", "[؀-ۿ]"), ("el_GR", "[Ͱ-Ͽἀ-῿]"), ("ru_RU", "[Ѐ-ӿ]")],
)
def test_names_and_words_are_in_the_letters_of_the_locale(locale: str, letters: str) -> None:
    """First and last names, companies, cities, titles and descriptions, each of them."""
    for row in text_rows("articles", COLUMNS, locale=locale):
        for name in ("first_name", "last_name", "company", "city", "title", "description", "country"):
            assert re.search(letters, getattr(row, name)), (name, getattr(row, name))


def test_stocks_do_not_depend_on_what_was_asked_before() -> None:
    """A locale's stocks are filled in any order, and always hold the same."""
    one, other = Local("fr_FR"), Local("fr_FR")
    first = (one.first_names, one.last_names, one.sentences, one.company(Draws(1)))
    last = (other.company(Draws(1)), other.sentences, other.last_names, other.first_names)

    assert first == (last[3], last[2], last[1], last[0])


def test_a_language_has_a_speaker() -> None:
    """Where Faker has no words for Swiss German, those of Germany are taken; for Norwegian, ours."""
    assert Local("de_CH").sentences == local_of("de_DE").sentences
    assert not Local("no_NO").has_words
    assert not Local("en_GB").has_words


def test_companies_are_named_after_nobody_known() -> None:
    """A family's name and a legal form: Faker's own lists hold companies that there are."""
    local = local_of("bn_BD")
    draws = Draws(5)

    assert all(any(local.company(draws).startswith(name) for name in local.last_names) for _ in range(20))


@pytest.mark.parametrize(
    ("first", "last", "language", "whole"),
    [
        ("Ada", "Berg", "", "Ada Berg"),
        ("花子", "佐藤", "", "佐藤 花子"),
        ("민준", "김", "", "김민준"),
        ("雪", "张", "zh", "张雪"),
        ("Zoltán", "Pap", "hu", "Pap Zoltán"),
    ],
)
def test_whole_names_are_in_the_order_of_their_language(
    first: str, last: str, language: str, whole: str
) -> None:
    """The family's name comes first in East Asia and Hungary."""
    assert whole_name(first, last, language) == whole


def test_rows_without_a_locale_of_their_own_take_that_of_the_plan() -> None:
    """A factory that names no locale follows the option; one that names its own keeps that."""
    producers = {
        "name": PersonPart("first_name"),
        "company": CompanyPart("company"),
        "own": PersonPart("first_name", "other", locale="el_GR"),
    }
    german = chunk_of(producers, locale="de_DE")

    assert set(german.column("name")) <= set(local_of("de_DE").first_names)
    assert set(german.column("own")) <= set(local_of("el_GR").first_names)
    assert all(
        str(name).split(" ")[0] in " ".join(local_of("de_DE").last_names) for name in german.column("company")
    )
