"""Databases in which tests try factories."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from factory_databases import database, session

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_supaseed.isolation.seed_session import SeedSession
    from pytest_supaseed.isolation.seeded_database import SeededDatabase
    from pytest_supaseed.server.endpoint import Endpoint


@pytest.fixture(scope="module")
def opened(endpoint: Endpoint, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SeedSession]:
    """A session for all tests here."""
    with session(endpoint, tmp_path_factory.mktemp("project")) as found:
        yield found


@pytest.fixture
def db(opened: SeedSession, request: pytest.FixtureRequest) -> Iterator[SeededDatabase]:
    """A test's own database."""
    with database(opened, request.node.name) as found:
        yield found
