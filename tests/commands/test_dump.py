"""Tests of `supaseed dump`: what it writes loads into the schema's own database, and is the dataset then."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from commands.looked_at import SCHEMA, Project, url_of
from dumped_databases import EVERYTHING, digests

from pytest_supaseed.isolation.seed_session import Project as Seeded
from pytest_supaseed.isolation.seed_session import open_session
from pytest_supaseed.options import resolve_options

if TYPE_CHECKING:
    from pytest_supaseed.server.endpoint import Endpoint

SCRIPT = str(Path(sys.executable).with_name("supaseed"))
ROWS = "users=9,plans=4,teams=8,members=20,log=6,visits=12,husbands=3,wives=3"


@pytest.fixture
def everything(project: Project) -> Project:
    """A project with all that a dump has to mind."""
    project.write("schema.sql", EVERYTHING)
    project.write(
        "pyproject.toml",
        '[tool.supaseed]\nschema = ["schema.sql"]\nusers = 9\n'
        "[tool.supaseed.rows]\nteams = 8\nmembers = 20\nlog = 6\nvisits = 12\n",
    )
    return project


class Databases:
    """The dataset of a project, and an empty database of its schema."""

    def __init__(self, project: Project) -> None:
        options = resolve_options({}, os.environ, project.folder / "pyproject.toml")
        self._seeded = Seeded(project.folder, options, options.schema)
        self._endpoint = project.endpoint

    def compare(self, load: Any) -> None:
        """Load a dump into a clone of the schema alone: it is as the dataset then."""
        with open_session(self._endpoint, self._seeded, run="dump", on_wait=print) as session:
            options = self._seeded.options
            dataset = session.dataset_for(options)
            with session.looked_into(dataset) as connection:
                wanted = digests(connection)
            alone = session.dataset_for(replace(options, users=0, rows={}))
            with session.clone(alone, test="load", isolation="clone") as empty:
                load(self._endpoint, empty)
                with psycopg.connect(self._endpoint.conninfo(empty.name)) as connection:
                    assert digests(connection) == wanted


def dumped(project: Project, *arguments: str) -> bytes:
    """The standard output of a command that succeeds."""
    result = project.run("dump", *arguments)
    assert result.exit_code == 0, result.output
    return result.stdout_bytes


def test_insert(everything: Project) -> None:
    """The owner, who is no superuser, loads it with constraints on; triggers are as before then."""
    text = dumped(everything)
    assert b"\ncopy " not in text
    assert b"\n\\" not in text

    def load(_endpoint: Endpoint, empty: Any) -> None:
        before = triggers_and_keys(empty.connection)
        empty.connection.execute(text)
        assert before <= triggers_and_keys(empty.connection)  # a partition has some of its own

    Databases(everything).compare(load)


def triggers_and_keys(connection: psycopg.Connection) -> set[Any]:
    """How each trigger and key is."""
    return {
        *connection.execute("select tgrelid, tgname, tgenabled from pg_trigger").fetchall(),
        *connection.execute("select oid, conname, condeferrable, condeferred from pg_constraint").fetchall(),
    }


@pytest.mark.skipif(shutil.which("psql") is None, reason="COPY from the same stream is what psql reads")
def test_copy_by_psql(everything: Project) -> None:
    """One transaction, which stops at the first error."""
    everything.run("dump", "--format", "copy", "-o", "all.sql")

    def load(_endpoint: Endpoint, empty: Any) -> None:
        done = subprocess.run(
            ["psql", "-qX", "-v", "ON_ERROR_STOP=1", "-f", "all.sql", empty.url],
            cwd=everything.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")

    Databases(everything).compare(load)


def test_copy_by_its_pieces(everything: Project) -> None:
    """Statements and data, as psql takes them apart."""
    text = dumped(everything, "--format", "copy").decode()

    def load(_endpoint: Endpoint, empty: Any) -> None:
        lines = iter(text.splitlines(keepends=True))
        statement = ""
        for line in lines:
            statement += line
            if not line.endswith(";\n"):
                continue
            if not statement.startswith("copy "):
                empty.connection.execute(statement.encode())
            else:
                with empty.connection.cursor().copy(statement.encode()) as copy:
                    while (row := next(lines)) != "\\.\n":
                        copy.write(row)
            statement = ""

    Databases(everything).compare(load)


def test_supabase(project: Project) -> None:
    """Users who can log in come with it, by plain INSERTs; no transaction, no COPY, nothing of psql."""
    project.write("pyproject.toml", '[tool.supaseed]\nframework = "makerkit"\nusers = 4\n')
    (project.folder / "supabase").mkdir()
    assert project.run("dump", "--format", "supabase", "-o", "supabase/seed.sql").exit_code == 0
    text = (project.folder / "supabase" / "seed.sql").read_bytes()
    assert b"set session_replication_role = replica;\n" in text
    assert text.endswith(b"reset all;\n")
    assert b'insert into "auth"."users" (' in text
    assert b'insert into "auth"."identities" (' in text
    for word in (b"\ncopy ", b"\nbegin", b"\ncommit", b"\n\\"):
        assert word not in text

    def load(endpoint: Endpoint, empty: Any) -> None:
        # Supabase's `postgres` may set session_replication_role; the platform's stand-in here may not.
        with psycopg.connect(endpoint.conninfo(empty.name), autocommit=True) as superuser:
            superuser.execute(text)

    Databases(project).compare(load)


def test_csv(everything: Project) -> None:
    """A file for each table, and a list of them in the order of loading."""
    assert everything.run("dump", "--format", "csv", "-o", "data").exit_code == 0
    folder = everything.folder / "data"
    listed = json.loads((folder / "tables.json").read_text(encoding="utf-8"))
    names = [one["table"] for one in listed["tables"]]
    assert names.index("public.people") < names.index("public.profiles")
    people = listed["tables"][names.index("public.people")]
    with (folder / people["file"]).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == people["rows"] == 9
    assert list(rows[0]) == people["columns"]
    assert "name_length" not in people["columns"]
    assert {one["sequence"]: one["last_value"] for one in listed["sequences"]}["public.people_id_seq"] == 9
    assert all(name.isascii() and not set('<>:"/\\|?*') & set(name) for name in names_in(folder))
    again = everything.run("dump", "--format", "csv", "-o", "data")
    assert (again.exit_code, "data is there already" in again.stderr) == (2, True)
    assert everything.run("dump", "--format", "csv", "-o", "data", "--force").exit_code == 0
    everything.write("data/mine.txt", "x")
    kept = everything.run("dump", "--format", "csv", "-o", "data", "--force")
    assert (kept.exit_code, "holds more than a dump" in kept.stderr) == (2, True)
    assert (folder / "mine.txt").exists()


def names_in(folder: Path) -> list[str]:
    """The files of a folder."""
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def own(empty_database: psycopg.Connection) -> psycopg.Connection:
    """A database of somebody's own, with a row."""
    empty_database.execute(SCHEMA)
    empty_database.execute("insert into outside values (-1, 'mine')")
    return empty_database


