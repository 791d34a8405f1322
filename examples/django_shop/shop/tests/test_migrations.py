"""The migrations, which made the test's schema."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    """A model that was changed without a migration ends this with an error."""
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.django_db(transaction=True)
def test_back_to_nothing_and_up_again() -> None:
    """With rows in the tables; what that leaves is replaced after the test."""
    call_command("migrate", "shop", "zero", verbosity=0)
    assert "shop_order" not in connection.introspection.table_names()
    call_command("migrate", verbosity=0)
    executor = MigrationExecutor(connection)
    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []
