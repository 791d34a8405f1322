"""A run that is stopped, or killed, goes on where it came to, and ends as one that nobody stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from own_seedings import SCHEMA, THERE_BEFORE, contents, load, planned

from pytest_supaseed.errors import LoadError
from pytest_supaseed.load.cleanup import Cleanup
from pytest_supaseed.load.interruption import SeedingStopped, StopSign
from pytest_supaseed.load.ledger import LedgerRun
from pytest_supaseed.load.resumed_run import runs_going_on

if TYPE_CHECKING:
    from collections.abc import Mapping

    import psycopg

    from pytest_supaseed.catalog.model import Catalog
    from pytest_supaseed.plan.seed_plan import SeedPlan


class StopsAfter(StopSign):
    """Stops a seeding after so many commits."""

    def __init__(self, commits: int) -> None:
        self.left = commits

    def heed(self) -> None:
        """Stop, once there were so many."""
        self.left -= 1
        if self.left == 0:
            raise SeedingStopped


@pytest.fixture
def database(empty_database: psycopg.Connection) -> psycopg.Connection:
    """A database of somebody's own, with rows."""
    empty_database.execute(SCHEMA)
    empty_database.execute(THERE_BEFORE)
    return empty_database


@pytest.fixture
def whole(another_database: psycopg.Connection) -> Mapping[str, list[str]]:
    """What a run that nobody stops leaves in such a database."""
    another_database.execute(SCHEMA)
    another_database.execute(THERE_BEFORE)
    catalog, plan = planned(another_database)
    report = load(another_database, catalog, plan, LedgerRun())
    assert all(part.loaded for part in report.parts)
    return contents(another_database)


def resumed(connection: psycopg.Connection, catalog: Catalog, plan: SeedPlan, *, every: int) -> int:
    """Stop a run after every so many commits, and go on with it until it is done; return how often."""
    stops = 0
    wanted = LedgerRun(stop=StopsAfter(every))
    while True:
        try:
            load(connection, catalog, plan, wanted)
        except SeedingStopped:
            stops += 1
            assert stops < 200
            state = connection.execute("select state from supaseed.runs").fetchone()
            assert state == ("stopped",)
            wanted = LedgerRun(resumes=1, stop=StopsAfter(every))
        else:
            return stops


@pytest.mark.parametrize("every", [1, 2, 5])
def test_a_run_that_is_stopped_again_and_again_ends_as_one_that_is_not(
    database: psycopg.Connection, whole: Mapping[str, list[str]], every: int
) -> None:
    """After each batch, in the middle of each kind of table: rows and sequences are the same in the end."""
    catalog, plan = planned(database)
    stops = resumed(database, catalog, plan, every=every)
    assert stops > 15 // every
    assert contents(database) == whole
    assert database.execute("select state from supaseed.runs").fetchall() == [("done",)]


def test_what_went_on_can_be_cleaned(database: psycopg.Connection) -> None:
    """The ledger has the rows of both halves."""
    before = contents(database)
    catalog, plan = planned(database)
    resumed(database, catalog, plan, every=7)
    Cleanup(database, catalog).execute()
    after = contents(database)
    assert {name: after[name] for name in before if "_seq" not in name} == {
        name: rows for name, rows in before.items() if "_seq" not in name
    }


def test_a_run_that_was_killed_goes_on(database: psycopg.Connection, whole: Mapping[str, list[str]]) -> None:
    """Its connections are gone in the middle of a batch; what was committed before is not loaded again."""
    catalog, plan = planned(database)
    count = 0

    def kill(_event: object) -> None:
        nonlocal count
        count += 1
        if count == 12:
            database.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where datname = current_database() and pid <> pg_backend_pid()"
            )

    with pytest.raises(LoadError):
        load(database, catalog, plan, LedgerRun(), kill)
    assert database.execute("select state from supaseed.runs").fetchone() == ("running",)
    report = load(database, catalog, plan, LedgerRun(resumes=1))
    assert contents(database) == whole
    assert {part.qualified for part in report.parts} == {part.table.qualified for part in plan.tables}


def test_one_process_at_a_time(database: psycopg.Connection) -> None:
    """Who would go on with a run that still goes on is told so, and the run is not harmed."""
    catalog, plan = planned(database)
    with pytest.raises(SeedingStopped):
        load(database, catalog, plan, LedgerRun(stop=StopsAfter(3)))
    refusals: list[str] = []

    def meanwhile(_event: object) -> None:
        if not refusals:
            assert runs_going_on(database) == {1}
            with pytest.raises(LoadError) as raised:
                load(database, catalog, plan, LedgerRun(resumes=1))
            refusals.append(raised.value.summary)

    load(database, catalog, plan, LedgerRun(resumes=1), meanwhile)
    assert refusals == ["Run 1 is still going on, in another process."]
    assert runs_going_on(database) == frozenset()
