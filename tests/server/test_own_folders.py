"""A folder is trusted only where nobody else can have put something into it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from pytest_supaseed.errors import EndpointError
from pytest_supaseed.server.own_folders import own_folder

if TYPE_CHECKING:
    from pathlib import Path


def test_a_folder_is_made_with_its_mode(tmp_path: Path) -> None:
    """Whatever the umask says, and again for one that is there."""
    before = os.umask(0o077)
    try:
        assert own_folder(tmp_path / "a", 0o711).stat().st_mode & 0o777 == 0o711
    finally:
        os.umask(before)
    assert own_folder(tmp_path / "a", 0o700).stat().st_mode & 0o777 == 0o700


def test_what_others_may_write_into_is_refused(tmp_path: Path) -> None:
    """It may hold anything."""
    (tmp_path / "a").mkdir()
    (tmp_path / "a").chmod(0o777)
    with pytest.raises(EndpointError, match="others may write"):
        own_folder(tmp_path / "a")


def test_a_link_is_refused(tmp_path: Path) -> None:
    """It may lead anywhere, now or later."""
    (tmp_path / "target").mkdir()
    (tmp_path / "a").symlink_to(tmp_path / "target")
    with pytest.raises(EndpointError, match="a link or a file"):
        own_folder(tmp_path / "a")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_somebody_else_s_folder_is_refused(tmp_path: Path) -> None:
    """A prepared folder is not trusted, and the error says whose it is."""
    (tmp_path / "a").mkdir(mode=0o700)
    os.chown(tmp_path / "a", 65534, 65534)
    with pytest.raises(EndpointError, match="belongs to the account 65534"):
        own_folder(tmp_path / "a")
