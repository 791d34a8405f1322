"""Tests of rows.batches: sizes and readings in, the next size out."""

from __future__ import annotations

import pytest

from pytest_supaseed.rows.batches import FIRST_ROWS, MOST_ROWS, BatchReading, BatchSizes, next_size


def reading(rows: int, *, speed: float = 1000, memory: float = 0.1) -> BatchReading:
    """A batch of so many rows."""
    return BatchReading(rows, rows / speed, memory)


def test_a_faster_larger_batch_is_followed_by_a_larger_one() -> None:
    """Twice the rows, as long as that gains speed."""
    assert next_size(2000, reading(2000, speed=1300), reading(1000, speed=1000)) == 4000


def test_a_larger_batch_that_gained_nothing_is_large_enough() -> None:
    """The size stays where it is; a batch of the same size does not make it grow again."""
    assert next_size(2000, reading(2000), reading(1000)) == 2000
    assert next_size(2000, reading(2000), reading(2000)) == 2000


@pytest.mark.parametrize("memory", [0.7, 0.99, 1.4])
def test_near_the_limit_batches_are_halved(memory: float) -> None:
    """However quick they are; a batch has a row at least."""
    assert next_size(2000, reading(2000, speed=9999, memory=memory), reading(1000)) == 1000
    assert next_size(1, reading(1, memory=memory), None) == 1


def test_between_well_under_and_near_the_size_stays() -> None:
    """Twice the rows might be too much for memory that is half full."""
    assert next_size(2000, reading(2000, speed=9999, memory=0.5), reading(1000)) == 2000


def test_a_batch_that_ended_with_its_table_says_nothing_of_speed() -> None:
    """Only a full batch makes the next one grow."""
    assert next_size(2000, reading(300, speed=9999), reading(1000)) == 2000


def test_sizes_grow_to_a_bound_and_shrink_to_one() -> None:
    """Whatever is read, a size is between one row and the largest batch."""
    sizes = BatchSizes()
    assert sizes.rows == FIRST_ROWS
    for round_ in range(1, 40):
        sizes.hear(reading(sizes.rows, speed=1000 * 1.1**round_))
    assert sizes.rows == MOST_ROWS
    for _ in range(40):
        sizes.hear(reading(sizes.rows, memory=0.9))
    assert sizes.rows == 1


def test_speed_of_another_table_is_not_compared() -> None:
    """Narrow rows after wide ones are quicker, and that is no gain of a larger batch."""
    sizes = BatchSizes()
    sizes.hear(reading(sizes.rows, speed=1000))
    size = sizes.rows
    sizes.hear(reading(size, speed=1000))
    assert sizes.rows == size
    sizes.begin_table()
    sizes.hear(reading(size, speed=10))
    assert sizes.rows == 2 * size


@pytest.mark.parametrize("fixed", [1, 5, 50, 2_000_000])
def test_a_size_that_was_asked_for_is_kept(fixed: int) -> None:
    """From one row on, near the limit too."""
    sizes = BatchSizes(fixed)
    sizes.hear(reading(fixed, memory=0.99))
    sizes.hear(reading(fixed, speed=1e9, memory=0))
    assert sizes.rows == fixed
