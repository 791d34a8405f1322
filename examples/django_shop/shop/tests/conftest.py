"""Django on the test's own database; all of pytest-django's fixtures and markers work on it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from django.db import connections
from django.test import TransactionTestCase
from psycopg.conninfo import conninfo_to_dict
from pytest_factoryboy import register

from shop.tests.factories import CategoryFactory, OrderFactory, OrderLineFactory, ProductFactory

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_supaseed import SeededDatabase

register(CategoryFactory)
register(ProductFactory)
register(OrderFactory)
register(OrderLineFactory)


@contextmanager
def django_on(database: SeededDatabase) -> Iterator[None]:
    """Let Django connect to a database, from all threads, and to its own again afterwards.

    After a test with real commits Django would empty every table. Here that is left to the plugin, which puts
    back what the test has changed; to empty tables would also wait for whoever is reading one of them.
    """
    place = conninfo_to_dict(database.conninfo)
    settings = connections.settings["default"]  # the very dictionary that every connection reads
    before = dict(settings)
    settings |= {
        "NAME": place["dbname"],
        "USER": place["user"],
        "PASSWORD": place["password"],
        "HOST": place["host"],
        "PORT": place["port"],
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _: None)
        yield
    connections.close_all()
    settings |= before


@pytest.fixture
def django_db_setup(supaseed_db: SeededDatabase) -> Iterator[None]:
    """In place of pytest-django's own: no database is made or migrated, since the test has one."""
    with django_on(supaseed_db):
        yield
