"""LISTEN and NOTIFY: what is heard, and when."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from dispatch.jobs import put
from dispatch.worker import notices

if TYPE_CHECKING:
    from asyncpg import Pool

    from pytest_supaseed import SeededDatabase

PATIENCE = 10
"""Seconds; it takes a millisecond."""


async def test_a_job_is_heard_of_when_it_is_committed(pool: Pool) -> None:
    """Not before: whoever hears of it can read it."""
    async with notices(pool) as heard, pool.acquire() as connection:
        async with connection.transaction():
            number = await connection.fetchval("insert into jobs default values returning id")
            await pool.fetchval("select 1")  # a round trip by another connection: time to be heard
            assert heard.empty()
        assert await asyncio.wait_for(heard.get(), PATIENCE) == number


async def test_a_job_that_is_rolled_back_is_never_heard_of(pool: Pool) -> None:
    """The next one is, which shows that the first would have been."""
    async with notices(pool) as heard:
        async with pool.acquire() as connection:
            given_up = connection.transaction()
            await given_up.start()
            await connection.execute("insert into jobs default values")
            await given_up.rollback()
        numbers = await put(pool, [{}])
        assert [await asyncio.wait_for(heard.get(), PATIENCE)] == numbers


async def test_rows_that_a_test_makes_are_heard_of(pool: Pool, supaseed_db: SeededDatabase) -> None:
    """`create` commits, and the schema's triggers fire: the service cannot tell it from its own."""
    async with notices(pool) as heard:
        made = supaseed_db.create_batch("jobs", 3)
        assert [await asyncio.wait_for(heard.get(), PATIENCE) for _ in made] == [job.id for job in made]
