"""Tests of `supaseed seed`: what is chosen, rehearsed, refused, stopped and gone on with."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from commands.looked_at import SCHEMA, Project, url_of

if TYPE_CHECKING:
    import psycopg

TABLES = ("users", "logins", "teams", "members", "outside")
SCRIPT = str(Path(sys.executable).with_name("supaseed"))


@pytest.fixture
def own(empty_database: psycopg.Connection) -> psycopg.Connection:
    """A database of somebody's own, without rows."""
    empty_database.execute(SCHEMA)
    return empty_database


def counts(connection: psycopg.Connection) -> dict[str, int]:
    """The rows of each table."""
    return {name: len(connection.execute(f"table {name}".encode()).fetchall()) for name in TABLES}


def contents(connection: psycopg.Connection) -> dict[str, list[str]]:
    """Every row, as texts."""
    return {name: sorted(map(repr, connection.execute(f"table {name}".encode()))) for name in TABLES}


def seed(project: Project, connection: psycopg.Connection, *arguments: str) -> Any:
    """Run the command, and return its result."""
    return project.run("seed", "--url", url_of(connection), *arguments)


def test_only_some_tables(project: Project, own: psycopg.Connection) -> None:
    """A list with commas, or the option again; what triggers make comes along."""
    assert seed(project, own, "--yes", "--only", "users,outside", "--rows", "outside=3").exit_code == 0
    assert counts(own) == {"users": 5, "logins": 5, "teams": 0, "members": 0, "outside": 3}
    assert seed(project, own, "--yes", "--only", "teams", "--only", "members").exit_code == 0
    assert counts(own)["members"] > 0
    assert counts(own)["users"] == 5


def test_not_some_tables(project: Project, own: psycopg.Connection) -> None:
    """The others are as they would have been."""
    assert seed(project, own, "--yes", "--exclude", "outside").exit_code == 0
    found = contents(own)
    assert not found["outside"]
    assert project.run("cleanup", "--url", url_of(own), "--yes").exit_code == 0
    assert seed(project, own, "--yes").exit_code == 0
    assert {**contents(own), "outside": []} == found


def test_a_table_that_needs_another_is_wrong_usage(project: Project, own: psycopg.Connection) -> None:
    """The choice that would do is said, ready to be pasted; nothing is written."""
    result = seed(project, own, "--yes", "--only", "members")
    assert result.exit_code == 2
    assert "public.members would need rows of public.teams: left out, and empty." in result.stderr
    assert "choose these as well: --only members,public.teams" in result.stderr
    assert seed(project, own, "--yes", "--only", "nobody").exit_code == 1
    assert not any(counts(own).values())


def test_a_dry_run_does_all_of_it_and_leaves_nothing(project: Project, own: psycopg.Connection) -> None:
    """Its report is that of the real run after it, but for the time; the summary says what it was."""
    rehearsed = json.loads(seed(project, own, "--yes", "--dry-run", "--json").stdout)
    assert not any(counts(own).values())
    assert own.execute("select to_regnamespace('supaseed')").fetchone() == (None,)
    assert own.execute("select last_value, is_called from users_id_seq").fetchone() == (1, False)
    real = json.loads(seed(project, own, "--yes", "--json").stdout)
    assert (rehearsed["dry_run"], real["dry_run"]) == (True, False)
    for said in (rehearsed, real):
        for part in said["report"]["parts"]:
            del part["seconds"]
    assert rehearsed["report"]["parts"] == real["report"]["parts"]
    result = seed(project, own, "--yes", "--dry-run")
    assert result.exit_code == 0, result.output
    assert "rolled back: nothing of it is left" in result.stdout


