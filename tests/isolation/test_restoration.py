"""Tests of isolation.restoration and what decides on it: each kind of change, and each way to miss one."""

from __future__ import annotations

import logging
import re
import time
from typing import TYPE_CHECKING, LiteralString

import pytest
from database_dump import dumping
from factory_databases import session
from kinds_of_change import IN_PLACE, REPLACED
from torture_statements import END_OTHERS
from tortured_clones import (
    FOREIGN,
    HALF_A_COPY,
    LEFT_RUNNING,
    OWN,
    SECOND,
    SUPERUSER,
    UNLOGGED,
    Step,
    TorturedClones,
    rows_after,
    tortured_clones,
)

from pytest_supaseed.errors import OpenConnectionWarning

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_supaseed.server.endpoint import Endpoint


@pytest.fixture(scope="module")
def clones(endpoint: Endpoint, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TorturedClones]:
    """Clones of a dataset of everything that can change, but for what changes without a transaction id."""
    with (
        pytest.MonkeyPatch.context() as monkeypatch,
        tortured_clones(endpoint, tmp_path_factory.mktemp("project"), monkeypatch) as made,
    ):
        yield made


@pytest.fixture(scope="module")
def unlogged_clones(endpoint: Endpoint, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TorturedClones]:
    """The same with unlogged sequences."""
    with (
        pytest.MonkeyPatch.context() as monkeypatch,
        tortured_clones(endpoint, tmp_path_factory.mktemp("project"), monkeypatch, UNLOGGED) as made,
    ):
        yield made


@pytest.mark.parametrize("name", IN_PLACE)
def test_what_is_undone_in_place(clones: TorturedClones, name: str) -> None:
    """A change of rows or sequences, and what comes and goes, costs no new clone, and leaves nothing."""
    before = clones.replaced
    clones.run(Step(OWN, statement, 0) for statement in IN_PLACE[name])
    assert clones.refused == []
    assert clones.differences() == []
    assert clones.replaced == before


@pytest.mark.parametrize("name", REPLACED)
def test_what_a_new_clone_is_made_for(clones: TorturedClones, name: str) -> None:
    """Whatever else is changed, the next test gets another clone, and the reason says why."""
    statement, reason = REPLACED[name]
    before = clones.replaced
    clones.run([Step(OWN, statement, 0)])
    assert clones.refused == []
    assert clones.differences() == []
    (said,) = (clones.replaced - before).elements()
    assert re.search(reason, said)


class TestWhatNoTransactionIdTells:
    """What changes without one, or while one is still open, and must be seen all the same."""

    def test_a_sequence_drawn_from_in_a_transaction_that_is_still_open(self, clones: TorturedClones) -> None:
        """The backend of a connection that is closed in a transaction may end after the test has."""
        with clones.lend() as database:
            connection = database.connection
            connection.execute("select nextval('loose')")
            clone = clones.keeper_of(database.name)
            assert clone.glance([connection.info.backend_pid]) == []
            assert clone.is_touched
        assert clones.differences() == []

    def test_a_sequence_that_came_round(self, clones: TorturedClones) -> None:
        """A cycle that ends where it began: what the next test draws is seen, and undone."""
        clones.run([Step(OWN, "select nextval('circle') from generate_series(1, 4)", 0)])
        for _ in range(3):
            assert clones.differences() == []
            clones.run([Step(OWN, "select nextval('circle')", 0)])
        assert clones.differences() == []

    @pytest.mark.parametrize("statement", ["select nextval('unsaved')", "select setval('unsaved', 3, false)"])
    def test_unlogged_sequences(self, unlogged_clones: TorturedClones, statement: LiteralString) -> None:
        """Drawing from one writes nothing to the log; it is looked at after every test."""
        unlogged_clones.run([Step(OWN, statement, 0)])
        assert unlogged_clones.refused == []
        assert unlogged_clones.differences() == []
        assert unlogged_clones.replaced.total() == 0

    def test_a_replication_slot(self, clones: TorturedClones) -> None:
        """One that a test leaves would keep the server's log from then on."""
        make: LiteralString = "select pg_create_logical_replication_slot(current_database(), 'pgoutput')"
        clones.run([Step(SUPERUSER, make, 0)])
        assert clones.refused == []
        assert clones.differences() == []

    def test_a_subscription(self, clones: TorturedClones) -> None:
        """It lies in a catalog that all databases share, which no counter of this one counts."""
        make: LiteralString = (
            "create subscription {database} connection 'dbname=x' publication p with (connect = false)"
        )
        clones.run([Step(SUPERUSER, make, 0)])
        assert clones.refused == []
        assert clones.differences() == []


