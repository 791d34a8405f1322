"""A large parametrized suite: nothing of a test is kept after it, nor of the factories that it made."""

from __future__ import annotations

import gc
import tracemalloc
import weakref
from typing import TYPE_CHECKING, Any

import factory
import pytest
from factory_databases import session

from pytest_supaseed import Parent, TableFactory

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_supaseed.server.endpoint import Endpoint

    Test = Callable[[int], list[weakref.ref[Any]]]

WARM, TESTS = 8, 40
"""Tests before the count, which fill caches that are filled once; and those that are counted."""
KEPT = 2000
"""Bytes for each test at the most: 20 MB in ten thousand. Measured: 200, most of it caches that fill up."""


@pytest.fixture(scope="module")
def run_test(endpoint: Endpoint, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Test]:
    """Runs a test as the fixture does, and returns what must not outlive it."""
    with session(endpoint, tmp_path_factory.mktemp("kept")) as opened:
        table_map = opened.table_map()
        dataset = opened.dataset(table_map, opened.plan(table_map))

        def run(number: int) -> list[weakref.ref[Any]]:
            with opened.clone(dataset, test=f"tests/test_many.py::test_one[{number}]") as db:

                class KindFactory(TableFactory):
                    class Meta:
                        table = "kinds"

                class SetupFactory(TableFactory):
                    class Meta:
                        table = "setups"

                    title = factory.Sequence(lambda n: f"setup {n}")
                    price = factory.Iterator([1, 2, 3])
                    kind = factory.SubFactory(KindFactory)
                    user = Parent("users")

                rows = [*SetupFactory.create_batch(3), SetupFactory(), db.create("setups", title="one")]
                SetupFactory.build()
                db.execute("select count(*) from {setups}")
                db.translate("select count(*) from setups")
                assert len(list(db.users)) == 4
                assert db.rows("setups", title="one")
                return [weakref.ref(thing) for thing in (db, KindFactory, SetupFactory, type(rows[0]))]

        yield run


def test_databases_and_factories_are_released(run_test: Test) -> None:
    """The database's object, the factories that a test makes, and the classes of their rows are gone."""
    kept = [reference for number in range(3) for reference in run_test(number)]
    gc.collect()
    assert [reference() for reference in kept if reference() is not None] == []


def test_memory_does_not_grow_with_the_number_of_tests(run_test: Test) -> None:
    """What Python holds after many tests is what it held after a few."""
    for number in range(WARM):
        run_test(number)
    tracemalloc.start()
    try:
        gc.collect()
        before, _ = tracemalloc.get_traced_memory()
        for number in range(TESTS):
            run_test(WARM + number)
        gc.collect()
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (after - before) / TESTS < KEPT
