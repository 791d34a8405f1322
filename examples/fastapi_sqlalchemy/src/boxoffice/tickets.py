"""Buying and giving back tickets: coroutines, each in a transaction of its own."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from boxoffice.database import AsyncSessionOf
from boxoffice.models import Event, Ticket, User

router = APIRouter(tags=["tickets"])


class Purchase(BaseModel):
    """Who buys how many seats; they are the lowest free ones."""

    user_id: int
    seats: int = Field(default=1, ge=1, le=10)


class TicketOut(BaseModel):
    """A ticket that was bought."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    event_id: int
    user_id: int
    seat: int


@router.post("/events/{event_id}/tickets", status_code=201)
async def buy(session: AsyncSessionOf, event_id: int, purchase: Purchase) -> list[TicketOut]:
    """Sell the lowest free seats: all that were asked for, or none."""
    async with session.begin():
        event = await session.get(Event, event_id, with_for_update=True)  # buyers of one event queue here
        if event is None:
            raise HTTPException(404, "no such event")
        if await session.get(User, purchase.user_id) is None:
            raise HTTPException(404, "no such user")
        free = await _free_seats(session, event, purchase.seats)
        if len(free) < purchase.seats:
            raise HTTPException(409, f"{len(free)} seats are left")
        tickets = [Ticket(event_id=event_id, user_id=purchase.user_id, seat=seat) for seat in free]
        session.add_all(tickets)
        await session.flush()
        return [TicketOut.model_validate(ticket) for ticket in tickets]


@router.delete("/tickets/{ticket_id}", status_code=204)
async def give_back(session: AsyncSessionOf, ticket_id: int) -> None:
    """Give a ticket back; its seat is free again."""
    async with session.begin():
        gone = await session.execute(delete(Ticket).where(Ticket.id == ticket_id).returning(Ticket.id))
        if gone.first() is None:
            raise HTTPException(404, "no such ticket")


async def _free_seats(session: AsyncSession, event: Event, wanted: int) -> list[int]:
    seat = func.generate_series(1, event.capacity).column_valued("seat")
    taken = select(Ticket.seat).where(Ticket.event_id == event.id)
    found = await session.scalars(select(seat).where(seat.not_in(taken)).order_by(seat).limit(wanted))
    return list(found)
