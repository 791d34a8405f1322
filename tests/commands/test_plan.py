"""`supaseed plan`: what would be loaded, said before anything is written."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from commands.looked_at import Project, url_of
from test_cli import supaseed

if TYPE_CHECKING:
    import psycopg


def test_the_whole_plan_is_in_the_json(project: Project) -> None:
    """Order, rows, factories, circles, what Postgres judges: as a run in this folder would have them."""
    result = project.run("plan", "--json")
    found = json.loads(result.stdout)
    parts = {part["table"]: part for part in found["parts"]}
    order = list(parts)
    assert (result.exit_code, result.stderr) == (0, "")
    assert (found["users"], found["seed"]) == (5, "supaseed")
    assert order.index("public.users") < order.index("public.logins")
    assert order.index("public.teams") < order.index("public.members")
    assert parts["public.users"]["factory"] == "auto"
    assert found["rows"] == sum(part["rows"] for part in found["parts"])
    assert [(key["table"], key["columns"], key["references"]) for key in found["cut_keys"]] == [
        ("public.teams", ["leader_id"], "public.members")
    ]
    assert [check["table"] for check in found["judged"]] == ["public.teams"]
    assert "is_fine" in found["judged"][0]["expression"]


def test_flags_win(project: Project) -> None:
    """Users, rows and seed are those of the command line; other seeds give other digests."""
    asked = ("plan", "--json", "--users", "3", "--rows", "teams=7", "--rows", "outside=2")
    one, other = (json.loads(project.run(*asked, "--seed", seed).stdout) for seed in ("a", "b"))
    rows = {part["table"]: part["rows"] for part in one["parts"]}
    assert (rows["public.users"], rows["public.teams"], rows["public.outside"]) == (3, 7, 2)
    assert one["digest"] != other["digest"]


def test_rows_for_each_parent(project: Project) -> None:
    """Numbers for each row of a parent table are said as they were asked for."""
    asked = ("plan", "--users", "3", "--rows", "members=2..4 per teams")
    found = json.loads(project.run(*asked, "--json").stdout)
    (members,) = (part for part in found["parts"] if part["table"] == "public.members")
    assert members["per_parent"] == "2 to 4 per teams"
    assert 6 <= members["rows"] <= 12
    assert "public.members, by auto, 2 to 4 per teams" in project.run(*asked).stdout


def test_it_is_said_in_words(project: Project) -> None:
    """Without --json a person reads it; what is kept or left alone is named with its reason."""
    project.write("more.sql", "insert into public.outside values (1, 'there');")
    project.write("pyproject.toml", '[tool.supaseed]\nschema = ["schema.sql", "more.sql"]\nusers = 5\n')
    lines = project.run("plan", "-v").stdout
    assert "plan: 5 users, seed 'supaseed'" in lines
    assert "  public.teams (leader_id) -> public.members: NULL at first, filled in the end" in lines
    assert "  public.outside: kept: 1 row that is there" in lines
    assert "  public.outside: 1 row" in lines
    assert "checks that Postgres judges over candidate rows:\n  public.teams " in lines


def test_a_real_process_over_a_database(project: Project, filled: psycopg.Connection) -> None:
    """The console script plans for a database that is there, and writes nothing to it."""
    result = supaseed("plan", "--url", url_of(filled), "--users", "4", "--json", cwd=project.folder)
    found = json.loads(result.stdout)
    assert (result.returncode, result.stderr) == (0, "")
    assert found["schema"] == f"database {filled.info.dbname}"
    assert {part["table"]: part["rows"] for part in found["parts"]}["public.users"] == 4
    row = filled.execute("select count(*) from public.users").fetchone()
    assert row is not None
    assert row[0] == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--users", "many"), "--users is 'many'; allowed is a whole number"),
        (("--users", "-1"), "--users is '-1'"),
        (("--rows", "teams"), "--rows is 'teams'"),
        (("--framework", "makerkot"), "did you mean makerkit?"),
        (("--config", "none.toml"), "none.toml"),
    ],
)
def test_wrong_values_are_code_two(project: Project, arguments: tuple[str, ...], said: str) -> None:
    """A wrong value is told by the flag that it came from."""
    result = project.run("plan", *arguments)
    assert result.exit_code == 2
    assert said in result.stderr


def test_rows_of_an_unknown_table(project: Project) -> None:
    """The nearest names are said."""
    result = project.run("plan", "--rows", "temas=3")
    assert result.exit_code == 1
    assert "temas" in result.stderr
    assert "teams" in result.stderr


def test_a_project_without_a_schema(project: Project) -> None:
    """Where a schema was looked for is said."""
    project.write("pyproject.toml", "")
    result = project.run("plan")
    assert result.exit_code == 1
    assert "There is no schema to seed." in result.stderr


def test_factories_are_written(project: Project) -> None:
    """To standard output as Python alone, into a new file, or within the JSON; no file is overwritten."""
    source = project.run("plan", "--factories").stdout
    compile(source, "factories.py", "exec")
    assert 'table = "public.teams"' in source
    assert json.loads(project.run("plan", "--factories", "--json").stdout)["factories"] == source
    assert project.run("plan", "--factories", "made.py").stdout == "written: made.py\n"
    assert (project.folder / "made.py").read_text(encoding="utf-8") == source
    result = project.run("plan", "--factories", "made.py")
    assert (result.exit_code, "made.py is there already" in result.stderr) == (2, True)
    result = project.run("plan", "--factories", "no/made.py")
    assert (result.exit_code, "There is no folder no" in result.stderr) == (2, True)


def test_another_file_of_settings(project: Project) -> None:
    """`--config` names the file, and its folder is the project's."""
    (project.folder / "inner").mkdir()
    project.write("inner/pyproject.toml", '[tool.supaseed]\nschema = ["one.sql"]\n')
    project.write("inner/one.sql", "create table public.one (id bigint primary key);")
    found = json.loads(project.run("plan", "--config", "inner/pyproject.toml", "--json").stdout)
    assert [part["table"] for part in found["parts"]] == ["public.one"]
