"""Databases of failed tests that are kept, as the plugin's users meet them."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

import psycopg
import pytest
from inner_project import QUICK_START, TIMEOUT, InnerProject

from pytest_supaseed.isolation.kept_databases import MOST_KEPT
from pytest_supaseed.server.databases import KeptDatabase, drop_database, list_kept, maintenance_connection

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_supaseed.server.endpoint import Endpoint

FAILS = """
def test_fails(supaseed_db):
    supaseed_db.create("books", title="the evidence")
    assert supaseed_db.count("books", title="the evidence") == 0

def test_goes_on(supaseed_db):
    assert supaseed_db.count("books", title="the evidence") == 0
"""
OPENS = re.compile(r"To open it: supaseed cache open (supaseed_kept_[0-9a-f]{8})$", re.MULTILINE)


@pytest.fixture
def project(
    pytester: pytest.Pytester, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> Iterator[InnerProject]:
    """A project, whose kept databases are gone in the end."""
    made = InnerProject(pytester, endpoint, monkeypatch)
    yield made
    with maintenance_connection(endpoint) as connection:
        for kept in kept_by(made):
            drop_database(connection, kept.name)
    made.forget()


def kept_by(project: InnerProject) -> list[KeptDatabase]:
    """What this project's runs have kept."""
    with maintenance_connection(project.endpoint) as connection:
        return [kept for kept in list_kept(connection) if kept.dataset in project.read("templates.txt")]


def fails(project: InnerProject, *arguments: str, failed: int = 1, passed: int = 1) -> str:
    """Run a project some of whose tests fail; return what was printed."""
    result = project.run(*arguments)
    result.assert_outcomes(failed=failed, passed=passed)
    assert project.databases_left() == []
    return str(result.stdout.str())


def test_the_database_of_a_failed_test_is_kept(project: InnerProject) -> None:
    """Its report says how to open it, it holds what the test wrote, and the next test has a clean one."""
    project.write("test_books.py", FAILS)
    printed = fails(project, "--supaseed-keep", "-q")
    (kept,) = kept_by(project)
    assert f"kept: 1 database of a failed test; supaseed cache open {kept.name}\n" in printed
    assert OPENS.findall(printed) == [kept.name]
    assert kept.test == "test_books.py::test_fails"
    with psycopg.connect(project.endpoint.conninfo(kept.name)) as connection:
        found = connection.execute("select count(*) from public.books where title = 'the evidence'")
        assert found.fetchone() == (1,)


def test_nothing_is_kept_unasked(project: InnerProject) -> None:
    """A red suite does not fill a disk."""
    project.write("test_books.py", FAILS)
    assert "To open it" not in fails(project)
    assert kept_by(project) == []


def test_pdb_keeps(project: InnerProject) -> None:
    """Who goes into the debugger wants to look at the database; it is there meanwhile, and afterwards."""
    project.write("test_books.py", FAILS)
    asked = b"p supaseed_db.count('books', title='the evidence')\nc\n"
    command = (sys.executable, "-m", "pytest", *QUICK_START, "-p", "watch", "-n", "0", "--pdb", "-s")
    result = project.pytester.run(*command, stdin=asked, timeout=TIMEOUT)
    result.assert_outcomes(failed=1, passed=1)
    result.stdout.fnmatch_lines(["*(Pdb) 1"])
    assert [kept.test for kept in kept_by(project)] == ["test_books.py::test_fails"]


def test_a_test_that_cannot_be_set_up_keeps_its_database(project: InnerProject) -> None:
    """A fixture that fails on the database is looked into like a test, also of a run that `-x` stops."""
    project.write(
        "test_books.py",
        "import pytest\n@pytest.fixture\ndef shelf(supaseed_db):\n    supaseed_db.execute('select 1 / 0')\n"
        "def test_fails(shelf):\n    pass\ndef test_never(supaseed_db):\n    pass\n",
    )
    result = project.run("--supaseed-keep", "-x", "--supaseed-report=report.html")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["kept: 1 database of a failed test; supaseed cache open supaseed_kept_*"])
    assert "1 database lent" in (project.pytester.path / "report.html").read_text(encoding="utf-8")
    assert [kept.test for kept in kept_by(project)] == ["test_books.py::test_fails"]


def test_an_open_transaction_is_no_hindrance(project: InnerProject) -> None:
    """What was committed is kept, however the test's connections were left."""
    project.write(
        "test_books.py",
        "def test_fails(supaseed_db):\n"
        "    supaseed_db.create('books', title='the evidence')\n"
        "    supaseed_db.connect().execute(\"update books set title = 'unseen'\")\n"
        "    assert False\n",
    )
    fails(project, "--supaseed-keep", passed=0)
    (kept,) = kept_by(project)
    with psycopg.connect(project.endpoint.conninfo(kept.name)) as connection:
        found = connection.execute("select count(*) from public.books where title = 'the evidence'")
        assert found.fetchone() == (1,)


def test_a_class_keeps_its_database(project: InnerProject) -> None:
    """What all tests of a class share is kept when one of them fails, after the last."""
    project.write(
        "test_books.py",
        "class TestBooks:\n"
        "    def test_fails(self, supaseed_db_class):\n"
        "        supaseed_db_class.create('books', title='the evidence')\n"
        "        assert False\n"
        "    def test_goes_on(self, supaseed_db_class):\n"
        "        assert supaseed_db_class.count('books', title='the evidence') == 1\n",
    )
    fails(project, "--supaseed-keep")
    assert [kept.test for kept in kept_by(project)] == ["test_books.py::TestBooks"]


def test_not_more_are_kept_than_one_looks_at(project: InnerProject) -> None:
    """A suite that fails from end to end keeps some, and says of the others that they are not."""
    project.write(
        "test_books.py",
        "import pytest\n@pytest.mark.parametrize('n', range(12))\n"
        "def test_fails(supaseed_db, n):\n    assert not supaseed_db.connection.execute('select 1')\n",
    )
    printed = fails(project, "--supaseed-keep", failed=12, passed=0)
    assert len(kept_by(project)) == MOST_KEPT
    assert printed.count("is not kept: enough databases of this run are.") == 2
