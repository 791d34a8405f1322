"""`supaseed report`: a page of the project's dataset, or of a database that is there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from commands.looked_at import Project, url_of
from test_cli import supaseed

if TYPE_CHECKING:
    import psycopg


def test_the_projects_dataset_is_shown(project: Project) -> None:
    """Made where it is missing; the file's name is said."""
    result = project.run("report", "--users", "3", "--progress", "none")
    assert (result.exit_code, result.stderr, result.stdout) == (0, "", "written: report.html\n")
    html = (project.folder / "report.html").read_text(encoding="utf-8")
    assert "3 users, seed &#x27;supaseed&#x27;" in html
    assert project.folder.name in html


def test_all_of_it_is_in_the_json(project: Project) -> None:
    """Tables, keys, parts, distributions, children; no file where none was asked for."""
    result = project.run("report", "--users", "4", "--rows", "members=8", "--json", "--progress", "none")
    found = json.loads(result.stdout)
    assert (result.exit_code, result.stderr, found["written"]) == (0, "", None)
    assert not (project.folder / "report.html").exists()
    (dataset,) = found["datasets"]
    tables = {table["name"]: table for table in dataset["tables"]}
    keys = {(key["child"], key["parent"]): key for key in dataset["keys"]}
    assert tables["public.users"]["rows"] == 4
    assert tables["public.users"]["columns"][1]["key"] == "unique"
    assert [part["loaded"] for part in dataset["parts"] if part["table"] == "public.members"] == [8]
    assert keys["public.members", "public.teams"]["children"]["parents"] == tables["public.teams"]["rows"]
    assert keys["public.teams", "public.members"]["is_cut"]
    assert keys["public.logins", "public.users"]["children"]["mean"] == 1.0
    assert dataset["load"] or not dataset["built"]


def test_a_real_process_over_a_database(project: Project, filled: psycopg.Connection) -> None:
    """It is shown as it is, by its name, and nothing is written to it."""
    filled.execute("insert into public.outside values (1, '<b>there</b>') on conflict do nothing")
    target = project.folder / "own.html"
    result = supaseed("report", "--url", url_of(filled), "-o", "own.html", "--json", cwd=project.folder)
    found = json.loads(result.stdout)
    assert (result.returncode, result.stderr, found["written"]) == (0, "", "own.html")
    (dataset,) = found["datasets"]
    assert (dataset["name"], dataset["parts"], dataset["built"]) == (filled.info.dbname, [], False)
    (outside,) = (table for table in dataset["tables"] if table["name"] == "public.outside")
    assert outside["samples"] == [["1", "<b>there</b>"]]
    assert "&lt;b&gt;there&lt;/b&gt;" in target.read_text(encoding="utf-8")


def test_a_dataset_that_cannot_be_made_is_shown_with_its_plan(project: Project) -> None:
    """The page is written, the error is the answer, and the exit code is 1."""
    project.write(
        "schema.sql",
        "create table users (id integer primary key, email text, check (length(email) between 500 and 400));",
    )
    project.write("pyproject.toml", '[tool.supaseed]\nschema = ["schema.sql"]\nstrict = true\n')
    result = project.run("report", "--progress", "none")
    assert result.exit_code == 1
    assert "what to do:" in result.stderr
    assert "It ended with the error above." in (project.folder / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("-o", "."), "is a folder"),
        (("-o", "nowhere/report.html"), "There is no folder nowhere"),
        (("--users", "many"), "--users is 'many'"),
    ],
)
def test_wrong_usage(project: Project, arguments: tuple[str, ...], said: str) -> None:
    """Before anything is made."""
    result = project.run("report", *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr
