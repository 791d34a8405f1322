"""Tests of plan.child_counts: numbers of children that need no parent before them."""

from __future__ import annotations

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_catalog import column, reference, table

from pytest_supaseed.plan.child_counts import ChildCounts, Children, widest_fit
from pytest_supaseed.plan.streams import Stream

USERS = table("users")
SETUPS = table("setups", column("user_id", "uuid"), foreign_keys=(reference("user_id", USERS),))


def asked(low: int, high: int, parents: int = 0) -> Children:
    """Children per user."""
    return Children(USERS, "users", SETUPS.foreign_keys[0], low, high, parents=parents)


def counts(low: int, high: int, *, most: int | None = None, caps: list[int] | None = None) -> ChildCounts:
    """Numbers of children."""
    stream = Stream("seed", "setups", "", "children")
    return ChildCounts(stream, low, high, most=high if most is None else most, caps=caps)


@given(low=st.integers(0, 3), more=st.integers(0, 4), parents=st.integers(1, 2500))
def test_places_and_sums_agree(low: int, more: int, parents: int) -> None:
    """Each child's place is the one that counting all parents from the first would give."""
    found = counts(low, low + more)
    total = found.total(parents)
    first, last = (0, parents - 1) if parents < 100 else (parents - 50, parents - 1)

    expected = [(parent, number) for parent in range(first, last + 1) for number in range(found.of(parent))]
    begin = found.total(first)
    another = counts(low, low + more)
    assert [another.place(child) for child in range(total - 1, begin - 1, -1)] == expected[::-1]
    assert all(low <= found.of(parent) <= low + more for parent in range(first, last + 1))


def test_a_number_belongs_to_its_parent() -> None:
    """Further parents change nothing, another seed or table everything."""
    numbers = [asked(1, 5).counts("s", "setups").of(parent) for parent in range(50)]

    found = asked(1, 5, parents=50).counts("s", "setups")
    assert found.total(900) > 0
    assert [found.of(parent) for parent in range(50)] == numbers
    assert [asked(1, 5).counts("other", "setups").of(parent) for parent in range(50)] != numbers
    assert [asked(1, 5).counts("s", "posts").of(parent) for parent in range(50)] != numbers
    assert set(numbers) == {1, 2, 3, 4, 5}


def test_what_a_parent_can_have_cuts_its_number() -> None:
    """A cut changes no number below it, and a parent without room has no child."""
    whole = counts(1, 5)
    cut = counts(1, 5, most=2)
    capped = counts(1, 5, caps=[0, 3, 0, 9])

    assert [cut.of(parent) for parent in range(99)] == [min(whole.of(parent), 2) for parent in range(99)]
    assert [capped.of(parent) for parent in range(4)] == [0, min(whole.of(1), 3), 0, whole.of(3)]
    assert capped.total(4000) == capped.total(4)
    assert capped.place(0)[0] == 1


def test_a_million_parents_take_little_memory() -> None:
    """Sums are kept by blocks: the last child's place is found in some 100 KB."""
    found = counts(0, 5)
    tracemalloc.start()
    total = found.total(1_000_000)
    parent, _number = found.place(total - 1)
    _size, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert 999_990 <= parent < 1_000_000
    assert 2_490_000 < total < 2_510_000
    assert peak < 2_000_000


@pytest.mark.parametrize(
    ("children", "text"),
    [
        (asked(1, 5), "1 to 5 per users"),
        (asked(3, 3), "3 per users"),
        (
            Children(USERS, "users", SETUPS.foreign_keys[0], 0, 9, named_key=True),
            "0 to 9 per users by user_id",
        ),
        (Children(USERS, "users", SETUPS.foreign_keys[0], 1, 9, most=4), "1 to 9 per users, at most 4"),
    ],
)
def test_it_reads_as_it_was_asked_for(children: Children, text: str) -> None:
    """The plan prints it."""
    assert str(children) == text


def test_a_room_is_shared_out_evenly() -> None:
    """The largest number with which all parents' children fit; none where not even one for each does."""
    children = asked(1, 5, parents=100)

    most = widest_fit(children, "s", "setups", 200)

    assert most == 2
    assert widest_fit(children, "s", "setups", 99) is None
    assert widest_fit(children, "s", "setups", 10_000) == 5
