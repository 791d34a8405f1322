"""Names of tables as users of the plugin configure them: real pytest runs, in which warnings are errors."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from inner_project import READS, InnerProject, fails_plainly

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_supaseed.server.endpoint import Endpoint


@pytest.fixture
def project(
    pytester: pytest.Pytester, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> Iterator[InnerProject]:
    """A project with the tables `users` and `books`; its tests are for the test to write."""
    made = InnerProject(pytester, endpoint, monkeypatch)
    yield made
    made.forget()


MAPPED = """
import pytest


def test_flag_and_file(supaseed_db):
    assert supaseed_db.count("volumes") == supaseed_db.count("tomes") == supaseed_db.count("books")
    assert supaseed_db.rows("tomes")[0].label == supaseed_db.rows("books")[0].title


@pytest.mark.supaseed(map={"volumes": "users", "volumes.label": "name"})
def test_marker(supaseed_db):
    assert supaseed_db.count("volumes") == 5
    assert supaseed_db.count("tomes") == supaseed_db.count("books")
    assert supaseed_db.rows("volumes")[0].label == supaseed_db.users[0].name
"""


class TestMap:
    """Marker over flag over file over `supa-seed.config.json`, name by name, without a word of warning."""

    def test_every_source_counts(self, project: InnerProject) -> None:
        """A test's marker changes one name; the others stay as the run and the files have them."""
        settings = project.read("pyproject.toml")
        project.write(
            "pyproject.toml", "\n".join([*settings, "[tool.supaseed.columns.tomes]", 'label = "title"', ""])
        )
        config = {"schema": {"setupTable": "tomes"}}
        project.write("supa-seed.config.json", json.dumps(config))
        project.write("test_names.py", MAPPED + SETUPS)
        project.passes("--supaseed-map=volumes=books,tomes=books", passed=3)

    def test_a_table_that_is_not_there_is_one_message(self, project: InnerProject) -> None:
        """It says who configured it, and what is near."""
        project.write("test_rows.py", READS)
        result = project.run("--supaseed-map=volumes=boks")
        fails_plainly(
            result,
            "The logical table 'volumes' is configured as 'boks', and this database has no such table.",
            "it is configured by --supaseed-map",
            "public.books: alike, and only exact names are taken",
        )


SETUPS = """

def test_original(supaseed_db):
    assert supaseed_db.count("setups") == supaseed_db.count("books")
"""

GUESSES = """
def test_guess(supaseed_db):
    assert supaseed_db.count("posts") == supaseed_db.count("app_posts") > 0


def test_again(supaseed_db):
    assert supaseed_db.execute("select count(*) from {posts}").fetchone() > (0,)
"""

POSTS = """
create table public.users (id bigint generated always as identity primary key, email text not null);
create table public.app_posts (
  id bigint generated always as identity primary key,
  author_id bigint not null references public.users (id),
  title text not null,
  content text not null
);
"""


class TestGuess:
    """A name that only a guess explains."""

    @pytest.fixture
    def posts(self, project: InnerProject) -> InnerProject:
        """A project whose posts have a prefix."""
        project.write("schema.sql", f"-- {project.pytester.path}\n{POSTS}")
        project.write("test_guess.py", GUESSES)
        return project

    def test_it_is_said_once(self, posts: InnerProject) -> None:
        """One warning of our own class for a run, which names the table and what makes it sure."""
        result = posts.run("-W", "default::pytest_supaseed.SupaseedWarning")
        result.assert_outcomes(passed=2, warnings=1)
        result.stdout.fnmatch_lines(
            ["*GuessedNameWarning: 'posts' was guessed to be the table public.app_posts: the name is alike*"]
        )

    def test_it_can_be_silenced_and_made_an_error(self, posts: InnerProject) -> None:
        """As any warning: then it is an error of ours, without a traceback."""
        posts.passes("-W", "ignore::pytest_supaseed.GuessedNameWarning", passed=2)
        fails_plainly(
            posts.run("-k", "again"), "'posts' was guessed to be the table public.app_posts: the name"
        )

    def test_it_can_be_switched_off(self, posts: InnerProject) -> None:
        """Then the name is an error that says what would have been guessed."""
        result = posts.run("--supaseed-exact-names")
        result.assert_outcomes(failed=2)
        result.stdout.fnmatch_lines(
            ["*public.app_posts: the name is alike*not taken: names are not guessed here"]
        )


class TestOriginalConfig:
    """A `supa-seed.config.json` in the project's root."""

    CONFIG = '{"userCount": 3, "seed": "old", "storage": {}, "tables": {"books": {"count": 8}}}'

    def test_it_is_read_and_said_in_the_header(self, project: InnerProject) -> None:
        """Weaker than `[tool.supaseed]`; what does nothing is warned of once, workers or not."""
        project.write("supa-seed.config.json", self.CONFIG)
        project.write(
            "test_rows.py", "def test_rows(supaseed_db):\n    assert supaseed_db.count('books') == 8\n"
        )
        for arguments in ((), ("-n2",)):
            result = project.run("-W", "default::pytest_supaseed.SupaseedWarning", *arguments)
            result.assert_outcomes(passed=1, warnings=1)
            result.stdout.fnmatch_lines(
                [
                    "supaseed: 5 users, seed 'old', * (by *, supa-seed.config.json, *)",
                    "*UnusedSettingWarning: This key does nothing in pytest-supaseed: storage (in *)*",
                ]
            )

    def test_where_warnings_are_errors_it_ends_the_run(self, project: InnerProject) -> None:
        """With the message alone, as a wrong option does."""
        project.write("supa-seed.config.json", self.CONFIG)
        project.write("test_rows.py", READS)
        result = project.run()
        assert result.ret == pytest.ExitCode.USAGE_ERROR
        text = result.stdout.str() + result.stderr.str()
        assert "This key does nothing in pytest-supaseed: storage" in text
        assert "Traceback" not in text

    def test_a_broken_file_ends_the_run(self, project: InnerProject) -> None:
        """Before any test, with its place."""
        project.write("supa-seed.config.json", '{"userCount": 3')
        project.write("test_rows.py", READS)
        result = project.run()
        assert result.ret == pytest.ExitCode.USAGE_ERROR
        assert "supa-seed.config.json is no JSON" in result.stderr.str()
