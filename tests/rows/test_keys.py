"""Tests of rows.keys and rows.foreign_keys."""

from __future__ import annotations

from dataclasses import replace

import pytest
from bound_plans import bind, rows_of
from small_catalog import column, primary, reference, table

from pytest_supaseed.errors import PlanError
from pytest_supaseed.rows.foreign_keys import one_to_one
from pytest_supaseed.rows.keys import JoinedKeys

OWNERS = table("owners", column("name"))
PETS = table("pets", column("owner_id", "uuid"), foreign_keys=(reference("owner_id", OWNERS),))


def test_children_refer_to_planned_parents() -> None:
    """Every foreign key names a row that the plan makes, without reading anything back."""
    sources = bind(OWNERS, PETS)
    owners = {row["id"] for row in rows_of(sources, "owners")}

    assert {row["owner_id"] for row in rows_of(sources, "pets")} <= owners


def test_children_refer_to_stored_parents_too() -> None:
    """Rows that were there before the plan can be referred to like its own."""
    sources = bind(OWNERS, PETS, users=3, stored={"owners": [("old-1",), ("old-2",)]})

    keys = sources.of("owners")

    assert keys.count == 5
    assert keys.values(("id",), [0, 1, 4])[:2] == [("old-1",), ("old-2",)]


def test_failed_parent_leaves_children_without_keys() -> None:
    """When a part is given up, its children say which table has no rows."""
    sources = bind(OWNERS, PETS)
    sources.source(sources.plan.parts_of(OWNERS)[0]).give_up()

    with pytest.raises(PlanError, match=r"needs a row of 'public\.owners'"):
        rows_of(sources, "pets")


def test_numbers_go_on_after_stored_ones() -> None:
    """Whole-number keys start behind the largest one that is there."""
    counted = table("counted", column("id", "int8"), unique_keys=(primary("id"),))
    sources = bind(counted, users=3, stored={"counted": [(7,), (41,)]})

    assert [row["id"] for row in rows_of(sources, "counted")] == [42, 43, 44]


def test_tree_refers_to_earlier_rows_only() -> None:
    """A self-reference makes a forest: each row's parent was made before it, and some rows are roots."""
    plain = table("nodes", column("parent_id", "uuid", not_null=False))
    nodes = replace(plain, foreign_keys=(reference("parent_id", plain),))
    rows = rows_of(bind(nodes, users=300), "nodes")

    seen: set[object] = set()
    roots = 0
    for row in rows:
        roots += row["parent_id"] is None
        assert row["parent_id"] is None or row["parent_id"] in seen
        seen.add(row["id"])
    assert 1 < roots < 300


def test_cut_key_stays_null() -> None:
    """The foreign key at which a circle was cut is NULL in every row."""
    plain = table("a", column("b_id", "uuid", not_null=False))
    b = table("b", column("a_id", "uuid"), foreign_keys=(reference("a_id", plain),))
    a = replace(plain, foreign_keys=(reference("b_id", b),))

    assert {row["b_id"] for row in rows_of(bind(a, b), "a")} == {None}


def test_one_to_one_uses_each_parent_once() -> None:
    """As many rows as parents: each parent is referred to by exactly one."""
    assert sorted(one_to_one(row, 9) for row in range(9)) == list(range(9))


def test_joined_keys_keep_the_order_asked_for() -> None:
    """Values come back in the order of the indices, whichever source each of them lies in."""

    class Fixed:
        key = ("id",)

        def __init__(self, *ids: str) -> None:
            self.ids = ids
            self.count = len(ids)

        def values(self, _columns: tuple[str, ...], indices: list[int]) -> list[tuple[object, ...]]:
            return [(self.ids[index],) for index in indices]

    joined = JoinedKeys(("id",), (Fixed("a", "b"), Fixed(), Fixed("c", "d")))  # type: ignore[arg-type]

    assert joined.count == 4
    assert joined.values(("id",), [3, 0, 2, 1, 3]) == [("d",), ("a",), ("c",), ("b",), ("d",)]
