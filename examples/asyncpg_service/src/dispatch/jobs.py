"""The queue: jobs are put in, claimed by one worker each, and done, tried again, or given up."""

from __future__ import annotations

import json
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable

    from asyncpg import Connection, Pool
    from asyncpg.pool import PoolConnectionProxy

MOST_ATTEMPTS = 3
"""After so many failures a job is dead."""


@dataclass(frozen=True, slots=True)
class Job:
    """A job that is claimed: no other worker sees it until its transaction ends."""

    id: int
    parcel: dict[str, Any]
    attempts: int


async def prepare(connection: Connection) -> None:
    """Let a new connection speak of JSON as Python does; the argument `init` of a pool."""
    await connection.set_type_codec("jsonb", encoder=json.dumps, decoder=json.loads, schema="pg_catalog")


async def put(pool: Pool, parcels: Iterable[dict[str, Any]]) -> list[int]:
    """Queue jobs, all of them or none; return their ids in order."""
    async with pool.acquire() as connection, connection.transaction():
        return [
            await connection.fetchval("insert into jobs (parcel) values ($1) returning id", parcel)
            for parcel in parcels
        ]


@asynccontextmanager
async def claimed(connection: PoolConnectionProxy) -> AsyncIterator[Job | None]:
    """Claim the oldest job that nobody else holds; None where there is none.

    Leaving the block marks it done. An error in the block counts as a failed attempt, and goes on. If the
    worker dies, so does its transaction, and the job waits as before.
    """
    async with connection.transaction():
        found = await connection.fetchrow(
            """
            select id, parcel, attempts from jobs where state = 'waiting'
            order by id limit 1 for update skip locked
            """
        )
        if found is None:
            yield None
            return
        job = Job(**found)
        failure: Exception | None = None
        try:
            async with connection.transaction():  # a savepoint: what a failed job wrote is undone
                yield job
        except Exception as error:  # noqa: BLE001  # whatever the worker raised; it is raised again below
            failure = error
            await _failed(connection, job)
        else:
            await connection.execute(
                "update jobs set state = 'done', finished_at = now() where id = $1", job.id
            )
    if failure is not None:
        raise failure


async def _failed(connection: PoolConnectionProxy, job: Job) -> None:
    await connection.execute(
        """
        update jobs set attempts = attempts + 1,
          state = case when attempts + 1 < $2 then state else 'dead' end,
          finished_at = case when attempts + 1 < $2 then null else now() end
        where id = $1
        """,
        job.id,
        MOST_ATTEMPTS,
    )
