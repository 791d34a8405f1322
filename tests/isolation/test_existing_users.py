"""Users that migrations made, in test runs: strategies, addresses in use, and what tests see of it."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from pytest_supaseed.email_pattern import email_pattern
from pytest_supaseed.errors import UsageError
from pytest_supaseed.isolation.inspected_schema import inspect_database
from pytest_supaseed.isolation.seed_session import Project, SeedSession, open_session
from pytest_supaseed.options import Options, resolve_options
from pytest_supaseed.reporting.summary import DatasetRecord, summary_lines

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import psycopg

    from pytest_supaseed.isolation.seeded_database import SeededDatabase
    from pytest_supaseed.server.endpoint import Endpoint

SCHEMA = """
    create table users (id uuid primary key default gen_random_uuid(), email text not null unique);
    create table books (
        id bigint generated always as identity primary key, reader_id uuid not null references users
    );
    insert into users (email) values ('ada.jones.40@example.com'), ('root@example.com');
"""


def asked(**values: Any) -> Options:
    """Options with these values."""
    return replace(resolve_options({}, {}), **values)


@contextmanager
def session(endpoint: Endpoint, root: Path, **values: Any) -> Iterator[SeedSession]:
    """A session on a schema whose migrations made two users."""
    (root / "schema.sql").write_text(SCHEMA)
    project = Project(root, asked(users=5, **values), ["schema.sql"])
    with open_session(endpoint, project, run="test", on_wait=lambda _: None) as opened:
        yield opened


@contextmanager
def database(opened: SeedSession, options: Options | None = None) -> Iterator[SeededDatabase]:
    """A test's database."""
    table_map = opened.table_map(options)
    dataset = opened.dataset(table_map, opened.plan(table_map, options), options)
    with opened.clone(dataset, test="tests/test_x.py::test_one") as found:
        yield found


def test_strategies_in_a_run(endpoint: Endpoint, tmp_path: Path) -> None:
    """Each is a dataset of its own, and all of them hold the users of the migrations as they were."""
    with session(endpoint, tmp_path) as opened:
        for strategy, users in (("create", 7), ("hybrid", 5), ("existing", 2)):
            with database(opened, asked(users=5, user_strategy=strategy)) as found:
                addresses = {user.email for user in found.users}
                assert {"ada.jones.40@example.com", "root@example.com"} <= addresses
                assert len(addresses) == users
                assert found.count("books") == (2 if strategy == "existing" else 5)
                assert found.report.decisions
                made = found.create("users")
                assert made.email not in addresses


def test_addresses_go_on_after_those_of_migrations(endpoint: Endpoint, tmp_path: Path) -> None:
    """The summary of a verbose run says what was decided; a plain one does not."""
    with session(endpoint, tmp_path, user_strategy="hybrid") as opened:
        table_map = opened.table_map()
        dataset = opened.dataset(table_map, opened.plan(table_map))
        record = DatasetRecord.of(dataset, endpoint)
    assert DatasetRecord.from_json(record.to_json()) == record
    loud, quiet = (list(summary_lines([record], verbosity=verbosity)) for verbosity in (1, 0))
    kept = "  2 users kept: they are there; up to 5 are added (ada.jones.40@example.com, root@example.com)"
    assert kept in loud
    assert any("3 users created: by the strategy hybrid, with numbers after 40" in line for line in loud)
    assert not any("users kept" in line for line in quiet)


def test_a_pattern_is_another_dataset(endpoint: Endpoint, tmp_path: Path) -> None:
    """Addresses are rows: they count in the digest."""
    with session(endpoint, tmp_path) as opened:
        usual = opened.plan(opened.table_map())
        other = opened.plan(
            opened.table_map(), asked(users=5, email_pattern=email_pattern("{first}{n}@a.test"))
        )
        assert usual.digest() != other.digest()


def test_a_filter_on_an_unknown_column_in_a_run(endpoint: Endpoint, tmp_path: Path) -> None:
    """The message says who gave it."""
    with (
        session(endpoint, tmp_path, existing_users={"plan": "free"}) as opened,
        pytest.raises(UsageError, match=r"names the column plan, and public\.users has none"),
    ):
        opened.plan(opened.table_map())


def test_a_database_of_ones_own_is_looked_at(empty_database: psycopg.Connection, endpoint: Endpoint) -> None:
    """`plan --url` tells what a run beside its users would make, and writes nothing."""
    empty_database.execute(SCHEMA.encode())
    url = endpoint.conninfo(empty_database.info.dbname)
    found = inspect_database(url, asked(users=5, user_strategy="hybrid"), source="--url")
    assert found.state is not None
    assert (found.state.users.chosen, found.state.after) == (2, 40)
    plan = found.plan(asked(users=5, user_strategy="hybrid"))
    assert {part.table.name: part.rows for part in plan.tables} == {"users": 3, "books": 5}
