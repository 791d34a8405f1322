"""Buying tickets: async endpoints, which commit for real on connections of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import anyio
import pytest

if TYPE_CHECKING:
    from httpx2 import AsyncClient

    from pytest_supaseed import SeededDatabase

pytestmark = pytest.mark.anyio


async def buy(client: AsyncClient, event: Any, user: Any, seats: int = 1) -> tuple[int, Any]:
    """Buy seats; return status and body."""
    answer = await client.post(f"/events/{event.id}/tickets", json={"user_id": user.id, "seats": seats})
    return answer.status_code, answer.json()


async def test_what_is_bought_is_committed(client: AsyncClient, supaseed_db: SeededDatabase) -> None:
    """Another connection sees the tickets: the lowest free seats, in the buyer's name."""
    event = supaseed_db.create("events", capacity=5)
    supaseed_db.create("tickets", event=event, seat=2)
    user = supaseed_db.users[0]
    status, bought = await buy(client, event, user, seats=3)
    assert (status, [ticket["seat"] for ticket in bought]) == (201, [1, 3, 4])
    assert {row.seat for row in supaseed_db.rows("tickets", event_id=event.id, user_id=user.id)} >= {1, 3, 4}


async def test_the_last_seats_are_sold_once(client: AsyncClient, supaseed_db: SeededDatabase) -> None:
    """Twelve buyers at the same moment, on connections of their own, and five seats."""
    event = supaseed_db.create("events", capacity=5)
    answers: list[int] = []

    async def one(user: Any) -> None:
        answers.append((await buy(client, event, user))[0])

    async with anyio.create_task_group() as group:
        for user in supaseed_db.create_batch("users", 12):
            group.start_soon(one, user)
    assert sorted(answers) == [201] * 5 + [409] * 7
    assert sorted(row.seat for row in supaseed_db.rows("tickets", event_id=event.id)) == [1, 2, 3, 4, 5]


async def test_all_seats_or_none(client: AsyncClient, supaseed_db: SeededDatabase) -> None:
    """Three are wanted and two are left: nothing is sold."""
    event = supaseed_db.create("events", capacity=2)
    assert await buy(client, event, supaseed_db.users[0], seats=3) == (409, {"detail": "2 seats are left"})
    assert supaseed_db.count("tickets", event_id=event.id) == 0


async def test_a_seat_given_back_is_sold_again(client: AsyncClient, supaseed_db: SeededDatabase) -> None:
    """To somebody else; and a ticket can be given back once only."""
    event = supaseed_db.create("events", capacity=1)
    first, second = supaseed_db.users[:2]
    _, (ticket,) = await buy(client, event, first)
    assert (await buy(client, event, second))[0] == 409
    path = f"/tickets/{ticket['id']}"
    assert [(await client.delete(path)).status_code for _ in range(2)] == [204, 404]
    assert (await buy(client, event, second))[0] == 201


@pytest.mark.parametrize(
    ("event_id", "body", "status"),
    [(1, {"user_id": 10**6}, 404), (10**6, {"user_id": 1}, 404), (1, {"user_id": 1, "seats": 11}, 422)],
)
async def test_what_cannot_be_bought(
    client: AsyncClient, supaseed_db: SeededDatabase, event_id: int, body: dict[str, int], status: int
) -> None:
    """An unknown user, an unknown event, too many seats: refused, and no row is written."""
    before = supaseed_db.count("tickets")
    assert (await client.post(f"/events/{event_id}/tickets", json=body)).status_code == status
    assert supaseed_db.count("tickets") == before


@pytest.mark.parametrize("number", range(2))
async def test_no_test_feels_another(client: AsyncClient, supaseed_db: SeededDatabase, number: int) -> None:
    """Both commit, and both find rows and ids as they were seeded."""
    seeded = supaseed_db.count("tickets")
    event = supaseed_db.create("events", title=f"Evening {number}")
    status, (ticket,) = await buy(client, event, supaseed_db.users[0])
    assert (status, event.id, ticket["id"]) == (201, 31, seeded + 1)
