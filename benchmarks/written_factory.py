"""A factory that a user wrote, with eight declarations: rows in columns, and one by one by factory_boy."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING

import factory

from pytest_supaseed.catalog.model import Table, TableKind
from pytest_supaseed.plan.seed_plan import AUTO, TablePlan
from pytest_supaseed.plan.streams import Stream
from pytest_supaseed.rows.columns import RowByRow, compile_factory
from pytest_supaseed.rows.declarations import Parent
from pytest_supaseed.rows.factories import TableFactory
from pytest_supaseed.rows.faker_pools import with_pools
from pytest_supaseed.rows.part_source import PartSource

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pytest_supaseed.rows.chunk import KeySource, Producer

USERS = 1000
TABLE = Table(1, "public", "setups", TableKind.TABLE, ())


class SetupFactory(TableFactory):
    """A row of each kind of declaration that factories are mostly made of."""

    class Meta:
        table = "setups"

    user_id = Parent("users")
    number = factory.Sequence(lambda number: f"S-{number:06}")
    author = factory.Faker("name")
    summary = factory.Faker("sentence")
    category = factory.Iterator(["tents", "stoves", "boots"])
    weight_grams = factory.LazyFunction(lambda: random.randrange(20, 4_000))
    slug = factory.LazyAttribute(lambda row: f"{row.category}-{row.number}".lower())
    title = factory.SelfAttribute("slug")


FIELDS = ("user_id", "number", "author", "summary", "category", "weight_grams", "slug", "title")


class _Users:
    """The users that setups refer to."""

    count = USERS
    key = ("id",)

    def values(self, columns: tuple[str, ...], indices: Sequence[int]) -> list[tuple[object, ...]]:
        del columns
        return [(value,) for value in Stream("benchmark", "users", "", "id").uuids(indices)]


class _Parents:
    def of(self, table: str, part: str | None = None) -> KeySource:
        del table, part
        return _Users()


def seconds_per_row(producers: Mapping[str, Producer], rows: int) -> float:
    """The CPU time that making a row takes, in seconds."""
    plan = TablePlan(TABLE, "setups", "", rows, AUTO)
    source = PartSource(plan, producers, FIELDS, _Parents(), seed="benchmark")
    source.chunk(0)  # providers of Faker are found, and patterns compiled, once
    begun = time.process_time()
    for number in source.chunk_numbers:
        source.chunk(number)
    return (time.process_time() - begun) / rows


def columns_vs_rows(rows: int) -> tuple[float, float]:
    """Microseconds for a row in columns, and row by row; of the latter a tenth as many are made."""
    in_columns = with_pools(TABLE, compile_factory(SetupFactory, {}))
    one_by_one = RowByRow(SetupFactory, {})
    by_row = {name: in_columns["user_id"] if name == "user_id" else one_by_one for name in FIELDS}
    return seconds_per_row(in_columns, rows) * 1e6, seconds_per_row(by_row, max(rows // 10, 1)) * 1e6
