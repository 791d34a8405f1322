"""Tests of the commands that write: `seed`, `status` and `cleanup`, on a database of somebody's own."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from commands.looked_at import SCHEMA, Project, url_of

if TYPE_CHECKING:
    from pathlib import Path

TABLES = ("users", "logins", "teams", "members", "outside")


@pytest.fixture
def own(empty_database: psycopg.Connection) -> psycopg.Connection:
    """A database of somebody's own, with a user in it."""
    empty_database.execute(SCHEMA)
    empty_database.execute("insert into users (email) values ('ada@example.org')")
    return empty_database


def contents(connection: psycopg.Connection) -> dict[str, list[str]]:
    """Every row, as texts."""
    return {name: sorted(map(repr, connection.execute(f"table {name}".encode()))) for name in TABLES}


def ran(project: Project, *arguments: str) -> Any:
    """Run a command that succeeds, and return its JSON."""
    result = project.run(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_what_is_seeded_can_be_cleaned(project: Project, own: psycopg.Connection) -> None:
    """The rows are there, the status tells of them, and the cleanup leaves the database as it was."""
    before = contents(own)
    url = url_of(own)
    said = ran(project, "seed", "--url", url, "--yes", "--beside-existing", "--rows", "users=7")
    assert {part["table"]: part["loaded"] for part in said["report"]["parts"]}["teams"] > 0
    assert len(contents(own)["users"]) == 8
    assert set(before["users"]) < set(contents(own)["users"])

    status = ran(project, "status", "--url", url)
    assert [run["state"] for run in status["runs"]] == ["done"]
    assert {one["table"]: one["unchanged"] for one in status["tables"]}["public.logins"] == 7

    found = ran(project, "cleanup", "--url", url, "--yes")
    assert sum(one["unchanged"] for one in found) == status["runs"][0]["rows"]
    assert contents(own) == before
    assert ran(project, "status", "--url", url) == {"runs": [], "tables": []}
    assert ran(project, "cleanup", "--url", url, "--yes") == []


def test_nothing_is_written_before_the_answer(project: Project, own: psycopg.Connection) -> None:
    """The plan is shown, and a no leaves the database alone."""
    before = contents(own)
    result = project.run("seed", "--url", url_of(own), "--beside-existing")
    assert result.exit_code == 2
    assert "in this order" in result.output
    assert "Nobody can be asked" in result.stderr
    assert contents(own) == before
    assert own.execute("select to_regnamespace('supaseed')").fetchone() == (None,)


def test_changes_of_others_are_kept_and_said(project: Project, own: psycopg.Connection) -> None:
    """The cleanup says how many rows it keeps and why; with --force these go too."""
    url = url_of(own)
    ran(project, "seed", "--url", url, "--yes", "--beside-existing", "--rows", "users=3")
    own.execute("update outside set note = 'mine' where id = (select min(id) from outside)")
    result = project.run("cleanup", "--url", url, "--yes")
    assert result.exit_code == 0
    assert "1 changed since" in result.output
    assert "kept: 1" in result.output
    assert own.execute("select count(*) from outside").fetchone() == (1,)
    ran(project, "cleanup", "--url", url, "--yes", "--force")
    assert own.execute("select count(*) from outside").fetchone() == (0,)


def test_an_owner_who_is_no_superuser_can_do_it_all(
    project: Project, own: psycopg.Connection, endpoint: Any
) -> None:
    """Circles and guarded rows go without a superuser's rights too."""
    own.execute(
        """
        create function keep() returns trigger language plpgsql as $$ begin raise exception 'stays'; end $$;
        create trigger keep before delete on members for each row execute function keep();
        """
    )
    own.execute("drop role if exists supaseed_test_owner")
    own.execute("create role supaseed_test_owner login password 'pw' nosuperuser")
    try:
        own.execute(f"alter database {own.info.dbname} owner to supaseed_test_owner".encode())
        own.execute("grant all on schema public to supaseed_test_owner")
        for name in TABLES:
            own.execute(f"alter table {name} owner to supaseed_test_owner".encode())
        before = contents(own)
        url = psycopg.conninfo.make_conninfo(url_of(own), user="supaseed_test_owner", password="pw")
        ran(project, "seed", "--url", url, "--yes", "--beside-existing")
        assert contents(own)["members"]
        ran(project, "cleanup", "--url", url, "--yes")
        assert contents(own) == before
    finally:
        own.execute("reassign owned by supaseed_test_owner to current_user")
        own.execute("drop owned by supaseed_test_owner")
        own.execute("drop role supaseed_test_owner")


def test_a_busy_table_is_said(
    project: Project, own: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who locks a table makes the commands end after a while, with nothing deleted."""
    monkeypatch.setattr("pytest_supaseed.isolation.own_database.LOCK_SECONDS", 1)
    url = url_of(own)
    ran(project, "seed", "--url", url, "--yes", "--beside-existing")
    seeded = contents(own)
    with psycopg.connect(url) as other:
        other.execute("lock table teams in access exclusive mode")
        results = [project.run("status", "--url", url), project.run("cleanup", "--url", url, "--yes")]
    for result in results:
        assert result.exit_code == 1
        assert "wait until the others" in result.stderr
    assert contents(own) == seeded


@pytest.mark.parametrize(
    ("arguments", "said", "code"),
    [
        (["seed"], "Which database is meant", 2),
        (["status", "--url", "postgresql://127.0.0.1:1/nothing"], "cannot be used", 1),
        (["cleanup", "--url", "postgresql://db.example.com/app", "--yes"], "--allow-remote", 1),
        (["seed", "--url", "postgresql://127.0.0.1/x", "--users", "many"], "--users", 2),
    ],
)
def test_what_cannot_be_done_is_said(project: Project, arguments: list[str], said: str, code: int) -> None:
    """No database, no server, a remote one, a wrong number: the message, and an honest exit code."""
    result = project.run(*arguments)
    assert said in result.stderr
    assert result.exit_code == code


def test_json_asks_nobody(project: Project, own: psycopg.Connection) -> None:
    """Without --yes it is a wrong usage."""
    result = project.run("seed", "--url", url_of(own), "--beside-existing", "--json")
    assert result.exit_code == 2
    assert "--yes" in result.stderr


def test_a_replica_is_refused(project: Project, own: psycopg.Connection) -> None:
    """A database that takes no writes is said to be one, before anything is tried."""
    own.execute(f"alter database {own.info.dbname} set default_transaction_read_only = on".encode())
    result = project.run("status", "--url", url_of(own))
    assert result.exit_code == 1
    assert "takes no writes" in result.stderr


def test_real_processes(project: Project, own: psycopg.Connection, tmp_path: Path) -> None:
    """As a user runs them."""
    before = contents(own)
    for command in ("seed", "status", "cleanup"):
        more = {"seed": ["--yes", "--beside-existing"], "cleanup": ["--yes"]}.get(command, [])
        done = subprocess.run(
            [
                sys.executable,
                "-c",
                "from pytest_supaseed.cli import main; main()",
                command,
                "--url",
                url_of(own),
                *more,
            ],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
    assert "deleted:" in done.stdout
    assert contents(own) == before
