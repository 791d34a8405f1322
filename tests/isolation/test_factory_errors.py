"""Tests of isolation.factory_rows: what is said at first use of a factory that is wrong."""

from __future__ import annotations

from threading import Thread
from typing import TYPE_CHECKING, Any

import factory
import factory.random
import pytest
from setup_factories import OwnedSetupFactory, SetupFactory, UserFactory

from pytest_supaseed import LoadError, MappingError, PlanError, Row, TableFactory, UsageError

if TYPE_CHECKING:
    from pytest_supaseed.isolation.seeded_database import SeededDatabase


def test_a_field_that_is_no_column(db: SeededDatabase) -> None:
    """The nearest names, whose field it is, and where helpers stand."""

    class Wrong(SetupFactory):
        pryce = 5

    with pytest.raises(MappingError, match="no column 'pryce', which Wrong declares") as caught:
        Wrong()
    assert "'price'" in str(caught.value)
    assert "Meta.exclude" in str(caught.value)
    with pytest.raises(MappingError, match="no column 'titel'"):
        SetupFactory(titel="x")


def test_a_table_that_is_not_there(db: SeededDatabase) -> None:
    """It is refused when a row is made, never when the module is imported."""

    class Lost(TableFactory):
        class Meta:
            table = "setup"

    with pytest.raises(MappingError, match="'setup'") as caught:
        Lost()
    assert "setups" in str(caught.value)


def test_no_table(db: SeededDatabase) -> None:
    """The message shows the line that is missing."""

    class Nameless(TableFactory):
        title = "x"

    with pytest.raises(UsageError, match="Nameless names no table"):
        Nameless()


def test_without_a_database() -> None:
    """The fixture is named, and `build`, which needs none."""
    with pytest.raises(UsageError, match="no test database") as caught:
        SetupFactory()
    assert "supaseed_db" in str(caught.value)
    assert "SetupFactory.build()" in str(caught.value)


def test_in_another_thread(db: SeededDatabase) -> None:
    """A thread does not inherit the test's database; the message says how it can."""
    said: list[str] = []

    def work() -> None:
        try:
            SetupFactory()
        except UsageError as error:
            said.append(str(error))

    thread = Thread(target=work, name="worker-7")
    thread.start()
    thread.join()
    assert "worker-7" in said[0]
    assert "copy_context" in said[0]


def test_two_threads_take_turns(db: SeededDatabase) -> None:
    """In the test's context two threads write to one database, and no row is lost or doubled."""
    from contextvars import copy_context

    made: list[Row] = []
    threads = [
        Thread(target=copy_context().run, args=(lambda: made.extend(OwnedSetupFactory.create_batch(5)),))
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({row.title for row in made}) == len({row.id for row in made}) == 10


def test_a_declaration_that_raises(db: SeededDatabase) -> None:
    """Factory, field, row and the place in the user's code; in columns and row by row."""

    def no_price(row: Any) -> int:
        if row.title.endswith("2"):
            raise ValueError("no price")
        return 1

    class Failing(SetupFactory):
        title = factory.Iterator(["a0", "a1", "a2"])
        price = factory.LazyAttribute(no_price)

    class Single(Failing):
        user = factory.SubFactory(UserFactory)

    with pytest.raises(ValueError, match="no price") as raised:
        Single(title="a2")
    assert "Single, in a test's row of setups" in "".join(raised.value.__notes__)
    there = db.count("setups")
    with pytest.raises(
        PlanError, match=rf"Failing\.price raised ValueError: no price.*{there + 2}"
    ) as caught:
        Failing.create_batch(3)
    assert "test_factory_errors.py:" in str(caught.value)
    assert db.count("setups") == there


def test_a_value_of_the_wrong_type(db: SeededDatabase) -> None:
    """Column, value and type are named, and whose it was: factory's or caller's."""

    class Wrong(SetupFactory):
        price = "much"

    for values in ({}, {"price": "some"}, {"price": object()}):
        with pytest.raises(LoadError, match=r"public\.setups") as caught:
            Wrong(**values)
        assert "column: price" in str(caught.value)
        assert "numeric(8,2)" in str(caught.value)
    with pytest.raises(LoadError, match=r"price is what .*Wrong declares"):
        raise_as_text(Wrong)


def test_a_refused_value_names_the_field(db: SeededDatabase) -> None:
    """What a factory declares wins over the catalog, and what Postgres says of it names it."""

    class Wrong(SetupFactory):
        price = -1

    with pytest.raises(LoadError) as caught:
        Wrong()
    assert "Wrong declares" in str(caught.value)
    with pytest.raises(LoadError) as caught:
        SetupFactory(price=-1)
    assert "price is what the caller passed" in str(caught.value)


def test_checks_are_solved_around_what_a_factory_says(db: SeededDatabase) -> None:
    """What it leaves out is filled so that the row passes."""

    class Published(SetupFactory):
        status = "published"

    assert all(row.published_at for row in Published.create_batch(5))


def raise_as_text(made_by: Any) -> None:
    """Make a row; an error's whole text becomes its message."""
    try:
        made_by()
    except LoadError as error:
        raise LoadError(str(error)) from error
