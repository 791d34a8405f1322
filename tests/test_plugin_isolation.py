"""How a test's writes are undone, as the plugin's users meet it: modes, scopes, workers, open connections."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from inner_project import InnerProject, fails_plainly

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_supaseed.server.endpoint import Endpoint

WRITES = """
import psycopg
import pytest

NAMES = set()

@pytest.mark.parametrize("n", range(4))
def test_writes(supaseed_db, n):
    NAMES.add(supaseed_db.name)
    before = supaseed_db.count("books")
    assert supaseed_db.count("books", title="mine") == 0
    assert supaseed_db.execute("select nextval('books_id_seq')").fetchone() == (before + 1,)
    supaseed_db.create("books", title="mine")
    supaseed_db.execute("update {users} set name = 'changed'")
    supaseed_db.connection.commit()
    assert supaseed_db.count("users", name="changed") == 5

"""


@pytest.fixture
def project(
    pytester: pytest.Pytester, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> Iterator[InnerProject]:
    """A project with two tables; its tests are for the test to write."""
    made = InnerProject(pytester, endpoint, monkeypatch)
    yield made
    made.forget()


class TestModes:
    """What `--supaseed-isolation` and the marker's `isolation=` promise."""

    @pytest.mark.parametrize(
        ("mode", "databases"),
        [("restore", 1), ("clone", 4), ("rollback", 1)],
        ids=["restore", "clone", "rollback"],
    )
    def test_writes_are_undone(self, project: InnerProject, mode: str, databases: int) -> None:
        """Each mode gives each test the same rows and sequences, in one database or in one for each."""
        project.write(
            "test_books.py", f"{WRITES}def test_databases():\n    assert len(NAMES) == {databases}\n"
        )
        project.passes(f"--supaseed-isolation={mode}", passed=5)

    def test_a_test_chooses_its_own(self, project: InnerProject) -> None:
        """The marker stands in place of the option, and asks for no other data."""
        project.write(
            "test_books.py",
            WRITES.replace(
                "@pytest.mark.parametrize",
                "@pytest.mark.supaseed(isolation='clone')\n@pytest.mark.parametrize",
            )
            + "def test_databases():\n    assert len(NAMES) == 4\n",
        )
        project.passes(passed=5)
        assert len(set(project.read("built.txt"))) == 2

    def test_shared_takes_no_writes(self, project: InnerProject) -> None:
        """Postgres itself refuses them, on any connection; who lifts that writes for himself alone."""
        project.write(
            "test_books.py",
            "import psycopg, pytest\n"
            "def test_refused(supaseed_db):\n"
            "    with psycopg.connect(supaseed_db.url) as connection:\n"
            "        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):\n"
            "            connection.execute('delete from books')\n"
            "    assert supaseed_db.count('books') > 0\n"
            "def test_lifted(supaseed_db):\n"
            "    supaseed_db.connection.read_only = False\n"
            "    supaseed_db.execute('delete from books')\n"
            "    supaseed_db.connection.commit()\n"
            "def test_next(supaseed_db):\n"
            "    assert supaseed_db.count('books') > 0\n",
        )
        project.passes("--supaseed-isolation=shared", "-p", "no:randomly", passed=3)

    def test_a_wrong_mode(self, project: InnerProject) -> None:
        """The message says what is allowed, before any test."""
        project.write("test_books.py", WRITES)
        result = project.run("--supaseed-isolation=truncate")
        assert result.ret == pytest.ExitCode.USAGE_ERROR
        result.stderr.fnmatch_lines(
            ["*--supaseed-isolation is 'truncate'; allowed is restore, rollback, clone or shared*"]
        )


class TestRollback:
    """One connection, one outer transaction."""

    def test_commit_and_rollback_are_those_of_the_test(self, project: InnerProject) -> None:
        """A commit holds to the test's end, a rollback goes back to the last commit, an error is got over."""
        project.write(
            "test_books.py",
            "import psycopg, pytest\n"
            "@pytest.mark.supaseed(isolation='rollback')\n"
            "@pytest.mark.parametrize('n', range(2))\n"
            "def test_commits(supaseed_db, n):\n"
            "    connection = supaseed_db.connection\n"
            "    assert supaseed_db.count('users', name='a') == 0\n"
            "    connection.execute(\"update users set name = 'a'\")\n"
            "    connection.commit()\n"
            "    connection.execute(\"update users set name = 'b'\")\n"
            "    connection.rollback()\n"
            "    with pytest.raises(psycopg.errors.DivisionByZero):\n"
            "        connection.execute('select 1/0')\n"
            "    connection.commit()\n"
            "    assert supaseed_db.count('users', name='a') == 5\n"
            "    with pytest.raises(RuntimeError), connection.transaction():\n"
            "        connection.execute('delete from books')\n"
            "        raise RuntimeError\n"
            "    assert supaseed_db.count('books') > 0\n"
            "    with connection as same:\n"
            "        same.execute(\"update users set name = 'c'\")\n"
            "    assert supaseed_db.count('users', name='c') == 5\n",
        )
        project.passes(passed=2)

    def test_sql_that_commits_is_undone_too(self, project: InnerProject) -> None:
        """Whoever ends the outer transaction by SQL has written; the next test does not see it."""
        project.write(
            "test_books.py",
            "import pytest\n"
            "@pytest.mark.supaseed(isolation='rollback')\n"
            "@pytest.mark.parametrize('n', range(2))\n"
            "def test_commits(supaseed_db, n):\n"
            "    assert supaseed_db.count('users', name='a') == 0\n"
            "    supaseed_db.execute(\"update users set name = 'a'; commit\")\n"
            "    assert supaseed_db.count('users', name='a') == 5\n",
        )
        project.passes(passed=2)

    def test_a_second_connection_is_refused(self, project: InnerProject) -> None:
        """It would not see what the test has written: the message says what to do."""
        project.write(
            "test_books.py",
            "import pytest\nfrom pytest_supaseed.errors import UsageError\n"
            "CALLS = {\n"
            "    'connect': lambda db: db.connect(),\n"
            "    'acting_as_anon': lambda db: db.acting_as_anon(),\n"
            "    'acting_as': lambda db: db.acting_as(db.users[0]),\n"
            "    'visible': lambda db: db.visible('books', None),\n"
            "}\n"
            "@pytest.mark.supaseed(isolation='rollback')\n"
            "@pytest.mark.parametrize('call', CALLS)\n"
            "def test_second(supaseed_db, call):\n"
            "    with pytest.raises(UsageError, match='needs a second connection'):\n"
            "        CALLS[call](supaseed_db)\n",
        )
        project.passes(passed=4)


