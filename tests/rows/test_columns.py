"""Tests of rows.columns, rows.chunk and rows.declarations: what a factory's declarations come to."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import factory
import pytest
from small_catalog import Names, catalog, column, nothing_stored, table

from pytest_supaseed.errors import PlanError
from pytest_supaseed.plan.seed_plan import AUTO, SeedPlan, TablePlan
from pytest_supaseed.rows.columns import RowByRow, compile_factory
from pytest_supaseed.rows.declarations import Constant, Drawn, FromRow, Instant, RandomUuid
from pytest_supaseed.rows.factories import TableFactory
from pytest_supaseed.rows.part_source import PartSource
from pytest_supaseed.rows.sources import PlanSources

if TYPE_CHECKING:
    from collections.abc import Sequence

THINGS = table("things")
CATALOG = catalog(THINGS)
NO_PARENTS = PlanSources(SeedPlan((), "s", 0), CATALOG, Names(CATALOG), nothing_stored)


def values(factory_class: type, *names: str, rows: int = 5, first: int = 0) -> list[tuple[object, ...]]:
    """The rows of a factory, the fields in the order of `names`."""
    producers = compile_factory(factory_class, {})
    part = TablePlan(THINGS, "things", "", rows, AUTO)
    return list(PartSource(part, producers, names, NO_PARENTS, seed="s", first=first).all_rows())


class Known(TableFactory):
    """One field of every kind of declaration that is evaluated in columns."""

    class Meta:
        table = "things"

    constant = 7
    sequence = factory.Sequence(lambda n: f"n{n}")
    lazy = factory.LazyAttribute(lambda row: f"{row.sequence}/{row.constant}")
    lazy_sequence = factory.LazyAttributeSequence(lambda row, n: f"{row.constant}-{n}")
    function = factory.LazyFunction(lambda: random.randrange(10**9))
    cycle = factory.Iterator(["a", "b"])
    got = factory.Iterator([(1, 2), (3, 4)], getter=lambda pair: pair[1])
    word = factory.Faker("word")
    number = factory.Faker("pyint", min_value=3, max_value=5)
    same = factory.SelfAttribute("sequence")
    ident = RandomUuid()
    drawn = Drawn(lambda draws: draws.below(10**9))
    from_row = FromRow(lambda row, index: (row.drawn, index))
    created_at = Instant()
    updated_at = Instant(after="created_at")


FIELDS = tuple(Known._meta.pre_declarations)


def test_known_declarations_give_what_factory_boy_says() -> None:
    """Sequences, laziness, iterators and relations between fields mean what factory_boy's docs say."""
    names = ("constant", "sequence", "lazy", "lazy_sequence", "cycle", "got", "same")

    assert values(Known, *names, rows=3) == [
        (7, "n0", "n0/7", "7-0", "a", 2, "n0"),
        (7, "n1", "n1/7", "7-1", "b", 4, "n1"),
        (7, "n2", "n2/7", "7-2", "a", 2, "n2"),
    ]


def test_every_field_is_reproducible() -> None:
    """Two evaluations under one seed agree in every field, chance and Faker included."""
    assert values(Known, *FIELDS, rows=40) == values(Known, *FIELDS, rows=40)


def test_more_rows_change_no_earlier_row() -> None:
    """Row i is the same whether 10 rows are made or 2,500: chunks do not lean on each other."""
    assert values(Known, *FIELDS, rows=2500)[:10] == values(Known, *FIELDS, rows=10)


def test_any_chunk_can_be_made_first() -> None:
    """The third chunk made alone holds the rows 2,000 to 2,499 of the whole."""
    part = TablePlan(THINGS, "things", "", 2500, AUTO)
    alone = PartSource(part, compile_factory(Known, {}), FIELDS, NO_PARENTS, seed="s").chunk(2)

    assert alone == values(Known, *FIELDS, rows=2500)[2000:]


def test_unknown_declarations_fall_back_to_factory_boy() -> None:
    """A factory with a declaration that we do not know is evaluated by factory_boy, and reproducibly."""

    class Unknown(TableFactory):
        class Meta:
            table = "things"

        class Params:
            loud = factory.Trait(name="LOUD")

        name = factory.Maybe("flag", yes_declaration="yes", no_declaration=factory.Faker("name"))
        flag = factory.Sequence(lambda n: n % 2 == 0)
        ident = RandomUuid()

    found = values(Unknown, "flag", "name", "ident", rows=4)

    assert isinstance(compile_factory(Unknown, {})["name"], RowByRow)
    assert [name for flag, name, _ in found if flag] == ["yes", "yes"]
    assert found == values(Unknown, "flag", "name", "ident", rows=4)
    assert compile_factory(Unknown, {"loud": True})["name"] is not None


def test_fallback_agrees_with_columns() -> None:
    """A declaration of ours has the same values in a factory that factory_boy evaluates row by row."""

    class Plain(TableFactory):
        class Meta:
            table = "things"

        ident = RandomUuid()
        pair = FromRow(lambda row, index: (row.ident, index))

    class Mixed(Plain):
        extra = factory.Maybe("ident", yes_declaration=1, no_declaration=2)

    assert values(Mixed, "ident", "pair", rows=1200) == values(Plain, "ident", "pair", rows=1200)


def test_global_random_state_is_left_alone() -> None:
    """Making rows does not disturb a test's own use of `random`."""
    random.seed(5)
    expected = random.random()
    random.seed(5)

    values(Known, "function")

    assert random.random() == expected


def test_fields_in_a_circle_are_named() -> None:
    """Fields that need each other are an error that shows the circle."""

    class Circular(TableFactory):
        class Meta:
            table = "things"

        a = factory.LazyAttribute(lambda row: row.b)
        b = factory.LazyAttribute(lambda row: row.a)

    with pytest.raises(PlanError, match="circle: a -> b -> a"):
        values(Circular, "a")


def test_column_of_the_wrong_length_is_refused() -> None:
    """A declaration that gives too few values is an error that names the field, not a shifted column."""

    class Short(Constant):
        def fill(self, chunk: Any, name: str) -> Sequence[object]:
            del chunk, name
            return [1]

    class Broken(TableFactory):
        class Meta:
            table = "things"

        field = Short(1)

    with pytest.raises(PlanError, match=r"'field'.*gave 1 values for 5 rows"):
        values(Broken, "field")


def test_updated_is_never_before_created() -> None:
    """Instant(after=...) keeps the order of the two dates in every row."""
    assert all(created <= updated for created, updated in values(Known, "created_at", "updated_at", rows=500))  # type: ignore[operator]


def test_column_named_like_a_type_is_no_trap() -> None:
    """A table with a column that a field of ours is named after still compiles."""
    assert column("constant").name in compile_factory(Known, {})
