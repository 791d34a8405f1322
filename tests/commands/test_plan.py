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


def test_what_it_takes_is_measured(project: Project) -> None:
    """Some rows are loaded into a copy of the schema; more rows take more."""
    small, large = (
        json.loads(project.run("plan", "--users", users, "--json").stdout)["estimate"]
        for users in ("5", "50000")
    )
    assert (small["measured"], small["rows"]) == ("loaded", 25)
    assert 0 < small["sampled"] <= 25
    assert large["bytes"] > 100 * small["bytes"] > 0
    assert large["seconds"] > 2 * small["seconds"] > 0
    assert "\nestimate: " in project.run("plan").stdout
    assert "estimate" not in project.run("plan", "--no-estimate").stdout


def test_what_it_takes_in_a_database_that_is_there(project: Project, filled: psycopg.Connection) -> None:
    """Rows are made, and nothing is loaded; that is said."""
    url = url_of(filled)
    found = json.loads(project.run("plan", "--url", url, "--users", "50", "--json").stdout)["estimate"]
    assert (found["measured"], found["bytes"] > 0) == ("made", True)
    said = project.run("plan", "--url", url, "--users", "50").stdout
    assert "what loading adds was not measured" in said


def test_a_plan_that_nobody_can_load(project: Project, filled: psycopg.Connection) -> None:
    """10^12 rows: planned and estimated at once; `seed` refuses it, and `--check` says that it would."""
    asked = ("--users", "1000000000000")
    result = project.run("plan", *asked)
    assert result.exit_code == 0, result.output
    assert "TB, " in result.stdout or "PB, " in result.stdout
    assert " days, by " in result.stdout
    checked = project.run("plan", *asked, "--check")
    refused = project.run("seed", "--url", url_of(filled), "--yes", *asked)
    for one in (checked, refused):
        assert one.exit_code == 2, one.output
        assert "rows are planned, and 100,000,000 are allowed" in one.stderr
        assert "what they would take: " in one.stderr
        assert "--max-rows 5000000000000" in one.stderr
    assert filled.execute("select count(*) from users").fetchone() == (0,)
    small = project.run("plan", "--max-rows", "10", "--check", "--no-estimate")
    assert (small.exit_code, "10 are allowed" in small.stderr) == (2, True)
    assert project.run("plan", "--check").exit_code == 0


def test_the_relations_are_drawn(project: Project) -> None:
    """As Mermaid on standard output, and as a page in a new file; names are only names."""
    project.write(
        "more.sql",
        'create table "<b>&""x"" `;|" (id int primary key, "]-->" bigint references public.users (id));',
    )
    project.write("pyproject.toml", '[tool.supaseed]\nschema = ["schema.sql", "more.sql"]\nusers = 5\n')
    chart = project.run("plan", "--mermaid").stdout
    assert chart.startswith("flowchart LR\n")
    assert '["public.#lt;b#gt;#amp;#quot;x#quot; #96;#59;#124;<br/>5 rows"]' in chart
    assert '-.->|"]--#gt;"|' in chart
    assert '-.->|"leader_id (filled in the end)"|' in chart
    assert '-->|"team_id"|' in chart
    assert project.run("plan", "--html", "plan.html").stdout == "written: plan.html\n"
    page = (project.folder / "plan.html").read_text(encoding="utf-8")
    assert "<b>&" not in page
    assert "This is a plan: nothing of it is loaded." in page
    assert "public.users" in page
    again = project.run("plan", "--html", "plan.html")
    assert (again.exit_code, "--html writes a new file only" in again.stderr) == (2, True)


def test_some_tables(project: Project) -> None:
    """What `seed` would be asked for can be planned first."""
    found = json.loads(project.run("plan", "--json", "--no-estimate", "--only", "teams,members").stdout)
    assert [part["table"] for part in found["parts"]] == ["public.teams", "public.members"]
    assert {"table": "public.users", "reason": "left out"} in found["unplanned"]
    result = project.run("plan", "--only", "members")
    assert (result.exit_code, "left out, and empty" in result.stderr) == (2, True)
    assert project.run("plan", "--user-strategy", "existing").exit_code == 2
