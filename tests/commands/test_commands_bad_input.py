"""What the commands say where something stands in their way: every one of them, in the same words."""

from __future__ import annotations

import fcntl
import json
import os
import struct
import subprocess
import sys
import termios
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from commands.looked_at import SCHEMA, Project, url_of
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

SCRIPT = str(Path(sys.executable).with_name("supaseed"))
LOOKING = (["detect"], ["plan"], ["dump"], ["report"], ["seed", "--yes"], ["status"], ["cleanup", "--yes"])


@pytest.fixture
def own(empty_database: psycopg.Connection) -> psycopg.Connection:
    """A database of somebody's own."""
    empty_database.execute(SCHEMA)
    return empty_database


@pytest.fixture
def guest(own: psycopg.Connection, maker: Any) -> Iterator[str]:
    """The URL of a login that may connect to it, and nothing else."""
    role = f"{maker.prefix}guest"
    own.execute(f"create role {role} login password 'pw'".encode())
    yield make_conninfo(own.info.dsn, user=role, password="pw")
    own.execute(f"drop owned by {role}".encode())
    own.execute(f"drop role {role}".encode())


@pytest.mark.parametrize("command", LOOKING, ids=lambda command: command[0])
@pytest.mark.parametrize(
    ("url", "code", "said"),
    [
        ("postgresql://a:secret@127.0.0.1:1/x", 1, "start the server"),
        ("postgresql://a:secret@db.example.com/x", 1, "say --allow-remote"),
        ("postgresql://a:secret@127.0.0.1:port/x", 2, "--url is no URL"),
    ],
)
def test_no_database(project: Project, command: list[str], url: str, code: int, said: str) -> None:
    """It is not there, not here, or no URL; in JSON too, and without the password."""
    result = project.run(*command, "--url", url)
    assert (result.exit_code, result.stdout) == (code, "")
    assert said in result.stderr
    assert "secret" not in result.stderr
    more = ["-o", "x.sql"] if command == ["dump"] else []
    found = json.loads(project.run(*command, "--url", url, "--json", *more).stdout)
    assert found["error"]["summary"] in result.stderr


def test_no_permission(project: Project, own: psycopg.Connection, guest: str) -> None:
    """A login that may not even make the ledger's schema: who may is said, and nothing is written."""
    result = project.run("seed", "--url", guest, "--yes")
    assert result.exit_code == 1
    assert "The database cannot be seeded: permission denied for database" in result.stderr
    assert "name a user who owns the tables, or may write to them and create a schema" in result.stderr
    rehearsed = project.run("seed", "--url", guest, "--yes", "--dry-run")
    assert (rehearsed.exit_code, "permission denied" in rehearsed.stderr) == (1, True)
    assert project.run("status", "--url", guest).stdout == "nothing was seeded here\n"
    assert project.run("cleanup", "--url", guest, "--yes").exit_code == 0
    assert own.execute("select count(*) from users").fetchone() == (0,)


def test_half_of_the_tables_are_somebody_elses(project: Project, own: psycopg.Connection, guest: str) -> None:
    """Those that the login may write to are filled; each of the others is named with the reason; code 1."""
    name = own.info.dbname
    role = conninfo_to_dict(guest)["user"]
    own.execute(f"grant create on database {name} to {role}".encode())
    own.execute(f"grant all on teams, members, outside to {role}".encode())
    own.execute(f"grant select on users, logins to {role}".encode())
    result = project.run("seed", "--url", guest, "--yes", "--json")
    assert result.exit_code == 1
    parts = {part["table"]: part for part in json.loads(result.stdout)["report"]["parts"]}
    assert {part["table"]: part["loaded"] for part in parts.values() if part["loaded"]} == {"outside": 5}
    assert "violates row-level security policy" in parts["teams"]["reason"]
    assert "needs a row of 'public.teams'" in parts["members"]["reason"]
    assert parts["users"]["loaded"] == 0
    assert "permission denied for table users" in parts["users"]["reason"]
    assert project.run("cleanup", "--url", guest, "--yes").exit_code == 0
    assert own.execute("select count(*) from outside").fetchone() == (0,)


def test_a_table_that_may_not_be_read(project: Project, guest: str) -> None:
    """The ledger alone tells which rows are ours: who cannot see them is told so, and nothing breaks."""
    result = project.run("plan", "--url", guest, "-v", "--no-estimate")
    assert result.exit_code == 0
    assert "its rows were not counted, since the login may not read it" in result.stdout


def test_a_replica(project: Project, own: psycopg.Connection) -> None:
    """What writes is refused; what reads serves."""
    own.execute(f"alter database {own.info.dbname} set default_transaction_read_only = on".encode())
    url = url_of(own)
    for command in (["seed", "--yes"], ["cleanup", "--yes"], ["status"]):
        result = project.run(*command, "--url", url)
        assert (result.exit_code, "takes no writes" in result.stderr) == (1, True)
    assert project.run("detect", "--url", url).exit_code == 0
    assert project.run("plan", "--url", url).exit_code == 0


