"""Tests of plan.circles."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pytest_supaseed.plan.circles import circles, fewest_cuts, harmless

ARCS = st.sets(
    st.tuples(st.integers(0, 7), st.integers(0, 7)).filter(lambda arc: arc[0] != arc[1]), max_size=25
)


def test_circles_are_found_apart() -> None:
    """Two circles that no arc joins both ways are two."""
    arcs = {(1, 2), (2, 1), (3, 4), (4, 5), (5, 3), (2, 3), (6, 1)}

    assert circles(arcs) == [{1, 2}, {3, 4, 5}]


def test_a_chain_of_a_thousand_tables() -> None:
    """The search does not recurse: it ends in one circle, or in none."""
    chain = {(number, number + 1) for number in range(5000)}

    assert circles(chain) == []
    assert circles({*chain, (5000, 0)}) == [set(range(5001))]


@given(ARCS, ARCS)
def test_cuts_open_all_circles(hard: set[tuple[int, int]], soft: set[tuple[int, int]]) -> None:
    """Where the hard arcs have no circle, none is left, only soft arcs are cut, and each cut is needed."""
    firm = {arc for arc in hard if arc[0] < arc[1]}
    free = soft - firm

    cut = fewest_cuts(firm, free, range(8))

    kept = firm | (free - cut)
    assert cut <= free
    assert circles(kept) == []
    assert all(circles(kept | {arc}) for arc in cut)


@given(ARCS, ARCS)
def test_wishes_close_no_circle(wanted: set[tuple[int, int]], arcs: set[tuple[int, int]]) -> None:
    """What is taken closes no circle, and what is left would close one."""
    firm = {arc for arc in arcs if arc[0] < arc[1]}

    taken = harmless(wanted, firm, range(8))

    assert circles(firm | taken) == []
    assert all(circles(firm | taken | {arc}) for arc in wanted - taken)
