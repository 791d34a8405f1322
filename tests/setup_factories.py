"""Factories over the schema of `factory_databases`, for the tests that try what factories can do."""

from __future__ import annotations

import factory

from pytest_supaseed import Parent, TableFactory


class UserFactory(TableFactory):
    """Users with addresses of their own."""

    class Meta:
        table = "users"

    email = factory.Sequence(lambda n: f"reader{n}@example.com")
    name = factory.Faker("name")


class SetupFactory(TableFactory):
    """Setups of any user that is there."""

    class Meta:
        table = "setups"

    title = factory.Sequence(lambda n: f"Setup {n}")
    user = Parent("users")


class OwnedSetupFactory(SetupFactory):
    """Setups each of which has a user of its own."""

    user = factory.SubFactory(UserFactory)


class ItemFactory(TableFactory):
    """Items of a setup."""

    class Meta:
        table = "items"

    label = "tent"
