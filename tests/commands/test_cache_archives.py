"""Tests of `supaseed cache export` and `import`: what a run made is found by a run on another machine."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest
from cluster_processes import our_processes
from commands.cached import KEPT, current, fill, leftover, ours, supaseed
from inner_project import InnerProject
from own_clusters import cache_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

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
    """A cache folder."""
    with cache_folder() as folder:
        yield folder


@pytest.fixture
def other_cache() -> Iterator[Path]:
    """That of another machine."""
    with cache_folder() as folder:
        yield folder


def test_a_run_elsewhere_finds_what_this_one_made(
    pytester: pytest.Pytester,
    endpoint: Endpoint,
    monkeypatch: pytest.MonkeyPatch,
    cache: Path,
    other_cache: Path,
) -> None:
    """Nothing is made there: not the schema, and not the rows."""
    project = InnerProject(pytester, endpoint, monkeypatch)
    project.write("test_rows.py", "def test_rows(supaseed_db):\n    assert len(supaseed_db.users) == 5\n")
    monkeypatch.delenv("SUPASEED_URL")
    monkeypatch.chdir(pytester.path)
    monkeypatch.setenv("SUPASEED_CACHE_DIR", str(cache))
    project.passes(passed=1)
    made = project.read("built.txt")
    said = supaseed("export", "kept.tar.xz", "--json")
    assert said.code == 0
    assert {one["name"] for one in said.json["exported"]["datasets"]} == set(made)

    monkeypatch.setenv("SUPASEED_CACHE_DIR", str(other_cache))
    said = supaseed("import", "kept.tar.xz", "--json")
    assert said.code == 0
    assert {one["name"] for one in said.json["imported"]["datasets"]} == set(made)
    printed = project.passes(passed=1)
    assert project.read("built.txt") == made
    assert "reused" in printed
    assert "made anew" not in printed


def test_people_are_told_what_was_carried(cache: Path, other_cache: Path) -> None:
    """And what dead runs left is not; nothing runs on after either of them."""
    with current(cache) as endpoint:
        fill(endpoint)
        with leftover(endpoint):
            pass
    said = supaseed("export", "kept.tar.xz", "--cache-dir", cache)
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("exported: 2 datasets and schemas of Postgres (")
    said = supaseed("import", "kept.tar.xz", "--cache-dir", other_cache)
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("imported: 2 datasets and schemas of Postgres (")
    assert our_processes(cache) == our_processes(other_cache) == []
    with current(other_cache) as endpoint:
        assert len(ours(endpoint)) == 3
        assert KEPT in ours(endpoint)


def test_another_release_is_said(cache: Path, other_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its datasets are carried all the same; who wonders why they are made again is told."""
    with current(cache):
        pass
    with monkeypatch.context() as earlier:
        earlier.setattr("pytest_supaseed.server.cluster_export.version", lambda _name: "0.0.1")
        assert supaseed("export", "kept.tar.xz", "--cache-dir", cache).code == 0
    said = supaseed("import", "kept.tar.xz", "--cache-dir", other_cache)
    assert said.code == 0
    assert "it is of pytest-supaseed 0.0.1" in said.err


def test_a_cluster_that_is_there_has_to_be_given_up(cache: Path) -> None:
    """Code 1 without --replace, and 0 with it."""
    with current(cache):
        pass
    assert supaseed("export", "kept.tar.xz", "--cache-dir", cache).code == 0
    said = supaseed("import", "kept.tar.xz", "--cache-dir", cache)
    assert said.code == 1
    assert "--replace" in said.err
    assert supaseed("import", "kept.tar.xz", "--replace", "--cache-dir", cache).code == 0


def test_a_cluster_in_use_is_left_alone(cache: Path, tmp_path: Path) -> None:
    """Code 1, and no file."""
    with current(cache):
        said = supaseed("export", "kept.tar.xz", "--cache-dir", cache)
    assert said.code == 1
    assert "is in use" in said.err
    assert [*tmp_path.glob("*kept*")] == []


def test_without_a_cluster_nothing_is_exported(cache: Path, tmp_path: Path) -> None:
    """It says what makes one."""
    said = supaseed("export", "kept.tar.xz", "--cache-dir", cache)
    assert said.code == 1
    assert "run pytest once" in said.err
    assert [*tmp_path.glob("*kept*")] == []


def test_a_bad_archive_is_a_failure(cache: Path, tmp_path: Path) -> None:
    """Code 1 and one message, as JSON too; a file that is not there is wrong usage."""
    (tmp_path / "kept.tar.xz").write_text("hello")
    said = supaseed("import", "kept.tar.xz", "--json", "--cache-dir", cache)
    assert said.code == 1
    assert json.loads(said.out)["error"]["kind"] == "DatasetError"
    assert "cannot be used" in said.err
    assert supaseed("import", "none.tar.xz", "--cache-dir", cache).code == 2


@pytest.mark.parametrize("command", ["export", "import"])
def test_a_server_by_url_needs_no_archive(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By flag or by a setting: all that name it reach the same datasets, and that is said."""
    (tmp_path / "kept.tar.xz").write_text("hello")
    url = "postgresql://a:secret@127.0.0.1:1/x"
    said = supaseed(command, "kept.tar.xz", "--url", url)
    assert said.code == 2
    assert "keeps its datasets itself" in said.err
    monkeypatch.setenv("SUPASEED_URL", url)
    said = supaseed(command, "kept.tar.xz")
    assert said.code == 2
    assert "SUPASEED_URL" in said.err
    assert "secret" not in said.err
