"""Several pytest runs at once on one server: each passes, and what both need is made once."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from inner_project import QUICK_START, TIMEOUT, InnerProject

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_supaseed.server.endpoint import Endpoint

SUITE = """
import pytest

@pytest.mark.parametrize("n", range(3))
def test_alters(supaseed_db, n):
    assert supaseed_db.execute("select * from books limit 0").description[-1].name == "pages"
    supaseed_db.execute("alter table books add column extra text")
    supaseed_db.connection.commit()

@pytest.mark.parametrize("n", range(3))
@pytest.mark.parametrize("isolation", [pytest.param(one, marks=pytest.mark.supaseed(isolation=one))
                                       for one in ("restore", "clone")])
def test_writes(supaseed_db, n, isolation):
    assert supaseed_db.count("books", title="mine") == 0
    supaseed_db.create("books", title="mine")
"""
TESTS = 9
RUNS = 2


@pytest.fixture
def project(
    pytester: pytest.Pytester, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> Iterator[InnerProject]:
    """A project whose tests replace clones, so that spares are made."""
    made = InnerProject(pytester, endpoint, monkeypatch)
    made.write("test_books.py", SUITE)
    yield made
    made.forget()


def test_two_runs_with_two_workers_each(project: InnerProject) -> None:
    """Both pass, in time, with one schema and one dataset for all four workers, and leave nothing."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        *QUICK_START,
        "-p",
        "watch",
        "-p",
        "no:cacheprovider",
        "-n",
        "2",
    ]
    runs = [
        subprocess.Popen(
            command,
            cwd=project.pytester.path,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for _ in range(RUNS)
    ]
    try:
        for run in runs:
            printed, _ = run.communicate(timeout=TIMEOUT)
            assert run.returncode == 0, printed
            assert f"{TESTS} passed" in printed
    finally:
        for run in runs:
            run.kill()
            run.wait()
    assert len(project.read("built.txt")) == 2
    assert len(set(project.read("runs.txt"))) == 2 * RUNS
    assert project.databases_left() == []
