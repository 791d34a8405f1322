"""Tests of rows.places: addresses whose parts agree, and numbers that ring nowhere."""

from __future__ import annotations

import re

import pytest
from text_rows import text_rows, texts

from pytest_supaseed.rows.places import cities, countries
from pytest_supaseed.rows.vocabularies.countries import STREETS

COLUMNS = "street city state zip country country_code currency phone tz locale language"
FICTIONAL = re.compile(
    r"\+1\d{3}55501\d\d|\+442079460\d{3}|\+441\d\d4960\d{3}|\+493023125\d{3}|\+494066969\d{3}|\+498999998\d{3}"
    r"|\+492214710\d{3}|\+496990009\d{3}|\+3319900\d{4}|\+3326191\d{4}|\+3335301\d{4}|\+3346571\d{4}"
    r"|\+3353649\d{4}|\+61[2378]5550\d{4}|\+61[2378]5501\d{3}|\+3532091\d{5}|\+468465004\d\d|\+4631390060\d"
)


def test_the_columns_of_an_address_agree() -> None:
    """City, region, postcode, country, currency and time zone of a row are those of one place."""
    by_name = {city.name: city for city in cities()}
    for row in text_rows("addresses", COLUMNS, count=300):
        city = by_name[row.city]
        country = countries()[city.country]
        assert (row.state, row.country_code, row.tz) == (city.region, city.country, city.time_zone)
        assert (row.country, row.currency) == (country.name, country.currency)
        assert (row.locale, row.language) == (country.locale, country.language)
        pattern = re.escape(city.postcode).replace(r"\#", r"\d").replace("@", "[A-Z]")
        assert re.fullmatch(pattern, row.zip)
        assert any(street in row.street for street in STREETS[country.language].split("|"))


def test_telephone_numbers_are_kept_for_fiction() -> None:
    """Each number lies in a range that a regulator keeps for drama, in the row's country where it has one."""
    for row in text_rows("addresses", COLUMNS, count=500):
        assert FICTIONAL.fullmatch(row.phone), row.phone
        dial = countries()[row.country_code].dial
        if any(city.phone for city in cities() if city.country == row.country_code):
            assert row.phone.startswith(dial)


def test_places_of_different_roles_differ() -> None:
    """Goods are billed to one place and shipped to another, each of them whole."""
    rows = text_rows("orders", "billing_city billing_country shipping_city shipping_country", count=200)
    of_city = {city.name: countries()[city.country].name for city in cities()}

    assert all(of_city[row.billing_city] == row.billing_country for row in rows)
    assert all(of_city[row.shipping_city] == row.shipping_country for row in rows)
    assert sum(row.billing_city == row.shipping_city for row in rows) < 40


def test_a_rows_money_is_of_one_currency() -> None:
    """`price_currency` and `total_currency` are the row's; what is exchanged into is another."""
    rows = text_rows("orders", "currency price_currency total_currency target_currency", count=200)

    assert all(row.currency == row.price_currency == row.total_currency for row in rows)
    assert any(row.currency != row.target_currency for row in rows)


@pytest.mark.parametrize(
    ("locale", "code"), [("de_DE", "DE"), ("fr_FR", "FR"), ("pl_PL", "PL"), ("ja_JP", "JP")]
)
def test_a_locale_gives_places_of_its_country(locale: str, code: str) -> None:
    """With a locale every place is in its country; telephone numbers stay fictional."""
    rows = text_rows("addresses", COLUMNS, locale=locale)

    assert {row.country_code for row in rows} == {code}
    assert len({row.city for row in rows}) > 5
    assert all(FICTIONAL.fullmatch(row.phone) for row in rows)


@pytest.mark.parametrize(
    "locale", ["en_GB", "es_MX", "pt_BR", "it_IT", "zh_CN", "ko_KR", "ar_AA", "sv_SE", "nl_NL"]
)
def test_no_locale_stumbles(locale: str) -> None:
    """Faker's locales have different providers; none is needed that one of them lacks."""
    assert all(
        all(row) for row in zip(*(texts("a", name, locale=locale) for name in COLUMNS.split()), strict=True)
    )


def test_the_tables_of_places_are_whole() -> None:
    """Each city stands once, has a country and all fields, and each country has streets."""
    names = [city.name for city in cities()]

    assert len(names) == len(set(names)) >= 60
    assert {city.country for city in cities()} == set(countries())
    assert {country.language for country in countries().values()} <= set(STREETS)
    assert all(len(set(streets.split("|"))) == len(streets.split("|")) for streets in STREETS.values())
    assert all(part for city in cities() for part in city[:6])