def test_what_was_seeded_into_a_database(
    project: Project, own: psycopg.Connection, another_database: psycopg.Connection
) -> None:
    """Rows of runs, and of nobody else; loaded elsewhere they are the same."""
    url = url_of(own)
    nothing = project.run("dump", "--url", url)
    assert (nothing.exit_code, "holds no row of supaseed seed" in nothing.stderr) == (1, True)
    assert project.run("seed", "--url", url, "--yes", "--beside-existing").exit_code == 0
    text = dumped(project, "--url", url)
    one = dumped(project, "--url", url, "--run", "1")
    assert text.splitlines()[1:] == one.splitlines()[1:]
    assert b"mine" not in text
    another_database.execute(SCHEMA)
    another_database.execute(text)
    own.execute("delete from outside where id = -1")
    assert digests(another_database) == digests(own)
    assert project.run("dump", "--url", url, "--run", "9").exit_code == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--format", "csv"), "needs a name"),
        (("--json",), "standard output is not for the dump"),
        (("--run", "1"), "--run is of a database that was seeded"),
        (("--url", "postgresql://127.0.0.1:1/x", "--users", "3"), "is written as it is"),
        (("-o", "no/where.sql"), "There is no folder"),
        (("--format", "xml"), "xml"),
    ],
)
def test_wrong_usage(project: Project, arguments: tuple[str, ...], said: str) -> None:
    """Said before anything is made."""
    result = project.run("dump", *arguments)
    assert (result.exit_code, said in result.stderr) == (2, True), result.output


def test_a_file_is_there_whole_or_not_at_all(project: Project) -> None:
    """JSON says what was written; what is there is written anew only by --force; a failure leaves nothing."""
    result = project.run("dump", "-o", "one.sql", "--json")
    said = json.loads(result.stdout)
    assert (said["written"], "public.users" in said["tables"]) == ("one.sql", True)
    assert project.run("dump", "-o", "one.sql").exit_code == 2
    assert project.run("dump", "-o", "one.sql", "--force", "-v").exit_code == 0
    project.write("schema.sql", "create table (;")
    assert project.run("dump", "-o", "two.sql").exit_code == 1
    assert names_in(project.folder) == ["one.sql", "pyproject.toml", "schema.sql"]


def test_a_pipe_that_closes(project: Project) -> None:
    """A real process whose reader has enough: it ends without a word."""
    clean = {name: value for name, value in os.environ.items() if name != "SUPASEED_CACHE_DIR"}
    project.write("pyproject.toml", '[tool.supaseed]\nschema = ["schema.sql"]\nusers = 5000\n')
    process = subprocess.Popen(
        [SCRIPT, "dump"], cwd=project.folder, env=clean, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stderr is not None
    assert process.stdout.readline().startswith(b"-- made by pytest-supaseed")
    process.stdout.close()
    said = process.stderr.read()
    process.stderr.close()
    assert (process.wait(60), said) == (1, b"")


def test_a_seed_that_would_end_the_comment(project: Project) -> None:
    """The head is one line, whatever the seed is."""
    text = dumped(project, "--seed", "x\n; drop table users; --")
    assert text.splitlines()[1] == b"begin;"
