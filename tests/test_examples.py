"""The examples run as their readers run them: by pytest itself, in a process of its own."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from pytest_supaseed.server.binaries import find_local
from pytest_supaseed.server.clusters import running_cluster

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE = ROOT / "examples" / "makerkit"
RECIPES = {"alembic_project": 13, "asyncpg_service": 12, "django_shop": 21, "fastapi_sqlalchemy": 22}
"""The other examples, with the number of their tests: one that is not collected would not be missed."""
TIMEOUT = 300

DIGEST_TEST = """
import json
import os
from pathlib import Path

from psycopg import sql


def test_digest(supaseed_db):
    conn = supaseed_db.connection
    tables = conn.execute(
        "select nspname, relname from pg_class join pg_namespace on pg_namespace.oid = relnamespace"
        " where relkind = 'r' and nspname in ('public', 'auth') order by 1, 2"
    ).fetchall()
    query = sql.SQL("select count(*), md5(string_agg(t::text, ';' order by t::text)) from {} as t")
    found = {
        ".".join(table): conn.execute(query.format(sql.Identifier(*table))).fetchone() for table in tables
    }
    Path(os.environ["DIGEST_FILE"]).write_text(json.dumps(found))
"""


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One cache folder for the runs of this file: the first one makes what the others use."""
    return tmp_path_factory.mktemp("cache")


def run_pytest(
    *arguments: str, cwd: Path, cache: Path, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run pytest as a user does, untouched by the run that we are in."""
    clean = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "SUPASEED_"))
    }
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments],
        cwd=cwd,
        env={**clean, "SUPASEED_CACHE_DIR": str(cache), **environment},
        capture_output=True,
        text=True,
        timeout=TIMEOUT,
        check=False,
    )


def passed(result: subprocess.CompletedProcess[str]) -> int:
    """Return how many tests passed in a run in which none did otherwise."""
    assert result.returncode == 0, result.stdout + result.stderr
    found = re.search(r"=+ (\d+) passed in", result.stdout)
    assert found, result.stdout
    return int(found[1])


@pytest.mark.parametrize("arguments", [(), ("-n", "2")], ids=["plain", "two workers"])
def test_the_main_command_passes(arguments: tuple[str, ...], cache: Path) -> None:
    """From the repository's root, with the example's own settings, alone and with workers."""
    result = run_pytest("examples/makerkit", "--supaseed-users=50", *arguments, cwd=ROOT, cache=cache)
    assert passed(result) >= 30
    assert "rootdir: " + str(EXAMPLE) in result.stdout or arguments


@pytest.mark.parametrize("recipe", RECIPES)
def test_a_recipe_passes(recipe: str, cache: Path) -> None:
    """From inside its folder, in one process, with the plugins that its users have; nothing is in the way."""
    result = run_pytest("-n", "0", cwd=ROOT / "examples" / recipe, cache=cache)
    assert passed(result) == RECIPES[recipe]


@pytest.mark.parametrize("recipe", ["django_shop", "fastapi_sqlalchemy"])
def test_a_recipe_passes_with_workers(recipe: str, cache: Path) -> None:
    """From the repository's root, with the recipe's own settings, by two workers."""
    result = run_pytest(f"examples/{recipe}", "-n", "2", cwd=ROOT, cache=cache)
    assert passed(result) == RECIPES[recipe]


def test_every_example_is_run_here() -> None:
    """A folder that is added to the examples is added here."""
    found = {path.parent.name for path in (ROOT / "examples").glob("*/pyproject.toml")}
    assert found == {EXAMPLE.name, *RECIPES}


@pytest.mark.parametrize("users", [5, 200])
def test_it_passes_with_few_and_with_many(users: int, cache: Path) -> None:
    """From inside its folder; no test depends on how many people there are."""
    assert passed(run_pytest(f"--supaseed-users={users}", cwd=EXAMPLE, cache=cache)) >= 30


def test_a_copy_elsewhere_gives_the_same_rows_from_nothing(tmp_path: Path) -> None:
    """Two copies with caches of their own: every row of every table is the same, to the byte."""
    first, second = (seeded_digest(tmp_path / name) for name in ("one", "two"))
    assert first == second
    assert first["auth.users"][0] == 30


def test_another_seed_gives_other_rows(tmp_path: Path, cache: Path) -> None:
    """The seed is what the rows come from: as many, but different ones."""
    usual = seeded_digest(tmp_path / "usual", cache=cache)
    other = seeded_digest(tmp_path / "other", "--supaseed-seed=another", cache=cache)
    assert usual["auth.users"][0] == other["auth.users"][0]
    assert usual["auth.users"][1] != other["auth.users"][1]


def test_another_server_by_url_gives_the_same_rows(tmp_path: Path, cache: Path) -> None:
    """An installed Postgres, whatever its version, named by `--supaseed-url`: every row is the same."""
    installed = find_local().found
    if installed is None:
        pytest.skip("no Postgres is installed on this machine")
    with running_cluster(
        installed, cache=tmp_path / "installed", storage="auto", control_path=None, on_wait=print
    ) as server:
        login = replace(server, owner=server.user, owner_password=server.password)
        by_url = seeded_digest(tmp_path / "url", f"--supaseed-url={login.url('postgres')}", cache=cache)
    assert by_url == seeded_digest(tmp_path / "own", cache=cache)


def seeded_digest(folder: Path, *arguments: str, cache: Path | None = None) -> dict[str, list[object]]:
    """Seed a copy of the example and return the rows and the digest of each table."""
    project = folder / "makerkit"
    shutil.copytree(EXAMPLE, project, ignore=shutil.ignore_patterns("__pycache__"))
    (project / "tests" / "test_digest.py").write_text(DIGEST_TEST)
    target = folder / "digest.json"
    result = run_pytest(
        "tests/test_digest.py",
        "--supaseed-users=30",
        *arguments,
        cwd=project,
        cache=cache or folder / "cache",
        DIGEST_FILE=str(target),
    )
    assert passed(result) == 1
    found: dict[str, list[object]] = json.loads(target.read_text())
    return found
