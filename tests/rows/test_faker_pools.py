"""Tests of rows.faker_pools: which fields of Faker draw from a stock, and what they draw."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import factory
import pytest
from small_catalog import Names, catalog, nothing_stored, table

from pytest_supaseed.catalog.model import UniqueKey
from pytest_supaseed.plan.seed_plan import AUTO, SeedPlan, TablePlan
from pytest_supaseed.rows.columns import compile_factory
from pytest_supaseed.rows.evaluated import FromFaker
from pytest_supaseed.rows.factories import TableFactory
from pytest_supaseed.rows.faker_pools import MAY_REPEAT, with_pools
from pytest_supaseed.rows.part_source import PartSource
from pytest_supaseed.rows.sources import PlanSources

if TYPE_CHECKING:
    from pytest_supaseed.catalog.model import Table

THINGS = table("things")
CATALOG = catalog(THINGS)
NO_PARENTS = PlanSources(SeedPlan((), "s", 0), CATALOG, Names(CATALOG), nothing_stored)


class Named(TableFactory):
    """A name, which may come twice, a code, which may not, and what is made of the name."""

    class Meta:
        table = "things"

    name = factory.Faker("name")
    code = factory.Faker("uuid4")
    slug = factory.LazyAttribute(lambda row: row.name.lower())


def _unique(*columns: str | None, expressions: tuple[str, ...] = ()) -> Table:
    key = UniqueKey(9, "key", columns, is_primary=False, expressions=expressions)
    return table("things", unique_keys=(key,))


def _pooled(things: Table) -> set[str]:
    producers = with_pools(things, compile_factory(Named, {}))
    return {name for name, made in producers.items() if isinstance(made, FromFaker) and made.pooled}


def _source(rows: int, *, pooled: bool = True, **more: Any) -> PartSource:
    producers = compile_factory(Named, {})
    producers = with_pools(THINGS, producers) if pooled else producers
    part = TablePlan(THINGS, "things", "", rows, AUTO)
    return PartSource(part, producers, ("name", "code", "slug"), NO_PARENTS, seed="s", **more)


def test_what_may_repeat_draws_from_a_stock() -> None:
    """Names do; codes never."""
    assert _pooled(THINGS) == {"name"}


@pytest.mark.parametrize(
    "things",
    [_unique("name"), _unique("name", "code"), _unique("slug"), _unique(None, expressions=("lower(name)",))],
    ids=["itself", "with others", "what is made of it", "an expression"],
)
def test_what_tells_rows_apart_never_does(things: Table) -> None:
    """Not where the field is unique, nor where something unique may be made of it."""
    assert _pooled(things) == set()


def test_the_first_thousand_rows_are_fakers_own() -> None:
    """A small table reads as it does without stocks, and a large one begins like it."""
    assert _source(1000).chunk(0) == _source(1000, pooled=False).chunk(0)
    assert _source(5).chunk(0) == _source(3000).chunk(0)[:5]


def test_later_rows_draw_from_them() -> None:
    """Names of later rows stood in the first chunk; codes are new; what is made of a name agrees with it."""
    source = _source(3000)
    first, later = source.chunk(0), [*source.chunk(1), *source.chunk(2)]

    assert {row[0] for row in later} <= {row[0] for row in first}
    assert not {row[1] for row in later} & {row[1] for row in first}
    assert all(slug == str(name).lower() for name, _, slug in later)
    assert later != [*source.chunk(2), *source.chunk(1)], "each chunk draws for itself"


def test_any_chunk_can_be_made_first() -> None:
    """A chunk is the same whether the first one was made before it or not."""
    assert _source(3000).chunk(2) == [*_source(3000).all_rows()][2000:]


def test_rows_that_tests_make_are_not_drawn() -> None:
    """A test's own rows, made by the few, call Faker: a stock of a thousand would cost more than they do."""
    made = _source(2, first=5000, iterators={}).chunk(5)
    plain = _source(2, pooled=False, first=5000, iterators={}).chunk(5)

    assert made == plain


@pytest.mark.parametrize("provider", sorted(MAY_REPEAT))
def test_listed_providers_exist(provider: str) -> None:
    """Each name in the list is a provider of Faker."""

    class Field(TableFactory):
        class Meta:
            table = "things"

        field = factory.Faker(provider)

    part = TablePlan(THINGS, "things", "", 2, AUTO)
    source = PartSource(part, compile_factory(Field, {}), ("field",), NO_PARENTS, seed="s")
    assert len(source.chunk(0)) == 2