class TestConnections:
    """What tests leave open is closed, said, and undone."""

    @pytest.mark.parametrize(
        ("statement", "state"),
        [
            ("select 1", "idle"),
            ("begin; update serials set v = 'left'; select nextval('loose')", "idle in transaction"),
            ("begin; lock table serials; create table made ()", "idle in transaction"),
            ("create temp table t (a serial); listen news; select pg_advisory_lock(7)", "idle"),
        ],
    )
    def test_one_that_a_test_left_open(
        self, clones: TorturedClones, statement: LiteralString, state: str
    ) -> None:
        """It is ended, and its state is said; neither rows nor locks nor temporary tables are left of it."""
        before = clones.replaced
        with pytest.warns(OpenConnectionWarning, match=rf"left connections .* open.*: {state} \(backend"):
            clones.run([Step(FOREIGN, statement, 0)], quietly=False)
        assert clones.differences() == []
        assert clones.replaced == before

    @pytest.mark.parametrize("step", [LEFT_RUNNING, HALF_A_COPY])
    @pytest.mark.parametrize("connection", [OWN, FOREIGN])
    def test_a_statement_still_running(
        self, clones: TorturedClones, step: LiteralString, connection: int
    ) -> None:
        """A statement that runs when the test ends, ends with it, committed or not, and is undone."""
        before = clones.replaced
        clones.run([Step(SECOND, "update serials set v = 'x'", 0), Step(connection, step, 0)])
        assert clones.differences() == []
        assert clones.replaced == before

    def test_a_large_transaction_still_open(self, clones: TorturedClones) -> None:
        """It is rolled back before rows are put back, however long that takes."""
        grown: LiteralString = "begin; insert into keyless select g, 'x' from generate_series(1, 50000) as g"
        clones.run([Step(OWN, grown, 0), Step(SECOND, "update pairs set v = 'x'", 0)])
        assert clones.differences() == []

    @pytest.mark.parametrize("first", ["select 1; ", "update pairs set v = 'x'; "])
    def test_ending_every_connection_ends_ours(self, clones: TorturedClones, first: LiteralString) -> None:
        """A superuser's test may end the connection that watches the clone: then the clone is replaced."""
        before = clones.replaced
        clones.run([Step(SUPERUSER, first + END_OTHERS, 0)])
        assert clones.refused == []
        assert clones.differences() == []
        assert (clones.replaced - before).total() == 1


@pytest.mark.parametrize(
    "statement",
    [
        "set session_replication_role = replica; delete from parents; update hens set egg = 77",
        "update pairs set v = 'x'; select pg_stat_reset()",
        "update pairs set v = 'x'; select pg_stat_reset_single_table_counters('pairs'::regclass)",
        "alter schema public rename to elsewhere",
        "drop schema pg_supaseed cascade",
        "truncate pg_supaseed.pristine",
        "delete from pg_supaseed.pristine; delete from pairs",
        "update pg_supaseed.pristine set row = replace(row, 'row', 'new'); delete from serials",
    ],
)
def test_what_a_superuser_hides(clones: TorturedClones, statement: LiteralString) -> None:
    """Triggers switched off, counters reset, our own copy gone: the next test finds a whole database."""
    clones.run([Step(SUPERUSER, statement, 0)])
    assert clones.refused == []
    assert clones.differences() == []


