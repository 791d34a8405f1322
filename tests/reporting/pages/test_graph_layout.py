"""The places of tables: parents left of children, nothing on top of anything else, always the same."""

from __future__ import annotations

import time
from itertools import combinations, pairwise

from report_pages import many_tables

from pytest_supaseed.reporting.pages.graph_layout import LINE_HEIGHT, NODE_HEIGHT, Layout, Link, lay_out


def laid_out(*pairs: tuple[str, str]) -> Layout:
    """The layout of tables and the references between them, child first."""
    return lay_out({name for pair in pairs for name in pair}, [Link(*pair) for pair in pairs])


def layers(layout: Layout) -> dict[str, int]:
    """The layer of each table."""
    return {name: place.layer for name, place in layout.tables.items()}


def test_a_table_stands_right_of_all_that_it_refers_to() -> None:
    """Also where a shorter way leads to the same table."""
    found = laid_out(("teams", "users"), ("members", "teams"), ("members", "users"))
    assert layers(found) == {"users": 0, "teams": 1, "members": 2}
    assert [place.layer for place in found.trunks["users"]] == [1]
    assert found.back == frozenset()


def test_a_table_without_parents_stands_near_its_children() -> None:
    """A list of kinds is no root of everything because it refers to nothing."""
    found = laid_out(("b", "a"), ("c", "b"), ("d", "c"), ("d", "kinds"))
    assert layers(found)["kinds"] == 2


def test_a_circle_is_cut_once() -> None:
    """One reference leads back; where the plan says which, it is that one."""
    ring = [("a", "b"), ("b", "c"), ("c", "a")]
    assert len(laid_out(*ring).back) == 1
    cut = lay_out("abc", [Link("a", "b", is_cut=True), Link("b", "c"), Link("c", "a")])
    assert cut.back == {("a", "b")}
    assert layers(cut) == {"c": 1, "a": 0, "b": 2}


def test_tables_without_relations_are_left_out() -> None:
    """A reference to itself is none to another one."""
    found = lay_out(["b", "a", "c", "d"], [Link("c", "d"), Link("a", "a")])
    assert found.alone == ("a", "b")
    assert set(found.tables) == {"c", "d"}
    empty = lay_out(["a"], [])
    assert (empty.alone, empty.layers, empty.height) == (("a",), 0, 0.0)


def test_a_long_chain_needs_no_deep_stack() -> None:
    """Of 5,000 tables, each of which refers to the one before."""
    names = [f"t{number:04}" for number in range(5000)]
    found = laid_out(*((child, parent) for parent, child in pairwise(names)))
    assert found.layers == 5000


def test_nothing_overlaps() -> None:
    """Tables and lines that pass by have room, and all lie within the drawing."""
    page = many_tables(120)
    found = lay_out([table.name for table in page.tables], [Link(key.child, key.parent) for key in page.keys])
    places = [(place, NODE_HEIGHT) for place in found.tables.values()]
    places += [(place, LINE_HEIGHT) for line in found.trunks.values() for place in line]
    for (one, room), (other, more) in combinations(places, 2):
        if one.layer == other.layer:
            assert abs(one.height - other.height) >= (room + more) / 2 - 1e-6
    assert min(place.height - room / 2 for place, room in places) >= -1e-6
    assert max(place.height + room / 2 for place, room in places) <= found.height + 1e-6


def test_500_tables_are_laid_out_at_once_and_always_alike() -> None:
    """In less than a second, whatever order they come in."""
    page = many_tables(500)
    names = [table.name for table in page.tables]
    links = [Link(key.child, key.parent) for key in page.keys]
    begun = time.process_time()
    found = lay_out(names, links)
    assert time.process_time() - begun < 1
    assert lay_out(reversed(names), reversed(links)) == found
