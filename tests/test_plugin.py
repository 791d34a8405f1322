"""The plugin as its users meet it: real pytest runs of small projects, on this run's server."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from inner_project import READS, SCHEMA, InnerProject, fails_plainly

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_supaseed.server.endpoint import Endpoint


@pytest.fixture
def project(
    pytester: pytest.Pytester, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> Iterator[InnerProject]:
    """A project with two tables; its tests are for the test to write."""
    made = InnerProject(pytester, endpoint, monkeypatch)
    yield made
    made.forget()


class TestWhatIsPrinted:
    """The header, the summary, and nothing where nobody asked."""

    def test_header_and_summary_say_what_was_used(self, project: InnerProject) -> None:
        """Server, framework, rows per table, time and memory; built at first, then reused."""
        project.write("test_rows.py", READS)
        first = project.run("--supaseed-seed=ci")
        second = project.run("--supaseed-seed=ci")
        for result, what in ((first, "built"), (second, "reused")):
            result.assert_outcomes(passed=1)
            result.stdout.fnmatch_lines(
                [
                    "supaseed: 5 users, seed 'ci', server of SUPASEED_URL (by *)",
                    "*- supaseed -*",
                    f"server: *Postgres {project.endpoint.version}*",
                    "schema: schema.sql, 1 file; postgres (confidence *)",
                    f"dataset: 5 users, seed 'ci': * rows, {what} (loaded in * s, peak memory * MiB)",
                    "  *users 5, *books *",
                ]
            )
        assert len(project.read("built.txt")) == 2
        assert project.databases_left() == []
        assert len(project.templates_left()) == 2

    def test_a_suite_that_does_not_ask_pays_nothing(
        self, project: InnerProject, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """No heavy library is imported, no server is looked for, no summary is printed."""
        monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
        monkeypatch.setenv("SUPASEED_URL", "postgresql://nobody@127.0.0.1:1/none")
        project.write("test_one.py", "def test_one(): pass\n")
        project.write(
            "conftest.py",
            "import sys\n\n\ndef pytest_unconfigure():\n    print('loaded:', *sorted(sys.modules))\n",
        )
        result = project.pytester.runpytest_subprocess("-p", "pytest_supaseed.plugin", "-s")
        result.assert_outcomes(passed=1)
        assert "- supaseed -" not in result.stdout.str()
        (line,) = [line for line in result.outlines if line.startswith("loaded:")]
        heavy = {"factory", "faker", "psutil", "sqlglot", "rich", "click", "bcrypt", "psycopg"}
        loaded = set(line.split())
        assert "pytest_supaseed.plugin" in loaded
        assert heavy & loaded == set()
        assert {name for name in loaded if name.startswith("pytest_supaseed.isolation")} == set()

    def test_rebuild_makes_the_dataset_anew(self, project: InnerProject) -> None:
        """What is kept is not trusted where the user says so; once, not again for each test."""
        project.write("test_rows.py", READS + READS.replace("test_rows", "test_again"))
        project.passes(passed=2)
        printed = project.passes("--supaseed-rebuild", "test_rows.py", passed=2)
        assert " rows, built (" in printed
        assert len(project.read("built.txt")) == 4
        assert len(project.templates_left()) == 2


class TestWorkers:
    """The same with pytest-xdist."""

    def test_two_workers_share_one_dataset(self, project: InnerProject) -> None:
        """It is made once, each worker's tests see all of it, and the summary speaks of it once."""
        project.write(
            "test_many.py",
            """
import time
import pytest


@pytest.mark.parametrize("number", range(8))
def test_all_rows(supaseed_db, worker_id, number):
    with open("workers.txt", "a") as lines:
        lines.write(worker_id + "\\n")
    time.sleep(0.2)
    assert len(supaseed_db.users) == 5
    supaseed_db.execute("delete from {users}")
    supaseed_db.connection.commit()
""",
        )
        printed = project.passes("-n2", "-v", passed=8)
        assert set(project.read("workers.txt")) == {"gw0", "gw1"}
        assert len(project.read("built.txt")) == len(set(project.read("built.txt"))) == 2
        assert printed.count("dataset: 5 users") == printed.count("server: ") == 1
        assert " rows, built (" in printed
        assert "isolation: 8 databases lent, " in printed
        assert "  dearest: test_many.py::test_all_rows[" in printed

    def test_rebuild_is_once_for_all_workers(self, project: InnerProject) -> None:
        """One worker makes the dataset anew, the other uses it; with -q there is nothing to say of it."""
        project.write("test_rows.py", READS + READS.replace("test_rows", "test_again"))
        assert "- supaseed -" not in project.passes("-q", passed=2)
        project.passes("--supaseed-rebuild", "-n2", passed=2)
        assert len(project.read("built.txt")) == 4


