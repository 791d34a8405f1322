"""Tests of rows.interlocked: keys that share parts, each without a combination twice."""

from __future__ import annotations

from math import prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_supaseed.rows.interlocked import Keys, interlocked

PAIRS = ((0, 1), (1, 2), (0, 2), (2, 3), (0, 3), (1, 3), (0, 1, 2), (1, 2, 3), (0,), (3,))


@given(
    st.lists(st.integers(1, 7), min_size=4, max_size=4),
    st.sets(st.sampled_from(PAIRS), min_size=1, max_size=4),
)
def test_no_key_sees_a_combination_twice(sizes: list[int], keys: set[tuple[int, ...]]) -> None:
    """In as many rows as there is said to be room for, and there is room for some."""
    known: Keys = (*sorted(keys), (0, 1, 2, 3))
    found = interlocked(tuple(sizes), known)

    assert found.room > 0
    rows = [[found.choice(part, row) for part in range(4)] for row in range(found.room)]
    assert all(choice < size for row in rows for choice, size in zip(row, sizes, strict=True))
    for key in known:
        assert len({tuple(row[part] for part in key) for row in rows}) == found.room


@pytest.mark.parametrize(
    ("sizes", "keys"),
    [
        ((60, 60, 60), ((0, 1), (1, 2))),
        ((60, 60, 5), ((0, 1), (1, 2))),
        ((60, 5, 60), ((0, 1), (1, 2))),
        ((5, 60, 60), ((0, 1), (1, 2), (0, 2))),
        ((60, 60, 60), ((0, 1), (1, 2), (0, 2))),
        ((10, 3, 10, 7), ((0, 1), (1, 2), (2, 3))),
        ((10, 10, 10, 10), ((0, 1), (1, 2), (2, 3), (0, 3))),
        ((60, 60, 60), ((0,), (1, 2), (0, 2))),
        ((6, 3, 2, 6), ((0, 1, 2), (0, 3))),
    ],
)
def test_the_usual_shapes_are_filled_to_the_brim(sizes: tuple[int, ...], keys: Keys) -> None:
    """Chains, stars, triangles and squares hold as many rows as their smallest key has combinations."""
    assert interlocked(sizes, keys).room == min(prod(sizes[part] for part in key) for key in keys)


def test_parts_without_a_choice_leave_no_room() -> None:
    """A parent table without rows."""
    assert interlocked((5, 0, 5), ((0, 1), (1, 2))).room == 0
