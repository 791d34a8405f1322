"""What is read of tables for somebody to look at."""

from __future__ import annotations

import time

import psycopg
import pytest
from every_type import fill, make_table, source_of

from pytest_supaseed.catalog.introspect import introspect
from pytest_supaseed.load import sampled_rows
from pytest_supaseed.load.sampled_rows import SAMPLE_ROWS, VALUE_WIDTH, SampledTable, sample_tables


def sampled(connection: psycopg.Connection, *names: str) -> list[SampledTable]:
    """Read tables of `public`."""
    catalog = introspect(connection)
    tables = [catalog.find("public", name) for name in names]
    return list(sample_tables(connection, [table for table in tables if table is not None]))


def texts(table: SampledTable) -> dict[str, tuple[str | None, ...]]:
    """The values by column."""
    return {column.name: column.texts for column in table.columns}


def test_a_small_table_is_read_whole(empty_database: psycopg.Connection) -> None:
    """Every value as Postgres writes it, cut; moments in seconds besides; NULL is none."""
    empty_database.execute(
        "create table notes (id integer, body text, at timestamptz, day date, data bytea);"
        " insert into notes values (1, repeat('x', 500), '2025-01-01 10:00+00', null, '\\x00ff'),"
        " (2, null, 'infinity', '2025-01-02', null)"
    )
    (found,) = sampled(empty_database, "notes")
    assert (found.rows, found.size, found.problem) == (2, 2, "")
    assert texts(found) == {
        "id": ("1", "2"),
        "body": ("x" * VALUE_WIDTH, None),
        "at": ("2025-01-01 10:00:00+00", "infinity"),
        "day": (None, "2025-01-02"),
        "data": ("\\x00ff", None),
    }
    at = found.columns[2].epochs
    assert at[0] is not None
    assert float(at[0]) == 1735725600
    assert found.columns[3].epochs[0] is None
    assert found.columns[0].epochs == ()


def test_an_empty_table_has_no_columns(empty_database: psycopg.Connection) -> None:
    """Nor children."""
    empty_database.execute("create table notes (id integer); create table nothing ()")
    empty, bare = sampled(empty_database, "notes", "nothing")
    assert (empty, bare) == (SampledTable(0), SampledTable(0))


def test_rows_without_columns_are_counted(empty_database: psycopg.Connection) -> None:
    """A table may have no column, and rows."""
    empty_database.execute("create table nothing (); insert into nothing default values")
    (found,) = sampled(empty_database, "nothing")
    assert (found.rows, found.columns, found.problem) == (1, (), "")


def test_children_are_counted_along_each_key(empty_database: psycopg.Connection) -> None:
    """Of several columns too; where one of them is null, nothing is referred to."""
    empty_database.execute(
        "create table parents (a integer, b integer, primary key (a, b));"
        " create table children (a integer, b integer, foreign key (a, b) references parents);"
        " insert into parents values (1, 1), (1, 2), (2, 1);"
        " insert into children values (1, 1), (1, 1), (2, 1), (null, null), (5, null)"
    )
    parents, children = sampled(empty_database, "parents", "children")
    assert [counts for _, counts in children.children] == [((1, 1), (2, 1))]
    assert parents.children == ()


def test_partitions_and_inheritance(empty_database: psycopg.Connection) -> None:
    """A partitioned table holds the rows of its partitions; a parent by inheritance only its own."""
    empty_database.execute(
        "create table logs (id integer) partition by range (id);"
        " create table logs_1 partition of logs for values from (0) to (10);"
        " create table logs_2 partition of logs for values from (10) to (20);"
        " create table animals (name text); create table dogs () inherits (animals);"
        " insert into logs values (1), (11); insert into animals values ('cat');"
        " insert into dogs values ('rex')"
    )
    logs, animals = sampled(empty_database, "logs", "animals")
    assert (logs.rows, sorted(map(str, texts(logs)["id"]))) == (2, ["1", "11"])
    assert (animals.rows, texts(animals)["name"]) == (1, ("cat",))


