"""The service on the test's own database, once for sync tests and once for async ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from boxoffice.app import create_app
from boxoffice.database import Database
from fastapi.testclient import TestClient
from httpx2 import ASGITransport, AsyncClient
from sqlalchemy import make_url

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from pytest_supaseed import SeededDatabase


@pytest.fixture
def anyio_backend() -> str:
    """SQLAlchemy and asyncpg run on asyncio alone, and not on Trio."""
    return "asyncio"


@pytest.fixture(params=["psycopg", "asyncpg"])
def database(supaseed_db: SeededDatabase, request: pytest.FixtureRequest) -> Database:
    """Engines on the test's database; each test runs with both async drivers."""
    return Database.at(make_url(supaseed_db.sqlalchemy_url), async_driver=request.param)


@pytest.fixture
async def client(database: Database) -> AsyncIterator[AsyncClient]:
    """A client in the test's own event loop, which is where the pool's connections belong."""
    app = create_app(database)
    transport = ASGITransport(app)  # it sends no lifespan events: the service is started and stopped here
    async with (
        app.router.lifespan_context(app),
        AsyncClient(transport=transport, base_url="http://box") as to,
    ):
        yield to


@pytest.fixture
def sync_client(supaseed_db: SeededDatabase) -> Iterator[TestClient]:
    """FastAPI's own client, for tests that are plain functions."""
    app = create_app(Database.at(make_url(supaseed_db.sqlalchemy_url)))
    with TestClient(app) as client:
        yield client