def test_every_table_at_once(clones: TorturedClones) -> None:
    """More statements than a connection keeps prepared are still one transaction, and leave nothing."""
    emptied: LiteralString = """
        do $$ declare one regclass; begin
        for one in select oid from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace
            and relname not in ('big', 'always_watched', 'unchecked')
        loop execute format('delete from only %s', one); end loop; end $$"""
    before = clones.replaced
    clones.run([Step(SUPERUSER, "set session_replication_role = replica", 0), Step(SUPERUSER, emptied, 0)])
    assert clones.refused == []
    assert clones.differences() == []
    assert clones.replaced == before


def test_a_clone_that_is_put_back_many_times_does_not_grow(clones: TorturedClones) -> None:
    """Row versions that restorations leave behind are removed now and then: each of them scans them."""
    for _ in range(100):
        clones.run([Step(OWN, "update pairs set v = repeat('x', 100)", 0)])
    with clones.lend() as database, dumping(database.admin_conninfo) as connection:
        assert clones.compared(connection) == []
        (size,) = connection.execute("select pg_relation_size('public.pairs') / 8192").fetchone() or ()
    assert size < 60


def test_rows_older_than_a_domains_check(endpoint: Endpoint, tmp_path: Path) -> None:
    """A table whose rows cannot be read back is not kept; a dataset of it can be made all the same."""
    schema = """
        create domain positive as integer;
        create table amounts (id integer primary key, amount positive);
        insert into amounts values (1, -1), (2, 2);
        alter domain positive add constraint is_positive check (value > 0) not valid;
    """
    with session(endpoint, tmp_path, schema=schema, users="0") as opened:
        assert rows_after(opened, "delete from amounts", "select count(*) from amounts") == (2,)


def test_settings_of_the_database_do_not_reach_the_keeper(endpoint: Endpoint, tmp_path: Path) -> None:
    """Rows are written down and read in one form, whatever form the schema's own settings choose."""
    schema = """
        create table lists (id integer primary key, a text[], m money, f float8, t timestamptz, i interval);
        insert into lists
        select g, array['x', null, 'NULL'], 1.5, 0.1::float8 + 0.2, '2024-01-31 12:00+00', '-1 mon 1 day'
        from generate_series(1, 40) as g;
        do $$ declare one text; begin
            foreach one in array array[
                'array_nulls = off', 'datestyle = ''ISO, DMY''', 'extra_float_digits = -15',
                'timezone = ''Asia/Kolkata''', 'intervalstyle = sql_standard', 'bytea_output = escape',
                'idle_session_timeout = 100'
            ]
            loop execute format('alter database %I set %s', current_database(), one); end loop;
        end $$;
    """
    digest: LiteralString = "select md5(string_agg(l::text, '' order by id)) from lists as l"
    with session(endpoint, tmp_path, schema=schema, users="0") as opened:
        first = rows_after(opened, "select 1", digest)
        time.sleep(0.15)
        assert rows_after(opened, "delete from lists", digest) == first
        assert not opened._lenders.replaced


def test_a_schema_without_sequences(endpoint: Endpoint, tmp_path: Path) -> None:
    """Nothing is asked of sequences where there are none."""
    with session(endpoint, tmp_path, schema="create table a (i integer);", users="0") as opened:
        assert rows_after(opened, "insert into a values (1)", "select count(*) from a") == (0,)
        assert not opened._lenders.replaced


def test_what_cannot_be_put_back_is_not_logged(
    clones: TorturedClones, caplog: pytest.LogCaptureFixture
) -> None:
    """A clone that has to be replaced is no event for the log of the test that happens to come next."""
    caplog.set_level(logging.WARNING)
    for statement in ("drop sequence loose", "delete from unchecked"):
        clones.run([Step(OWN, statement, 0)])
        assert clones.differences() == []
    assert caplog.messages == []