def test_every_type_can_be_shown(empty_database: psycopg.Connection) -> None:
    """Nothing is converted but to text."""
    catalog, table, columns = make_table(empty_database)
    fill(empty_database, table, source_of(catalog, table, 20))
    (found,) = sample_tables(empty_database, [table])
    assert found.problem == ""
    assert len(found.columns) == len(columns)
    assert found.size == 20


def test_a_table_that_cannot_be_read_says_why(empty_database: psycopg.Connection) -> None:
    """The others are read all the same."""
    empty_database.execute(
        "create table closed (id integer); create table open (id integer); insert into open values (1);"
        " create role supaseed_reader; grant select on open to supaseed_reader; set role supaseed_reader"
    )
    try:
        closed, others = sampled(empty_database, "closed", "open")
    finally:
        empty_database.execute("reset role; drop owned by supaseed_reader; drop role supaseed_reader")
    assert (closed.rows, closed.problem) == (None, "permission denied for table closed")
    assert (others.rows, others.problem) == (1, "")


def test_nothing_is_written(empty_database: psycopg.Connection) -> None:
    """It works where Postgres refuses every write, and leaves the session's settings as they were."""
    empty_database.execute("create table notes (id integer); insert into notes values (1)")
    empty_database.execute("set timezone = 'Asia/Tokyo'; set default_transaction_read_only = on")
    (found,) = sampled(empty_database, "notes")
    assert found.rows == 1
    assert empty_database.execute("show timezone").fetchone() == ("Asia/Tokyo",)
    assert empty_database.execute("show statement_timeout").fetchone() == ("0",)


def test_a_large_table_is_sampled_from_all_over_it(
    empty_database: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In less than a second for 300,000 rows; where Postgres has an estimate, a larger one is not counted."""
    empty_database.execute(
        "create table parents (id integer primary key); insert into parents select generate_series(1, 1000);"
        " create table large (id integer, parent integer references parents);"
        " insert into large select n, 1 + n % 1000 from generate_series(1, 300000) as n"
    )
    begun = time.monotonic()
    (found,) = sampled(empty_database, "large")
    assert time.monotonic() - begun < 2
    assert (found.rows, found.is_estimate) == (300_000, False)
    ids = [int(str(text)) for text in texts(found)["id"]]
    assert SAMPLE_ROWS / 2 < len(ids) <= SAMPLE_ROWS
    assert min(ids) < 10_000
    assert max(ids) > 290_000
    assert found.children[0][1] == ((300, 1000),)
    empty_database.execute("analyze large")
    monkeypatch.setattr(sampled_rows, "COUNTED_BYTES", 1000)
    monkeypatch.setattr(sampled_rows, "GROUPED_ROWS", 1000)
    (found,) = sampled(empty_database, "large")
    assert found.is_estimate
    assert 0 < found.size <= SAMPLE_ROWS
    assert found.rows == pytest.approx(300_000, rel=0.1)
    assert found.children == ()


def test_of_large_rows_fewer_are_read(
    empty_database: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By their mean size, those parts that lie elsewhere included."""
    monkeypatch.setattr(sampled_rows, "SAMPLE_BYTES", 1_000_000)
    empty_database.execute(
        "create table documents (body text); alter table documents alter body set storage external;"
        " insert into documents select repeat('x', 10000) from generate_series(1, 300)"
    )
    (found,) = sampled(empty_database, "documents")
    assert 20 < found.size < 110


def test_a_table_that_somebody_locks_is_not_waited_for(
    empty_database: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A report is worth no long wait: the table says so, and the next one is read."""
    monkeypatch.setattr(sampled_rows, "TABLE_MILLISECONDS", 100)
    empty_database.execute("create table locked (id integer); create table open (id integer)")
    info = empty_database.info
    with psycopg.connect(info.dsn, password=info.password) as other:
        other.execute("lock table locked")
        locked, others = sampled(empty_database, "locked", "open")
    assert locked.problem == "canceling statement due to statement timeout"
    assert (others.rows, others.problem) == (0, "")
