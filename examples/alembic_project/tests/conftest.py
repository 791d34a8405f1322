"""Alembic and SQLAlchemy on the test's own database, which is at the newest revision and full of rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from invoicing.migrations import Migrations
from sqlalchemy import Engine, create_engine, pool

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_supaseed import SeededDatabase


@pytest.fixture
def migrations(supaseed_db: SeededDatabase) -> Migrations:
    """Alembic's commands for the test's database."""
    return Migrations.at(supaseed_db.sqlalchemy_url)


@pytest.fixture
def engine(supaseed_db: SeededDatabase) -> Iterator[Engine]:
    """An engine that keeps no connection: one in a transaction would hold migrations up."""
    made = create_engine(supaseed_db.sqlalchemy_url, poolclass=pool.NullPool)
    yield made
    made.dispose()