class TestOverriddenFixtures:
    """A project replaces one link of the chain by a fixture of the same name."""

    def test_the_schema_as_paths(self, project: InnerProject) -> None:
        """A list of files and patterns, from the project's folder."""
        project.write("pyproject.toml", "[tool.supaseed]\nusers = 5\n")
        project.write("db/1.sql", SCHEMA)
        project.write("db/2.sql", f"-- {project.pytester.path}\ncreate view public.readers as table users;")
        project.write(
            "conftest.py",
            """
from pathlib import Path
import pytest


@pytest.fixture(scope="session")
def supaseed_schema():
    return ["db/1.sql", Path("db") / "2*.sql"]
""",
        )
        project.write(
            "test_rows.py",
            READS + "    assert len(supaseed_db.execute('table readers').fetchall()) == 5\n",
        )
        project.passes(passed=1)

    def test_the_schema_as_a_function(self, project: InnerProject) -> None:
        """A function that is given a connection: whatever makes tables in Python."""
        project.write(
            "conftest.py",
            f"""
import pytest


def make_tables(connection):
    "{project.pytester.path}"
    connection.execute('''{SCHEMA}''')
    connection.commit()


@pytest.fixture(scope="session")
def supaseed_schema():
    return make_tables
""",
        )
        project.write("test_rows.py", READS)
        printed = project.passes(passed=1)
        assert "make_tables" in printed

    def test_the_plan(self, project: InnerProject) -> None:
        """A plan is a value: a project may change its numbers."""
        project.write(
            "conftest.py",
            """
from dataclasses import replace
import pytest


@pytest.fixture(scope="session")
def supaseed_plan(supaseed_plan):
    parts = (replace(part, rows=part.rows * 7) for part in supaseed_plan.tables)
    return replace(supaseed_plan, tables=tuple(parts))
""",
        )
        project.write(
            "test_rows.py", "def test_rows(supaseed_db):\n    assert len(supaseed_db.users) == 35\n"
        )
        project.passes(passed=1)


class TestMarkers:
    """What a single test asks for."""

    def test_a_marked_test_has_other_data_than_its_neighbour(self, project: InnerProject) -> None:
        """Class, module and function say what they want; the others get what the options say."""
        project.write(
            "test_numbers.py",
            """
import pytest


def test_default(supaseed_db):
    assert len(supaseed_db.users) == 5


@pytest.mark.supaseed(users=3)
def test_three(supaseed_db):
    assert len(supaseed_db.users) == 3


@pytest.mark.supaseed(users=2, rows={"books": 9})
class TestClass:
    def test_two(self, supaseed_db):
        assert (len(supaseed_db.users), supaseed_db.count("books")) == (2, 9)

    @pytest.mark.supaseed(users=1)
    def test_one(self, supaseed_db):
        assert (len(supaseed_db.users), supaseed_db.count("books")) == (1, 9)


@pytest.mark.supaseed(users=0)
def test_none(supaseed_db):
    assert (len(supaseed_db.users), supaseed_db.count("books")) == (0, 0)
""",
        )
        printed = project.passes("--strict-markers", "-v", passed=5)
        assert printed.count("\ndataset: ") == 5

    def test_another_seed_gives_other_rows(self, project: InnerProject) -> None:
        """Two tests of one seed see the same rows, one of another seed sees others."""
        project.write(
            "test_seeds.py",
            """
import pytest

seen = {}


@pytest.mark.parametrize("number", [1, 2])
def test_default(supaseed_db, number):
    seen[number] = [user.name for user in supaseed_db.users]


@pytest.mark.supaseed(seed="other")
def test_other(supaseed_db):
    assert seen[1] == seen[2] != [user.name for user in supaseed_db.users]
""",
        )
        project.passes(passed=3)

    def test_a_wrong_marker_stops_its_own_test_only(self, project: InnerProject) -> None:
        """The message names the test, the argument and what is allowed; the test beside it passes."""
        project.write(
            "test_marked.py",
            "import pytest\n"
            + READS
            + "\n\n@pytest.mark.supaseed(user=3)\ndef test_wrong(supaseed_db):\n    assert False\n"
            + "\n\n@pytest.mark.makerkit(users=3)\ndef test_too(supaseed_db):\n    assert False\n",
        )
        result = project.run()
        result.assert_outcomes(passed=1, errors=2)
        fails_plainly(
            result,
            "@pytest.mark.supaseed on test_marked.py::test_wrong is wrong: ",
            "did you mean users=?",
            "the arguments allowed are: users=, rows=, seed=, locale=",
            "@pytest.mark.makerkit on test_marked.py::test_too is wrong: ",
        )
        assert project.databases_left() == []
