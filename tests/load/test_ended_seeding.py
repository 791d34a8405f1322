"""Tests of what goes wrong in the middle of a table: what failed, where, how far it came, what is left."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from factory_databases import session
from psycopg import sql
from seeded_schemas import seed_schema

from pytest_supaseed import LoadError
from pytest_supaseed.progress import BatchCommitted, ProgressEvent, RowsSent
from pytest_supaseed.rows.batches import Batching

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Maker
    from pytest_supaseed.isolation.datasets import Dataset
    from pytest_supaseed.isolation.seed_session import SeedSession
    from pytest_supaseed.isolation.templates import Template
    from pytest_supaseed.server.endpoint import Endpoint

HEAD = "import factory\nfrom pytest_supaseed import Parent, TableFactory\n"
ROWS = "create table first (id int primary key); create table rows (id int primary key, name text not null);"
_numbers = count(1)


@contextmanager
def planned(endpoint: Endpoint, folder: Path, text: str, **flags: str) -> Iterator[SeedSession]:
    """A session whose plan uses the factories of a module; its templates are dropped again."""
    module = f"ending_{next(_numbers)}"
    (folder / f"{module}.py").write_text(HEAD + text, encoding="utf-8")
    schema = f"-- {folder}\n{ROWS}"
    with session(endpoint, folder, schema, factories=module, **{"rows": "rows=2500", **flags}) as opened:
        try:
            yield opened
        finally:
            sys.modules.pop(module, None)


def made(opened: SeedSession) -> Dataset:
    """The dataset of a session."""
    table_map = opened.table_map()
    return opened.dataset(table_map, opened.plan(table_map))


def templates(endpoint: Endpoint) -> set[str]:
    """The templates of the server."""
    with psycopg.connect(endpoint.conninfo(), autocommit=True) as connection:
        found = connection.execute("select datname from pg_database where datname like 'supaseed_%'")
        return {name for (name,) in found.fetchall()}


FAILING = """
class RowFactory(TableFactory):
    class Meta:
        table = "rows"

    id = factory.Sequence(lambda n: n)
    name = factory.LazyAttribute(lambda row: "x" * (1 // (row.id - 2200) + 2))
"""


@pytest.mark.parametrize("size", ["7", "300", "auto"])
def test_a_factory_that_raises_far_into_its_table(endpoint: Endpoint, tmp_path: Path, size: str) -> None:
    """The row is named, those of whole chunks before it are there, whatever the batches are."""
    with planned(endpoint, tmp_path, FAILING, batch_size=size) as opened:
        dataset = made(opened)
        part = next(part for part in dataset.report.parts if part.table == "rows")
        assert (part.planned, part.loaded) == (2500, 2000)
        assert "RowFactory.name raised ZeroDivisionError" in part.note
        assert "row of number 2200" in part.note
        assert part.note.startswith("2,000 rows, 2,500 were planned")
        with opened.clone(dataset, test="t") as db:
            assert db.count("rows") == 2000
        opened._store.forget(dataset.name)


def test_a_factory_that_raises_is_an_error_where_all_rows_are_asked_for(
    endpoint: Endpoint, tmp_path: Path
) -> None:
    """With `strict`."""
    with planned(endpoint, tmp_path, FAILING, strict="true") as opened:
        with pytest.raises(LoadError, match="fewer rows than planned") as caught:
            made(opened)
        assert "ZeroDivisionError" in str(caught.value)


def test_a_provider_that_faker_does_not_have(endpoint: Endpoint, tmp_path: Path) -> None:
    """Its name, the factory and the field; the table is empty and the report says so."""
    text = """
class RowFactory(TableFactory):
    class Meta:
        table = "rows"

    name = factory.Faker("nmae")
"""
    with planned(endpoint, tmp_path, text) as opened:
        dataset = made(opened)
        part = next(part for part in dataset.report.parts if part.table == "rows")
        assert part.loaded == 0
        assert "RowFactory.name raised AttributeError" in part.note
        assert "nmae" in part.note
        assert next(part for part in dataset.report.parts if part.table == "first").loaded > 0
        opened._store.forget(dataset.name)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("'seven' if n == 2100 else n", "invalid input syntax for type integer"),
        ("object() if n == 2100 else n", "cannot adapt type 'object'"),
        ("2 ** 40 if n == 2100 else n", "out of range"),
        ("n if n != 2100 else None", "null value"),
    ],
)
def test_a_value_of_the_wrong_type_costs_its_row(
    endpoint: Endpoint, tmp_path: Path, value: str, said: str
) -> None:
    """In the middle of COPY: the table is whole, the row replaced, and the summary says why."""
    text = f"""
class RowFactory(TableFactory):
    class Meta:
        table = "rows"

    id = factory.Sequence(lambda n: {value})
"""
    with planned(endpoint, tmp_path, text, batch_size="400") as opened:
        dataset = made(opened)
        part = next(part for part in dataset.report.parts if part.table == "rows")
        assert (part.loaded, part.refused) == (2500, 1)
        assert said in part.reason
        assert any("1 refused rows were replaced" in note for note in dataset.report.notes)
        opened._store.forget(dataset.name)


def test_values_of_megabytes_end_the_seeding_where_they_do_not_fit(
    endpoint: Endpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is in use, what may be, what helps; no dataset is left that would be taken for whole."""
    text = """
class RowFactory(TableFactory):
    class Meta:
        table = "rows"

    name = factory.Sequence(lambda n: f"{n:06}" * 10_000)
"""
    with planned(endpoint, tmp_path, text, memory_limit="16MB") as opened:
        asked = []
        ensure = opened._store.ensure

        def noted(name: str, *arguments: Any, **options: Any) -> Template:
            asked.append(name)
            return ensure(name, *arguments, **options)

        monkeypatch.setattr(opened._store, "ensure", noted)
        with pytest.raises(LoadError, match="memory that it may take is full") as caught:
            made(opened)
        said = str(caught.value)
        assert "at table public.rows" in said
        assert "of its 2,500 rows were committed" in said
        assert "memory-limit is 16MB" in said
        assert "done before it: 1 of 2 tables" in said
        assert "used only when it is whole" in said
        schema, dataset = dict.fromkeys(asked)
        there = templates(endpoint)
        assert schema in there
        assert dataset not in there
        opened._store.forget(schema)


def test_batches_shrink_before_memory_ends_it(maker: Maker) -> None:
    """Half by half, down to one row; what was committed on the way is there."""
    events: list[ProgressEvent] = []
    ballast: list[bytearray] = []

    def hear(event: ProgressEvent) -> None:
        events.append(event)
        if isinstance(event, RowsSent) and event.rows >= 4000 and not ballast:
            ballast.append(bytearray(64 << 20))

    with maker.database("shrinking") as connection:
        with pytest.raises(LoadError, match="memory that it may take is full") as caught:
            seed_schema(
                connection,
                "create table rows (id int primary key, name text not null);",
                rows=120_000,
                batching=Batching(memory_limit=40 << 20),
                on_event=hear,
            )
        committed = [event for event in events if isinstance(event, BatchCommitted)]
        sizes = [event.next_rows for event in committed]
        assert sizes[-1] == 1
        assert sizes == sorted(sizes, reverse=True)
        row = connection.execute("select count(*) from rows").fetchone()
        assert row == (committed[-1].rows,)
        assert f"after {committed[-1].rows:,} of its 120,000 rows" in str(caught.value)


def test_a_table_that_is_dropped_meanwhile(maker: Maker) -> None:
    """It is named, with how far it came: no row by row search for one that fits."""
    with maker.database("dropped") as connection:

        def hear(event: ProgressEvent) -> None:
            if isinstance(event, BatchCommitted) and (event.label, event.rows) == ("public.rows", 300):
                connection.execute("drop table rows")

        with pytest.raises(LoadError, match=r"at table public\.rows .*after 300 of its 1,000") as caught:
            seed_schema(connection, ROWS, rows=1000, batching=Batching(100), on_event=hear)
        assert 'relation "public.rows" does not exist' in str(caught.value)
        assert "see who drops the table" in str(caught.value)


def test_a_backend_that_is_ended_in_the_middle_of_copy(maker: Maker) -> None:
    """An administrator's command, or the server's out of memory killer: all of it stops, and says where."""
    with maker.database("ended") as connection:

        def hear(event: ProgressEvent) -> None:
            if isinstance(event, RowsSent) and event.label == "public.rows" and event.rows >= 2000:
                connection.execute(
                    "select pg_terminate_backend(pid) from pg_stat_activity"
                    " where datname = current_database() and query like 'copy %'"
                )

        with pytest.raises(LoadError, match=r"Seeding ended at table public\.rows") as caught:
            seed_schema(connection, ROWS, rows=50_000, batching=Batching(1000), on_event=hear)
        assert "of its 50,000 rows were committed" in str(caught.value)
        assert "server's log" in str(caught.value)
        assert connection.execute("select count(*) % 1000 from rows").fetchone() == (0,)


DISK_FULL = """
create function full_disk() returns trigger language plpgsql as $$
begin
    if new.id > 700 then
        raise exception 'could not extend file' using errcode = 'disk_full';
    end if;
    return new;
end $$;
create trigger full_disk before insert on rows for each row execute function full_disk();
"""


def test_a_full_disk_ends_the_seeding_and_not_a_table(maker: Maker) -> None:
    """The error's code decides: a dataset without the rows that found no room would be kept for good."""
    with maker.database("full") as connection:
        with pytest.raises(LoadError, match=r"at table public\.rows .*after 700 of its 1,000") as caught:
            seed_schema(connection, ROWS + DISK_FULL, rows=1000, batching=Batching(100))
        assert "make room where the server keeps its files" in str(caught.value)


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A disk of 8 MB that the server may write to."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only root can mount a small disk")
    folder = Path(mkdtemp(prefix="supaseed-disk-", dir="/var/tmp"))  # the server has to reach it
    command = ["mount", "-t", "tmpfs", "-o", "size=8m,mode=0777", "tmpfs", str(folder)]
    if subprocess.run(command, check=False, capture_output=True).returncode:
        folder.rmdir()
        pytest.skip("nothing can be mounted here")
    folder.chmod(0o777)
    space = folder / "space"
    space.mkdir()
    yield space
    subprocess.run(["umount", "-l", str(folder)], check=True)
    folder.rmdir()


def test_a_disk_that_fills_in_the_middle_of_copy(maker: Maker, small_disk: Path) -> None:
    """A real one: Postgres can extend no file, and the batches before that are there."""
    with maker.database("filling") as connection:
        row = connection.execute(
            "select (pg_stat_file('base')).modification is not null, current_setting('data_directory')"
        ).fetchone()
        assert row is not None
        owner = Path(row[1]).stat()
        os.chown(small_disk, owner.st_uid, owner.st_gid)
        small_disk.chmod(0o700)
        place = sql.Literal(str(small_disk))
        connection.execute(sql.SQL("create tablespace supaseed_small location {}").format(place))
        try:
            schema = "create table rows (id int primary key, name text not null) tablespace supaseed_small;"
            with pytest.raises(LoadError, match=r"Seeding ended at table public\.rows") as caught:
                seed_schema(connection, schema, rows=400_000, batching=Batching(5000))
            assert "No space left on device" in str(caught.value)
            assert "make room" in str(caught.value)
            found = connection.execute("select count(*), count(*) % 5000 from rows").fetchone()
            assert found is not None
            assert found[0] > 0
            assert found[1] == 0
            assert f"after {found[0]:,} of its 400,000 rows" in str(caught.value)
        finally:
            connection.execute("drop table if exists rows")
            connection.execute("drop tablespace supaseed_small")
