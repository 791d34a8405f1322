"""Tests of server.cluster_export and cluster_import: a cluster carried as a file."""

from __future__ import annotations

import lzma
import os
import subprocess
from typing import TYPE_CHECKING

import psycopg
import pytest
from carried_clusters import (
    CARRIED,
    carried_cluster,
    export,
    first_member,
    place_in,
    running,
)
from cluster_processes import databases, execute, our_processes
from own_clusters import cache_folder

from pytest_supaseed.errors import DatasetError, EndpointError
from pytest_supaseed.server.archive_manifest import read_manifest
from pytest_supaseed.server.cluster_import import import_cluster
from pytest_supaseed.server.cluster_state import boot_identity, read_state
from pytest_supaseed.server.file_locks import held, take_lock
from pytest_supaseed.server.new_cluster import read_logins

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_supaseed.server.endpoint import Endpoint


@pytest.fixture(scope="module")
def source() -> Iterator[Path]:
    """A cache folder with a cluster at rest."""
    with carried_cluster() as folder:
        yield folder


@pytest.fixture(scope="module")
def archive(source: Path) -> Path:
    """What that cluster was exported to."""
    target = source / "kept.tar.xz"
    export(source, target)
    return target


@pytest.fixture
def cache() -> Iterator[Path]:
    """An empty cache folder."""
    with cache_folder() as folder:
        yield folder


def test_a_cluster_arrives_whole(archive: Path, cache: Path) -> None:
    """With its databases and rows, and as a cluster at rest of this very machine."""
    manifest = import_cluster(archive, place_in(cache), replace=False)
    assert [one["name"] for one in manifest.datasets] == [CARRIED]
    state = read_state(place_in(cache).folder / "state.json")
    assert state is not None
    assert (state.running, state.boot) == (False, boot_identity())
    with running(cache) as endpoint:
        assert CARRIED in databases(endpoint.conninfo())
        assert execute(endpoint.conninfo(CARRIED), "select count(*), sum(n) from t") == [(20000, 200010000)]
        execute(endpoint.conninfo(CARRIED), "create table more as select * from t")
        assert endpoint.notes == running_notes(endpoint), "it was not made anew"
    with running(cache) as endpoint:
        assert execute(endpoint.conninfo(CARRIED), "select count(*) from more") == [(20000,)]


def running_notes(endpoint: Endpoint) -> tuple[str, ...]:
    """The notes that say nothing of a cluster that was thrown away."""
    return tuple(note for note in endpoint.notes if "made anew" not in note)


def test_no_password_is_carried(source: Path, archive: Path, cache: Path) -> None:
    """The archive holds none, and the cluster has others where it arrives."""
    before = read_logins(place_in(source).folder)
    assert before is not None
    content = lzma.decompress(archive.read_bytes())
    assert before.superuser.encode() not in content
    assert before.owner.encode() not in content
    assert b"logins.json" not in content
    import_cluster(archive, place_in(cache), replace=False)
    after = read_logins(place_in(cache).folder)
    assert after is not None
    assert {before.superuser, before.owner}.isdisjoint({after.superuser, after.owner})
    with running(cache) as endpoint:
        psycopg.connect(endpoint.conninfo(as_owner=True)).close()
        for user, password in (("supabase_admin", before.superuser), ("postgres", "known")):
            with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
                psycopg.connect(endpoint.conninfo(), user=user, password=password)


def test_an_archive_is_small(archive: Path, source: Path) -> None:
    """Each content is there once, and of the log no more than the last file."""
    manifest = read_manifest(archive, first_member(archive))
    logs = [file for file in manifest.files if file.path.startswith("pg_wal/")]
    assert len({file.digest for file in manifest.files}) < len(manifest.files) / 2
    assert len(logs) == 1
    assert archive.stat().st_size < manifest.bytes / 20
    assert archive.stat().st_mode & 0o777 == 0o600
    assert [*source.glob(".*.half")] == []


