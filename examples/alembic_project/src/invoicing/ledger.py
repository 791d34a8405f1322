"""What customers owe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from invoicing.models import Invoice

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def owed(session: Session, customer_id: int) -> dict[str, int]:
    """Return what a customer owes, in cents by currency."""
    found = session.execute(
        select(Invoice.currency, func.sum(Invoice.amount_cents))
        .where(Invoice.customer_id == customer_id)
        .group_by(Invoice.currency)
    )
    return {currency: int(cents) for currency, cents in found}
