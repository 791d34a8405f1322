"""Schemas that nobody wishes for, through the plugin: clear words where nothing can be done, else rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from inner_project import InnerProject, fails_plainly

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_supaseed.server.endpoint import Endpoint

ODD = """
create table "my ta%ble" (
    id int generated always as identity primary key,
    "100%" int not null check ("100%" between 0 and 100),
    "new
line" text not null,
    "q""uote" text not null
);
create table users (id uuid primary key default gen_random_uuid(), "e%mail" text, email text not null unique);
"""


@pytest.fixture
def project(
    pytester: pytest.Pytester, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> Iterator[InnerProject]:
    """A project whose schema is for the test to write."""
    made = InnerProject(pytester, endpoint, monkeypatch)
    yield made
    made.forget()


def schema(project: InnerProject, text: str) -> None:
    """Write the project's schema, with its folder's name, so that no other test makes the same templates."""
    project.write("schema.sql", f"-- {project.pytester.path}\n{text}")


def test_a_schema_without_tables_is_said_and_no_error(project: InnerProject) -> None:
    """The test has its database, and the summary asks whether all of the schema is named."""
    schema(project, "create schema nothing;")
    project.write(
        "test_empty.py",
        "def test_empty(supaseed_db):\n"
        "    assert supaseed_db.connection.execute('select 1').fetchone() == (1,)\n"
        "    assert supaseed_db.catalog.tables == ()\n",
    )
    assert "the schema made no table, so there is nothing to fill" in project.passes(passed=1)


def test_odd_names_work_in_every_call(project: InnerProject) -> None:
    """Percent signs, quotes and line ends in names of tables and columns, read and written."""
    schema(project, ODD)
    project.write(
        "test_odd.py",
        """
ODD = "my ta%ble"


def test_rows(supaseed_db):
    first = next(iter(supaseed_db.rows(ODD)))
    assert supaseed_db.count(ODD, **{"100%": first["100%"]}) >= 1
    assert supaseed_db.rows(ODD, **{'q"uote': first['q"uote']})[0]["new\\nline"]


def test_create(supaseed_db):
    row = supaseed_db.create(ODD, **{"100%": 7})
    assert row["100%"] == 7
    assert row["new\\nline"]


def test_users(supaseed_db):
    user = supaseed_db.users[0]
    assert supaseed_db.users.by_email(user.email)["id"] == user["id"]
    assert len(supaseed_db.users.where(**{"e%mail": user["e%mail"]})) >= 1
""",
    )
    project.passes(passed=3)


def test_a_table_that_no_row_satisfies_is_named(project: InnerProject) -> None:
    """The check is named in the summary; the other tables are filled, and `strict` makes it an error."""
    schema(
        project,
        "create table users (id int primary key, email text unique not null);\n"
        "create table never (a int, constraint contradiction check (a > 5 and a < 3 and a is not null));\n",
    )
    project.write("test_rows.py", "def test_users(supaseed_db):\n    assert len(supaseed_db.users) == 5\n")
    printed = project.passes(passed=1)
    assert "public.never" in printed
    assert "contradiction" in printed
    fails_plainly(project.run("--supaseed-strict"), "contradiction")


def test_a_type_of_an_extension_that_is_missing_is_traced_to_it(project: InnerProject) -> None:
    """The type's extension is named, with the statement that makes it."""
    schema(project, "create table places (at geometry not null);")
    project.write("test_rows.py", "def test_rows(supaseed_db):\n    pass\n")
    fails_plainly(project.run(), 'type "geometry" does not exist', 'create extension if not exists "postgis"')
