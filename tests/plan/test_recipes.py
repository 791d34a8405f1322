"""Tests of plan.recipes: what each framework's data is planned to be."""

from __future__ import annotations

import pytest

from pytest_supaseed.plan.recipes import RECIPES, recipe_for
from pytest_supaseed.rows.factories import TableFactory
from pytest_supaseed.rows.registry import FACTORIES
from pytest_supaseed.rows.sources import factory_for


@pytest.mark.parametrize("framework", RECIPES)
def test_every_part_has_its_factory(framework: str) -> None:
    """A recipe names only factories that there are, each of them a table factory for that part."""
    for part in recipe_for(framework):
        factory = factory_for(part.factory)
        assert factory is not None
        assert issubclass(factory, TableFactory)
        assert getattr(factory, "_meta").part in {part.part, ""}  # noqa: B009  # untyped


def test_every_factory_is_used() -> None:
    """No factory is kept that no recipe names."""
    named = {part.factory for parts in RECIPES.values() for part in parts}

    assert set(FACTORIES) == named


@pytest.mark.parametrize("framework", RECIPES)
def test_no_users_no_rows(framework: str) -> None:
    """Each part is a function of the users alone, and none is planned without them."""
    assert {part.rows(0) for part in recipe_for(framework)} == {0}


def test_a_framework_without_a_recipe_has_no_parts() -> None:
    """It is filled from its catalog alone."""
    assert recipe_for("rails") == ()
