"""Tests of rows.told_apart and rows.exclusions."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING, cast

import pytest
from small_catalog import column, kind, table

from pytest_supaseed.catalog.model import Check, Column, Exclusion, Type, TypeKind
from pytest_supaseed.rows.chunk import Chunk, Scope
from pytest_supaseed.rows.columns import producer_of
from pytest_supaseed.rows.exclusions import exclusive_slots
from pytest_supaseed.rows.told_apart import coarseness, code, how_tellable, told_apart

if TYPE_CHECKING:
    from collections.abc import Sequence

    from psycopg.types.range import Range

    from pytest_supaseed.rows.chunk import Parents


def typed(name: str, *, modifier: int = -1) -> Column:
    """A column of a built-in type."""
    return replace(
        column("c"), type=Type(1, "pg_catalog", name, TypeKind.BASE), formatted_type=name, modifier=modifier
    )


def values(declaration: object, rows: int = 500) -> Sequence[object]:
    """A column's values in the first rows of a table."""
    producers = {"c": producer_of(declaration)}
    scope = Scope("s", "t", "", producers, cast("Parents", None), rows)
    return Chunk(scope, 0, 0, rows).column("c")


@pytest.mark.parametrize(
    "found",
    [
        *(typed(name) for name in ("uuid", "int4", "int8", "text", "citext", "date", "time", "timestamp")),
        *(typed(name) for name in ("timestamptz", "numeric", "float8", "inet", "cidr", "macaddr", "bytea")),
        typed("varchar", modifier=4 + 4),
        typed("varchar", modifier=4 + 12),
        typed("bpchar", modifier=4 + 5),
    ],
    ids=lambda found: f"{found.type.name}{found.modifier}",
)
def test_every_row_differs(found: Column) -> None:
    """Types that have enough values give another one to each row, none longer than the column."""
    made = values(told_apart(table("t", found), found))

    assert how_tellable(found) is not None
    assert len(set(made)) == 500
    assert found.modifier < 0 or max(len(str(value)) for value in made) <= found.modifier - 4


def test_codes_do_not_repeat_before_all_came() -> None:
    """All 1,296 codes of two characters come once."""
    assert len({code(index, 2) for index in range(36**2)}) == 36**2


def test_flags_cannot_be_told_apart() -> None:
    """Booleans have too few values; whoever asks has to combine them."""
    assert how_tellable(column("c", "bool")) is None


def test_numbers_begin_where_a_check_lets_them() -> None:
    """A key that has to be 1,000 or more begins there."""
    found = replace(table("t", column("c", "int4")), checks=(Check(1, "k", "(c >= 1000)", ("c",)),))

    assert list(values(told_apart(found, found.columns[1]), 3)) == [1000, 1001, 1002]


@pytest.mark.parametrize(
    ("expression", "unit"),
    [
        ("date_trunc('day'::text, at)", "day"),
        ("date_trunc('month'::text, at)", "month"),
        ("((at)::date)", "day"),
        ("lower(name)", ""),
    ],
)
def test_units_that_an_index_rounds_to(expression: str, unit: str) -> None:
    """The unit is read from the expression."""
    assert coarseness([expression]) == unit


@pytest.mark.parametrize("unit", ["minute", "hour", "day", "week", "month", "year"])
def test_moments_differ_after_rounding(unit: str) -> None:
    """No two rows lie in the same unit."""
    found = typed("timestamptz")
    made = values(told_apart(table("t", found), found, unit=unit), 50)

    lengths = {"minute": 16, "hour": 13, "day": 10, "week": 10, "month": 7, "year": 4}
    assert len({str(value)[: lengths[unit]] for value in made}) == 50


def test_slots_do_not_overlap() -> None:
    """Ranges that exclude each other follow one another."""
    during = Type(2, "pg_catalog", "tstzrange", TypeKind.RANGE, subtype=kind("timestamptz"))
    bookings = replace(
        table("t", column("room", "int4"), replace(column("c"), type=during)),
        exclusions=(Exclusion(1, "x", ("room", "c"), ("=", "&&"), ""),),
    )

    made = cast("Sequence[Range[str]]", values(exclusive_slots(bookings)["c"]))

    assert all(a.upper <= b.lower for a, b in itertools.pairwise(made) if a.upper and b.lower)


def test_slots_of_two_columns() -> None:
    """The two columns of `tstzrange(a, b)` get the bounds of the slots."""
    bookings = replace(
        table("t", column("starts", "timestamptz"), column("ends", "timestamptz")),
        exclusions=(Exclusion(1, "x", (None,), ("&&",), "", expressions=("tstzrange(starts, ends)",)),),
    )

    slots = exclusive_slots(bookings)

    starts, ends = values(slots["starts"]), values(slots["ends"])
    assert all(str(start) < str(end) for start, end in zip(starts, ends, strict=True))
    assert all(str(end) <= str(start) for end, start in zip(ends, starts[1:], strict=False))
