"""Whatever a test does to its database, the next one finds it as it was made, soon, and nothing is left.

Each act in two modes of isolation with the other tests; in all modes, and larger, by

    pytest -m torture -n 0 tests/isolation/test_hostile_tests.py
"""

from __future__ import annotations

import time
import warnings
from typing import TYPE_CHECKING

import psycopg
import pytest
from database_dump import digest_query, dumping, parts_of
from factory_databases import session
from hostile_acts import ACTS, Hostile
from own_clusters import own_server

from pytest_supaseed.errors import OpenConnectionWarning, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from hostile_acts import Act

    from pytest_supaseed.isolation.datasets import Dataset
    from pytest_supaseed.isolation.seed_session import SeedSession
    from pytest_supaseed.isolation.seeded_database import SeededDatabase
    from pytest_supaseed.option_values import IsolationMode
    from pytest_supaseed.server.endpoint import Endpoint

SECONDS = 5.0
"""Within this the next test has its database; it takes 30 ms where the machine has time."""
FEW, MANY = 500, 10_000
"""Tables that a test makes."""
LEFT = """
select 'database ' || datname from pg_database
union all select 'slot ' || slot_name from pg_replication_slots
union all select 'prepared ' || gid from pg_prepared_xacts
union all select 'setting ' || setconfig::text from pg_db_role_setting
union all select 'role ' || rolname from pg_roles
union all select 'connection ' || coalesce(query, '') from pg_stat_activity
    where backend_type in ('client backend', 'walsender') and pid <> pg_backend_pid()
order by 1
"""

Digests = set[tuple[str, int, int]]


@pytest.fixture(scope="module")
def server() -> Iterator[Endpoint]:
    """A server of these tests' own: they use up what other tests need."""
    with own_server() as endpoint:
        yield endpoint


@pytest.fixture(scope="module")
def folder(server: Endpoint, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project's folder; its dataset is there."""
    made = tmp_path_factory.mktemp("project")
    with session(server, made) as opened:
        dataset_of(opened)
    return made


def dataset_of(opened: SeedSession) -> Dataset:
    """The dataset of a session's own options."""
    table_map = opened.table_map()
    return opened.dataset(table_map, opened.plan(table_map))


def digests(database: SeededDatabase) -> Digests:
    """Everything that a database holds."""
    with dumping(database.admin_conninfo) as connection:
        return set(connection.execute(digest_query(parts_of(connection))).fetchall())


def left_on(server: Endpoint, expected: list[str] | None = None) -> list[str]:
    """What is on the server; backends that are about to end are waited for."""
    deadline = time.monotonic() + SECONDS
    with psycopg.connect(server.conninfo(), autocommit=True) as connection:
        while True:
            found = [line for (line,) in connection.execute(LEFT).fetchall()]
            is_quiet = not any(line.startswith("connection ") for line in found)
            if found == expected or (expected is None and is_quiet) or time.monotonic() > deadline:
                return found
            time.sleep(0.01)


def undone(server: Endpoint, folder: Path, act: Act, isolation: IsolationMode, size: int) -> None:
    """Have a test do something, and look what the two tests after it find, and what is left in the end."""
    before = left_on(server)
    with session(server, folder) as opened:
        dataset = dataset_of(opened)
        with opened.clone(dataset, test="first", isolation=isolation) as database:
            expected = digests(database)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", OpenConnectionWarning)
            with opened.clone(dataset, test="hostile", isolation=isolation) as database:
                hostile = Hostile(database, size)
                act(hostile)
                ended = time.monotonic()
        with opened.clone(dataset, test="next", isolation=isolation) as database:
            waited = time.monotonic() - ended
            assert digests(database) == expected
            hostile.end()
        with opened.clone(dataset, test="the one after", isolation=isolation) as database:
            assert digests(database) == expected
    print(f"{act.__name__} [{isolation}]: the next test had its database after {waited * 1000:.0f} ms")  # noqa: T201
    assert waited < SECONDS
    assert left_on(server, before) == before


@pytest.mark.parametrize("isolation", ["restore", "clone"])
@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
def test_the_next_test_is_none_the_wiser(
    server: Endpoint, folder: Path, act: Act, isolation: IsolationMode
) -> None:
    """It has its database within seconds, all of it as it was made; the server is as it was in the end."""
    undone(server, folder, act, isolation, FEW)


@pytest.mark.torture
@pytest.mark.parametrize("isolation", ["restore", "clone", "rollback", "shared"])
@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
def test_in_every_mode_and_in_large(
    server: Endpoint, folder: Path, act: Act, isolation: IsolationMode
) -> None:
    """The same, where writes are rolled back or forbidden, and with ten thousand tables."""
    try:
        undone(server, folder, act, isolation, MANY)
    except UsageError as error:
        assert isolation == "rollback"
        pytest.skip(error.summary)


def test_what_a_killed_run_left_hinders_no_other(server: Endpoint, folder: Path) -> None:
    """A database that is a template, forbids connections, and has a prepared transaction, all at once."""
    before = left_on(server)
    name = "supaseed_run_00c0ffee_1"
    with psycopg.connect(server.conninfo(), autocommit=True) as connection:
        connection.execute(f"create database {name}".encode())
        with psycopg.connect(server.conninfo(name), autocommit=True) as inside:
            inside.execute("begin; create table t (); prepare transaction 'left by a killed run'")
        for hindrance in (
            "is_template true",
            "allow_connections false",
            "connection limit 0",
            "set role = nobody",
        ):
            connection.execute(f"alter database {name} {hindrance}".encode())
    with session(server, folder) as opened, opened.clone(dataset_of(opened), test="t") as database:
        assert database.count("users") == 4
    assert left_on(server, before) == before
