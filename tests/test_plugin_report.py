"""The report of a pytest run: one file, whoever the workers were, whatever went wrong."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from inner_project import READS, InnerProject, fails_plainly

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_supaseed.server.endpoint import Endpoint

WRITES = """
import pytest


def test_write(supaseed_db):
    supaseed_db.execute("insert into users (email, name) values ('a@example.com', 'a')")
    supaseed_db.connection.commit()


def test_read(supaseed_db):
    assert supaseed_db.count("users") == 5


@pytest.mark.supaseed(users=2)
def test_fewer(supaseed_db):
    assert supaseed_db.count("users") == 2
"""


@pytest.fixture
def project(
    pytester: pytest.Pytester, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> Iterator[InnerProject]:
    """A project with tests that read, write, and ask for other data."""
    made = InnerProject(pytester, endpoint, monkeypatch)
    made.write("test_rows.py", WRITES)
    yield made
    made.forget()


def report_of(project: InnerProject, name: str = "report.html") -> str:
    """The text of the file that a run has written, without markup."""
    html = (project.pytester.path / name).read_text(encoding="utf-8")
    assert html.startswith("<!doctype html>")
    return re.sub(r"<(style|script)>.*?</\1>|<[^>]*>", " ", html, flags=re.DOTALL)


def test_a_run_writes_one_file(project: InnerProject) -> None:
    """Datasets, what of them was made, what each test has cost; the terminal says where it is."""
    printed = project.passes("--supaseed-report=out/report.html", passed=3)
    path = project.pytester.path / "out" / "report.html"
    assert f"report: {path}" in printed
    said = report_of(project, "out/report.html")
    for text in ("5 users, seed &#x27;supaseed&#x27;", "2 users, seed &#x27;supaseed&#x27;"):
        assert said.count(text) == 2, text  # in the contents and above its section
    assert said.count("The dataset was there already") == 0
    for name in ("write", "read", "fewer"):
        assert said.count(f"test_rows.py::test_{name}") == 1
    project.passes("--supaseed-report=again.html", passed=3)
    assert report_of(project, "again.html").count("The dataset was there already") == 2


def test_workers_write_one_file_together(project: InnerProject) -> None:
    """Each dataset once, as the worker saw it that made it, and the costs of all tests."""
    printed = project.passes("-n", "2", "--supaseed-report=report.html", passed=3)
    assert printed.count("report: ") == 1
    said = report_of(project)
    assert said.count("5 users, seed &#x27;supaseed&#x27;") == 2
    assert "The dataset was there already" not in said
    assert said.count("test_rows.py::") == 3


def test_a_run_without_it_writes_none(project: InnerProject) -> None:
    """And does not speak of it."""
    assert "report:" not in project.passes(passed=3)


def test_no_database_asked_for(project: InnerProject) -> None:
    """The page says so."""
    project.write("test_rows.py", "def test_nothing(): pass\n")
    project.passes("--supaseed-report=report.html", passed=1)
    assert "No test asked for a database" in report_of(project)


def test_a_seeding_that_fails_is_on_the_page(project: InnerProject) -> None:
    """With its reason, said once, and with the plan and the tables that it was for."""
    project.write(
        "schema.sql",
        f"-- {project.pytester.path}\ncreate table public.users (id integer primary key, email text,"
        " check (length(email) > 500 and length(email) < 300));",
    )
    project.write("test_rows.py", READS)
    result = project.run("--supaseed-report=report.html", "--supaseed-strict")
    fails_plainly(result)
    said = report_of(project)
    assert "It ended with the error above." in said
    assert said.count("What to do") == 1
    assert "public.users" in said


def test_a_run_without_a_schema_is_on_the_page(project: InnerProject) -> None:
    """Whatever kept tests from a database is said once, though each test met it."""
    project.write("pyproject.toml", "[tool.supaseed]\n")
    (project.pytester.path / "schema.sql").unlink()
    fails_plainly(project.run("--supaseed-report=report.html"))
    assert report_of(project).count("There is no schema to seed.") == 1


def test_a_file_that_cannot_be_written(project: InnerProject) -> None:
    """The run fails at its end, and says why: whoever looks for the file must not wonder."""
    project.write("taken/report.html/file", "")
    result = project.run("--supaseed-report=taken/report.html")
    result.assert_outcomes(passed=3)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["report: not written to *report.html: Is a directory"])


def test_a_run_that_is_interrupted_writes_what_it_has(project: InnerProject) -> None:
    """Ctrl-C in a test: the datasets, and the test whose database was in use."""
    project.write("test_rows.py", "def test_stopped(supaseed_db):\n    raise KeyboardInterrupt\n")
    result = project.run("--supaseed-report=report.html", "-v")
    assert result.ret == pytest.ExitCode.INTERRUPTED
    result.stdout.fnmatch_lines(["isolation: 1 database lent*", "  dearest: test_rows.py::test_stopped: *"])
    assert "1 database lent" in report_of(project)
