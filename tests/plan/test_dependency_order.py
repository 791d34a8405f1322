"""Tests of plan.dependency_order."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from small_catalog import column, reference, table

from pytest_supaseed.plan.dependency_order import order_tables


def test_parents_come_before_children() -> None:
    """A table is filled after every table that its foreign keys refer to, whatever the order given."""
    owners = table("owners")
    pets = table("pets", column("owner_id", "uuid"), foreign_keys=(reference("owner_id", owners),))
    toys = table("toys", column("pet_id", "uuid"), foreign_keys=(reference("pet_id", pets),))

    order = order_tables([toys, pets, owners])

    assert [found.name for found in order.tables] == ["owners", "pets", "toys"]
    assert order.cut == frozenset()
    assert order.together == ()


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


def test_circle_without_a_nullable_key_is_loaded_together() -> None:
    """A circle of NOT NULL keys is a group; what needs it comes after it, and other tables are ordered."""
    plain = table("a", column("b_id", "uuid"))
    b = table("b", column("a_id", "uuid"), foreign_keys=(reference("a_id", plain),))
    a = replace(plain, foreign_keys=(reference("b_id", b),))
    child = table("child", column("a_id", "uuid"), foreign_keys=(reference("a_id", a),))
    free = table("free")

    order = order_tables([a, b, child, free])

    assert [found.name for found in order.tables] == ["a", "b", "child", "free"]
    assert order.together == (frozenset({a.oid, b.oid}),)
    assert order.cut == frozenset()


def test_one_cut_opens_many_circles() -> None:
    """Of a table's nullable keys only the one is cut that all circles run through."""
    hub = table("hub", column("last_id", "uuid", not_null=False), column("other_id", "uuid", not_null=False))
    rims = [table(name, column("hub_id", "uuid"), foreign_keys=(reference("hub_id", hub),)) for name in "abc"]
    last = table(
        "last",
        *(column(f"{rim.name}_id", "uuid") for rim in rims),
        foreign_keys=tuple(reference(f"{rim.name}_id", rim) for rim in rims),
    )
    other = table("other")
    key = reference("last_id", last)
    opened = replace(hub, foreign_keys=(key, reference("other_id", other)))

    order = order_tables([opened, *rims, last, other])

    assert order.cut == {key.oid}
    assert [found.name for found in order.tables] == ["other", "hub", "a", "b", "c", "last"]


def test_keys_that_are_not_enforced_do_not_count() -> None:
    """Postgres never checks them: they neither order tables nor close a circle."""
    plain = table("a", column("b_id", "uuid"))
    b = table("b", column("a_id", "uuid"), foreign_keys=(reference("a_id", plain),))
    a = replace(plain, foreign_keys=(replace(reference("b_id", b), enforced=False),))

    order = order_tables([a, b])

    assert [found.name for found in order.tables] == ["a", "b"]
    assert order.together == ()


@given(st.sets(st.tuples(st.integers(0, 9), st.integers(0, 9), st.booleans()), max_size=40))
def test_any_graph_is_ordered(edges: set[tuple[int, int, bool]]) -> None:
    """Whatever the keys: each table comes after its parents, but for cut keys and for groups."""
    plain = [
        table(
            str(number),
            *(column(f"{to}{free}", "uuid", not_null=not free) for at, to, free in edges if at == number),
        )
        for number in range(10)
    ]
    tables = [
        replace(
            found,
            foreign_keys=tuple(
                reference(f"{to}{free}", plain[to]) for at, to, free in sorted(edges) if at == number
            ),
        )
        for number, found in enumerate(plain)
    ]

    order = order_tables(tables)

    assert {found.oid for found in order.tables} == {found.oid for found in tables}
    place = {found.oid: number for number, found in enumerate(order.tables)}
    group = {oid: number for number, oids in enumerate(order.together) for oid in oids}
    for found in tables:
        for key in found.foreign_keys:
            same = found.oid in group and group[found.oid] == group.get(key.target_oid)
            open_key = key.oid not in order.cut and key.target_oid != found.oid and not same
            assert not open_key or place[key.target_oid] < place[found.oid]
            assert key.oid not in order.cut or not found.by_name[key.columns[0]].not_null


def test_tables_filled_by_a_trigger_come_after_its_table() -> None:
    """A predecessor that no foreign key shows is honoured."""
    users, accounts = table("users"), table("accounts")

    order = order_tables([accounts, users], comes_after={accounts.oid: {users.oid}})

    assert [found.name for found in order.tables] == ["users", "accounts"]
