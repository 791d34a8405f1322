"""Tests of rows.key_families, rows.derived_keys and rows.uniqueness: keys that share columns."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from bound_plans import bind, rows_of
from small_catalog import column, primary, reference, table, unique

from pytest_supaseed.catalog.model import Check
from pytest_supaseed.errors import PlanError
from pytest_supaseed.rows.derived_keys import keys_of
from pytest_supaseed.rows.uniqueness import tell_apart

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_supaseed.catalog.model import ForeignKey, Table


def composite(names: tuple[str, ...], target: Table, target_columns: tuple[str, ...]) -> ForeignKey:
    """A foreign key of several columns."""
    return replace(reference(names[0], target), columns=names, target_columns=target_columns)


TENANTS = table("tenants")


def of_tenant(name: str) -> Table:
    """A table whose rows belong to tenants."""
    return table(
        name,
        column("tenant_id", "uuid"),
        column("number", "int4"),
        unique_keys=(primary("tenant_id", "number"),),
        foreign_keys=(reference("tenant_id", TENANTS),),
    )


ORDERS, CUSTOMERS = of_tenant("orders"), of_tenant("customers")
TO_ORDER = composite(("tenant_id", "order_number"), ORDERS, ("tenant_id", "number"))
TO_CUSTOMER = composite(("tenant_id", "customer_number"), CUSTOMERS, ("tenant_id", "number"))
LINKS = (column("tenant_id", "uuid"), column("order_number", "int4"), column("customer_number", "int4"))


def pairs(rows: Iterable[dict[str, object]], *names: str) -> list[tuple[object, ...]]:
    """Some columns of rows."""
    return [tuple(row[name] for name in names) for row in rows]


def test_parents_agree_in_what_they_share() -> None:
    """The order and the customer of a row belong to the row's tenant."""
    shipments = table("shipments", *LINKS, foreign_keys=(TO_ORDER, TO_CUSTOMER))
    sources = bind(TENANTS, ORDERS, CUSTOMERS, shipments, users=300)

    rows = rows_of(sources, "shipments")

    assert len(rows) == 300
    assert set(pairs(rows, "tenant_id", "order_number")) <= set(
        pairs(rows_of(sources, "orders"), "tenant_id", "number")
    )
    assert set(pairs(rows, "tenant_id", "customer_number")) <= set(
        pairs(rows_of(sources, "customers"), "tenant_id", "number")
    )


def test_a_key_of_keys_that_overlap_repeats_nothing() -> None:
    """All pairs of an order and a customer of one tenant come at most once, and no other pair comes."""
    visits = table(
        "visits",
        *LINKS,
        unique_keys=(primary("tenant_id", "order_number", "customer_number"),),
        foreign_keys=(TO_ORDER, TO_CUSTOMER),
    )
    sources = bind(TENANTS, ORDERS, CUSTOMERS, visits, users=40)
    orders, customers = (
        pairs(rows_of(sources, name), "tenant_id", "number") for name in ("orders", "customers")
    )
    possible = {(tenant, one, two) for tenant, one in orders for owner, two in customers if tenant == owner}

    found = pairs(rows_of(sources, "visits"), "tenant_id", "order_number", "customer_number")

    assert len(set(found)) == len(found) == min(40, len(possible))
    assert set(found) <= possible


def test_a_nullable_key_without_a_fitting_parent_is_null() -> None:
    """Where a tenant has no customer, the customer is NULL and the tenant stays."""
    loose = (*LINKS[:2], column("customer_number", "int4", not_null=False))
    shipments = table("shipments", *loose, foreign_keys=(TO_ORDER, TO_CUSTOMER))
    sources = bind(TENANTS, ORDERS, CUSTOMERS, shipments, users=30)
    sources.source(sources.plan.parts_of(CUSTOMERS)[0]).give_up()

    rows = rows_of(sources, "shipments")

    assert {row["customer_number"] for row in rows} == {None}
    assert all(row["tenant_id"] and row["order_number"] for row in rows)


def test_a_needed_key_without_a_fitting_parent_is_an_error() -> None:
    """The error names the columns and the tables."""
    shipments = table("shipments", *LINKS, foreign_keys=(TO_ORDER, TO_CUSTOMER))
    sources = bind(TENANTS, ORDERS, CUSTOMERS, shipments)
    sources.source(sources.plan.parts_of(CUSTOMERS)[0]).give_up()

    with pytest.raises(PlanError, match=r"'public\.orders and public\.customers'.*order_number"):
        rows_of(sources, "shipments")


