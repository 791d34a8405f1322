"""Tests of rows.number_values and rows.magnitudes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from slots import draw, slot

from pytest_supaseed.rows.drawers import drawer_of
from pytest_supaseed.rows.number_values import numeric_scale


def numeric(precision: int, scale: int) -> int:
    """The modifier of `numeric(precision, scale)`, as Postgres packs it."""
    return (precision << 16 | scale & 0x7FF) + 4


def numbers(type_name: str, name: str, modifier: int = -1) -> list[Any]:
    """What is drawn for a column of that name."""
    return draw(drawer_of(slot(type_name, name, modifier=modifier)))


@pytest.mark.parametrize(
    ("type_name", "name", "low", "high"),
    [
        ("int4", "rating", 1, 5),
        ("int2", "discount_percent", 0, 100),
        ("float8", "latitude", -90, 90),
        ("numeric", "lng", -180, 180),
        ("int4", "release_year", 1990, 2025),
        ("int4", "port", 1024, 49151),
        ("int2", "age", 18, 80),
        ("int4", "stock_quantity", 1, 20),
        ("numeric", "unit_price", 1, 500),
        ("int2", "file_size", 512, 2**15 - 1),
        ("int8", "created_at", 1_735_689_600_000, 1_767_225_600_000),
        ("int4", "updated_ts", 1_735_689_600, 1_767_225_600),
        ("float4", "confidence", 0, 1),
        ("int4", "zzz", 1, 1000),
    ],
)
def test_numbers_have_the_magnitude_of_their_name(type_name: str, name: str, low: int, high: int) -> None:
    """A number lies where its column's name lets one expect it, and inside its type."""
    found = numbers(type_name, name)

    assert low <= min(found)
    assert max(found) <= high
    assert len(set(found)) > 4


@pytest.mark.parametrize(
    ("precision", "scale", "step"),
    [
        (3, 3, "0.001"),
        (1, 0, "1"),
        (2, -2, "100"),
        (2, 5, "0.00001"),
        (38, 18, "0.01"),
        (10, 2, "0.01"),
        (2, 2, "0.01"),
    ],
)
def test_numeric_keeps_precision_and_scale(precision: int, scale: int, step: str) -> None:
    """Exact numbers have no digit that their column would round, and none that would overflow it."""
    found = numbers("numeric", "thing", numeric(precision, scale))

    assert all(abs(value) < Decimal(10) ** (precision - scale) for value in found)
    assert all(value % Decimal(step) == 0 for value in found)
    assert len(set(found)) > 3


@pytest.mark.parametrize(("precision", "scale"), [(10, 2), (2, -2), (1000, 1000), (1000, -1000), (5, 0)])
def test_modifier_is_read_as_postgres_packs_it(precision: int, scale: int) -> None:
    """Precision and signed scale come back out of the modifier."""
    assert numeric_scale(numeric(precision, scale)) == (precision, scale)


def test_statuses_are_real_codes() -> None:
    """An HTTP status is one that servers send."""
    assert set(numbers("int4", "http_status")) <= {200, 201, 204, 301, 400, 401, 403, 404, 422, 500, 503}


@pytest.mark.parametrize(
    ("name", "least", "most"),
    [("is_active", 0.75, 0.95), ("is_deleted", 0.02, 0.2), ("likes_tea", 0.35, 0.65)],
)
def test_flags_are_as_frequent_as_their_name_says(name: str, least: float, most: float) -> None:
    """Most rows are active, few are deleted, and what we do not know is even."""
    found = numbers("bool", name)

    assert least < sum(found) / len(found) < most


def test_counts_are_mostly_small() -> None:
    """Views and likes are skewed: half of the rows have less than a quarter of the most."""
    found = sorted(numbers("int4", "view_count"))

    assert found[len(found) // 2] < max(found) / 4
