"""Tests of plan.dependency_order."""

from __future__ import annotations

from dataclasses import replace

from small_catalog import column, reference, table

from pytest_supaseed.plan.dependency_order import order_tables


def test_parents_come_before_children() -> None:
    """A table is filled after every table that its foreign keys refer to, whatever the order given."""
    owners = table("owners")
    pets = table("pets", column("owner_id", "uuid"), foreign_keys=(reference("owner_id", owners),))
    toys = table("toys", column("pet_id", "uuid"), foreign_keys=(reference("pet_id", pets),))

    order = order_tables([toys, pets, owners])

    assert [found.name for found in order.tables] == ["owners", "pets", "toys"]
    assert order.circular == ()


def test_order_does_not_depend_on_the_order_given() -> None:
    """Tables that are free at the same time are ordered by their name: the same plan on every machine."""
    tables = [table(name) for name in "cab"]

    assert [found.name for found in order_tables(tables).tables] == ["a", "b", "c"]
    assert order_tables(tables).tables == order_tables(reversed(tables)).tables


def test_self_reference_is_no_circle() -> None:
    """A table that refers to itself needs no other table first."""
    plain = table("nodes", column("parent_id", "uuid", not_null=False))
    nodes = replace(plain, foreign_keys=(reference("parent_id", plain),))

    order = order_tables([nodes])

    assert order.tables == (nodes,)
    assert not order.cut


def test_circle_is_cut_at_a_nullable_key() -> None:
    """Two tables that need each other are filled by leaving one nullable key NULL, and the cut is named."""
    plain = table("a", column("b_id", "uuid", not_null=False))
    b = table("b", column("a_id", "uuid"), foreign_keys=(reference("a_id", plain),))
    key = reference("b_id", b)
    a = replace(plain, foreign_keys=(key,))

    order = order_tables([a, b])

    assert [found.name for found in order.tables] == ["a", "b"]
    assert order.cut == {key.oid}


def test_circle_without_a_nullable_key_is_reported() -> None:
    """A circle of NOT NULL keys, and what needs it, is given back as such; other tables are ordered."""
    plain = table("a", column("b_id", "uuid"))
    b = table("b", column("a_id", "uuid"), foreign_keys=(reference("a_id", plain),))
    a = replace(plain, foreign_keys=(reference("b_id", b),))
    child = table("child", column("a_id", "uuid"), foreign_keys=(reference("a_id", a),))
    free = table("free")

    order = order_tables([a, b, child, free])

    assert order.tables == (free,)
    assert [found.name for found in order.circular] == ["a", "b", "child"]


def test_tables_filled_by_a_trigger_come_after_its_table() -> None:
    """A predecessor that no foreign key shows is honoured."""
    users, accounts = table("users"), table("accounts")

    order = order_tables([accounts, users], comes_after={accounts.oid: {users.oid}})

    assert [found.name for found in order.tables] == ["users", "accounts"]