class TestScopes:
    """One database for the tests of a class or module."""

    def test_a_class_shares_one(self, project: InnerProject) -> None:
        """Its tests see what those before them wrote; the next class, and tests beside them, do not."""
        project.write(
            "test_books.py",
            "class TestFirst:\n"
            "    def test_one(self, supaseed_db_class, supaseed_db):\n"
            "        supaseed_db_class.create('books', title='shared')\n"
            "        assert supaseed_db.count('books', title='shared') == 0\n"
            "        assert supaseed_db.name != supaseed_db_class.name\n"
            "    def test_two(self, supaseed_db_class, supaseed_db):\n"
            "        assert supaseed_db_class.count('books', title='shared') == 1\n"
            "        assert supaseed_db.count('books', title='shared') == 0\n"
            "class TestSecond:\n"
            "    def test_one(self, supaseed_db_class):\n"
            "        assert supaseed_db_class.count('books', title='shared') == 0\n",
        )
        project.passes(passed=3)

    def test_a_module_shares_one(self, project: InnerProject) -> None:
        """The next module begins anew; a mark of the module is heard."""
        module = (
            "import pytest\n"
            "pytestmark = pytest.mark.supaseed(users=3)\n"
            "def test_one(supaseed_db_module):\n"
            "    assert supaseed_db_module.count('books', title='shared') == 0\n"
            "    assert len(supaseed_db_module.users) == 3\n"
            "    supaseed_db_module.create('books', title='shared')\n"
            "def test_two(supaseed_db_module):\n"
            "    assert supaseed_db_module.count('books', title='shared') == 1\n"
        )
        for name in ("test_a.py", "test_b.py"):
            project.write(name, module)
        project.passes(passed=4)


class TestWorkers:
    """Workers of pytest-xdist share one server and one dataset, and no database."""

    @pytest.mark.parametrize("dist", ["load", "loadgroup"])
    def test_each_has_its_own(self, project: InnerProject, dist: str) -> None:
        """However tests are spread, each finds the seeded rows, and the dataset is made once."""
        project.write("test_books.py", WRITES)
        project.write("test_more.py", WRITES)
        project.passes("-n", "2", f"--dist={dist}", passed=8)
        assert len(project.read("built.txt")) == 2


class TestConnectionsLeftOpen:
    """Connections that nobody closed are ended, and said."""

    @pytest.mark.parametrize(
        ("work", "said"), [("c.execute('select 1')", "idle in transaction"), ("c.commit()", "idle")]
    )
    def test_they_are_named(self, project: InnerProject, work: str, said: str) -> None:
        """The warning names the test, what the connection did, and what to do; the next test is clean."""
        project.write(
            "test_books.py",
            "import psycopg\nKEPT = []\n"
            "def test_leaves(supaseed_db):\n"
            "    c = psycopg.connect(supaseed_db.url, application_name='forgetful')\n"
            "    KEPT.append(c)\n"
            "    c.execute(\"update users set name = 'left'\")\n"
            "    c.commit()\n"
            "    WORK\n"
            "def test_next(supaseed_db):\n"
            "    assert supaseed_db.count('users', name='left') == 0\n"
            "    KEPT[0].pgconn.finish()\n".replace("WORK", work),
        )
        project.passes("-W", "default::pytest_supaseed.OpenConnectionWarning", passed=2)
        result = project.run()
        fails_plainly(
            result,
            f"test_books.py::test_leaves left connections to its database open, which were ended: {said} (",
            "application forgetful",
        )

    def test_what_is_closed_is_not_named(self, project: InnerProject) -> None:
        """A connection that the test closed just before its end is none that was left."""
        project.write(
            "test_books.py",
            "import psycopg, pytest\n"
            "@pytest.mark.parametrize('n', range(20))\n"
            "def test_closes(supaseed_db, n):\n"
            "    with psycopg.connect(supaseed_db.url) as connection:\n"
            "        connection.execute('select 1')\n"
            "    supaseed_db.connect().execute('delete from books')\n",
        )
        project.passes(passed=20)
