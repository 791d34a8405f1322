"""Looking at events: sync endpoints, sync tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import event as sqlalchemy_event

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi.testclient import TestClient

    from pytest_supaseed import SeededDatabase


def test_the_list_is_what_the_tables_hold(sync_client: TestClient, supaseed_db: SeededDatabase) -> None:
    """Titles, venues and seats left, over all pages, against the same in SQL."""
    wanted = supaseed_db.execute(
        """
        select event.title, venue.name, event.capacity - count(ticket.id)
        from {events} as event join {venues} as venue on venue.id = event.venue_id
        left join {tickets} as ticket on ticket.event_id = event.id
        group by event.id, venue.id order by event.id
        """
    ).fetchall()
    shown = list(pages(sync_client, limit=7))
    assert [(event["title"], event["venue"], event["seats_left"]) for event in shown] == wanted
    assert len(shown) == 30


def pages(client: TestClient, *, limit: int) -> Iterator[dict[str, object]]:
    """Read all pages, as a client does."""
    after = 0
    while page := client.get("/events", params={"limit": limit, "after": after}).json():
        yield from page
        after = page[-1]["id"]


def test_a_longer_list_takes_no_more_statements(sync_client: TestClient, supaseed_db: SeededDatabase) -> None:
    """One statement, whatever the number of events: no lazy load for each of them."""
    supaseed_db.create_batch("events", 60)
    engine = sync_client.app.state.database.sync  # type: ignore[attr-defined]  # an ASGI app by its type
    said: list[str] = []
    sqlalchemy_event.listen(engine, "before_cursor_execute", lambda *given: said.append(given[2]))
    assert len(sync_client.get("/events", params={"limit": 80}).json()) == 80
    assert len(said) == 1


def test_an_unknown_event(sync_client: TestClient) -> None:
    """It is not found, and neither is a page of it."""
    assert sync_client.get("/events/999999").status_code == 404
    assert sync_client.get("/events", params={"after": 999999}).json() == []


def test_a_page_has_limits(sync_client: TestClient) -> None:
    """A page of nothing or of everything is refused before the database is asked."""
    assert [sync_client.get("/events", params={"limit": limit}).status_code for limit in (0, 101)] == [
        422,
        422,
    ]
