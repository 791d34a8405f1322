"""Tests of plan.locales: which locales there are."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pytest_supaseed.errors import UsageError
from pytest_supaseed.plan.locales import known_locale
from pytest_supaseed.plan.seed_plan import SeedPlan


@pytest.mark.parametrize(
    ("name", "spelt"),
    [("de_DE", "de_DE"), ("de-de", "de_DE"), ("EN_us", "en_US"), ("ja_JP", "ja_JP"), ("th", "th")],
)
def test_locales_are_spelt_as_faker_does(name: str, spelt: str) -> None:
    """Dashes and case make no difference."""
    assert known_locale(name) == spelt


@pytest.mark.parametrize(
    ("name", "meant"), [("de_DF", "de_DE"), ("en_UK", "en_GB"), ("ja", "ja_JP"), ("fr_FX", "fr_FR")]
)
def test_a_locale_that_faker_lacks_is_refused_with_the_nearest(name: str, meant: str) -> None:
    """The message names those of the language."""
    with pytest.raises(UsageError, match=f"did you mean {meant}") as caught:
        known_locale(name)
    assert f"There is no locale {name!r}" in str(caught.value)


def test_the_locale_is_part_of_the_digest() -> None:
    """A dataset in one locale is never taken for one in another."""
    plan = SeedPlan((), "s", 3)

    assert plan.locale == "en_US"
    assert plan.digest() != replace(plan, locale="de_DE").digest()
