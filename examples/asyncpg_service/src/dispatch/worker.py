"""A worker: does jobs while there are any, and sleeps until Postgres says that there is another."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from dispatch.jobs import claimed

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from asyncpg import Pool

    from dispatch.jobs import Job

CHANNEL = "jobs"


async def drain(pool: Pool, work: Callable[[Job], Awaitable[None]]) -> int:
    """Do jobs until none is free; return how many were done."""
    done = 0
    async with pool.acquire() as connection:
        while True:
            async with claimed(connection) as job:
                if job is None:
                    return done
                await work(job)
            done += 1


@asynccontextmanager
async def notices(pool: Pool) -> AsyncIterator[asyncio.Queue[int]]:
    """Listen for new jobs: their ids arrive in the queue once they are committed."""
    heard: asyncio.Queue[int] = asyncio.Queue()

    def hear(_connection: object, _pid: int, _channel: str, payload: object) -> None:
        heard.put_nowait(int(str(payload)))

    async with pool.acquire() as connection:
        await connection.add_listener(CHANNEL, hear)
        try:
            yield heard
        finally:
            await connection.remove_listener(CHANNEL, hear)
