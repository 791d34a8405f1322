"""What is sent to Postgres for names: nothing. Counted in libpq's own trace of what goes over the wire."""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from psycopg.pq import Trace

from pytest_supaseed.isolation.seed_session import Project, SeedSession, open_session
from pytest_supaseed.mapping import frameworks
from pytest_supaseed.name_map import NameMap
from pytest_supaseed.options import resolve_options

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import psycopg

    from pytest_supaseed.isolation.datasets import Dataset
    from pytest_supaseed.server.endpoint import Endpoint

SHOP = """
    create table customers (id bigint generated always as identity primary key, email text not null unique);
    create table orders (
        id bigint generated always as identity primary key,
        customer_id bigint not null references customers,
        total numeric(8, 2) not null check (total >= 0)
    );
"""
OPTIONS = replace(
    resolve_options({}, {}), map=NameMap({"purchases": "orders"}, {"purchases": {"sum": "total"}})
)

_STATEMENT = re.compile(r'^F\s+\d+\s+(?:Query\s+|Parse\s+"[^"]*"\s+)"(.*?)"', re.MULTILINE | re.DOTALL)


@pytest.fixture
def session(endpoint: Endpoint, tmp_path: Path) -> Iterator[SeedSession]:
    """A session on a schema of two tables, one of them by another name."""
    (tmp_path / "shop.sql").write_text(f"-- {tmp_path}\n{SHOP}")
    project = Project(tmp_path, OPTIONS, ["shop.sql"])
    with open_session(endpoint, project, run="test", on_wait=lambda _: None) as opened:
        yield opened
        for template in opened._schemas.values():
            opened._store.forget(template.template.name)


@pytest.fixture
def dataset(session: SeedSession) -> Iterator[Dataset]:
    """The seeded rows."""
    found = session.dataset_for(OPTIONS)
    yield found
    session._store.forget(found.name)


@contextmanager
def statements(connection: psycopg.Connection, path: Path) -> Iterator[list[str]]:
    """Collect the statements that a connection sends while the block runs."""
    sent: list[str] = []
    with path.open("wb") as lines:
        connection.pgconn.trace(lines.fileno())
        connection.pgconn.set_trace_flags(Trace.SUPPRESS_TIMESTAMPS)
        yield sent
        connection.pgconn.untrace()
    sent += _STATEMENT.findall(path.read_text(encoding="utf-8", errors="replace"))


def test_the_trace_sees_what_is_sent(session: SeedSession, dataset: Dataset, tmp_path: Path) -> None:
    """Else the other tests here could not fail."""
    with session.clone(dataset, test="a::b") as database:
        connection = database.connection
        with statements(connection, tmp_path / "trace") as sent:
            connection.execute("select 1")
            connection.execute("select %s::int", (2,))
        assert [text for text in sent if text != "BEGIN"] == ["select 1", "select $1::int"]


def test_names_cost_no_statement(session: SeedSession, dataset: Dataset, tmp_path: Path) -> None:
    """A hundred statements with logical names send themselves alone; psycopg prepares them in time."""
    with session.clone(dataset, test="a::b") as database:
        connection = database.connection
        with statements(connection, tmp_path / "trace") as sent:
            for _ in range(100):
                database.execute("select count(*) from {purchases} join {customers} c on c.id = customer_id")
                database.table_map.resolve("purchases")
                database.table_map.column("purchases", "sum")
                assert not database.table_map.has("nothing_of_that_name")
        assert {text for text in sent if text != "BEGIN"} == {"select count(*) from "}
        assert len(sent) <= 101


def test_rows_cost_no_statement_each(session: SeedSession, dataset: Dataset, tmp_path: Path) -> None:
    """Two hundred rows send as many statements as two."""
    with session.clone(dataset, test="a::b") as database:
        counts = []
        for count in (2, 2, 200):
            with statements(database.connection, tmp_path / "trace") as sent:
                database.create_batch("purchases", count, sum=5)
            counts.append(len([text for text in sent if text != "BEGIN"]))
        assert counts[2] == counts[1] > 0


def test_a_test_costs_no_look_at_the_catalog(session: SeedSession, dataset: Dataset, tmp_path: Path) -> None:
    """The test's database is a copy: no table, column or key is asked for, by any connection of ours."""
    registry = session._store.registry
    with statements(registry, tmp_path / "registry") as sent, session.clone(dataset, test="a::b") as database:
        with statements(database.connection, tmp_path / "own") as own:
            assert database.framework == "postgres"
            assert database.table_map.resolve("purchases").name == "orders"
            assert database.catalog.find("public", "customers") is not None
        assert own == []
    looked = [text for text in sent if re.search(r"pg_(class|attribute|constraint|index|type|proc)\b", text)]
    assert sent
    assert looked == []


def test_what_was_found_is_found_once(
    session: SeedSession, dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Detection, map and plan of a dataset are kept with it: tests that ask for the same get the same."""
    assert session.dataset_for(replace(OPTIONS)) is dataset
    monkeypatch.setattr(frameworks, "_recognises", None)
    others = [session.dataset_for(replace(OPTIONS, users=users)) for users in (2, 3)]
    assert {id(other.detection) for other in others} == {id(dataset.detection)}
    assert {id(other.catalog) for other in others} == {id(dataset.catalog)}
    for other in others:
        session._store.forget(other.name)
