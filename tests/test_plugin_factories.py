"""Factories in real pytest runs: the option `factories`, and pytest-factoryboy's `register`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from inner_project import SETTINGS, InnerProject, fails_plainly

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_supaseed.server.endpoint import Endpoint

FACTORIES = """
import factory
from pytest_supaseed import Parent, TableFactory


class UserFactory(TableFactory):
    class Meta:
        table = "users"

    email = factory.Sequence(lambda n: f"reader{n}@example.com")
    name = factory.Sequence(lambda n: f"Reader {n}")


class BookFactory(TableFactory):
    class Meta:
        table = "books"

    title = factory.Sequence(lambda n: f"Book {n}")
    pages = 7
    reader = factory.SubFactory(UserFactory)
"""


@pytest.fixture
def project(
    pytester: pytest.Pytester, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> Iterator[InnerProject]:
    """A project with two tables and a module of factories."""
    made = InnerProject(pytester, endpoint, monkeypatch)
    made.write("suite/__init__.py", "")
    made.write("suite/factories.py", FACTORIES)
    made.write("pyproject.toml", f'{SETTINGS}\nfactories = ["suite.factories"]\n')
    yield made
    made.forget()


def test_the_plan_uses_configured_factories(project: InnerProject) -> None:
    """Planned rows are theirs; tests that import the module make more that meet none of them."""
    project.write(
        "suite/test_rows.py",
        """
from suite.factories import BookFactory


def test_planned(supaseed_db):
    assert {book.title for book in supaseed_db.rows("books")} == {f"Book {n}" for n in range(5)}
    assert {user.name for user in supaseed_db.users} == {f"Reader {n}" for n in range(5)}


def test_made(supaseed_db):
    book = BookFactory()
    assert (book.title, book.reader.name) == ("Book 5", "Reader 5")
    assert supaseed_db.create("books").title == "Book 6"
""",
    )
    project.passes(passed=2)


def test_a_module_that_is_not_there(project: InnerProject) -> None:
    """One message, by whichever way it was said, and the module that may have been meant."""
    project.write("suite/test_rows.py", "def test_rows(supaseed_db): pass\n")
    fails_plainly(
        project.run("--supaseed-factories=suite.factory"),
        "The module suite.factory, named by the option `factories`, cannot be imported",
        "did you mean suite.factories?",
    )


def test_a_module_without_tests_of_ours_is_not_imported(project: InnerProject) -> None:
    """Who asks for no database does not pay for factories, nor for their errors."""
    project.write("suite/factories.py", "raise RuntimeError('imported')\n")
    project.write("suite/test_plain.py", "def test_plain(): pass\n")
    project.passes(passed=1)


def test_pytest_factoryboy(project: InnerProject) -> None:
    """`register` makes its fixtures: factory, row, overrides, lazy fixtures, parents, hooks, children."""
    project.write(
        "suite/conftest.py",
        """
import factory
import pytest
from pytest_factoryboy import register
from suite.factories import BookFactory, UserFactory


@pytest.fixture(autouse=True)
def database(supaseed_db):
    return supaseed_db


CALLED = []


class NovelFactory(BookFactory):
    @factory.post_generation
    def told(self, create, extracted, **more):
        CALLED.append((self.title, create, extracted))


register(UserFactory)
register(BookFactory)
register(NovelFactory, "novel")
register(BookFactory, "thick_book", pages=900)
""",
    )
    project.write(
        "suite/test_fixtures.py",
        """
import pytest
from pytest_factoryboy import LazyFixture
from suite.conftest import CALLED
from suite.factories import BookFactory


def test_the_factory(book_factory, supaseed_db):
    assert book_factory is BookFactory
    assert book_factory(title="x").title == "x"


def test_the_row(book, user, supaseed_db):
    assert supaseed_db.rows("books", id=book.id)[0] == book
    assert (book.reader_id, book.reader) == (user.id, user)


@pytest.mark.parametrize("book__title", ["Emma"])
@pytest.mark.parametrize("user__name", ["Jane"])
def test_overrides(book):
    assert (book.title, book.reader.name) == ("Emma", "Jane")


def test_another_name(thick_book):
    assert thick_book.pages == 900


@pytest.mark.parametrize("book__title", [LazyFixture("word")])
def test_lazy(book):
    assert book.title == "from a fixture"


@pytest.fixture
def word():
    return "from a fixture"


@pytest.mark.parametrize("novel__told", ["passed"])
def test_hooks(novel):
    assert CALLED[-1] == (novel.title, True, "passed")
""",
    )
    project.passes("-p", "pytest_factoryboy.plugin", passed=6)


def test_the_command_line_plans_with_them(project: InnerProject) -> None:
    """`supaseed plan` shows what a run will do, factories included."""
    result = project.pytester.run("supaseed", "plan", "--json", timeout=120)
    assert result.ret == 0, result.stderr.str()
    assert "suite.factories:BookFactory" in result.stdout.str()
