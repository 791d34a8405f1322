"""Tests of rows.infinities: dates and timestamps without an end."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from psycopg.types.range import Range

from pytest_supaseed.catalog.model import Type, TypeKind
from pytest_supaseed.rows.check_constants import day, range_value, timestamp
from pytest_supaseed.rows.infinities import EARLIEST, LATEST, InfiniteDay, InfiniteMoment
from pytest_supaseed.rows.value_text import value_text, wire_value

DATE = Type(1082, "pg_catalog", "date", TypeKind.BASE)
MOMENT = Type(1184, "pg_catalog", "timestamptz", TypeKind.BASE)


def test_they_compare_as_in_postgres() -> None:
    """Every other moment lies between them."""
    now = datetime(2026, 1, 1, tzinfo=UTC)

    assert EARLIEST < now < LATEST
    assert EARLIEST.date() < now.date() < LATEST.date()


def test_nothing_is_added_to_them() -> None:
    """An infinity moved is an infinity, as in Postgres; Python's own end would overflow."""
    step = timedelta(days=30)

    assert LATEST + step is LATEST
    assert LATEST - step is LATEST
    assert LATEST.date() + step == LATEST.date()
    assert isinstance(EARLIEST.date() - step, InfiniteDay)
    assert isinstance(LATEST - datetime(2026, 1, 1, tzinfo=UTC), timedelta)


def test_they_are_read_from_checks_and_written_for_postgres() -> None:
    """`infinity` in a check becomes `infinity` in a row, alone or in a range."""
    found = timestamp("infinity", zone=False)

    assert isinstance(found, InfiniteMoment)
    assert found.tzinfo is None
    assert wire_value(MOMENT, timestamp("-infinity", zone=True)) == "-infinity"
    assert wire_value(DATE, day("infinity")) == "infinity"
    assert wire_value(DATE, date.max) == date.max
    held = Type(3912, "pg_catalog", "daterange", TypeKind.RANGE, subtype=DATE)
    assert value_text(held, range_value("[2025-01-01,infinity)", "date")) == '["2025-01-01","infinity")'
    assert value_text(held, Range(EARLIEST.date(), None, "[)")) == '["-infinity",)'