def test_what_is_said_of_users(project: Project, own: psycopg.Connection) -> None:
    """Each option of a run that is about users is one of the command."""
    own.execute("insert into users (email) values ('ada@example.org'), ('bob@example.org')")
    result = seed(
        project, own, "--yes", "--user-strategy", "hybrid", "--additional", "3", "--existing-users",
        "email=ada@example.org", "--email-pattern", "p{n}@example.com", "--only", "users",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    found = [row[0] for row in own.execute("select email from users order by id")]
    assert found[:2] == ["ada@example.org", "bob@example.org"]
    assert [bool(re.fullmatch(r"p\d+@example\.com", email)) for email in found[2:]] == [True] * 3
    assert seed(project, own, "--additional", "many").exit_code == 2


def test_triggers_may_be_skipped(project: Project, own: psycopg.Connection) -> None:
    """A row of ours stands where the trigger's would."""
    own.execute("create table seen (id bigint)")
    own.execute(
        "create function see() returns trigger language plpgsql as"
        " $$ begin insert into seen values (1); return new; end $$;"
        " create trigger see after insert on outside for each row execute function see()"
    )
    assert seed(project, own, "--yes", "--triggers", "skip", "--exclude", "seen").exit_code == 0
    assert own.execute("select count(*) from seen").fetchone() == (0,)


def test_rows_of_others_are_refused_unless_that_is_said(project: Project, own: psycopg.Connection) -> None:
    """The tables are named with their rows; each way out is one."""
    own.execute("insert into users (email) values ('ada@example.org')")
    result = seed(project, own, "--yes")
    assert result.exit_code == 1
    assert "it may be somebody's data" in result.stderr
    assert "public.users: 1 rows" in result.stderr
    assert counts(own)["teams"] == 0
    assert seed(project, own, "--yes", "--exclude", "users,logins").exit_code == 0
    assert seed(project, own, "--yes", "--user-strategy", "hybrid").exit_code == 0
    assert seed(project, own, "--yes", "--beside-existing").exit_code == 0


def test_rows_of_ours_are_no_strangers(project: Project, own: psycopg.Connection) -> None:
    """A second run goes beside the first one without more words."""
    assert seed(project, own, "--yes").exit_code == 0
    before = counts(own)["users"]
    result = seed(project, own, "--yes", "--rows", "users=4", "--seed", "other")
    assert result.exit_code == 0, result.output
    assert counts(own)["users"] == before + 4


@pytest.mark.parametrize(
    "mark",
    [
        "create schema ops; create table ops.supaseed_production (since date)",
        (
            "do $$ begin execute format('alter database %I set supaseed.production = on',"
            " current_database()); end $$"
        ),
    ],
)
def test_a_database_that_is_marked_as_production(
    project: Project, own: psycopg.Connection, mark: str
) -> None:
    """By a table or a setting: it is left alone, unless it is said that it is meant."""
    own.execute(mark.encode())
    result = seed(project, own, "--yes")
    assert result.exit_code == 1
    assert "is marked as production, by the " in result.stderr
    assert "supaseed" in result.stderr
    assert counts(own)["users"] == 0
    assert seed(project, own, "--yes", "--allow-production").exit_code == 0
    assert counts(own)["users"] == 5


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--resume", "7"), "Run 7 is not in the ledger"),
        (("--resume", "1", "--users", "3"), "--resume goes on with what a run was asked for"),
        (("--resume", "1", "--dry-run"), "--resume goes on with what a run was asked for"),
        (("--triggers", "maybe"), "--triggers is 'maybe'"),
        (("--email-pattern", "x@gmail.com"), "may be somebody's"),
    ],
)
def test_wrong_usage(
    project: Project, own: psycopg.Connection, arguments: tuple[str, ...], said: str
) -> None:
    """Said before anything is written."""
    result = seed(project, own, "--yes", *arguments)
    assert (result.exit_code, said in result.stderr) == (2, True), result.output
    assert counts(own)["users"] == 0


@pytest.mark.parametrize(("answer", "users"), [("y\n", 5), ("n\n", 0)])
def test_somebody_on_a_terminal_is_asked(
    project: Project, own: psycopg.Connection, answer: str, users: int
) -> None:
    """A real process on a real terminal, 20 columns wide: the plan, the question, the answer."""
    with terminal(project, "seed", "--url", url_of(own), COLUMNS="20") as (process, ours):
        said = read_until(ours, "[y/N]")
        os.write(ours, answer.encode())
        said += read_until(ours, None)
        assert process.wait(60) == 0
    assert "in this order" in said
    assert "Load" in said
    assert counts(own)["users"] == users


class terminal:  # noqa: N801  # it reads as a function
    """A process on a terminal of its own."""

    def __init__(self, project: Project, *arguments: str, **environment: str) -> None:
        self._ours, theirs = pty.openpty()
        clean = {name: value for name, value in os.environ.items() if not name.startswith("SUPASEED_")}
        self._process = subprocess.Popen(
            [SCRIPT, *arguments],
            cwd=project.folder,
            env={**clean, **environment},
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)

    def __enter__(self) -> tuple[subprocess.Popen[bytes], int]:
        return self._process, self._ours

    def __exit__(self, *_error: object) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        os.close(self._ours)


