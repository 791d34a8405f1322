"""Tests of rows.combinations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_supaseed.rows.chunk import Chunk, Scope
from pytest_supaseed.rows.combinations import Beyond, Combinations

if TYPE_CHECKING:
    from pytest_supaseed.rows.chunk import Parents

NO_PARENTS = cast("Parents", None)


@dataclass
class Fixed:
    """A part with a number of choices."""

    choices: int
    may_be_null: bool = False

    def size(self, parents: Parents) -> int:
        """The number."""
        del parents
        return self.choices


def chunk(rows: int) -> Chunk:
    """Rows of a table without columns."""
    return Chunk(Scope("s", "t", "", {}, NO_PARENTS, rows), 0, 0, rows)


def combined(sizes: list[int], rows: int, beyond: Beyond = Beyond.NOTHING) -> list[tuple[int | None, ...]]:
    """The combinations of rows."""
    made = Combinations(beyond)
    digits = [made.add(Fixed(size)) for size in sizes]
    return list(zip(*(digit.choices(chunk(rows)) for digit in digits), strict=True))


@given(st.lists(st.integers(1, 9), min_size=1, max_size=4))
def test_none_comes_twice(sizes: list[int]) -> None:
    """As many rows as combinations: each comes exactly once."""
    rows = 1
    for size in sizes:
        rows *= size

    found = combined(sizes, rows)

    assert len(set(found)) == rows
    assert all(
        digit is not None and 0 <= digit < size
        for row in found
        for digit, size in zip(row, sizes, strict=True)
    )


def test_few_rows_spread_over_every_part() -> None:
    """A tenth of all pairs already uses most choices of both parts."""
    found = combined([20, 30], 60)

    assert [len(set(part)) for part in zip(*found, strict=True)] == [20, 30]


@pytest.mark.parametrize(
    ("beyond", "room"), [(Beyond.NOTHING, 6), (Beyond.NULL, None), (Beyond.OUTSIDE, None)]
)
def test_room_is_what_there_are_combinations_for(beyond: Beyond, room: int | None) -> None:
    """Rows are bounded only where those beyond would break the key."""
    made = Combinations(beyond)
    for size in (2, 3):
        made.add(Fixed(size))

    assert made.room(NO_PARENTS) == room
    assert made.is_left(chunk(8)) == [True] * 6 + [False] * 2


def test_rows_beyond_have_no_choice() -> None:
    """They are NULL or outside, and never a repeated combination."""
    assert combined([2], 4, Beyond.NULL) == [(0,), (1,), (None,), (None,)]


def test_no_choices_at_all() -> None:
    """A parent without rows leaves no combination, and no error."""
    assert combined([0, 3], 2) == [(None, None)] * 2
