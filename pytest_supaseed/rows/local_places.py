"""The places of a locale: cities of its country, whose region, postcode and telephone number go with them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from pytest_supaseed.rows.local_words import local_of
from pytest_supaseed.rows.slugs import slugify
from pytest_supaseed.rows.vocabularies.countries import CITIES, COUNTRIES, STREETS
from pytest_supaseed.rows.vocabularies.local_countries import (
    COUNTRIES_OF_LOCALES,
    FURTHER_CITIES,
    LANGUAGE_NAMES,
    OWN_CITIES_ALONE,
    TERRITORIES,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_supaseed.rows.local_words import Local

_CITIES, _STREETS = 40, 120
_LAST_DIGITS = re.compile(r"[0-9]{2}(?=\D*$)")
_REGIONS = ("administrative_unit", "state", "province", "region", "prefecture", "county")
"""Faker's providers of a region, by the names that they have in one locale or another."""
_ELSEWHERE = "UTC"


@dataclass(frozen=True)
class LocalPlaces:
    """What addresses of a locale are made of.

    Args:
        country: the fields of `places.Country`.
        cities: those of `places.City`, for each city.
        streets: names of streets.
    """

    country: tuple[str, ...]
    cities: tuple[tuple[str, ...], ...]
    streets: tuple[str, ...]


@cache
def local_places(name: str) -> LocalPlaces:
    """The places of a locale.

    Raises:
        UsageError: Faker knows no such locale.
    """
    local = local_of(name)
    territory = TERRITORIES.get(local.name) or local.name.partition("_")[2]
    country = _country(local, territory)
    listed = tuple(line for line in _listed(territory))
    return LocalPlaces(country, listed or _made(local, country, territory), _streets(local))


def _listed(territory: str) -> Iterator[tuple[str, ...]]:
    """The cities that we know ourselves."""
    lines = [] if territory in OWN_CITIES_ALONE else CITIES.strip().splitlines()
    for line in [*lines, *FURTHER_CITIES.strip().splitlines()]:
        fields = tuple(line.split("|"))
        if fields[4] == territory:
            yield fields


def _country(local: Local, territory: str) -> tuple[str, ...]:
    known = {line.partition("|")[0]: line.split("|") for line in COUNTRIES_OF_LOCALES.strip().splitlines()}
    ours = {line.partition("|")[0]: line.split("|") for line in COUNTRIES.strip().splitlines()}
    code, name, dial, currency = known[territory]
    code3 = ours[code][1] if code in ours else _world()[code].alpha_3_code
    if local.language == "en" and code in ours:
        name = ours[code][2]
    spoken = LANGUAGE_NAMES.get(local.language, local.language)
    return (code, code3, name, dial, currency, local.language, f"{local.language}-{code}", spoken)


@cache
def _world() -> dict[str, Any]:
    """Faker's countries by their code."""
    from faker.providers.date_time import Provider

    return {country.alpha_2_code: country for country in Provider.countries}


def _made(local: Local, country: tuple[str, ...], territory: str) -> tuple[tuple[str, ...], ...]:
    """Cities that Faker names, each with a region and a beginning of its postcodes of its own."""
    found = _world().get(territory)
    zone = found.timezones[0] if found is not None else _ELSEWHERE
    if not local.has_own("address"):
        capital = found.capital if found is not None else country[2]
        return ((capital, capital, _initials(capital, country), "10##", territory, zone, ""),)
    faker = local.faker
    provider = next((name for name in _REGIONS if hasattr(faker, name)), "city")
    regions = local.stock("regions", getattr(faker, provider), _CITIES)
    postcodes = local.stock("postcodes", faker.postcode, _CITIES)
    names = dict.fromkeys(local.stock("cities", faker.city, _CITIES))
    return tuple(
        (city, region, _initials(region, country), _LAST_DIGITS.sub("##", postcode), territory, zone, "")
        for city, region, postcode in zip(names, regions, postcodes, strict=False)
    )


def _initials(region: str, country: tuple[str, ...]) -> str:
    return slugify(region, "")[:3].upper() or country[1]


def _streets(local: Local) -> tuple[str, ...]:
    if local.language in STREETS and local.language != "ja":
        return tuple(STREETS[local.language].split("|"))
    if local.has_own("address"):
        provider = next(name for name in ("town", "street_name") if hasattr(local.faker, name))
        return tuple(dict.fromkeys(local.stock("streets", getattr(local.faker, provider), _STREETS)))
    return tuple(dict.fromkeys(local.last_names))
