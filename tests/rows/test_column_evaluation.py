"""Columns against factory_boy itself: random factories, evaluated both ways, give the same rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import factory
import pytest
from factory.declarations import BaseDeclaration
from hypothesis import given, settings
from hypothesis import strategies as st
from small_catalog import Names, catalog, nothing_stored, table

from pytest_supaseed.errors import PlanError
from pytest_supaseed.plan.seed_plan import AUTO, SeedPlan, TablePlan
from pytest_supaseed.rows.columns import RowByRow, compile_factory
from pytest_supaseed.rows.declarations import FromRow, Instant, Numbered, OneOf, RandomUuid
from pytest_supaseed.rows.factories import TableFactory
from pytest_supaseed.rows.part_source import PartSource
from pytest_supaseed.rows.sources import PlanSources

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hypothesis.strategies import DrawFn

    from pytest_supaseed.rows.chunk import Producer

THINGS = table("things")
CATALOG = catalog(THINGS)
NO_PARENTS = PlanSources(SeedPlan((), "s", 0), CATALOG, Names(CATALOG), nothing_stored)
ROWS = 7


@st.composite
def declarations(draw: DrawFn, earlier: list[str]) -> Any:
    """A declaration of any kind whose values are told by the row: it may read the fields before it."""
    alone = [
        lambda: draw(st.one_of(st.none(), st.integers(), st.text(max_size=5), st.booleans())),
        lambda: factory.Sequence(lambda number: number * 3),
        lambda: factory.Sequence("n{}".format),
        lambda: factory.Iterator(draw(st.lists(st.integers(), min_size=1, max_size=4))),
        lambda: factory.Iterator([(1, "a"), (2, "b")], getter=lambda pair: pair[1]),
        lambda: factory.Iterator(range(20), cycle=False),
        lambda: factory.LazyFunction(lambda: "same"),
        RandomUuid,
        lambda: Numbered(5, 2),
        lambda: OneOf(("x", "y", "z")),
        lambda: Instant(30),
        lambda: FromRow(lambda _row, index: index + 1),
    ]
    reading = []
    if earlier:
        name = draw(st.sampled_from(earlier))
        reading = [
            lambda: factory.SelfAttribute(name),
            lambda: factory.LazyAttribute(lambda row: f"<{getattr(row, name)}>"),
            lambda: factory.LazyAttributeSequence(lambda row, number: (getattr(row, name), number)),
            lambda: FromRow(lambda row, index: (index, getattr(row, name))),
        ]
    return draw(st.sampled_from([*alone, *reading, *reading]))()


@st.composite
def factories(draw: DrawFn) -> tuple[type, dict[str, object]]:
    """A factory of one to eight fields with a trait, and what a caller passes."""
    names: list[str] = []
    body: dict[str, Any] = {}
    for number in range(draw(st.integers(1, 8))):
        name = f"field_{number}"
        body[name] = draw(declarations(names))
        names.append(name)
    flipped = draw(st.sampled_from(names))
    earlier = names[: names.index(flipped)]
    body["Params"] = type("Params", (), {"loud": factory.Trait(**{flipped: draw(declarations(earlier))})})
    body["Meta"] = type("Meta", (), {"table": "things"})
    passed = {
        name: draw(declarations(names[: names.index(name)])) for name in draw(st.sets(st.sampled_from(names)))
    }
    if draw(st.booleans()):
        passed["loud"] = draw(st.booleans())
    return type("DrawnFactory", (TableFactory,), body), passed


def _rows(producers: Mapping[str, Producer], names: tuple[str, ...]) -> list[tuple[object, ...]]:
    part = TablePlan(THINGS, "things", "", ROWS, AUTO)
    return PartSource(part, producers, names, NO_PARENTS, seed="s").chunk(0)


class Unknown(BaseDeclaration):  # type: ignore[misc]  # factory_boy is untyped
    """A declaration that we do not know: it leaves its whole factory to factory_boy."""

    def evaluate(self, instance: object, step: object, extra: object) -> None:
        """Give nothing."""
        del instance, step, extra


def _both(made: type, passed: dict[str, object]) -> tuple[Any, Any]:
    """Rows in columns, and those that factory_boy evaluates: by a field more, that we do not know."""
    columns = compile_factory(made, passed)
    names = tuple(name for name in columns if name.startswith("field_"))
    by_row = compile_factory(type("Forced", (made,), {"unknown": Unknown()}), passed)
    assert isinstance(by_row["unknown"], RowByRow)
    return _outcome(columns, names), _outcome(by_row, names)


def _outcome(producers: Mapping[str, Producer], names: tuple[str, ...]) -> Any:
    try:
        return _rows(producers, names)
    except PlanError as error:
        return error.summary


@settings(max_examples=150, deadline=None)
@given(factories())
def test_columns_agree_with_factory_boy(drawn: tuple[type, dict[str, object]]) -> None:
    """Sequences, laziness, iterators, relations, traits and what a caller passes come to the same rows."""
    made, passed = drawn
    columns = compile_factory(made, passed)
    assert not any(isinstance(producer, RowByRow) for producer in columns.values())

    in_columns, by_row = _both(made, passed)

    assert in_columns == by_row


@pytest.mark.parametrize("row", [0, 3, ROWS - 1])
@pytest.mark.parametrize("reads", [False, True])
def test_errors_agree(row: int, reads: bool) -> None:  # noqa: FBT001  # a parameter of the test
    """What raises is named by its field and the row's number, whichever way the rows are evaluated."""

    def fails(number: int) -> int:
        if number == row:
            raise ValueError("no such thing")
        return number

    class Failing(TableFactory):
        class Meta:
            table = "things"

        field_0 = factory.Sequence(lambda number: number if reads else fails(number))
        field_1 = factory.LazyAttribute(lambda found: fails(found.field_0))

    in_columns, by_row = _both(Failing, {})

    assert in_columns == by_row
    assert f"field_{int(reads)} raised ValueError: no such thing, for the row of number {row}" in in_columns
