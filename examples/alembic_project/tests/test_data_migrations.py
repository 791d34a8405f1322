"""What migrations do to rows: the seeded ones, and those that are awkward on purpose."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

if TYPE_CHECKING:
    from invoicing.migrations import Migrations
    from sqlalchemy import Engine


def values(engine: Engine, query: str) -> list[object]:
    """Return the first column of a query."""
    with engine.connect() as connection:
        return list(connection.scalars(text(query)))


def run(engine: Engine, statement: str) -> None:
    """Run a statement, and commit."""
    with engine.begin() as connection:
        connection.execute(text(statement))


@pytest.mark.parametrize(
    ("full", "given", "family"),
    [
        ("Ada Lovelace", "Ada", "Lovelace"),
        ("Juan Carlos de la Vega", "Juan Carlos de la", "Vega"),
        ("Prince", "", "Prince"),
    ],
)
def test_names_are_split(migrations: Migrations, engine: Engine, full: str, given: str, family: str) -> None:
    """At the last space, and joined to the same name on the way back."""
    migrations.downgrade("0001")
    run(engine, f"update customers set full_name = '{full}' where id = 1")  # noqa: S608  # names of this test
    migrations.upgrade("0002")
    assert values(engine, "select given_name from customers where id = 1") == [given]
    assert values(engine, "select family_name from customers where id = 1") == [family]
    migrations.downgrade("0001")
    assert values(engine, "select full_name from customers where id = 1") == [full]


def test_amounts_become_cents(migrations: Migrations, engine: Engine) -> None:
    """To the cent, over all seeded invoices and the largest that the column held."""
    migrations.downgrade("0002")
    run(engine, "update invoices set amount = 99999999.99 where id = 1")
    before = [Decimal(str(amount)) for amount in values(engine, "select amount from invoices order by id")]
    migrations.upgrade("0003")
    cents = values(engine, "select amount_cents from invoices order by id")
    assert cents == [amount * 100 for amount in before]
    assert len(cents) == 80
    assert set(values(engine, "select currency from invoices")) == {"EUR"}


def test_a_refused_migration_leaves_everything_as_it_was(migrations: Migrations, engine: Engine) -> None:
    """One invoice is in pounds: the way back is refused, and neither columns nor revision have changed."""
    run(engine, "update invoices set currency = 'GBP' where id = 7")
    with pytest.raises(ValueError, match="1 invoices are not in euros"):
        migrations.downgrade("0001")
    assert values(engine, "select version_num from alembic_version") == ["0003"]
    assert values(engine, "select currency from invoices where id = 7") == ["GBP"]
