"""A pool on the test's own database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import asyncpg
import pytest_asyncio
from dispatch.jobs import prepare

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from pytest_supaseed import SeededDatabase


@pytest_asyncio.fixture
async def pool(supaseed_db: SeededDatabase) -> AsyncIterator[asyncpg.Pool]:
    """A pool as the service has it; closed before the database is put back."""
    async with asyncpg.create_pool(supaseed_db.url, min_size=1, max_size=6, init=prepare) as opened:
        yield opened
