"""Tests of `supaseed cache open`: a failed test's database, looked into after the run."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from cluster_processes import our_processes
from commands.cached import KEPT, TEST, current, fill, supaseed
from own_clusters import cache_folder, own_server

if TYPE_CHECKING:
    from collections.abc import Iterator

SUPASEED = str(Path(sys.executable).with_name("supaseed"))


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A folder and an environment without settings of the run that we are in."""
    for name in os.environ:
        if name.startswith("SUPASEED_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="module")
def cache() -> Iterator[Path]:
    """A cache folder with a cluster at rest, on which a database was kept."""
    with cache_folder() as folder:
        with current(folder) as endpoint:
            fill(endpoint)
        yield folder


def test_an_unknown_name_is_an_error_with_those_that_are_kept(cache: Path) -> None:
    """Whose they are is said too."""
    said = supaseed("open", "supaseed_kept_ffffffff", "--cache-dir", cache)
    assert said.code == 1
    assert "There is no kept database supaseed_kept_ffffffff." in said.err
    assert f"{KEPT}, of {TEST}" in said.err
    assert our_processes(cache) == []


def test_a_database_that_is_no_kept_one_is_not_opened(cache: Path) -> None:
    """A template of ours is none of them."""
    assert supaseed("open", "supaseed_registry", "--cache-dir", cache).code == 1


def test_where_nothing_is_kept_it_says_how_to_keep(tmp_path: Path) -> None:
    """Nor is a server made for it."""
    said = supaseed("open", KEPT, "--cache-dir", tmp_path / "none")
    assert said.code == 1
    assert "none is kept here" in said.err
    assert "--supaseed-keep" in said.err


def test_a_server_of_ours_runs_until_ctrl_c(cache: Path) -> None:
    """The URL that is printed connects meanwhile; afterwards nothing runs on, and it is kept still."""
    process = subprocess.Popen(
        [SUPASEED, "cache", "open", KEPT, "--cache-dir", cache],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    with process.stdout as lines:
        said = [next(lines) for _ in range(4)]
        assert said[3] == "the server runs until Ctrl-C\n"
        assert said[0].startswith(f"{KEPT}, of {TEST}")
        assert said[2].startswith("psql 'postgresql://")
        with psycopg.connect(said[1].split()[-1]) as connection:
            assert connection.info.dbname == KEPT
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
    assert our_processes(cache) == []
    assert KEPT in supaseed("list", "--cache-dir", cache).out


def test_psql_is_run_on_a_terminal(cache: Path, tmp_path: Path) -> None:
    """The password is in its environment, and not among its arguments, which every account can read."""
    fake = tmp_path / "psql"
    fake.write_text('#!/bin/sh\nprintf "%s\\n" "$@" "$PGPASSWORD" > told\nexit 3\n')
    fake.chmod(0o755)
    terminal, inside = pty.openpty()
    try:
        done = subprocess.run(
            [SUPASEED, "cache", "open", KEPT, "--cache-dir", cache],
            stdin=inside,
            stdout=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
            cwd=tmp_path,
            env={**os.environ, "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"},
        )
    finally:
        os.close(terminal)
        os.close(inside)
    assert done.returncode == 0
    *arguments, password = (tmp_path / "told").read_text().splitlines()
    assert f"dbname={KEPT}" in arguments[0]
    assert len(password) > 20
    assert password not in " ".join(arguments)
    assert password in done.stdout
    assert our_processes(cache) == []


def test_a_url_alone_is_for_a_server_that_stays(cache: Path) -> None:
    """One of ours would be gone when somebody reads it."""
    said = supaseed("open", KEPT, "--print-url", "--cache-dir", cache)
    assert said.code == 2
    assert "would stop before anybody could connect" in said.err


def test_the_url_of_a_server_that_runs_is_printed() -> None:
    """With --print-url nothing else, for scripts; without, the command returns as well."""
    with own_server() as endpoint:
        fill(endpoint)
        said = supaseed("open", KEPT, "--print-url", "--url", endpoint.conninfo())
        assert (said.code, said.err, said.out.count("\n")) == (0, "", 1)
        with psycopg.connect(said.out.strip()) as connection:
            assert connection.info.dbname == KEPT
        said = supaseed("open", KEPT, "--url", endpoint.conninfo())
        assert (said.code, len(said.out.splitlines())) == (0, 3)
