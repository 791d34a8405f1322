"""Tests of `supaseed cache list`, `prune` and `clear`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from commands.cached import (
    DATASET,
    KEPT,
    SCHEMA,
    TEST,
    current,
    fill,
    leftover,
    make_templates,
    ours,
    supaseed,
)
from own_clusters import cache_folder, own_server

from pytest_supaseed.isolation.templates import open_store
from pytest_supaseed.server.databases import (
    connect_registry,
    create_database,
    drop_database,
    list_databases,
    maintenance_connection,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_supaseed.server.endpoint import Endpoint


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A folder and an environment without settings of the run that we are in."""
    for name in os.environ:
        if name.startswith("SUPASEED_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def cache() -> Iterator[Path]:
    """A cache folder of this test's own."""
    with cache_folder() as folder:
        yield folder


@pytest.fixture(scope="module")
def server() -> Iterator[Endpoint]:
    """A server that these tests name by its URL; nobody else uses it."""
    with own_server() as found:
        yield found


@pytest.fixture
def url(server: Endpoint) -> Iterator[str]:
    """Its URL, as a superuser; a schema, a dataset and a kept database are there."""
    fill(server)
    yield server.conninfo()
    with connect_registry(server) as registry, open_store(server, run="end") as store:
        store.forget(DATASET)
        store.forget(SCHEMA)
        drop_database(registry, KEPT)


def test_an_empty_cache_is_said_to_be_empty(cache: Path) -> None:
    """No server is made to look into."""
    said = supaseed("list", "--cache-dir", cache)
    assert (said.code, said.out) == (0, "nothing is kept\n")
    assert supaseed("list", "--json", "--cache-dir", cache).json == {"clusters": [], "server": None}
    assert supaseed("clear", "--cache-dir", cache).out == "removed: 0, 0 MiB\n"
    assert supaseed("prune", "--cache-dir", cache).out == "dropped: nothing\n"
    assert [*cache.glob("servers/*")] == []


def test_clusters_are_listed_and_cleared(cache: Path) -> None:
    """One in use is left alone, and that is a failure; one at rest is removed."""
    with current(cache):
        said = supaseed("list", "--json", "--cache-dir", cache)
        (cluster,) = said.json["clusters"]
        assert (said.code, cluster["in_use"]) == (0, True)
        assert cluster["bytes"] > 10 << 20
        left = supaseed("clear", "--json", "--cache-dir", cache)
        assert (left.code, left.json["removed"]) == (1, [])
        assert [one["folder"] for one in left.json["in_use"]] == [cluster["folder"]]
        assert cluster["folder"] in supaseed("clear", "--cache-dir", cache).err
    said = supaseed("clear", "--json", "--cache-dir", cache)
    assert (said.code, len(said.json["removed"]), said.json["in_use"]) == (0, 1, [])
    assert not Path(said.json["removed"][0]["folder"]).exists()
    assert supaseed("list", "--json", "--cache-dir", cache).json["clusters"] == []


def test_datasets_of_the_current_server_are_listed(cache: Path) -> None:
    """It is started for that and stopped again; what is on it is said in lines for people, and in JSON."""
    with current(cache) as endpoint:
        fill(endpoint)
    said = supaseed("list", "--cache-dir", cache)
    assert said.code == 0
    assert "at rest" in said.out.splitlines()[0]
    lines = [line.split() for line in said.out.splitlines()[3:]]
    assert [line[0] for line in lines] == ["schema", "dataset", "kept"]
    assert "db/*.sql, 3 files" in said.out
    assert "5 users" in said.out
    assert lines[2][-2:] == [KEPT, TEST]
    listed = supaseed("list", "--json", "--cache-dir", cache).json
    assert not listed["clusters"][0]["in_use"]
    server = listed["server"]
    kinds = {one["name"]: (one["kind"], one["in_use"], one["made_from"]) for one in server["templates"]}
    assert kinds == {SCHEMA: ("schema", False, None), DATASET: ("dataset", False, SCHEMA)}
    assert [(one["name"], one["test"], one["dataset"]) for one in server["kept"]] == [(KEPT, TEST, DATASET)]
    assert server["bytes"] > 15 << 20


def test_a_server_is_looked_into_by_its_url(server: Endpoint, url: str, cache: Path) -> None:
    """What a live run uses there is said to be in use."""
    with open_store(server, run="live") as live:
        make_templates(live)
        listed = supaseed("list", "--json", "--url", url, "--cache-dir", cache).json
    assert listed["clusters"] == []
    assert [one["in_use"] for one in listed["server"]["templates"]] == [True, True]


def test_nothing_is_made_on_a_server_that_is_looked_into(cache: Path) -> None:
    """Not even the registry, on a server that we were never on."""
    with own_server() as stranger:
        url = stranger.conninfo()
        for command in ("list", "prune", "clear"):
            assert supaseed(command, "--json", "--url", url, "--cache-dir", cache).code == 0
        with maintenance_connection(stranger) as connection:
            assert list_databases(connection) == []


def test_what_dead_runs_left_is_pruned(server: Endpoint, url: str) -> None:
    """And nothing else, where nothing else is asked for."""
    with leftover(server) as name:
        said = supaseed("prune", "--json", "--url", url)
        assert said.code == 0
        assert said.json["dropped"]["leftovers"] == [name]
    assert ours(server) == {SCHEMA, DATASET, KEPT}


def test_datasets_beyond_the_limit_are_pruned(server: Endpoint, url: str) -> None:
    """The flag counts, then the setting; what was dropped is said."""
    said = supaseed("prune", "--limit", "10MB", "--url", url)
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("dropped: 1 datasets and schemas, ")
    assert "5 users" in said.out
    assert ours(server) == {SCHEMA, KEPT}


def test_the_setting_is_the_limit_where_nothing_is_said(
    server: Endpoint, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a run; none on the command line wins over it."""
    monkeypatch.setenv("SUPASEED_CACHE_LIMIT", "1MB")
    assert supaseed("prune", "--json", "--limit", "none", "--url", url).json["dropped"]["templates"] == []
    said = supaseed("prune", "--json", "--url", url)
    assert [one["kind"] for one in said.json["dropped"]["templates"]] == ["dataset", "schema"]
    assert ours(server) == {KEPT}


def test_what_no_run_used_for_days_is_pruned(server: Endpoint, url: str) -> None:
    """By the day of its last use."""
    with connect_registry(server) as registry:
        assert supaseed("prune", "--older-than", "3", "--url", url).out == "dropped: nothing\n"
        registry.execute("update public.template set used_at = now() - interval '4 days'")
        dropped = supaseed("prune", "--json", "--older-than", "3", "--url", url).json["dropped"]
    assert {one["name"] for one in dropped["templates"]} == {SCHEMA, DATASET}


def test_kept_databases_are_pruned_when_asked_for(server: Endpoint, url: str) -> None:
    """With --kept alone."""
    assert supaseed("prune", "--json", "--url", url).json["dropped"]["kept"] == []
    dropped = supaseed("prune", "--json", "--kept", "--url", url).json["dropped"]
    assert [one["name"] for one in dropped["kept"]] == [KEPT]
    assert ours(server) == {SCHEMA, DATASET}


def test_what_a_live_run_uses_is_not_pruned(server: Endpoint, url: str) -> None:
    """That the limit is not reached is said; it is no failure, since it was never promised."""
    with open_store(server, run="live") as live:
        make_templates(live)
        said = supaseed("prune", "--limit", "1MB", "--url", url)
    assert (said.code, said.out) == (0, "dropped: nothing\n")
    assert "stay, in use: more than the limit" in said.err
    assert ours(server) == {SCHEMA, DATASET, KEPT}


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("--limit", "4"), "say a unit, as in 4MB"),
        (("--limit", "0"), "say none for no limit"),
        (("--limit", "lots"), "no size such as 2GB"),
        (("--older-than", "-1"), "-1"),
        (("--older-than", "week"), "week"),
        (("--url", "postgresql://[oops"), "no URL of a Postgres server"),
    ],
)
def test_wrong_usage_of_prune(arguments: tuple[str, ...], why: str) -> None:
    """Code 2, and what was wrong."""
    said = supaseed("prune", *arguments)
    assert said.code == 2
    assert why in said.err


def test_a_server_that_cannot_be_reached_is_a_failure() -> None:
    """Code 1; the password is not shown."""
    for command in ("list", "prune", "clear"):
        said = supaseed(command, "--url", "postgresql://a:secret@127.0.0.1:1/x")
        assert said.code == 1
        assert "cannot be used" in said.err
        assert "secret" not in said.out + said.err


def test_a_server_by_url_is_cleared_of_what_is_ours(server: Endpoint, url: str) -> None:
    """Not of a database of somebody's own; what a live run uses is left alone, and that is a failure."""
    with maintenance_connection(server) as connection:
        connection.execute("create database somebodys")
        with open_store(server, run="live") as live:
            make_templates(live)
            said = supaseed("clear", "--url", url)
            assert said.code == 1
            assert said.err.count("in use, left alone") == 2
            assert ours(server) == {SCHEMA, DATASET}
        create_database(connection, KEPT, owner=server.user)
        said = supaseed("clear", "--json", "--url", url)
        assert said.code == 0
        assert len(said.json["removed"]["templates"]) == 2
        assert said.json["in_use"]["templates"] == []
        assert ours(server) == set()
        names = connection.execute("select datname from pg_database where datname = 'somebodys'").fetchall()
        connection.execute("drop database somebodys")
    assert names == [("somebodys",)]


def test_only_a_url_on_the_command_line_is_cleared(
    server: Endpoint, url: str, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A URL in the settings is looked into, and never emptied by chance."""
    monkeypatch.setenv("SUPASEED_URL", url)
    assert supaseed("list", "--json", "--cache-dir", cache).json["server"]["templates"] != []
    said = supaseed("clear", "--json", "--cache-dir", cache)
    assert (said.code, said.json) == (0, {"removed": [], "in_use": []})
    assert ours(server) == {SCHEMA, DATASET, KEPT}
