"""The queue, with as many connections as a service has."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import asyncpg
import pytest
from dispatch.jobs import MOST_ATTEMPTS, claimed, put
from dispatch.worker import drain

if TYPE_CHECKING:
    from asyncpg import Pool
    from dispatch.jobs import Job

    from pytest_supaseed import SeededDatabase


async def nothing(_: Job) -> None:
    """Do a job that has nothing to do."""


async def ruin(_: Job) -> None:
    """Fail a job."""
    raise ZeroDivisionError


async def test_seeded_jobs_are_done_once_each(pool: Pool, supaseed_db: SeededDatabase) -> None:
    """Four workers at the same time: every waiting job is done, none of them twice."""
    waiting = {row.id for row in supaseed_db.rows("jobs", state="waiting")}
    seen: list[int] = []

    async def work(job: Job) -> None:
        seen.append(job.id)
        await asyncio.sleep(0)

    done = await asyncio.gather(*(drain(pool, work) for _ in range(4)))
    assert sum(done) == len(waiting) > 0
    assert sorted(seen) == sorted(waiting)
    assert supaseed_db.count("jobs", state="waiting") == 0


async def test_what_one_holds_another_skips(pool: Pool) -> None:
    """Two transactions are open at once, and each has a job of its own."""
    async with (
        pool.acquire() as first,
        pool.acquire() as second,
        claimed(first) as one,
        claimed(second) as two,
    ):
        assert one is not None
        assert two is not None
        assert one.id < two.id


async def test_a_worker_that_dies_gives_its_job_back(pool: Pool, supaseed_db: SeededDatabase) -> None:
    """Its connection is cut in the middle: the job waits as before, without an attempt more."""
    with pytest.raises(asyncpg.InterfaceError, match="closed"):
        async with pool.acquire() as connection, claimed(connection) as job:
            connection.terminate()
    async with pool.acquire() as connection, claimed(connection) as again:
        assert again == job is not None
    assert supaseed_db.rows("jobs", id=job.id)[0].state == "done"


async def test_a_job_that_fails_is_tried_again_and_given_up(pool: Pool, supaseed_db: SeededDatabase) -> None:
    """As often as is allowed."""
    supaseed_db.execute("delete from {jobs}")
    supaseed_db.connection.commit()
    (number,) = await put(pool, [{"to": "Anna"}])
    for attempt in range(1, MOST_ATTEMPTS + 1):
        with pytest.raises(ZeroDivisionError):
            await drain(pool, ruin)
        assert supaseed_db.rows("jobs", id=number)[0].attempts == attempt
    assert await drain(pool, nothing) == 0
    assert supaseed_db.rows("jobs", id=number)[0].state == "dead"


async def test_what_a_failed_job_wrote_is_undone(pool: Pool, supaseed_db: SeededDatabase) -> None:
    """All but the attempt, which is counted."""
    async with pool.acquire() as connection:

        async def work() -> None:
            async with claimed(connection):
                await connection.execute("delete from couriers")
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            await work()
    assert supaseed_db.count("couriers") == 4


async def test_a_parcel_comes_back_as_it_was_put_in(pool: Pool) -> None:
    """JSON by asyncpg's codec, both ways."""
    parcel = {"to": "Anna", "weights": [1.5, 2], "fragile": True}
    (number,) = await put(pool, [parcel])
    assert await pool.fetchval("select parcel from jobs where id = $1", number) == parcel


async def test_jobs_are_put_in_together_or_not_at_all(pool: Pool, supaseed_db: SeededDatabase) -> None:
    """The second parcel is no JSON object that can be sent: the first is not queued either."""
    jobs = supaseed_db.count("jobs")
    with pytest.raises(Exception, match="not JSON serializable"):
        await put(pool, [{"to": "Anna"}, {"to": object()}])
    assert supaseed_db.count("jobs") == jobs


@pytest.mark.parametrize("number", range(2))
async def test_no_test_feels_another(pool: Pool, number: int) -> None:
    """Both find the thirty seeded jobs, and the same number for the next one."""
    assert await pool.fetchval("select count(*) from jobs") == 30
    assert await put(pool, [{"number": number}]) == [31]
    await drain(pool, nothing)
