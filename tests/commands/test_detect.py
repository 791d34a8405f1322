"""`supaseed detect`: what a schema is, said before anything is planned."""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING, Any

import pytest
from commands.looked_at import Project, url_of
from psycopg.conninfo import make_conninfo
from test_cli import supaseed

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg


def test_the_projects_own_schema(project: Project) -> None:
    """It is made from the sources as for a test run, and everything found is in the JSON."""
    result = project.run("detect", "--json")
    found = json.loads(result.stdout)
    assert (result.exit_code, result.stderr) == (0, "")
    assert found["framework"]["name"] == "postgres"
    assert found["schema"] == "schema.sql, 1 file"
    assert found["trigger_rows"] == [
        {"table": "public.users", "fills": ["public.logins"], "triggers": ["note_login"]}
    ]
    assert {"logical": "users", "table": "public.users"}.items() <= found["table_map"][0].items()
    assert [(one["table"], one["policies"]) for one in found["row_security"]] == [("public.teams", 1)]
    assert [one["name"] for one in found["extensions"]] == ["pgcrypto"]


def test_a_framework_with_its_evidence(project: Project) -> None:
    """What speaks for it and what speaks against it is said; so is what contradicts the user's word."""
    project.write("pyproject.toml", '[tool.supaseed]\nframework = "makerkit"\n')
    lines = project.run("detect").stdout
    assert "framework: makerkit (asked for)" in lines
    assert "  + found: schema kit" in lines
    assert "  setup_types -> public.base_templates: makerkit calls it so" in lines
    assert "  auth.users -> public.accounts, by on_auth_user_created" in lines
    assert "  public.accounts: 6 policies" in lines
    project.write("pyproject.toml", '[tool.supaseed]\nschema = ["schema.sql"]\nframework = "makerkit"\n')
    lines = project.run("detect").stdout
    assert "  - not found: schema kit" in lines
    assert "  ! makerkit was asked for, but this database looks like" in lines


NEWEST = b"""
    select max(xmin::text::bigint), count(*) from pg_class
    union all select max(xmin::text::bigint), count(*) from pg_namespace
    union all select max(xmin::text::bigint), count(*) from pg_proc
    union all select max(xmin::text::bigint), count(*) from users
    union all select max(xmin::text::bigint), count(*) from teams
    union all select max(xmin::text::bigint), count(*) from members
"""
"""The newest transaction that wrote each of these, and how many rows it has."""


@pytest.fixture
def visitor(filled: psycopg.Connection) -> Iterator[str]:
    """The URL of a login of its own, which may do anything there and make databases."""
    name = f"supaseed_visitor_{secrets.token_hex(4)}"
    filled.execute(f"create role {name} login createdb password 'pw' in role pg_read_all_data".encode())
    filled.execute(f"grant all on all tables in schema public to {name}".encode())
    filled.execute(f"grant create on database {filled.info.dbname} to {name}".encode())
    yield make_conninfo(url_of(filled), user=name, password="pw")
    filled.execute(f"drop owned by {name}".encode())
    filled.execute(f"drop role {name}".encode())


def test_a_database_that_is_there_is_only_read(
    project: Project, filled: psycopg.Connection, visitor: str
) -> None:
    """`--url` looks into that very database; nothing is written to it, and no database of ours is made.

    Other workers write elsewhere on the server meanwhile: what is looked at is this database, by the newest
    transaction of its catalog and its tables, and what the login owns.
    """
    owned = b"select count(*) from pg_database where pg_get_userbyid(datdba) like 'supaseed_visitor_%'"
    before = filled.execute(NEWEST).fetchall()
    result = project.run("detect", "--url", visitor, "--json")
    found = json.loads(result.stdout)
    assert result.exit_code == 0
    assert filled.execute(NEWEST).fetchall() == before
    assert filled.execute(owned).fetchone() == (0,)
    assert found["schema"] == f"database {filled.info.dbname}"
    assert found["trigger_rows"][0]["fills"] == ["public.logins"]


def test_a_real_process(project: Project, filled: psycopg.Connection) -> None:
    """The console script says the same as the function."""
    result = supaseed("detect", "--url", url_of(filled), "-v", cwd=project.folder)
    assert (result.returncode, result.stderr) == (0, "")
    assert "rows that triggers make:\n  public.users -> public.logins, by note_login" in result.stdout
    assert "  pgcrypto: installed" in result.stdout
    assert filled.info.password not in result.stdout


def test_a_database_without_tables(project: Project, empty_database: psycopg.Connection) -> None:
    """Code 1, and what to do; in JSON the same is on standard output."""
    result = project.run("detect", "--url", url_of(empty_database), "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["error"]["kind"] == "SchemaError"
    assert f"There is no table in database {empty_database.info.dbname}." in result.stderr
    project.write("schema.sql", "create schema nothing;")
    result = project.run("detect")
    assert (result.exit_code, "There is no table in schema.sql, 1 file." in result.stderr) == (1, True)


@pytest.mark.parametrize(
    ("url", "code", "said"),
    [
        ("postgresql://a:secret@127.0.0.1:1/x", 1, "start the server"),
        ("postgresql://a:secret@db.example.com/x", 1, "say --allow-remote"),
        ("postgresql://a:secret@127.0.0.1:port/x", 2, "--url is no URL"),
        ("nonsense", 2, "--url is no URL"),
    ],
)
def test_a_database_that_cannot_be_had(project: Project, url: str, code: int, said: str) -> None:
    """No server, one elsewhere, no URL: said plainly, without the password."""
    result = project.run("detect", "--url", url)
    assert (result.exit_code, result.stdout) == (code, "")
    assert said in result.stderr
    assert "secret" not in result.stderr


def test_a_login_without_rights(project: Project, filled: psycopg.Connection, maker: Any) -> None:
    """The catalog is open to everybody; rows that the login may not see are not counted, and that is said."""
    role = f"{maker.prefix}guest"
    filled.execute(f"create role {role} login password 'guest'".encode())
    try:
        url = make_conninfo(filled.info.dsn, user=role, password="guest")
        found = json.loads(project.run("detect", "--url", url, "--json").stdout)
        assert "public.users: its rows were not counted, since the login may not read it" in found["notes"]
        name = filled.info.dbname
        filled.execute(f"revoke connect on database {name} from public".encode())
        result = project.run("detect", "--url", url)
        assert result.exit_code == 1
        assert "grant CONNECT on the database to the user" in result.stderr
    finally:
        filled.execute(f"drop role {role}".encode())
