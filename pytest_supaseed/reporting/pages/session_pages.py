"""What the report shows of a session: its datasets, looked into while they are there, and what they cost."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import psycopg

from pytest_supaseed.errors import SupaseedError
from pytest_supaseed.load.sampled_rows import sample_tables
from pytest_supaseed.reporting.pages.dataset_page import seeding_page, shown_tables
from pytest_supaseed.reporting.pages.page_data import CostPage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_supaseed.catalog.model import Table
    from pytest_supaseed.isolation.seed_session import SeedSession
    from pytest_supaseed.isolation.seedings import Seeding
    from pytest_supaseed.load.sampled_rows import SampledTable
    from pytest_supaseed.reporting.pages.page_data import DatasetPage


def dataset_pages(session: SeedSession) -> list[DatasetPage]:
    """Return what is to be shown of each dataset of a session, those that failed included."""
    return [_dataset_page(session, seeding) for seeding in session.seedings]


def cost_pages(session: SeedSession) -> list[CostPage]:
    """Return what the databases that a session lent have cost."""
    return [CostPage(**vars(cost)) for cost in session.costs.all]


def sampled_tables(connection: psycopg.Connection, tables: Sequence[Table]) -> dict[int, SampledTable]:
    """Return what each table holds, by its OID."""
    found = sample_tables(connection, tables)
    return {table.oid: sampled for table, sampled in zip(tables, found, strict=True)}


def _dataset_page(session: SeedSession, seeding: Seeding) -> DatasetPage:
    """Look into a copy of a dataset; where that fails, the page says why, and the run goes on."""
    server = session.endpoint.title
    if seeding.dataset is None:
        return seeding_page(seeding, {}, server)
    tables = shown_tables(seeding.schema.catalog, seeding.plan)
    try:
        with session.looked_into(seeding.dataset) as connection:
            return seeding_page(seeding, sampled_tables(connection, tables), server)
    except (psycopg.Error, SupaseedError) as error:
        page = seeding_page(seeding, {}, server)
        return replace(page, notes=(f"The rows could not be looked at: {error}", *page.notes))