def read_until(ours: int, wanted: str | None, seconds: float = 60) -> str:
    """What is said until some words, or the end."""
    said, deadline = "", time.monotonic() + seconds
    while (wanted is None or wanted not in said) and time.monotonic() < deadline:
        ready, _, _ = select.select([ours], [], [], 0.2)
        try:
            more = os.read(ours, 65536) if ready else b" "
        except OSError:
            break  # how Linux tells of the other side's end
        if not more:
            break
        said += more.decode(errors="replace") if ready else ""
    return said


@pytest.fixture
def slow(own: psycopg.Connection) -> psycopg.Connection:
    """A database in which each row of a table takes 5 ms."""
    own.execute(
        "create function slow() returns trigger language plpgsql as"
        " $$ begin perform pg_sleep(0.005); return new; end $$;"
        " create trigger slow before insert on outside for each row execute function slow()"
    )
    return own


def running(project: Project, *arguments: str) -> subprocess.Popen[str]:
    """A real process."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("SUPASEED_")}
    return subprocess.Popen(
        [SCRIPT, *arguments],
        cwd=project.folder,
        env=clean,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


SLOW = ("--yes", "--progress", "json", "--batch-size", "50", "--rows", "outside=500", "--seed", "s")


def wait_for(process: subprocess.Popen[str], event: str, label: str) -> None:
    """Read the progress until a line tells of an event of a table."""
    assert process.stderr is not None
    for line in process.stderr:
        if f'"{event}"' in line and label in line:
            return
    raise AssertionError(f"{event} of {label} was not told of")


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_a_process_that_is_ended_can_be_gone_on_with(
    project: Project, slow: psycopg.Connection, how: signal.Signals
) -> None:
    """By Ctrl-C after the open batch, or killed at once: the database ends as one that nobody ended."""
    url = url_of(slow)
    assert project.run("seed", "--url", url, *SLOW, "--json").exit_code == 0
    whole = contents(slow)
    assert project.run("cleanup", "--url", url, "--yes").exit_code == 0

    process = running(project, "seed", "--url", url, *SLOW)
    wait_for(process, "BatchCommitted", "outside")
    process.send_signal(how)
    _, said = process.communicate(timeout=60)
    assert process.returncode == (1 if how is signal.SIGINT else -how)
    there = counts(slow)["outside"]
    assert 50 <= there < 500
    assert there % 50 == 0
    if how is signal.SIGINT:
        assert "Of run 1, " in said
        assert f"{there:,}" in said or "rows are committed" in said
        assert re.search(r"go on with it: supaseed seed --url '[^']+' --resume 1\n", said)
        assert slow.info.password not in said
    status = json.loads(project.run("status", "--url", url, "--json").stdout)["runs"][0]
    assert status["state"] == ("stopped" if how is signal.SIGINT else "killed")
    assert status["parts_done"] < status["parts"]
    said = project.run("status", "--url", url, "-v").stdout
    assert "supaseed seed --resume 1 goes on with it" in said
    assert f"  public.outside: {there} of 500 rows\n" in said

    result = project.run("seed", "--url", url, "--yes", "--resume", "1", "--batch-size", "200")
    assert result.exit_code == 0, result.output
    assert contents(slow) == whole
    assert project.run("seed", "--url", url, "--yes", "--resume", "1").exit_code == 2


def test_a_run_that_goes_on_is_not_cleaned(project: Project, slow: psycopg.Connection) -> None:
    """Not by halves: whoever asks is told to wait."""
    url = url_of(slow)
    process = running(project, "seed", "--url", url, *SLOW)
    wait_for(process, "BatchCommitted", "outside")
    result = project.run("cleanup", "--url", url, "--yes", "-v")
    assert (result.exit_code, "Run 1 is still going on" in result.stderr) == (1, True)
    assert "(running): " in result.stdout
    process.communicate(timeout=60)
    assert process.returncode == 0
    assert counts(slow)["outside"] == 500


def test_a_run_whose_ground_moved_cannot_go_on(project: Project, slow: psycopg.Connection) -> None:
    """The schema, the settings, rows of others: each is said, and the run can still be taken out."""
    url = url_of(slow)
    process = running(project, "seed", "--url", url, *SLOW)
    wait_for(process, "BatchCommitted", "outside")
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)

    def refusal() -> str:
        result = project.run("seed", "--url", url, "--yes", "--resume", "1")
        assert result.exit_code == 1, result.output
        return result.stderr

    slow.execute("insert into outside values (1000000, 'mine')")
    assert "public.outside: 0 rows of others then, 1 now" in refusal()
    slow.execute("delete from outside where id = 1000000; alter table teams add column extra text")
    assert "what its rows follow from is not as it was" in refusal()
    assert project.run("cleanup", "--url", url, "--yes").exit_code == 0
    assert not any(counts(slow).values())
