"""How values are distributed, told from texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from small_catalog import column, reference, table, unique

from pytest_supaseed.load.sampled_rows import SampledColumn
from pytest_supaseed.reporting.pages.column_profile import (
    HIDDEN,
    children_page,
    column_page,
    cut,
    histogram,
    sample_rows,
)
from pytest_supaseed.reporting.pages.page_data import ColumnPage, Value

if TYPE_CHECKING:
    from collections.abc import Sequence

USERS = table("users", column("email"), unique_keys=(unique("email"),))
SALES = table(
    "sales",
    column("user_id", "uuid"),
    column("amount", "int4", not_null=False),
    column("made_at", "timestamptz"),
    column("status"),
    column("api_token"),
    foreign_keys=(reference("user_id", USERS),),
)


def profiled(name: str, texts: Sequence[str | None], epochs: tuple[str | None, ...] = ()) -> ColumnPage:
    """The page of a column of `sales`."""
    return column_page(SALES, SALES.by_name[name], SampledColumn(name, tuple(texts), epochs))


def test_many_numbers_are_a_histogram() -> None:
    """With ends, and without those that are not finite or not there."""
    found = profiled("amount", [*map(str, range(100)), None, "NaN", "Infinity"])
    assert (found.shape, found.least, found.greatest) == ("histogram", "0", "99")
    assert sum(found.buckets) == 100
    assert (found.nulls, found.distinct) == (1, 102)


def test_few_numbers_are_counted_one_by_one() -> None:
    """The most frequent one first."""
    found = profiled("amount", ["3", "1", "3", "2"])
    assert found.shape == "values"
    assert found.values == (Value("3", 2), Value("1", 1), Value("2", 1))


def test_moments_are_told_to_the_minute() -> None:
    """By their seconds, those that are infinite left out."""
    texts: list[str | None] = [f"2025-01-{day:02} 10:00:00.123+00" for day in range(1, 21)]
    found = profiled("made_at", [*texts, "infinity"], (*(str(day) for day in range(20)), "Infinity"))
    assert (found.shape, found.least, found.greatest) == ("histogram", "2025-01-01 10:00", "2025-01-20 10:00")


def test_texts_are_their_most_frequent_values() -> None:
    """Where nearly all of them differ, nothing is learned from any."""
    assert profiled("status", ["draft"] * 3 + ["done"]).values == (Value("draft", 3), Value("done", 1))
    assert profiled("status", ["draft", "done"]).shape == "distinct"
    assert profiled("status", [f"text {number}" for number in range(20)]).shape == "distinct"
    assert profiled("status", [None, None]) == ColumnPage("status", "text", "", 2)


def test_keys_are_named_and_not_drawn() -> None:
    """The distribution of a key's values says nothing; where it leads does."""
    assert profiled("user_id", ["a", "a", "b"]).shape == "distinct"
    assert profiled("user_id", ["a"]).key == "to public.users"
    assert column_page(USERS, USERS.by_name["id"], None).key == "primary key"
    assert column_page(USERS, USERS.by_name["email"], None).key == "unique"


def test_what_may_be_secret_is_not_shown() -> None:
    """Neither the frequent values nor those of sample rows; that there are none may be seen."""
    found = profiled("api_token", ["abc", "abc", None])
    assert (found.shape, found.values, found.nulls, found.distinct) == ("hidden", (), 1, 0)
    columns = (SampledColumn("status", ("a", None)), SampledColumn("encrypted_password", ("$2b$", None)))
    assert sample_rows(columns, 5) == (("a", HIDDEN), (None, None))


@pytest.mark.parametrize(
    ("numbers", "buckets"),
    [
        ([1.0], (1,)),
        ([0.0, 1.0, 2.0, 3.0, 4.0], (1, 1, 1, 2)),
        ([-1.7e308, 1.7e308], (1, 0, 0, 1)),
        ([5e-324, 1e-323], (1, 0, 0, 1)),
    ],
)
def test_a_histogram_holds_all_numbers(numbers: list[float], buckets: tuple[int, ...]) -> None:
    """The largest and the smallest that there are, too."""
    assert histogram(numbers, 4) == buckets


def test_children_are_counted_per_parent() -> None:
    """Parents without any count; many different numbers are put together."""
    few = children_page([(1, 3), (4, 1)], 10)
    assert (few.parents, few.childless, few.most, few.mean) == (10, 6, 4, 0.7)
    assert few.counts == (Value("0 children", 6), Value("1 child", 3), Value("4 children", 1))
    many = children_page([(size, 1) for size in range(1, 101)], 100)
    assert many.counts[0] == Value("1 to 13 children", 13)
    assert sum(value.rows for value in many.counts) == 100
    assert children_page([], 0).mean == 0.0


def test_more_parents_than_were_counted_is_no_error() -> None:
    """A row may come between two looks at a user's own database."""
    assert children_page([(1, 3)], 2).parents == 3


def test_long_values_are_cut() -> None:
    """At a width that a phone shows."""
    assert cut("abc  def", 5) == "abc\N{HORIZONTAL ELLIPSIS}"
    assert cut("abc", 3) == "abc"