def test_without_pg_controldata_the_whole_log_is_carried(
    source: Path, tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some installations lack it: the archive is larger, and serves as well."""
    monkeypatch.setattr("pytest_supaseed.server.cluster_export._last_wal_file", lambda *_: None)
    manifest = export(source, tmp_path / "whole.tar.xz")
    there = [*place_in(source).folder.glob("data/pg_wal/0*")]
    assert len([file for file in manifest.files if file.path.startswith("pg_wal/0")]) == len(there)
    import_cluster(tmp_path / "whole.tar.xz", place_in(cache), replace=False)
    with running(cache) as endpoint:
        assert CARRIED in databases(endpoint.conninfo())


def test_a_cluster_that_is_there_is_replaced_only_when_that_is_said(archive: Path, cache: Path) -> None:
    """And then as a whole."""
    with running(cache) as endpoint:
        execute(endpoint.conninfo(), "create database supaseed_mine")
    with pytest.raises(EndpointError, match=r"There is a cluster of .* already") as raised:
        import_cluster(archive, place_in(cache), replace=False)
    assert "--replace" in str(raised.value)
    with running(cache) as endpoint:
        assert "supaseed_mine" in databases(endpoint.conninfo())
    import_cluster(archive, place_in(cache), replace=True)
    with running(cache) as endpoint:
        assert {CARRIED, "supaseed_mine"} & databases(endpoint.conninfo()) == {CARRIED}
    assert [*cache.glob("servers/*/discarded-*")] == []


def test_a_cluster_in_use_is_neither_exported_nor_replaced(
    archive: Path, cache: Path, tmp_path: Path
) -> None:
    """Not even with --replace."""
    with running(cache) as endpoint:
        with pytest.raises(EndpointError, match="is in use"):
            import_cluster(archive, place_in(cache), replace=True)
        with pytest.raises(EndpointError, match="is in use"):
            export(cache, tmp_path / "none.tar.xz")
        assert CARRIED not in databases(endpoint.conninfo())
    assert [*tmp_path.iterdir()] == []


def test_a_start_that_goes_on_is_waited_for_and_then_refused(
    archive: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another run holds the lock of who starts a server."""
    monkeypatch.setattr("pytest_supaseed.server.resting_cluster.PATIENCE_SECONDS", 0.05)
    place = place_in(cache)
    lock = take_lock(place.folder / "start.lock", seconds=1)
    assert lock is not None
    with held(lock), pytest.raises(EndpointError, match="is in use"):
        import_cluster(archive, place, replace=True)


def test_a_cluster_that_was_not_shut_down_is_not_exported(source: Path, cache: Path, tmp_path: Path) -> None:
    """It might lack anything; and a file of an earlier export stays as it is."""
    with running(cache):
        pass
    (place_in(cache).folder / "data" / "postmaster.pid").write_text("1\n")
    target = tmp_path / "kept.tar.xz"
    target.write_text("the earlier one")
    with pytest.raises(DatasetError, match="was not shut down"):
        export(cache, target)
    assert target.read_text() == "the earlier one"
    assert [path.name for path in tmp_path.iterdir()] == ["kept.tar.xz"]


def test_a_file_that_cannot_be_written_is_an_error(source: Path, tmp_path: Path) -> None:
    """It names the file; no traceback."""
    with pytest.raises(DatasetError, match="cannot be written") as raised:
        export(source, tmp_path / "none" / "kept.tar.xz")
    assert str(tmp_path / "none") in str(raised.value)


def test_nothing_runs_after_an_import(archive: Path, cache: Path) -> None:
    """The server that set the passwords has ended, and the data belong to who runs it."""
    import_cluster(archive, place_in(cache), replace=False)
    assert our_processes(cache) == []
    data = place_in(cache).folder / "data"
    assert not (data / "postmaster.pid").exists()
    user = place_in(cache).user
    owner = os.geteuid() if user is None else user.uid
    wrong = [path for path in data.rglob("*") if path.stat().st_uid != owner or path.stat().st_mode & 0o077]
    assert wrong == []
    found = subprocess.run(["du", "-s", data], capture_output=True, text=True, check=True)
    assert int(found.stdout.split()[0]) > 20_000
