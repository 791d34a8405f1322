"""Tests of rows.billing: sums that agree without a database."""

from __future__ import annotations

from datetime import timedelta
from typing import cast

import pytest

from pytest_supaseed.option_values import DOMAINS
from pytest_supaseed.plan.recipes import ITEMS
from pytest_supaseed.rows.billing import (
    PERIOD,
    CurrentPeriod,
    ProviderId,
    item_price,
    item_quantity,
    order_total,
    parent_of_item,
)
from pytest_supaseed.rows.business_domains import business_domain
from pytest_supaseed.rows.chunk import REFERENCE_INSTANT, Chunk, Parents, Scope
from pytest_supaseed.rows.declarations import Instant


def _scope() -> Scope:
    producers = {"id": ProviderId("sub"), "created_at": Instant(), "begun": CurrentPeriod("created_at")}
    return Scope("s", "subscriptions", "", producers, cast("Parents", None), 500)


@pytest.mark.parametrize("domain", DOMAINS)
@pytest.mark.parametrize("order", [0, 1, 7, 123])
def test_an_orders_total_is_that_of_its_items(order: int, domain: str) -> None:
    """The total and the items are computed apart and are the same money."""
    words = business_domain(domain)
    rows = [row for row in range(300) if parent_of_item(row, 1000) == order]
    total = sum(
        item_price(words, row // ITEMS, row % ITEMS) * item_quantity(row // ITEMS, row % ITEMS)
        for row in rows
    )

    assert total == order_total(words, order) > 0


def test_an_identifier_belongs_to_its_row() -> None:
    """Identifiers differ, and are known without the rows before them."""
    chunk = Chunk(_scope(), 0, 0, 500)
    column = chunk.column("id")

    assert len(set(column)) == 500
    assert ProviderId("sub").at(chunk, "id", [499, 3]) == [column[499], column[3]]
    assert str(column[0]).startswith("sub_")


def test_the_period_that_runs_began_less_than_a_period_ago() -> None:
    """Whole periods have passed since the beginning, and the reference instant lies in the current one."""
    chunk = Chunk(_scope(), 0, 0, 500)

    for created, begun in zip(chunk.column("created_at"), chunk.column("begun"), strict=True):
        assert REFERENCE_INSTANT - PERIOD < begun <= REFERENCE_INSTANT  # type: ignore[operator]
        assert (begun - created) % PERIOD == timedelta(0)  # type: ignore[operator]
