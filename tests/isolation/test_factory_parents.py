"""Tests of isolation.factory_rows: parents by table, by factory and by row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import factory
import factory.random
import pytest
from setup_factories import OwnedSetupFactory, SetupFactory, UserFactory

from pytest_supaseed import MappingError, Parent, Row, TableFactory, UsageError

if TYPE_CHECKING:
    from pytest_supaseed.isolation.seeded_database import SeededDatabase


def test_one_each_where_a_parent_can_have_but_one_child(db: SeededDatabase) -> None:
    """A unique foreign key gets a parent that is free."""

    class ProfileFactory(TableFactory):
        class Meta:
            table = "profiles"

        user = Parent("users")

    db.execute("delete from {profiles}")
    rows = ProfileFactory.create_batch(4)
    assert len({row.user_id for row in rows}) == 4


def test_a_nullable_parent_is_always_there(db: SeededDatabase) -> None:
    """What a factory declares a parent is never NULL, where the catalog alone would leave some out."""

    class Kinded(SetupFactory):
        kind = Parent("kinds")

    assert all(row.kind_id is not None for row in Kinded.create_batch(60))


def test_a_row_in_place_of_a_parent(db: SeededDatabase) -> None:
    """The key is taken from it: for a relation, for a column, and in `create` too."""
    user = UserFactory()
    assert SetupFactory(user=user).account_id == user.id
    assert SetupFactory(user=user).user is user
    assert [row.account_id for row in SetupFactory.create_batch(2, account_id=user)] == [user.id] * 2
    assert OwnedSetupFactory(user=user).account_id == user.id
    assert db.create("setups", account=user).account_id == user.id
    assert SetupFactory(user=user.id).account_id == user.id


def test_no_parent(db: SeededDatabase) -> None:
    """None is NULL."""

    class Kinded(SetupFactory):
        kind = Parent("kinds")

    assert Kinded(kind=None).kind_id is None


def test_a_row_without_the_key(db: SeededDatabase) -> None:
    """A row of another table, or half a row, is told apart."""
    with pytest.raises(MappingError, match="has no 'id'"):
        SetupFactory(user=Row({"email": "x"}))


def test_a_composite_key(db: SeededDatabase) -> None:
    """All its columns are filled together, by whichever field."""

    class OrderFactory(TableFactory):
        class Meta:
            table = "orders"

        tenant = Parent("tenants")
        note = "mine"

    class LineFactory(TableFactory):
        class Meta:
            table = "lines"

        order = Parent("orders")

    class ByColumn(TableFactory):
        class Meta:
            table = "lines"

        order_number = Parent(OrderFactory)

    class Owned(TableFactory):
        class Meta:
            table = "lines"

        order = factory.SubFactory(OrderFactory)

    orders = {(row.tenant_id, row.number) for row in db.rows("orders")}
    for made_by in (LineFactory, ByColumn):
        rows = made_by.create_batch(5)
        assert {(row.order_tenant, row.order_number) for row in rows} <= orders
    row = Owned()
    assert (row.order_tenant, row.order_number) == (row.order.tenant_id, row.order.number)
    assert row.order.note == "mine"
    again = LineFactory(order=row.order)
    assert (again.order_tenant, again.order_number) == (row.order_tenant, row.order_number)


def test_several_keys_to_one_table(db: SeededDatabase) -> None:
    """The field's name decides; a name that says nothing is an error that lists them."""

    class Message(TableFactory):
        class Meta:
            table = "messages"

        sender = factory.SubFactory(UserFactory)
        recipient_id = Parent("users")
        body = "hello"

    class Unclear(TableFactory):
        class Meta:
            table = "messages"

        user = Parent("users")

    row = Message()
    assert row.sender_id == row.sender.id
    with pytest.raises(MappingError, match="2 foreign keys") as caught:
        Unclear()
    assert "sender" in str(caught.value)
    assert "recipient" in str(caught.value)


def test_no_key_to_the_parent(db: SeededDatabase) -> None:
    """A parent that the table does not refer to is named, with those that it does."""

    class Wrong(TableFactory):
        class Meta:
            table = "items"

        user = Parent("users")

    with pytest.raises(MappingError, match="no foreign key") as caught:
        Wrong()
    assert "setups" in str(caught.value)


def test_an_empty_parent_table_gets_a_row_by_the_factory(db: SeededDatabase) -> None:
    """`Parent(Factory)` refers to rows that are there, and has that factory make the first."""

    class KindFactory(TableFactory):
        class Meta:
            table = "kinds"

        name = "by the factory"

    class Kinded(SetupFactory):
        kind = Parent(KindFactory)

    db.execute("update {setups} set kind_id = null")
    db.execute("delete from {kinds}")
    rows = Kinded.create_batch(3)
    assert {db.rows("kinds", id=row.kind_id)[0].name for row in rows} == {"by the factory"}
    assert db.count("kinds") == 1


def test_a_parent_of_its_own_table(db: SeededDatabase) -> None:
    """Trees: an earlier row, or one that is made."""

    class CategoryFactory(TableFactory):
        class Meta:
            table = "categories"

        name = factory.Sequence(lambda n: f"Category {n}")
        parent = Parent("categories")

    class Child(CategoryFactory):
        parent = factory.SubFactory(CategoryFactory, parent=None)

    CategoryFactory.create_batch(5)
    row = Child()
    assert (row.parent_id, row.parent.parent_id) == (row.parent.id, None)
    assert row.name != row.parent.name


def test_values_for_a_parent(db: SeededDatabase) -> None:
    """A parent that is chosen takes no values; the message says what makes one with them."""
    with pytest.raises(UsageError, match="takes no values") as caught:
        SetupFactory(user__role="admin")
    assert "SubFactory" in str(caught.value)
