"""The application on the newest schema, between tests that alter it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from invoicing.ledger import owed
from sqlalchemy import text
from sqlalchemy.orm import Session

if TYPE_CHECKING:
    from invoicing.migrations import Migrations
    from sqlalchemy import Engine

    from pytest_supaseed import SeededDatabase


@pytest.mark.parametrize("number", range(2))
def test_a_test_may_drop_what_it_likes(
    migrations: Migrations, engine: Engine, supaseed_db: SeededDatabase, number: int
) -> None:
    """Both tests find all tables, all rows and the newest revision, and leave nothing of it."""
    with engine.connect() as connection:
        assert connection.scalar(text("select version_num from alembic_version")) == "0003", number
    assert supaseed_db.count("invoices") == 80
    migrations.downgrade("base") if number else migrations.downgrade("0002")


def test_what_is_owed(engine: Engine, supaseed_db: SeededDatabase) -> None:
    """Summed by currency."""
    customer = supaseed_db.create("customers")
    for cents, currency in ((100, "EUR"), (250, "EUR"), (1, "USD")):
        supaseed_db.create("invoices", customer=customer, amount_cents=cents, currency=currency)
    with Session(engine) as session:
        assert owed(session, customer.id) == {"EUR": 350, "USD": 1}
        assert owed(session, customer.id + 1) == {}
