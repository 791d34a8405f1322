"""Tests of server.databases: what we make on a server, and nothing else."""

from __future__ import annotations

import os
import threading
import time
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg import sql

from pytest_supaseed.errors import DatasetError, EndpointError
from pytest_supaseed.server.databases import (
    KEPT_PREFIX,
    REGISTRY,
    RUN_PREFIX,
    begin_run,
    connect_registry,
    create_database,
    database_lock,
    drop_database,
    drop_leftovers,
    list_databases,
    list_kept,
    maintenance_connection,
    resume_run,
)
from pytest_supaseed.server.endpoint import Endpoint

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


ASK = "select pg_try_advisory_lock(24301, hashtext(%(key)s))"
"""What `database_lock` asks, once."""


@contextmanager
def registry_of(endpoint: Endpoint) -> Iterator[psycopg.Connection]:
    """A connection to the registry of the server."""
    with connect_registry(endpoint) as connection:
        yield connection


@pytest.mark.parametrize("name", ["postgres", "template1", "Supaseed_x", "my_supaseed_db", ""])
def test_no_database_of_others_is_touched(endpoint: Endpoint, name: str) -> None:
    """Whatever goes wrong above, only databases named supaseed_* are made or dropped."""
    with maintenance_connection(endpoint) as connection:
        with pytest.raises(DatasetError, match="no database of ours"):
            drop_database(connection, name)
        with pytest.raises(DatasetError, match="no database of ours"):
            create_database(connection, name, owner=endpoint.user)


def test_a_copy_has_rows_oids_and_owner(endpoint: Endpoint, empty_database: psycopg.Connection) -> None:
    """A clone is the template byte by byte: the same rows under the same OIDs."""
    empty_database.execute("create table kept (id int primary key); insert into kept values (1), (2)")
    oid = empty_database.execute("select 'kept'::regclass::oid").fetchone()
    template = empty_database.info.dbname
    empty_database.close()
    name = f"{template}_copy"
    with maintenance_connection(endpoint) as connection:
        create_database(connection, name, owner=endpoint.user, template=template)
        try:
            with psycopg.connect(endpoint.conninfo(name)) as clone:
                assert clone.execute("select count(*) from kept").fetchone() == (2,)
                assert clone.execute("select 'kept'::regclass::oid").fetchone() == oid
        finally:
            drop_database(connection, name)


def test_text_sorts_by_code_points_everywhere(empty_database: psycopg.Connection) -> None:
    """Order and encoding do not depend on the server's locale: rows are the same on every machine."""
    found = empty_database.execute(
        "select string_agg(x, '' order by x), current_setting('server_encoding')"
        " from unnest(array['a', 'B', 'ä', 'Z']) as x"
    ).fetchone()
    assert found == ("BZaä", "UTF8")


def test_a_database_in_use_is_dropped_all_the_same(
    endpoint: Endpoint, empty_database: psycopg.Connection
) -> None:
    """A connection that a test forgot does not keep its database alive."""
    empty_database.execute("select 1")
    with maintenance_connection(endpoint) as connection:
        drop_database(connection, empty_database.info.dbname)
        assert empty_database.info.dbname not in list_databases(connection)


def test_the_registry_is_made_by_whoever_comes_first(endpoint: Endpoint) -> None:
    """Many processes may ask for it at once, on a server that has none yet."""
    failed: list[Exception] = []

    def ask() -> None:
        try:
            connect_registry(endpoint).close()
        except Exception as error:  # noqa: BLE001  # whatever it is, the test shows it
            failed.append(error)

    with maintenance_connection(endpoint) as connection:
        askers = [threading.Thread(target=ask) for _ in range(6)]
        for asker in askers:
            asker.start()
        for asker in askers:
            asker.join()
        assert failed == []
        assert REGISTRY in list_databases(connection)