def test_match_full_is_null_as_a_whole() -> None:
    """Either all columns of such a key are NULL, or none is."""
    loose = tuple(replace(each, not_null=False) for each in LINKS[:2])
    owners = replace(reference("owner_id", TENANTS), columns=("owner_id",))
    notes = table(
        "notes",
        *loose,
        column("owner_id", "uuid"),
        foreign_keys=(replace(TO_ORDER, match_full=True), owners),
    )
    rows = pairs(rows_of(bind(TENANTS, ORDERS, notes, users=300), "notes"), "tenant_id", "order_number")

    nulls = [row for row in rows if None in row]
    assert 0 < len(nulls) < 100
    assert set(nulls) == {(None, None)}


def test_parents_are_of_the_kind_that_a_check_wants() -> None:
    """A row whose kind is fixed refers to parents of that kind, and each of them once."""
    parties = replace(
        table("parties", column("kind"), unique_keys=(unique("id", "kind"),)),
        checks=(Check(1, "k", "(kind = ANY (ARRAY['a'::text, 'b'::text]))", ("kind",)),),
    )
    people = replace(
        table(
            "people",
            column("kind"),
            foreign_keys=(composite(("id", "kind"), parties, ("id", "kind")),),
        ),
        checks=(Check(2, "k", "(kind = 'a'::text)", ("kind",)),),
    )
    sources = bind(parties, people, users=100)
    wanted = [row["id"] for row in rows_of(sources, "parties") if row["kind"] == "a"]

    found = [row["id"] for row in rows_of(sources, "people")]

    assert 20 < len(wanted) < 80
    assert sorted(map(str, found)) == sorted(map(str, wanted))


def test_a_composite_tree_stays_inside_its_tenant() -> None:
    """Parent and child share the tenant, and the parent was made before."""
    plain = table(
        "nodes",
        column("tenant_id", "uuid"),
        column("id", "uuid"),
        column("parent_id", "uuid", not_null=False),
        unique_keys=(primary("tenant_id", "id"),),
    )
    to_self = composite(("tenant_id", "parent_id"), plain, ("tenant_id", "id"))
    nodes = replace(plain, foreign_keys=(reference("tenant_id", TENANTS), to_self))
    sources = bind(TENANTS, nodes, users=400)

    seen: set[tuple[object, ...]] = set()
    children = 0
    for row in rows_of(sources, "nodes"):
        children += row["parent_id"] is not None
        assert row["parent_id"] is None or (row["tenant_id"], row["parent_id"]) in seen
        seen.add((row["tenant_id"], row["id"]))
    assert children > 50


def test_chunks_do_not_depend_on_each_other() -> None:
    """The second chunk of a junction table is the same, made alone or after the first one."""
    junction = table(
        "visits",
        *LINKS,
        unique_keys=(primary("tenant_id", "order_number", "customer_number"),),
        foreign_keys=(TO_ORDER, TO_CUSTOMER),
    )

    def source(rows: int) -> list[list[tuple[object, ...]]]:
        sources = bind(TENANTS, ORDERS, CUSTOMERS, junction, users=rows)
        return [sources.source(sources.plan.parts_of(junction)[0]).chunk(number) for number in (1, 0, 1)]

    alone, _first, after = source(1500)

    assert len(alone) == 500
    assert alone == after


def test_smaller_keys_make_larger_ones_needless() -> None:
    """A unique parent already tells the pairs apart that it is in."""
    wallets = table(
        "wallets",
        column("tenant_id", "uuid"),
        column("kind"),
        unique_keys=(unique("tenant_id"), unique("tenant_id", "kind")),
        foreign_keys=(reference("tenant_id", TENANTS),),
    )
    keys = keys_of(wallets, ())

    found = tell_apart(wallets, keys.families, keys.to_self)

    assert [combined.names for combined in found.combined] == [("tenant_id",)]
    assert found.told_apart.keys() == {"id"}


def test_only_what_nothing_needs_is_sometimes_null() -> None:
    """A tenth of a nullable link is NULL where the row has another one, none where it is the only one."""
    loose = column("tenant_id", "uuid", not_null=False)
    one = table("one", loose, foreign_keys=(reference("tenant_id", TENANTS),))
    two = table(
        "two",
        loose,
        column("other_id", "uuid"),
        foreign_keys=(reference("tenant_id", TENANTS), reference("other_id", TENANTS)),
    )
    sources = bind(TENANTS, one, two, users=1000)

    assert sum(row["tenant_id"] is None for row in rows_of(sources, "one")) == 0
    assert 50 < sum(row["tenant_id"] is None for row in rows_of(sources, "two")) < 150


def test_a_repeated_foreign_key_counts_once() -> None:
    """Two constraints that say the same are one reference."""
    twice = table("t", column("tenant_id", "uuid"), foreign_keys=(reference("tenant_id", TENANTS),) * 2)

    assert len(keys_of(twice, ()).families) == 1
