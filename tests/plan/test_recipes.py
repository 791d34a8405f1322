"""Tests of plan.recipes: what each framework's data is planned to be."""

from __future__ import annotations

import pytest

from pytest_supaseed.errors import UsageError
from pytest_supaseed.logins import Logins
from pytest_supaseed.mapping.framework import Framework, Part
from pytest_supaseed.mapping.known_frameworks import SUPABASE
from pytest_supaseed.plan import recipes
from pytest_supaseed.plan.login_parts import CUSTOM_ROLES, KNOWN_IDENTITIES, rows_of_logins
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
    """No factory is kept that no recipe names, nor what users of some kind need."""
    named = {part.factory for parts in RECIPES.values() for part in parts}
    of_logins = {factory for _table, factory, _rows in rows_of_logins(Logins())}

    assert set(FACTORIES) == named | of_logins | {KNOWN_IDENTITIES, CUSTOM_ROLES}


@pytest.mark.parametrize("framework", RECIPES)
def test_no_users_no_rows(framework: str) -> None:
    """Each part is a function of the users alone, and none is planned without them."""
    assert {part.rows(0) for part in recipe_for(framework)} == {0}


def test_an_unknown_framework_is_an_error() -> None:
    """A misspelt name does not silently plan nothing."""
    with pytest.raises(UsageError, match="no framework called 'rails'"):
        recipe_for("rails")


def test_a_plug_in_adds_to_what_it_builds_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its parts come after those of the framework that it builds on; one of the same name takes the place."""
    users = Part("users", "crm.factories:UserFactory", lambda users: users, required=True)
    deals = Part("deals", "crm.factories:DealFactory", lambda users: 2 * users)
    crm = Framework("crm", "CRM", (), builds_on=SUPABASE, recipe=(users, deals))
    monkeypatch.setattr(recipes, "framework_named", {"crm": crm}.__getitem__)

    found = recipe_for("crm")

    assert found[0] is users
    assert found[-1] is deals
    assert found[1:-1] == recipe_for("supabase")[1:]
