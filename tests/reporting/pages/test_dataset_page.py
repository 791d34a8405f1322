"""What of a dataset is on its page."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from small_catalog import catalog, column, reference, table

from pytest_supaseed.catalog.model import TableKind
from pytest_supaseed.plan.seed_plan import AUTO, SeedPlan, TablePlan
from pytest_supaseed.progress import PartFinished, PartStarted, RowsSent, SeedingFinished, SeedingStarted
from pytest_supaseed.reporting.pages.dataset_page import load_samples, shown_tables
from pytest_supaseed.reporting.pages.page_data import LoadSample

if TYPE_CHECKING:
    from pytest_supaseed.progress import ProgressEvent

USERS = table("users", column("raw_app_meta_data"), schema="auth")
IDENTITIES = table("identities", schema="auth")
OBJECTS = table("objects", schema="storage")
TEAMS = table("teams", column("owner_id", "uuid"), foreign_keys=(reference("owner_id", USERS),))
PART = replace(table("logs_1"), is_partition=True)
VIEW = replace(table("seen"), kind=TableKind.VIEW)
FOREIGN = replace(table("spatial_ref_sys"), extension="postgis")


def test_the_tables_of_a_page() -> None:
    """The project's own that hold rows, what is planned, what those refer to: no more of a platform."""
    found = catalog(TEAMS, USERS, IDENTITIES, OBJECTS, PART, VIEW, FOREIGN)
    assert shown_tables(found) == (USERS, TEAMS)
    planned = SeedPlan((TablePlan(IDENTITIES, "identities", "", 5, AUTO),), "s", 1)
    assert shown_tables(found, planned) == (IDENTITIES, USERS, TEAMS)


def test_how_loading_went_is_told_by_not_too_many_points() -> None:
    """The first and the last are among them; rows that did not come do not count."""
    assert load_samples([]) == ()
    heard: list[tuple[float, ProgressEvent]] = [(0.0, SeedingStarted(1, 1000)), (0.0, PartStarted("a", 1000))]
    sent = [(rows / 1000, RowsSent("a", rows, rows * 10)) for rows in range(1, 1001)]
    ended: list[tuple[float, ProgressEvent]] = [
        (1.5, PartFinished("a", 990, 1.5)),
        (2.0, SeedingFinished(990, 2.0)),
    ]
    found = load_samples([*heard, *sent, *ended])
    assert len(found) == 200
    assert found[0] == LoadSample(0.0, 0, 0)
    assert found[-1] == LoadSample(2.0, 990, 10_000)
    assert (found[50].rows, found[50].memory) == (round(found[50].seconds * 1000), found[50].rows * 10)
    assert found[50].rows == pytest.approx(250, abs=5)