@pytest.mark.parametrize("command", [["detect", "-v"], ["plan", "-v"], ["--help"], ["doctor"]])
def test_a_pipe_that_closes(project: Project, own: psycopg.Connection, command: list[str]) -> None:
    """The reader has enough after no line at all: nothing is said, and no traceback."""
    url = [] if command[0] in {"--help", "doctor"} else ["--url", url_of(own)]
    reader, writer = os.pipe()
    os.close(reader)
    process = subprocess.run(
        [SCRIPT, *command, *url],
        cwd=project.folder,
        stdout=writer,
        stderr=subprocess.PIPE,
        check=False,
        text=True,
    )
    os.close(writer)
    assert (process.returncode, process.stderr) == (1, "")


@pytest.mark.parametrize("columns", ["20", "1", "nonsense"])
def test_a_narrow_terminal_without_colours(
    project: Project, own: psycopg.Connection, columns: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of every command every word is there, and no code of a terminal."""
    for name, value in (("COLUMNS", columns), ("NO_COLOR", "1"), ("TERM", "dumb")):
        monkeypatch.setenv(name, value)
    url = ("--url", url_of(own))
    said = {
        "detect": "framework: postgres",
        "plan": "public.members, by auto",
        "seed --yes": "loaded: 25 rows",
        "status": "5 users, seed",
        "dump": 'insert into "public"."members"',
        "report": "written: report.html",
        "cleanup --yes": "deleted: 2",
        "init": "[tool.supaseed]",
        "doctor": "ok    server:",
        "cache list": "",
    }
    for command, words in said.items():
        result = project.run(*command.split(), *url)
        assert result.exit_code == 0, (command, result.output)
        assert words in result.output, command
        assert "\x1b" not in result.output
    helped = project.run("seed", "--help")
    assert (helped.exit_code, "--email-pattern" in helped.output) == (0, True)


def test_a_real_process_on_a_real_terminal(project: Project, own: psycopg.Connection) -> None:
    """Twenty columns wide, in which `seed` asks and is answered; then the others, as a person runs them."""
    url = ("--url", url_of(own))
    assert on_a_terminal(project, "seed", *url, answer="n") == (0, "nothing was written")
    assert on_a_terminal(project, "seed", *url, answer="y") == (0, "supaseed cleanup takes them out again")
    code, last = on_a_terminal(project, "status", *url)
    assert (code, "as seeded" in last) == (0, True)
    assert on_a_terminal(project, "cleanup", *url, answer="y")[0] == 0
    assert own.execute("select count(*) from outside").fetchone() == (0,)


def on_a_terminal(project: Project, *arguments: str, answer: str = "") -> tuple[int, str]:
    """Run a command on a terminal of its own; return its exit code and the last line."""
    ours, its = os.openpty()
    fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 20, 0, 0))
    process = subprocess.Popen([SCRIPT, *arguments], cwd=project.folder, stdin=its, stdout=its, stderr=its)
    os.close(its)
    os.write(ours, f"{answer}\n".encode())
    printed = b""
    with suppress(OSError):  # Linux's way of saying that the other end is closed
        while piece := os.read(ours, 4096):
            printed += piece
    os.close(ours)
    assert b"Traceback" not in printed
    return process.wait(60), printed.decode().split("\r\n")[-2].rpartition("[y/N]: ")[2]


def test_names_that_mean_something_to_a_shell(project: Project, own: psycopg.Connection) -> None:
    """They are names in the plan, the report and the ledger, and quoted where they are to be pasted."""
    own.execute(
        """
        create schema "$(rm -rf /)";
        create table "$(rm -rf /)"."a;b" (id int primary key);
        create table "it's ""so"" %s {x}" (
            id int primary key, "a;b" int not null references "$(rm -rf /)"."a;b", "<b>" text not null
        );
        """
    )
    url = url_of(own)
    name = """it's "so" %s {x}"""
    result = project.run("seed", "--url", url, "--yes", "--only", name)
    assert result.exit_code == 2
    assert """--only 'it'"'"'s "so" %s {x},$(rm -rf /).a;b'""" in result.stderr
    assert project.run("seed", "--url", url, "--yes", "--only", f"{name},$(rm -rf /).a;b").exit_code == 0
    count = sql.SQL("select count(*) from {}").format(sql.Identifier(name))
    assert own.execute(count).fetchone() == (5,)
    status = json.loads(project.run("status", "--url", url, "--json").stdout)
    assert {one["table"] for one in status["tables"]} == {f"public.{name}", "$(rm -rf /).a;b"}
    assert project.run("cleanup", "--url", url, "--yes").exit_code == 0


def test_completion_for_a_shell() -> None:
    """Click's own: commands and options are completed, and nothing is connected to for it."""

    def completed(words: str, place: int) -> str:
        environment = {
            **os.environ, "_SUPASEED_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(place)
        }  # fmt: skip
        return subprocess.run([SCRIPT], env=environment, capture_output=True, text=True, check=True).stdout

    assert completed("supaseed pl", 1) == "plain,plan\n"
    assert "plain,--dry-run\n" in completed("supaseed seed --d", 2)
    assert "plain,supabase\n" in completed("supaseed dump --format su", 3)
