"""Tests of the option `locale`, from the plan to rows that tests create."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import factory
import pytest
from seeded_schemas import SeededSchema, seed_schema
from small_catalog import Names

from pytest_supaseed.load.row_writes import RowRequest, create_rows
from pytest_supaseed.plan.seed_plan import SeedPlan
from pytest_supaseed.rows.factories import TableFactory
from pytest_supaseed.rows.local_words import local_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Maker
    from pytest_supaseed.catalog.model import Catalog

SCHEMA = """
create table customers (
    id bigint generated always as identity primary key,
    first_name text not null, last_name text not null, email text not null unique, company text not null,
    city text not null, postcode text not null, country text not null, phone text not null unique,
    title text not null, slug text not null unique
);
"""


def _german(plan: SeedPlan, _catalog: Catalog) -> SeedPlan:
    return replace(plan, locale="de_DE")


@pytest.fixture(scope="module")
def seeded(maker: Maker) -> Iterator[SeededSchema]:
    """Customers of Germany."""
    with maker.database("german") as connection:
        yield seed_schema(connection, SCHEMA, rows=50, planned=_german)


def _column(seeded: SeededSchema, name: str) -> list[str]:
    return list(seeded.one(f"select array_agg({name} order by id) from customers where id <= 50"))  # noqa: S608


def test_loaded_rows_are_of_the_locale(seeded: SeededSchema) -> None:
    """Names, places and titles; addresses stay ASCII, telephone numbers those kept for fiction."""
    local = local_of("de_DE")

    assert set(_column(seeded, "first_name")) <= set(local.first_names)
    assert set(_column(seeded, "last_name")) <= set(local.last_names)
    assert set(_column(seeded, "country")) == {"Deutschland"}
    assert set(_column(seeded, "title")) <= set(local.titles)
    assert all(
        re.fullmatch(r"[a-z.]+\d+@example\.(com|org|net)", email) for email in _column(seeded, "email")
    )
    assert all(phone.startswith("+1") and phone[5:10] == "55501" for phone in _column(seeded, "phone"))


class FakerFactory(TableFactory):
    """A factory whose Faker names no locale, and one that does."""

    class Meta:
        table = "customers"

    city = factory.Faker("city")
    company = factory.Faker("city", locale="ja_JP")


def test_rows_that_a_test_creates_are_of_the_locale(seeded: SeededSchema) -> None:
    """So are Faker's own declarations that name no locale."""
    plan = replace(SeedPlan((), "s", 0), locale="de_DE")
    made = create_rows(
        seeded.connection,
        catalog=seeded.catalog,
        table_map=Names(seeded.catalog),
        plan=plan,
        request=RowRequest("customers", 5, {}, "s", factory=FakerFactory),
    )

    assert all(row["first_name"] in local_of("de_DE").first_names for row in made)
    assert {row["country"] for row in made} == {"Deutschland"}
    assert not any(row["company"].isascii() for row in made)
    assert {row["city"] for row in made} <= set(
        local_of("de_DE").stock("cities", local_of("de_DE").faker.city, 20_000)
    )
