"""Looking at events: plain functions, which FastAPI runs in threads."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query
from pydantic import BaseModel
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from boxoffice.database import SyncSession
from boxoffice.models import Event, Ticket

router = APIRouter(prefix="/events", tags=["events"])


class EventOut(BaseModel):
    """An event as a visitor sees it."""

    id: int
    title: str
    venue: str
    starts_at: datetime
    price: Decimal
    seats_left: int


@router.get("")
def list_events(
    session: SyncSession,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    after: Annotated[int, Query(ge=0)] = 0,
) -> list[EventOut]:
    """List events by their id, a page at a time: `after` is the last id of the page before."""
    found = session.execute(
        select(Event, _sold())
        .options(joinedload(Event.venue))
        .where(Event.id > after)
        .order_by(Event.id)
        .limit(limit)
    )
    return [_shown(event, sold) for event, sold in found]


@router.get("/{event_id}")
def get_event(session: SyncSession, event_id: int) -> EventOut:
    """Show one event."""
    found = session.execute(select(Event, _sold()).where(Event.id == event_id)).one_or_none()
    if found is None:
        raise HTTPException(404, "no such event")
    return _shown(*found)


def _sold() -> ColumnElement[int]:
    return select(func.count()).where(Ticket.event_id == Event.id).correlate(Event).scalar_subquery()


def _shown(event: Event, sold: int) -> EventOut:
    return EventOut(
        id=event.id,
        title=event.title,
        venue=event.venue.name,
        starts_at=event.starts_at,
        price=event.price,
        seats_left=event.capacity - sold,
    )
