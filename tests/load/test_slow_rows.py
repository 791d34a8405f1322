"""Tests of what the report says of factories that are not evaluated in columns."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import factory
import pytest
from seeded_schemas import seed_schema

from pytest_supaseed.plan.user_factories import UserFactory
from pytest_supaseed.rows.factories import TableFactory

if TYPE_CHECKING:
    import psycopg

    from pytest_supaseed.catalog.model import Catalog
    from pytest_supaseed.plan.seed_plan import SeedPlan

THINGS = "create table things (id int primary key, name text not null, loud boolean not null);"


class InColumns(TableFactory):
    """A factory of which we know every declaration."""

    class Meta:
        table = "things"

    id = factory.Sequence(lambda number: number)
    loud = factory.Iterator([True, False])
    name = factory.LazyAttribute(lambda row: f"thing {row.id}")


class RowByRow(InColumns):
    """One with a declaration that differs from row to row."""

    name = factory.Maybe("loud", yes_declaration="LOUD", no_declaration="quiet")


class Adjusted(InColumns):
    """One that changes what it made."""

    @classmethod
    def _adjust_kwargs(cls, **kwargs: Any) -> dict[str, Any]:
        return {**kwargs, "name": "adjusted"}


def _notes(connection: psycopg.Connection, made_by: type, rows: int) -> list[str]:
    name = f"factories:{made_by.__name__}"

    def planned(plan: SeedPlan, _catalog: Catalog) -> SeedPlan:
        (part,) = plan.tables
        user_factory = UserFactory(name, "things", "", made_by, "")
        return replace(plan, tables=(replace(part, factory=name),), factories=(user_factory,))

    seeded = seed_schema(connection, THINGS, rows=rows, planned=planned)
    assert seeded.loaded() == {"things": rows}
    return list(seeded.report.notes)


@pytest.mark.parametrize(
    ("made_by", "because"),
    [(RowByRow, "name is a Maybe"), (Adjusted, "it has its own _adjust_kwargs")],
    ids=["declaration", "hook"],
)
def test_slow_factory_is_named_with_its_reason(
    empty_database: psycopg.Connection, made_by: type, because: str
) -> None:
    """Where many rows are evaluated one by one, the report says of which factory, and why."""
    assert _notes(empty_database, made_by, 1001) == [
        f"public.things: {made_by.__name__} is evaluated row by row, which is slow, because {because}"
    ]


@pytest.mark.parametrize(("made_by", "rows"), [(RowByRow, 1000), (InColumns, 1001)], ids=["few", "columns"])
def test_nothing_is_said_where_nobody_waits(
    empty_database: psycopg.Connection, made_by: type, rows: int
) -> None:
    """Few rows are quick either way, and most factories are evaluated in columns."""
    assert _notes(empty_database, made_by, rows) == []
