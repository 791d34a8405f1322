"""Tests of isolation.seed_session and its parts: from options to a test's database, without pytest."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from pytest_supaseed.errors import LoadError, SchemaError
from pytest_supaseed.isolation.seed_session import Project, SeedSession, open_session
from pytest_supaseed.name_map import NameMap
from pytest_supaseed.options import Options, resolve_options
from pytest_supaseed.rows.factories import TableFactory
from pytest_supaseed.server.databases import list_databases, maintenance_connection

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_supaseed.isolation.seeded_database import SeededDatabase
    from pytest_supaseed.server.endpoint import Endpoint

SHOP = """
    create type size as enum ('small', 'large');
    create table customers (id bigint generated always as identity primary key, email text not null unique);
    create table orders (
        id bigint generated always as identity primary key,
        customer_id bigint not null references customers,
        size size not null,
        total numeric(8, 2) not null check (total >= 0)
    );
"""


class OrderFactory(TableFactory):
    """A user's factory by another name of the table."""

    class Meta:
        table = "purchases"

    total = 5


def asked(**values: Any) -> Options:
    """Options with these values."""
    return replace(resolve_options({}, {}), **values)


@contextmanager
def session(endpoint: Endpoint, root: Path, **values: Any) -> Iterator[SeedSession]:
    """A session on a plain schema of two tables."""
    (root / "shop.sql").write_text(SHOP)
    project = Project(root, asked(map=NameMap({"purchases": "orders"}), **values), ["shop.sql"])
    with open_session(endpoint, project, run="test", on_wait=lambda _: None) as opened:
        yield opened


@contextmanager
def database(opened: SeedSession, test: str = "tests/test_x.py::test_one") -> Iterator[SeededDatabase]:
    """A test's database."""
    table_map = opened.table_map()
    dataset = opened.dataset(table_map, opened.plan(table_map))
    with opened.clone(dataset, test=test) as found:
        yield found


def test_a_plain_schema_is_seeded(endpoint: Endpoint, tmp_path: Path) -> None:
    """Without Supabase in it, it gets no platform: nothing but its own tables, filled."""
    with session(endpoint, tmp_path, users=7) as opened, database(opened) as found:
        assert found.framework == "postgres"
        assert {table.schema for table in found.catalog.tables} == {"public"}
        assert (found.count("customers"), found.count("orders")) == (7, 7)
        assert found.report.rows_total == found.plan.total == 14


def test_every_way_in_leads_to_the_same_place(endpoint: Endpoint, tmp_path: Path) -> None:
    """URL, connection string and both connections meet in one database, as the schema's owner."""
    with session(endpoint, tmp_path) as opened, database(opened) as found:
        assert found.sqlalchemy_url.startswith("postgresql+psycopg://")
        with psycopg.connect(found.url) as by_url, psycopg.connect(found.conninfo) as by_conninfo:
            connections = [by_url, by_conninfo, found.connection, found.connect(autocommit=True)]
            assert {one.info.dbname for one in connections} == {found.name}
            assert {one.info.user for one in connections} == {endpoint.owner}


async def _name_of(found: SeededDatabase) -> Any:
    connection = await found.aconnect()
    cursor = await connection.execute("select current_database()")
    return await cursor.fetchone()


def test_an_asynchronous_connection_is_closed_too(endpoint: Endpoint, tmp_path: Path) -> None:
    """It is opened in a test's event loop and closed after the loop is gone."""
    import asyncio

    with session(endpoint, tmp_path) as opened, database(opened) as found:
        assert asyncio.run(_name_of(found)) == (found.name,)


def test_what_a_test_does_is_gone(endpoint: Endpoint, tmp_path: Path) -> None:
    """Commits, dropped tables, open transactions: the next clone is as the first one was."""
    with session(endpoint, tmp_path) as opened:
        with database(opened) as first:
            first.execute("drop table {purchases}")
            first.connection.commit()
            first.connect().execute("delete from customers")
        with database(opened) as second:
            assert (second.count("purchases"), second.count("customers")) == (10, 10)
            assert second.name != first.name


def test_nothing_is_left_but_templates(endpoint: Endpoint, tmp_path: Path) -> None:
    """After a session there is no database of a test."""
    with session(endpoint, tmp_path) as opened, database(opened) as found:
        assert found.name in list_databases(opened._store.registry)
    with maintenance_connection(endpoint) as connection:
        assert found.name not in list_databases(connection)


def test_rows_made_in_a_test_follow_from_it(endpoint: Endpoint, tmp_path: Path) -> None:
    """The same test makes the same rows again; another test, or the next call, makes others."""
    with session(endpoint, tmp_path) as opened:
        made = []
        for test in ("a::one", "a::one", "a::two"):
            with database(opened, test) as found:
                made.append([found.create("customers").email, found.create("customers").email])
    assert made[0] == made[1] != made[2]
    assert made[0][0] != made[0][1]


def test_a_factory_writes_into_the_test_s_database(endpoint: Endpoint, tmp_path: Path) -> None:
    """By the logical name of its Meta; outside of a test there is nowhere to write to."""
    with session(endpoint, tmp_path) as opened, database(opened) as found:
        row = OrderFactory(size="large")
        batch = OrderFactory.create_batch(30)
        assert (row.total, row.size) == (5, "large")
        assert len({one.id for one in batch}) == 30
        assert found.count("orders") == 41


def test_other_options_are_another_dataset(endpoint: Endpoint, tmp_path: Path) -> None:
    """A marker's users and rows; asked for twice, it is made once."""
    with session(endpoint, tmp_path) as opened:
        few = opened.dataset_for(asked(users=2, rows={"orders": 9}))
        assert opened.dataset_for(asked(users=2, rows={"orders": 9})) is few
        with opened.clone(few, test="t") as found:
            assert (found.count("customers"), found.count("orders")) == (2, 9)


