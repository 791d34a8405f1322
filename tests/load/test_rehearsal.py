"""A seeding that is rolled back: it does what a real one does, and nothing of it is left."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import psycopg
import pytest
from own_seedings import SCHEMA, THERE_BEFORE, contents, load, planned
from psycopg.conninfo import make_conninfo

from pytest_supaseed.load.interruption import SeedingStopped, StopSign
from pytest_supaseed.load.ledger import LedgerRun, has_ledger
from pytest_supaseed.load.rehearsal import rolled_back, sequences_of_others

if TYPE_CHECKING:
    from pytest_supaseed.load.report import SeedReport

REHEARSED = LedgerRun(rehearsed=True)


@pytest.fixture
def database(empty_database: psycopg.Connection) -> psycopg.Connection:
    """A database of somebody's own, with rows."""
    empty_database.execute(SCHEMA)
    empty_database.execute(THERE_BEFORE)
    return empty_database


def told(report: SeedReport) -> object:
    """A report without what differs from run to run."""
    parts = [replace(part, seconds=0) for part in report.parts]
    return parts, [note for note in report.notes if not note.startswith("memory")], report.decisions


def test_nothing_is_left_and_the_report_is_that_of_a_real_run(database: psycopg.Connection) -> None:
    """Rows, sequences, the ledger's schema: all as before; then a real run reports the same."""
    before = contents(database)
    catalog, plan = planned(database)
    rehearsed = load(database, catalog, plan, REHEARSED)
    assert contents(database) == before
    assert not has_ledger(database)
    assert database.execute("select to_regnamespace('supaseed')").fetchone() == (None,)
    assert told(rehearsed) == told(load(database, catalog, plan, LedgerRun()))
    assert contents(database) != before


def test_beside_a_real_run_nothing_is_left_either(database: psycopg.Connection) -> None:
    """The ledger of an earlier run is as it was, its sequence included."""
    catalog, plan = planned(database)
    load(database, catalog, plan, LedgerRun())
    before = contents(database)
    catalog, again = planned(database)
    load(database, catalog, replace(again, first_row=5_000), REHEARSED)
    assert contents(database) == before
    assert database.execute("select last_value from supaseed.runs_id_seq").fetchone() == (1,)


def test_a_rehearsal_that_is_stopped_leaves_nothing(database: psycopg.Connection) -> None:
    """Ctrl-C rolls it back."""
    before = contents(database)
    catalog, plan = planned(database)
    with pytest.raises(SeedingStopped):
        load(database, catalog, plan, LedgerRun(rehearsed=True, stop=StopSign(is_up=True)))
    assert contents(database) == before


def test_others_see_nothing_meanwhile(database: psycopg.Connection) -> None:
    """Not one row is committed at any time."""
    catalog, plan = planned(database)
    seen: set[object] = set()

    def look(_event: object) -> None:
        seen.add(database.execute("select count(*) from people").fetchone())

    load(database, catalog, plan, REHEARSED, look)
    assert seen == {(2,)}


def test_numbers_that_were_drawn_come_back(database: psycopg.Connection) -> None:
    """Of a sequence that the login owns; of others it is said which went on."""
    database.execute("create sequence fresh; create sequence used; select nextval('used')")
    with rolled_back(database):
        database.execute("select nextval('fresh'), nextval('used'), setval('used', 77)")
    assert database.execute("select is_called from fresh").fetchone() == (False,)
    assert database.execute("select nextval('used')").fetchone() == (2,)


def test_a_sequence_of_somebody_else(database: psycopg.Connection) -> None:
    """It is found, with the last number that was drawn; one that the login may not touch is not."""
    database.execute("drop role if exists supaseed_drawer")
    database.execute("create role supaseed_drawer login password 'pw'")
    try:
        database.execute("create sequence open_to_all; grant all on sequence open_to_all to supaseed_drawer")
        database.execute("create sequence closed; select nextval('open_to_all')")
        url = make_conninfo(database.info.dsn, user="supaseed_drawer", password="pw")
        with psycopg.connect(url, autocommit=True) as drawer:
            assert sequences_of_others(drawer) == {"public.open_to_all": 1}
            with rolled_back(drawer):
                drawer.execute("select nextval('open_to_all')")
            assert sequences_of_others(drawer) == {"public.open_to_all": 2}
        assert sequences_of_others(database) == {}
    finally:
        database.execute("drop owned by supaseed_drawer")
        database.execute("drop role supaseed_drawer")
