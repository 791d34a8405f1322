"""Databases as the plugin's users meet them: schemas that cannot be had, and a test's own database."""

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


class TestSchemas:
    """Schemas that cannot be had."""

    def test_an_error_in_the_middle_of_a_migration(self, project: InnerProject) -> None:
        """File, line and Postgres's words; nothing half made is kept, and the next run fails as this one."""
        project.write(
            "schema.sql",
            f"-- {project.pytester.path}\n{SCHEMA}\ncreate table public.x (id bigint);\n"
            "alter table public.missing add column y text;\ncreate table public.z (id bigint);\n",
        )
        line = SCHEMA.count("\n") + 4
        project.write("test_rows.py", READS)
        for _ in range(2):
            fails_plainly(
                project.run(), f'schema.sql, line {line}: relation "public.missing" does not exist.'
            )
            assert project.databases_left() == []
            assert project.templates_left() == []

    def test_no_schema_at_all(self, project: InnerProject) -> None:
        """The message says where one was looked for, and the two ways to have one."""
        project.write("pyproject.toml", "[tool.supaseed]\nusers = 5\n")
        project.write("test_rows.py", READS)
        fails_plainly(
            project.run(),
            "There is no schema to seed.",
            f"{project.pytester.path / 'supabase' / 'migrations'}: no such folder",
            "--supaseed-framework=makerkit",
        )

    def test_a_schema_that_is_not_there(self, project: InnerProject) -> None:
        """A file that was named and is missing is named."""
        project.write("test_rows.py", READS)
        fails_plainly(project.run("--supaseed-schema=other.sql"), "other.sql, named by the option")

    def test_a_plan_of_a_trillion_rows(self, project: InnerProject) -> None:
        """It is refused before a row is made, with what it would take; nothing is left of that."""
        project.write("test_rows.py", READS)
        fails_plainly(
            project.run("--supaseed-users=1000000000000"),
            "2,000,000,000,000 rows are planned, and 100,000,000 are allowed.",
            "what they would take: ",
            "public.books: 1,000,000,000,000 rows",
            "--supaseed-max-rows 2000000000000",
        )
        assert project.databases_left() == []

    def test_a_server_that_does_not_answer(self, project: InnerProject) -> None:
        """Who named it, what was tried, and what to do; the password is not printed."""
        project.write("test_rows.py", READS)
        result = project.run("--supaseed-url=postgresql://me:geheim@127.0.0.1:1/postgres")
        fails_plainly(result, "The server of --supaseed-url cannot be used", "start the server")
        assert "geheim" not in result.stdout.str()


class TestATestsOwnDatabase:
    """Whatever a test does, the next one finds the seeded rows."""

    def test_what_a_test_writes_is_gone(self, project: InnerProject) -> None:
        """Committed, from several connections, tables dropped, transactions and connections left open."""
        project.write(
            "test_writes.py",
            """
import asyncio


def untouched(supaseed_db):
    assert len(supaseed_db.users) == 5
    assert supaseed_db.count("books") > 0
    supaseed_db.connection.rollback()


def test_commits(supaseed_db):
    untouched(supaseed_db)
    supaseed_db.execute("delete from {users}")
    supaseed_db.connection.commit()
    assert supaseed_db.connect().execute("select count(*) from users").fetchone() == (0,)


def test_drops_a_table(supaseed_db):
    untouched(supaseed_db)
    with supaseed_db.connect(autocommit=True) as connection:
        connection.execute("drop table public.users cascade")


def test_leaves_a_transaction_open(supaseed_db):
    untouched(supaseed_db)
    supaseed_db.connect().execute("update public.users set name = 'nobody'")


def test_leaves_an_aborted_transaction(supaseed_db):
    untouched(supaseed_db)
    try:
        supaseed_db.execute("select 1 / 0")
    except Exception:
        pass


def test_leaves_an_async_connection_open(supaseed_db):
    untouched(supaseed_db)

    async def write():
        connection = await supaseed_db.aconnect(autocommit=True)
        await connection.execute("truncate public.users cascade")

    asyncio.run(write())


def test_alters_the_database(supaseed_db):
    untouched(supaseed_db)
    alter = f"alter database {supaseed_db.name} set default_transaction_read_only = on"
    supaseed_db.connect(autocommit=True).execute(alter)


def test_the_last_one(supaseed_db):
    untouched(supaseed_db)
    supaseed_db.create("books", title="The last")
""",
        )
        project.passes(passed=7)

    def test_a_failing_test_leaves_nothing(self, project: InnerProject) -> None:
        """Its database goes as that of any other."""
        project.write(
            "test_fails.py", "def test_fails(supaseed_db):\n    assert supaseed_db.count('users') == 99\n"
        )
        project.run().assert_outcomes(failed=1)
        assert project.databases_left() == []

    def test_factories_write_to_the_tests_database(self, project: InnerProject) -> None:
        """A factory at module level finds the database of whichever test calls it, and only there."""
        project.write(
            "test_factories.py",
            """
import factory
import pytest
from pytest_supaseed import Parent, TableFactory, UsageError


class BookFactory(TableFactory):
    class Meta:
        table = "books"

    title = factory.Sequence(lambda n: f"Book {n}")
    reader_id = Parent("users")


@pytest.mark.parametrize("size", [1, 40])
def test_rows_are_made(supaseed_db, size):
    before = supaseed_db.count("books")
    made = BookFactory.create_batch(size, pages=7)
    assert [book.pages for book in made] == [7] * size
    assert len({book.title for book in made}) == size
    assert supaseed_db.count("books") == before + size
    readers = {user.id for user in supaseed_db.users}
    assert {book.reader_id for book in made} <= readers


def test_one_row(supaseed_db):
    book = BookFactory(title="One")
    assert supaseed_db.rows("books", title="One")[0].id == book.id


def test_without_a_database():
    with pytest.raises(UsageError, match="ask for the fixture"):
        BookFactory()
    assert BookFactory.build(reader_id=1).title.startswith("Book ")
""",
        )
        project.passes(passed=4)
