"""Tests of rows.in_turn."""

from __future__ import annotations

from typing import cast

from pytest_supaseed.rows.chunk import Chunk, Parents, Scope
from pytest_supaseed.rows.in_turn import InTurn


def test_values_follow_the_rows_number() -> None:
    """Each row's value belongs to its number, whichever chunk it is in."""
    producer = InTurn("a", "b", "b")
    scope = Scope("s", "t", "", {"x": producer}, cast("Parents", None), 2000)

    assert Chunk(scope, 0, 0, 4).column("x") == ["a", "b", "b", "a"]
    assert Chunk(scope, 1, 1000, 3).column("x") == ["b", "b", "a"]