def test_a_login_that_may_not_create_databases_is_told_so(
    endpoint: Endpoint, empty_database: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error names the login, what was tried, and the statement that helps."""
    empty_database.execute("drop role if exists supaseed_test_guest")
    empty_database.execute("create role supaseed_test_guest login password 'guest'")
    guest = Endpoint(
        kind="existing",
        host=endpoint.host,
        port=endpoint.port,
        user="supaseed_test_guest",
        password="guest",
        version=endpoint.version,
        title="",
    )
    monkeypatch.setattr("pytest_supaseed.server.databases.REGISTRY", "supaseed_registry_of_a_new_server")
    try:
        with pytest.raises(EndpointError, match="may not create databases") as raised:
            connect_registry(guest)
        assert "alter role supaseed_test_guest createdb" in str(raised.value)
    finally:
        empty_database.execute("drop role supaseed_test_guest")


def test_a_lock_keeps_others_waiting_and_says_so(endpoint: Endpoint) -> None:
    """The second one is told that it waits, and goes on when the first one is done."""
    told = threading.Event()
    got = threading.Event()

    def second() -> None:
        with registry_of(endpoint) as connection, database_lock(connection, "x", on_wait=told.set):
            got.set()

    with registry_of(endpoint) as connection:
        with database_lock(connection, "x"):
            other = threading.Thread(target=second)
            other.start()
            assert told.wait(10)
            assert not got.is_set()
        other.join(10)
    assert got.is_set()


def test_a_lock_is_gone_with_its_connection(endpoint: Endpoint) -> None:
    """A process that is killed keeps nobody waiting."""
    dying = connect_registry(endpoint)
    with registry_of(endpoint) as connection:
        with database_lock(dying, "y"):
            dying.close()
        deadline = time.monotonic() + 10
        while connection.execute(ASK, {"key": "y"}).fetchone() != (True,):
            assert time.monotonic() < deadline, "the lock of a closed connection is still held"
            time.sleep(0.005)


def swept(registry: psycopg.Connection, own: str) -> list[str]:
    """The databases of runs that are left after a sweep."""
    drop_leftovers(registry, own=own)
    return list_databases(registry, RUN_PREFIX)


def test_what_a_dead_run_left_is_dropped_and_what_lives_is_not(endpoint: Endpoint) -> None:
    """A run lives as long as its connection; the next one drops its databases, and no others."""
    with registry_of(endpoint) as alive, registry_of(endpoint) as sweeper:
        dead = connect_registry(endpoint)
        names = {
            "dead": begin_run(dead) + "1",
            "alive": begin_run(alive) + "1",
            "own": (own := begin_run(sweeper)) + "1",
        }
        for name in names.values():
            create_database(sweeper, name, owner=endpoint.user)
        try:
            dead.close()
            deadline = time.monotonic() + 10
            while names["dead"] in (left := swept(sweeper, own)):
                assert time.monotonic() < deadline, "a closed connection still keeps its databases alive"
                time.sleep(0.005)
            assert {names["alive"], names["own"]} <= set(left)
        finally:
            for name in names.values():
                drop_database(sweeper, name)


def test_a_name_that_no_run_gave_is_left_alone(endpoint: Endpoint) -> None:
    """Whoever made supaseed_run_notes by hand keeps it."""
    name = f"{RUN_PREFIX}notes"
    with registry_of(endpoint) as connection:
        create_database(connection, name, owner=endpoint.user)
        try:
            assert name not in drop_leftovers(connection, own=begin_run(connection))
            assert name in list_databases(connection)
        finally:
            drop_database(connection, name)


def prepare(connection: psycopg.Connection) -> None:
    """A transaction that waits for its second phase."""
    connection.execute(
        "create table t (); begin; insert into t default values; prepare transaction 'it''s \"odd\"'"
    )


def subscribe(connection: psycopg.Connection) -> None:
    """A subscription to a server that is not there."""
    connection.execute(
        "create subscription supaseed_test connection 'host=127.0.0.1 port=1' publication p"
        " with (connect = false)"
    )


def leave_a_slot(connection: psycopg.Connection) -> None:
    """A slot of logical replication from which nobody reads."""
    connection.execute("select pg_create_logical_replication_slot('supaseed_test', 'pgoutput')")


@pytest.mark.parametrize("hold", [prepare, subscribe, leave_a_slot], ids=lambda hold: hold.__name__)
def test_what_outlives_connections_keeps_no_database(
    endpoint: Endpoint, empty_database: psycopg.Connection, hold: Callable[[psycopg.Connection], None]
) -> None:
    """Whatever a test leaves in its database, the database can be dropped."""
    name = empty_database.info.dbname
    hold(empty_database)
    empty_database.close()
    with maintenance_connection(endpoint) as connection:
        drop_database(connection, name)
        assert name not in list_databases(connection)


def test_replication_that_runs_keeps_no_database(
    endpoint: Endpoint, empty_database: psycopg.Connection
) -> None:
    """A reader of a logical slot is ended with what it reads."""
    leave_a_slot(empty_database)
    name = empty_database.info.dbname
    # `with reader` would roll back, which nobody can while rows stream in.
    with closing(psycopg.connect(endpoint.conninfo(name), replication="database", autocommit=True)) as reader:
        reader.pgconn.send_query(
            b"START_REPLICATION SLOT supaseed_test LOGICAL 0/0 (proto_version '1', publication_names 'p')"
        )
        reader.pgconn.flush()
        with maintenance_connection(endpoint) as connection:
            wait_until_active(connection, "supaseed_test")
            drop_database(connection, name)
            assert name not in list_databases(connection)


def wait_until_active(connection: psycopg.Connection, slot: str) -> None:
    """Wait until somebody reads from a slot."""
    deadline = time.monotonic() + 10
    while connection.execute(
        "select active from pg_replication_slots where slot_name = %s", (slot,)
    ).fetchone() != (True,):
        assert time.monotonic() < deadline, "nobody reads from the slot"
        time.sleep(0.005)


KEPT = f"{KEPT_PREFIX}0000{os.getpid() % 65536:04x}"


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        (
            '{"test": "a.py::b[ü]", "at": "2026-01-02", "dataset": "supaseed_tpl_x", "new": 1}',
            ("a.py::b[ü]", "2026-01-02", "supaseed_tpl_x"),
        ),
        (None, ("", "", "")),
        ("somebody's own words", ("", "", "")),
        ("[1]", ("", "", "")),
    ],
    ids=["as written", "no comment", "no JSON", "no object"],
)
def test_kept_databases_are_listed_with_their_tests(
    endpoint: Endpoint, comment: str | None, expected: tuple[str, str, str]
) -> None:
    """What is written down is read; a database about which nothing is written down is listed all the same."""
    with registry_of(endpoint) as connection:
        create_database(connection, KEPT, owner=endpoint.user)
        try:
            connection.execute(
                sql.SQL("comment on database {} is {}").format(sql.Identifier(KEPT), sql.Literal(comment))
            )
            (kept,) = [one for one in list_kept(connection) if one.name == KEPT]
            assert (kept.test, kept.at, kept.dataset) == expected
            assert kept.bytes > 1 << 20
        finally:
            drop_database(connection, KEPT)


def test_kept_databases_outlive_runs(endpoint: Endpoint) -> None:
    """The sweep of a later run leaves them alone."""
    with registry_of(endpoint) as connection:
        create_database(connection, KEPT, owner=endpoint.user)
        try:
            drop_leftovers(connection, own=begin_run(connection))
            assert KEPT in list_databases(connection)
        finally:
            drop_database(connection, KEPT)


def test_a_run_that_lost_its_connection_goes_on(endpoint: Endpoint) -> None:
    """Said on a new connection, its databases are kept from sweeps as before."""
    with registry_of(endpoint) as sweeper, registry_of(endpoint) as renewed:
        lost = connect_registry(endpoint)
        prefix = begin_run(lost)
        create_database(sweeper, name := f"{prefix}1", owner=endpoint.user)
        try:
            lost.close()
            resume_run(renewed, prefix)
            assert name in swept(sweeper, begin_run(sweeper))
        finally:
            drop_database(sweeper, name)
