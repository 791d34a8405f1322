"""The tables as the application sees them; a test compares them with what the migrations make."""

from __future__ import annotations

from datetime import date

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """Base of all models."""


class Customer(Base):
    """Somebody who gets invoices; a name of one word is a family name."""

    __tablename__ = "customers"

    id: Mapped[int] = mapped_column(primary_key=True)
    given_name: Mapped[str] = mapped_column(String(120), server_default="")
    family_name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str] = mapped_column(String(120), unique=True)


class Invoice(Base):
    """What a customer owes, in whole cents."""

    __tablename__ = "invoices"
    __table_args__ = (
        CheckConstraint("amount_cents > 0", name="invoices_amount_cents"),
        CheckConstraint("currency in ('EUR', 'GBP', 'USD')", name="invoices_currency"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))
    amount_cents: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3), server_default="EUR")
    issued_on: Mapped[date]
