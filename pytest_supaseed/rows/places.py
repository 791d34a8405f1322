"""Places: addresses whose street, city, region, postcode, country, currency and telephone number agree."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from pytest_supaseed.rows.entities import Kind
from pytest_supaseed.rows.local_places import local_places
from pytest_supaseed.rows.vocabularies.countries import CITIES, COUNTRIES, NUMBER_FIRST, STREETS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_supaseed.plan.streams import Draws
    from pytest_supaseed.rows.entities import Part
    from pytest_supaseed.rows.local_words import Local

POSTCODE_LETTERS = "ABEGHJLNPRSTXY"
"""Letters that every country's postcodes have in common."""
FICTIONAL_NUMBER = "+120255501##"
"""For places whose country keeps no numbers for fiction."""
UNITS = ("Apt. {}", "Unit {}", "Suite {}", "Floor {}")
CURRENCY_SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "INR": "₹"}


class Country(NamedTuple):
    """A country and what is spoken and paid there."""

    code: str
    code3: str
    name: str
    dial: str
    currency: str
    language: str
    locale: str
    language_name: str


class City(NamedTuple):
    """A city; `postcode` and `phone` are patterns."""

    name: str
    region: str
    region_code: str
    postcode: str
    country: str
    time_zone: str
    phone: str


class Place(NamedTuple):
    """One address."""

    street: str
    number: str
    postcode: str
    city: City
    country: Country


@cache
def countries() -> Mapping[str, Country]:
    """The countries by their code."""
    found = (Country(*line.split("|")) for line in COUNTRIES.strip().splitlines())
    return {country.code: country for country in found}


@cache
def cities() -> tuple[City, ...]:
    """The cities."""
    return tuple(City(*line.split("|")) for line in CITIES.strip().splitlines())


@cache
def _streets(language: str) -> tuple[str, ...]:
    return tuple(STREETS[language].split("|"))


def filled(pattern: str, draws: Draws) -> str:
    """The pattern with each `#` replaced by a digit and each `@` by a letter."""
    return "".join(
        [
            str(draws.below(10)) if mark == "#" else draws.pick(POSTCODE_LETTERS) if mark == "@" else mark
            for mark in pattern
        ]
    )


def _place(draws: Draws, _index: int) -> Place:
    city = draws.pick(cities())
    country = countries()[city.country]
    street = draws.pick(_streets(country.language))
    return Place(street, str(draws.between(1, 180)), filled(city.postcode, draws), city, country)


def _localized(local: Local, draws: Draws, _index: int) -> Place:
    """A place of the locale's country. Its telephone numbers stay fictional ones."""
    known = local_places(local.name)
    city = City(*draws.pick(known.cities))
    street = draws.pick(known.streets)
    number = str(draws.between(1, 180))
    return Place(street, number, filled(city.postcode, draws), city, Country(*known.country))


PLACE = Kind("place", _place, _localized)


def _street_line(place: Place, _draws: Draws) -> str:
    if place.country.language in NUMBER_FIRST:
        return f"{place.number} {place.street}"
    return f"{place.street} {place.number}"


def _street_name(place: Place, _draws: Draws) -> str:
    return place.street


def _number(place: Place, _draws: Draws) -> str:
    return place.number


def _address(place: Place, draws: Draws) -> str:
    city = place.city.name
    return f"{_street_line(place, draws)}, {place.postcode} {city}, {place.country.name}"


def _locality(place: Place, _draws: Draws) -> str:
    return f"{place.city.name}, {place.country.name}"


def _second_line(_place: Place, draws: Draws) -> str:
    return draws.pick(UNITS).format(draws.between(1, 40))


def _city(place: Place, _draws: Draws) -> str:
    return place.city.name


def _region(place: Place, _draws: Draws) -> str:
    return place.city.region


def _region_code(place: Place, _draws: Draws) -> str:
    return place.city.region_code


def _postcode(place: Place, _draws: Draws) -> str:
    return place.postcode


def _country(place: Place, _draws: Draws) -> str:
    return place.country.name


def _country_code(place: Place, _draws: Draws) -> str:
    return place.country.code


def _country_code3(place: Place, _draws: Draws) -> str:
    return place.country.code3


def _phone(place: Place, draws: Draws) -> str:
    return filled(place.city.phone or FICTIONAL_NUMBER, draws)


def _national_phone(_place: Place, draws: Draws) -> str:
    return filled(FICTIONAL_NUMBER, draws)[2:]


def _local_phone(_place: Place, draws: Draws) -> str:
    return filled("55501##", draws)


def _extension(_place: Place, draws: Draws) -> str:
    return filled("1##", draws)


def _dial_code(place: Place, _draws: Draws) -> str:
    return place.country.dial


def _currency(place: Place, _draws: Draws) -> str:
    return place.country.currency


def _currency_symbol(place: Place, _draws: Draws) -> str:
    return CURRENCY_SYMBOLS.get(place.country.currency, place.country.currency)


def _time_zone(place: Place, _draws: Draws) -> str:
    return place.city.time_zone


def _utc(_place: Place, _draws: Draws) -> str:
    return "UTC"


def _language(place: Place, _draws: Draws) -> str:
    return place.country.language


def _language_name(place: Place, _draws: Draws) -> str:
    return place.country.language_name


def _locale(place: Place, _draws: Draws) -> str:
    return place.country.locale


PARTS: Mapping[str, tuple[Part, ...]] = {
    "street": (_street_line, _street_name, _number),
    "street_name": (_street_name, _number),
    "house_number": (_number,),
    "second_line": (_second_line, lambda _place, draws: str(draws.between(1, 40))),
    "address": (_address, _street_line, _street_name, _city, _country_code),
    "location": (_locality, _city, _country_code),
    "city": (_city, _region_code),
    "region": (_region, _region_code),
    "region_code": (_region_code,),
    "postcode": (_postcode, lambda place, _draws: place.postcode.split(" ")[0]),
    "country": (_country, _country_code3, _country_code),
    "country_code": (_country_code,),
    "country_code3": (_country_code3, _country_code),
    "phone": (_phone, _national_phone, _local_phone, _extension),
    "dial_code": (_dial_code,),
    "currency": (_currency, _currency_symbol),
    "currency_symbol": (_currency_symbol,),
    "time_zone": (_time_zone, _utc),
    "language": (_language,),
    "language_name": (_language_name, _language),
    "locale": (_locale, _language),
    "nationality": (_country, _country_code),
}
"""What a column can hold of a place: variants by the part's name."""
