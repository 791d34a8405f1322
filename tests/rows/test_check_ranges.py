"""Tests of rows.check_ranges: operators give what Postgres gives, and ends meet their conditions."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest
from psycopg import sql
from psycopg.rows import tuple_row
from psycopg.types.range import Range

from pytest_supaseed.plan.streams import Draws
from pytest_supaseed.rows.check_constants import typed
from pytest_supaseed.rows.check_domains import ColumnFacts
from pytest_supaseed.rows.check_parsing import parse_check
from pytest_supaseed.rows.check_ranges import canonical, covers, make_range, overlaps
from pytest_supaseed.rows.check_solving import Solver

if TYPE_CHECKING:
    import psycopg

ENDS = ((1, 5), (1, 3), (3, 5), (None, 3), (5, None), (3, 3))
BOUNDS = ("[)", "[]", "(]", "()")


@pytest.mark.parametrize("kind", ["int4range", "numrange"])
def test_operators_are_those_of_postgres(empty_database: psycopg.Connection, kind: str) -> None:
    """Containment and overlap of ranges with all kinds of bounds are what Postgres says."""
    texts = [
        f"{bounds[0]}{'' if low is None else low},{'' if high is None else high}{bounds[1]}"
        for (low, high), bounds in product(ENDS, BOUNDS)
    ]
    query = sql.SQL(
        "select a, b, a::{kind} @> b::{kind}, a::{kind} && b::{kind}"
        " from unnest(%s::text[]) a, unnest(%s::text[]) b"
    ).format(kind=sql.Identifier(kind))
    with empty_database.cursor(row_factory=tuple_row) as cursor:
        rows = cursor.execute(query, [texts, texts]).fetchall()
    ours: dict[str, Any] = {text: typed(text, kind) for text in texts}

    assert [(a, b, covers(ours[a], ours[b]), overlaps(ours[a], ours[b])) for a, b, *_ in rows] == rows


def test_a_literal_is_read_with_its_infinite_ends() -> None:
    """An end that is left out is open, one in quotes is read as its type."""
    assert typed("empty", "int4range") == Range(empty=True)
    assert typed('["2025-01-01 00:00:00+00",)', "tstzrange") == Range(datetime(2025, 1, 1, tzinfo=UTC), None)
    with pytest.raises(ValueError, match="1;2"):
        typed("[1;2)", "int4range")


def test_a_range_over_days_has_the_form_of_postgres() -> None:
    """Whole numbers and days are kept with the lower end in and the upper one out, moments as they are."""
    instants = Range(datetime(2025, 1, 1, tzinfo=UTC), datetime(2025, 1, 2, tzinfo=UTC), "[]")

    assert canonical(Range(date(2025, 1, 1), date(2025, 1, 2), "(]")) == Range(
        date(2025, 1, 2), date(2025, 1, 3), "[)"
    )
    assert make_range([1, None, "(]"]) == Range(2, None, "[)")
    assert canonical(instants) is instants


def test_ends_that_are_equal_make_no_empty_range() -> None:
    """A range that has to begin and end at one moment contains that moment."""
    ends = ColumnFacts("r", "timestamptz", "timestamptz")
    facts = {
        "t": ColumnFacts("t", "timestamptz", "timestamptz"),
        "r": ColumnFacts("r", "range", "tstzrange", element=ends),
    }
    checks = ("(r IS NOT NULL)", "(lower(r) = t)", "(upper(r) = t)")
    solver = Solver(facts, [parse_check(text) for text in checks])
    moment = datetime(2025, 3, 1, 12, tzinfo=UTC)

    found = solver.solve({"t": moment, "r": None}, Draws(1), 0, lambda _name: None)

    assert found == {"t": moment, "r": Range(moment, moment, "[]")}
