"""What a test's database has cost, and which test has caused it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from factory_databases import session

from pytest_supaseed.isolation.isolation_costs import IsolationCosts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_supaseed.isolation.datasets import Dataset
    from pytest_supaseed.isolation.isolation_costs import IsolationCost
    from pytest_supaseed.isolation.seed_session import SeedSession
    from pytest_supaseed.option_values import IsolationMode
    from pytest_supaseed.server.endpoint import Endpoint


def test_undoing_is_the_cost_of_the_test_that_wrote() -> None:
    """Though it happens while the next one waits for its database, whose own time goes without it."""
    costs = IsolationCosts()
    costs.lent("one", "a", "restore", 0.5)
    costs.returned("one", 0.1, kept=False, restores=True)
    costs.undone("one", "put back", 0.3)
    costs.lent("one", "b", "restore", 0.4)
    first, second = costs.all
    assert (first.test, first.set_up, first.tear_down, first.undo) == ("a", 0.5, 0.1, 0.3)
    assert first.outcome == "put back"
    assert second.set_up == pytest.approx(0.1)
    assert (second.undo, second.outcome) == (0.0, "")


@pytest.mark.parametrize(
    ("isolation", "given", "outcome"),
    [
        ("restore", {"kept": False, "restores": True}, ""),
        ("restore", {"kept": False, "restores": False}, "dropped"),
        ("clone", {"kept": False, "restores": True}, "dropped"),
        ("shared", {"kept": False, "restores": True}, "shared"),
        ("restore", {"kept": True, "restores": True}, "kept"),
    ],
)
def test_what_becomes_of_a_database_after_its_test(
    isolation: IsolationMode, given: dict[str, bool], outcome: str
) -> None:
    """As long as nobody asks for it again."""
    costs = IsolationCosts()
    costs.lent("one", "a", isolation, 0.5)
    costs.returned("one", 0.1, **given)
    assert costs.all[0].outcome == outcome


@pytest.fixture(scope="module")
def opened(endpoint: Endpoint, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SeedSession]:
    """A session on a small schema."""
    folder: Path = tmp_path_factory.mktemp("costs")
    with session(endpoint, folder, "create table notes (id integer primary key);", users="1") as found:
        yield found


@pytest.fixture
def dataset(opened: SeedSession) -> Dataset:
    """Its dataset."""
    table_map = opened.table_map()
    return opened.dataset(table_map, opened.plan(table_map))


def cost_of(
    opened: SeedSession, dataset: Dataset, statement: str, isolation: IsolationMode = "restore"
) -> IsolationCost:
    """Run a statement in a test's database, then ask for another one, and return what the first has cost."""
    with opened.clone(dataset, test="writes", isolation=isolation) as database:
        database.connection.execute(statement)
        database.connection.commit()
    cost = opened.costs.all[-1]
    with opened.clone(dataset, test="next", isolation=isolation):
        pass
    return cost


def test_outcomes_of_real_tests(opened: SeedSession, dataset: Dataset) -> None:
    """A test that reads, one that writes, one that changes the schema, one with a database of its own."""
    if dataset.pristine is None:
        pytest.skip("databases are not put back on this server")
    read = cost_of(opened, dataset, "select 1")
    written = cost_of(opened, dataset, "insert into notes values (-1)")
    changed = cost_of(opened, dataset, "create table more (id integer)")
    own = cost_of(opened, dataset, "select 1", "clone")
    assert [cost.test for cost in (read, written, changed, own)] == ["writes"] * 4
    assert [cost.outcome.partition(":")[0] for cost in (read, written, changed, own)] == [
        "untouched",
        "put back",
        "replaced",
        "dropped",
    ]
    assert 0 < written.undo < changed.undo
    assert all(cost.set_up >= 0 and cost.tear_down > 0 for cost in opened.costs.all)
