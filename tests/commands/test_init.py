"""Tests of `supaseed init`: the settings of a project, from its `supa-seed.config.json`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from commands.looked_at import Project, url_of
from original.full_config import FULL
from test_cli import supaseed

from pytest_supaseed.cli import main
from pytest_supaseed.options import resolve_options
from pytest_supaseed.original import FILE_NAME
from pytest_supaseed.platform.bundled import bundled_schema

if TYPE_CHECKING:
    from pathlib import Path

    import psycopg
    from click.testing import Result


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of the original tool, in the current folder."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / FILE_NAME).write_text(json.dumps(FULL), encoding="utf-8")
    return tmp_path


def run(*arguments: str) -> Result:
    """Run the command."""
    return CliRunner().invoke(main, ["init", "--from", FILE_NAME, *arguments])


def test_it_prints_the_settings(folder: Path) -> None:
    """On standard output nothing but TOML; what does nothing here is said beside it."""
    result = run()

    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("[tool.supaseed]\nusers = 12\n")
    assert "without a meaning here: schema.multiTenant\n" in result.stderr
    assert not (folder / "pyproject.toml").exists()
    assert "password123" not in result.output


@pytest.mark.parametrize("before", [None, '[project]\nname = "app"\n', '[project]\nname = "app"', "\n"])
def test_it_writes_them_where_there_are_none(folder: Path, before: str | None) -> None:
    """Behind what is there, or into a new file; what was there stays byte for byte."""
    pyproject = folder / "pyproject.toml"
    if before is not None:
        pyproject.write_text(before, encoding="utf-8")
    result = run("--write")

    assert result.exit_code == 0, result.output
    assert f"written: {pyproject}" in result.stdout
    assert f"{FILE_NAME} is no longer needed: remove it" in result.stderr
    assert pyproject.read_text(encoding="utf-8").startswith(before or "[tool.supaseed]")
    (folder / FILE_NAME).unlink()
    options = resolve_options({}, {}, pyproject)
    assert (options.users, options.map.tables) == (12, {"setup_types": "base_templates"})


def test_settings_that_are_there_are_left_alone(folder: Path) -> None:
    """Wrong usage: to merge them is the reader's."""
    pyproject = folder / "pyproject.toml"
    pyproject.write_text("[tool.supaseed]\nusers = 3\n", encoding="utf-8")
    result = run("--write")

    assert result.exit_code == 2
    assert result.stderr.startswith(f"{pyproject} has a [tool.supaseed] already; it is left alone.")
    assert pyproject.read_text(encoding="utf-8") == "[tool.supaseed]\nusers = 3\n"


@pytest.mark.parametrize("content", ["not [ toml", None])
def test_a_file_that_cannot_be_changed_is_named(folder: Path, content: str | None) -> None:
    """Broken TOML, or a folder of that name."""
    pyproject = folder / "pyproject.toml"
    if content is None:
        pyproject.mkdir()
    else:
        pyproject.write_text(content, encoding="utf-8")
    result = run("--write")

    assert result.exit_code == 2
    assert f"{pyproject} cannot be changed: " in result.stderr


def test_json_says_the_same(folder: Path) -> None:
    """For programs: the TOML, where it was written, and what does nothing."""
    result = run("--json")
    found = json.loads(result.stdout)

    assert result.exit_code == 0
    assert found["toml"].startswith("[tool.supaseed]")
    assert found["written"] is None
    assert "schema.multiTenant" in found["unused"]


def test_a_broken_file_is_wrong_usage(folder: Path) -> None:
    """One message, no traceback; and a file that is not there is named."""
    (folder / FILE_NAME).write_text("{", encoding="utf-8")
    assert (run().exit_code, "is no JSON" in run().stderr) == (2, True)
    (folder / FILE_NAME).unlink()
    assert run().exit_code == 2


@pytest.fixture
def detected(project: Project) -> Project:
    """A project that says nothing of itself."""
    project.write("pyproject.toml", '[project]\nname = "app"\n')
    return project


def test_it_prints_what_is_detected(detected: Project) -> None:
    """Where the tables come from is found by the project's files; what it prints is a run's settings then."""
    result = detected.run("init", "--write")
    assert (result.exit_code, result.stderr) == (0, "")
    text = (detected.folder / "pyproject.toml").read_text(encoding="utf-8")
    assert text.startswith('[project]\nname = "app"\n\n[tool.supaseed]\n# recognised as postgres')
    options = resolve_options({}, {}, detected.folder / "pyproject.toml")
    assert (options.schema, options.users) == (("schema.sql",), 10)
    assert detected.run("plan", "--no-estimate").exit_code == 0


def test_it_looks_into_a_database(detected: Project, filled: psycopg.Connection) -> None:
    """With `--url`; what was detected is said with -v, beside the settings."""
    result = detected.run("init", "--url", url_of(filled), "-v")
    assert (result.exit_code, result.stdout.startswith("[tool.supaseed]\n")) == (0, True)
    assert "schema =" not in result.stdout
    assert "framework: postgres" in result.stderr
    found = json.loads(detected.run("init", "--url", url_of(filled), "--json").stdout)
    assert found == {"toml": result.stdout, "written": None, "unused": []}


def test_a_kit_is_recognised(detected: Project) -> None:
    """What speaks for it is said in a comment, which is no setting."""
    kit = bundled_schema("makerkit")
    (detected.folder / "schema.sql").unlink()
    migrations = detected.folder / "supabase" / "migrations"
    migrations.mkdir(parents=True)
    for path in kit.glob("*.sql"):
        (migrations / path.name).write_bytes(path.read_bytes())
    result = detected.run("init")
    assert result.exit_code == 0, result.output
    assert "# recognised as makerkit, by itself: " in result.stdout
    assert 'schema = ["supabase/migrations"]' in result.stdout


def test_a_folder_without_a_schema(detected: Project) -> None:
    """What was looked for is said."""
    (detected.folder / "schema.sql").unlink()
    result = detected.run("init")
    assert result.exit_code == 1
    assert "alembic.ini" in result.stderr


def test_a_real_process(detected: Project) -> None:
    """The console script prints the same as the function."""
    result = supaseed("init", cwd=detected.folder, SUPASEED_URL=detected.endpoint.conninfo())
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout == detected.run("init").stdout
