"""The tables, as SQLAlchemy models. Tests make their schema from these."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Numeric, String, UniqueConstraint, func
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    """Base of all models."""


class User(Base):
    """Somebody who buys tickets."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    email: Mapped[str] = mapped_column(String(120), unique=True)


class Venue(Base):
    """A house with numbered seats."""

    __tablename__ = "venues"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    city: Mapped[str] = mapped_column(String(60))


class Event(Base):
    """An evening at a venue; its seats are numbered from 1 to `capacity`."""

    __tablename__ = "events"
    __table_args__ = (
        CheckConstraint("capacity between 1 and 500", name="events_capacity"),
        CheckConstraint("price >= 0", name="events_price"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    venue_id: Mapped[int] = mapped_column(ForeignKey("venues.id"), index=True)
    title: Mapped[str] = mapped_column(String(120))
    starts_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    capacity: Mapped[int]
    price: Mapped[Decimal] = mapped_column(Numeric(8, 2))

    venue: Mapped[Venue] = relationship()


class Ticket(Base):
    """A seat of an event that somebody has bought."""

    __tablename__ = "tickets"
    __table_args__ = (
        UniqueConstraint("event_id", "seat", name="tickets_seat"),
        CheckConstraint("seat >= 1", name="tickets_seat_number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    seat: Mapped[int]
    bought_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
