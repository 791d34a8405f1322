"""Tests of rows.local_places: the parts of an address in a locale agree."""

from __future__ import annotations

import re

import pytest
from faker.config import AVAILABLE_LOCALES
from text_rows import text_rows

from pytest_supaseed.rows.local_places import local_places
from pytest_supaseed.rows.places import City, Country

COLUMNS = "street city state zip country country_code dial_code currency tz locale language"


@pytest.mark.parametrize("locale", ["de_DE", "cs_CZ", "ja_JP", "zh_CN", "el_GR", "tr_TR", "pt_BR"])
def test_the_parts_of_a_row_are_of_one_place(locale: str) -> None:
    """A city lies in one region and has one beginning of postcodes, all in one country."""
    places = local_places(locale)
    patterns = {City(*fields).name: City(*fields) for fields in places.cities}
    country = Country(*places.country)
    for row in text_rows("addresses", COLUMNS, count=200, locale=locale):
        city = patterns[row.city]
        assert row.state == city.region
        assert re.fullmatch(re.escape(city.postcode).replace(r"\#", r"\d").replace("@", "[A-Z]"), row.zip)
        assert (row.country, row.country_code) == (country.name, country.code)
        assert (row.dial_code, row.currency, row.tz) == (country.dial, country.currency, city.time_zone)
        assert row.street


def test_german_addresses_are_german() -> None:
    """Germans live in Deutschland, and 10 begins the postcodes of Berlin."""
    rows = text_rows("addresses", COLUMNS, count=200, locale="de_DE")

    assert {row.country for row in rows} == {"Deutschland"}
    assert {row.language for row in rows} == {"de"}
    assert all(row.zip.startswith("10") for row in rows if row.city == "Berlin")
    assert "Berlin" in {row.city for row in rows}


@pytest.mark.parametrize("locale", sorted(AVAILABLE_LOCALES))
def test_every_locale_has_a_country_and_cities(locale: str) -> None:
    """No field of an address is empty, but for the telephone pattern of countries that keep none."""
    places = local_places(locale)

    assert all(places.country)
    assert places.streets
    assert all(field for city in places.cities for field in city[:6])
    assert {city[4] for city in places.cities} == {places.country[0]}
