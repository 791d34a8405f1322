"""Amounts are whole cents, with their currency, which was euros before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Convert every amount; the check moves to the new column."""
    op.add_column("invoices", sa.Column("amount_cents", sa.BigInteger))
    op.add_column("invoices", sa.Column("currency", sa.String(3), nullable=False, server_default="EUR"))
    op.execute("update invoices set amount_cents = (amount * 100)::bigint")
    op.alter_column("invoices", "amount_cents", nullable=False)
    op.create_check_constraint("invoices_amount_cents", "invoices", "amount_cents > 0")
    op.create_check_constraint("invoices_currency", "invoices", "currency in ('EUR', 'GBP', 'USD')")
    op.drop_column("invoices", "amount")


def downgrade() -> None:
    """Convert back; refused where an amount is no euros, since the old table cannot say so."""
    foreign = op.get_bind().scalar(sa.text("select count(*) from invoices where currency <> 'EUR'"))
    if foreign:
        raise ValueError(f"{foreign} invoices are not in euros: convert them first")
    op.add_column("invoices", sa.Column("amount", sa.Numeric(10, 2)))
    op.execute("update invoices set amount = amount_cents / 100.0")
    op.alter_column("invoices", "amount", nullable=False)
    op.create_check_constraint("invoices_amount", "invoices", "amount > 0")
    op.drop_column("invoices", "currency")
    op.drop_column("invoices", "amount_cents")
