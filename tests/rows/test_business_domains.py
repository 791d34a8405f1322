"""Tests of rows.business_domains: vocabularies that hold what factories ask of them."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from pytest_supaseed.errors import UsageError
from pytest_supaseed.option_values import DEFAULT_DOMAIN, DOMAINS
from pytest_supaseed.plan.streams import Stream
from pytest_supaseed.rows.business_domains import BusinessDomain, business_domain

SLOTS = {"item", "purpose", "adjective"}


@pytest.fixture(params=DOMAINS)
def words(request: pytest.FixtureRequest) -> BusinessDomain:
    """Each domain in turn."""
    return business_domain(request.param)


def test_each_domain_is_a_file_of_the_package() -> None:
    """The option allows what there is, and nothing else."""
    folder = files("pytest_supaseed.rows.vocabularies").joinpath("domains")

    assert {path.name for path in folder.iterdir()} == {f"{name}.toml" for name in DOMAINS}


def test_stocks_are_large_enough(words: BusinessDomain) -> None:
    """Every kind of thing has several examples, each said once, and several categories."""
    assert len({name for name, _ in words.templates}) == len(words.templates) >= 12
    assert len({piece.name for piece in words.gear}) == len(words.gear) >= 14
    assert len(words.template_categories) >= 5
    assert len({piece.category for piece in words.gear}) >= 5
    assert len(set(words.adjectives)) * len(set(words.purposes)) >= 80


def test_prices_are_money(words: BusinessDomain) -> None:
    """Prices go up from one plan to the next, have cents, and pieces cost what they may."""
    prices = [price for _, price in words.plans]
    assert prices == sorted(prices)
    assert all(price.as_tuple().exponent == -2 for price in (*prices, *words.prices, words.seat))
    assert all(0 < piece.low < piece.high for piece in words.gear)


def test_patterns_have_known_places(words: BusinessDomain) -> None:
    """What stands in braces is filled, and no brace is left."""
    for patterns in (words.sentences, words.titles, words.captions):
        assert {slot for text in patterns for slot in re.findall(r"{(.*?)}", text)} <= SLOTS
        for number in range(200 if patterns else 0):
            text = words.filled(patterns, Stream("s", "t", "", "c").draws(number))
            assert not set(text) & set("{}")
            assert text[0].isupper() or not text[0].isalpha()


@pytest.mark.parametrize("name", [name for name in DOMAINS if name != DEFAULT_DOMAIN])
def test_a_domain_says_it_in_its_own_words(name: str) -> None:
    """No domain but the default one leaves texts and names of teams to the ordinary ones."""
    words = business_domain(name)

    assert all((words.sentences, words.titles, words.captions, words.team_fields))
    assert {piece.name for piece in words.gear} != {piece.name for piece in business_domain("generic").gear}


def test_an_unknown_domain_is_refused() -> None:
    """The message lists those that there are."""
    with pytest.raises(UsageError, match="no domain 'retail'") as caught:
        business_domain("retail")

    assert "outdoor" in str(caught.value)
