"""Tests of rows.in_turn."""

from __future__ import annotations

from typing import cast

from pytest_supaseed.rows.chunk import Chunk, Parents, Scope
from pytest_supaseed.rows.in_turn import EachInTurn, InTurn


def test_values_follow_the_rows_number() -> None:
    """Each row's value belongs to its number, whichever chunk it is in."""
    producer = InTurn("a", "b", "b")
    scope = Scope("s", "t", "", {"x": producer}, cast("Parents", None), 2000)

    assert Chunk(scope, 0, 0, 4).column("x") == ["a", "b", "b", "a"]
    assert Chunk(scope, 1, 1000, 3).column("x") == ["b", "b", "a"]


def test_each_value_occurs_before_the_usual_one_prevails() -> None:
    """Every value once, then as many usual ones, again and again."""
    producer = EachInTurn("a", "b", "c", usual="a")

    assert producer.values == ("a", "b", "c", "a", "a", "a")


def test_what_a_column_allows_is_what_occurs() -> None:
    """Values that it does not allow are left out, and those that we do not know are taken in."""
    producer = EachInTurn("a", "b", "c", usual="a").among(("z", "b", "a"))

    assert producer.values == ("a", "b", "z", "a", "a", "a")
    assert EachInTurn("a", usual="a").among(("y", "z")).values == ("y", "z", "y", "y")