def test_no_users_are_the_schema_alone(endpoint: Endpoint, tmp_path: Path) -> None:
    """Zero is a number of users like another."""
    with session(endpoint, tmp_path, users=0) as opened, database(opened) as found:
        assert (found.count("customers"), found.plan.total) == (0, 0)


def test_a_second_session_finds_what_the_first_made(endpoint: Endpoint, tmp_path: Path) -> None:
    """Catalog, plan and report are the same as when it was made."""
    found = []
    for _ in range(2):
        with session(endpoint, tmp_path, seed=str(tmp_path)) as opened:
            table_map = opened.table_map()
            dataset = opened.dataset(table_map, opened.plan(table_map))
            found.append((dataset.built, dataset.catalog.digest(), dataset.plan.digest(), dataset.report))
    assert [built for built, *_ in found] == [True, False]
    assert found[0][1:] == found[1][1:]


@pytest.mark.parametrize(
    "change",
    [
        {"seed": "other"},
        {"users": 11},
        {"rows": {"orders": 11}},
        {"map": NameMap({"purchases": "customers"})},
        {"exact_names": True},
    ],
    ids=str,
)
def test_each_option_counts(endpoint: Endpoint, tmp_path: Path, change: dict[str, Any]) -> None:
    """Whatever changes the rows or their names makes another dataset."""
    with session(endpoint, tmp_path) as opened:
        plain = opened.dataset_for(asked())
        assert opened.dataset_for(asked(**change)).name != plain.name


def test_one_byte_of_a_source_counts(endpoint: Endpoint, tmp_path: Path) -> None:
    """A migration that changed is never met by the old dataset."""
    names = []
    for extra in ("", " "):
        (tmp_path / "shop.sql").write_text(SHOP + extra)
        project = Project(tmp_path, asked(), ["shop.sql"])
        with open_session(endpoint, project, run="test", on_wait=lambda _: None) as opened:
            names.append(opened.schema().template.name)
    assert names[0] != names[1]


def test_without_a_schema_it_says_where_it_looked(endpoint: Endpoint, tmp_path: Path) -> None:
    """And how to say where the tables come from, or to try it with a look-alike."""
    project = Project(tmp_path, asked(), None)
    with (
        open_session(endpoint, project, run="test", on_wait=lambda _: None) as opened,
        pytest.raises(SchemaError, match="no schema to seed") as raised,
    ):
        opened.schema()
    said = str(raised.value)
    assert str(tmp_path / "supabase" / "migrations") in said
    assert "--supaseed-framework=makerkit" in said


def test_a_framework_without_a_schema_brings_its_look_alike(endpoint: Endpoint, tmp_path: Path) -> None:
    """Asked for by name, and said to be asked for."""
    project = Project(tmp_path, asked(users=3, framework="makerkit"), None)
    with (
        open_session(endpoint, project, run="test", on_wait=lambda _: None) as opened,
        database(opened) as found,
    ):
        assert found.framework == "makerkit"
        assert len(found.users) == 3
        assert found.table_map.resolve("setup_types").qualified == "public.base_templates"


def test_what_fails_to_run_leaves_no_database(endpoint: Endpoint, tmp_path: Path) -> None:
    """An error in the middle of a migration: nothing half made that the next run would trust."""
    (tmp_path / "bad.sql").write_text(SHOP + "\ncreate table oops (id int references nowhere);")
    project = Project(tmp_path, asked(), ["bad.sql"])
    with open_session(endpoint, project, run="test", on_wait=lambda _: None) as opened:
        with pytest.raises(SchemaError, match=r"bad\.sql"):
            opened.schema()
        store = opened._store
        assert list_databases(store.registry, store.new_name().rstrip("0123456789")) == []


def test_strict_makes_a_shortfall_an_error(endpoint: Endpoint, tmp_path: Path) -> None:
    """Also where the dataset was there already; without it the summary says what is short."""
    (tmp_path / "short.sql").write_text(SHOP + "create table never (id int check (id > 1 and id < 1));")
    lenient = Project(tmp_path, asked(rows={"never": 3}), ["short.sql"])
    strict = Project(tmp_path, asked(rows={"never": 3}, strict=True), ["short.sql"])
    with (
        open_session(endpoint, lenient, run="test", on_wait=lambda _: None) as opened,
        database(opened) as found,
    ):
        (short,) = found.report.shortfalls
        assert (short.table, short.loaded) == ("never", 0)
    with (
        open_session(endpoint, strict, run="test", on_wait=lambda _: None) as opened,
        pytest.raises(LoadError, match="fewer rows than planned") as raised,
    ):
        opened.dataset_for(strict.options)
    assert "never" in str(raised.value)


def test_triggers_are_skipped_where_asked(endpoint: Endpoint, tmp_path: Path) -> None:
    """With them off, nothing is stamped by a trigger; and that is another dataset."""
    (tmp_path / "stamped.sql").write_text(
        SHOP
        + """
        alter table customers add column stamped_by text;
        create function stamp() returns trigger language plpgsql as
        $$ begin new.stamped_by := 'the trigger'; return new; end $$;
        create trigger stamp before insert on customers for each row execute function stamp();
        """
    )
    counts = []
    for triggers in ("fire", "skip"):
        project = Project(tmp_path, asked(triggers=triggers), ["stamped.sql"])
        with (
            open_session(endpoint, project, run="test", on_wait=lambda _: None) as opened,
            database(opened) as found,
        ):
            counts.append(found.count("customers", stamped_by="the trigger"))
    assert counts == [10, 0]
