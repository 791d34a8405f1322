"""What a pytest run loads of this package: as little as it asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from inner_project import QUICK_START, TIMEOUT, InnerProject

from benchmarks.start_up import start_up

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_supaseed.server.endpoint import Endpoint

MOST_MODULES = 19
"""Of ours in a run without a database: 18 take 11 ms, and each one more takes 0.2 to 3 ms of every run."""
MOST_REWRITTEN = 4
"""The package, its plugin and finder, and the test itself."""
HEAVY = frozenset({"factory", "faker", "sqlglot", "rich", "click", "bcrypt", "jwt", "psutil", "platformdirs"})
OURS_ON_DEMAND = frozenset(
    {"server", "platform", "catalog", "mapping", "plan", "rows", "load", "isolation", "commands", "cli"}
    | {"markers", "progress"}
)
PRINTS_MODULES = """
import sys

def pytest_sessionfinish():
    with open("modules.txt", "w") as file:
        file.write("\\n".join(sys.modules))
"""
PRINTS_LOADERS = """
import sys

def pytest_sessionfinish():
    with open("loaders.txt", "w") as file:
        for name, module in sys.modules.items():
            if name.partition(".")[0] in ("pytest_supaseed", "test_nothing_of_ours_is_compiled_again"):
                print(name, type(module.__spec__.loader).__name__, file=file)
"""
HEAVY_IN_A_TEST = """
import sys

def test_rows(supaseed_db):
    assert supaseed_db.count("books") > 0
    reader = supaseed_db.users[0]
    with supaseed_db.acting_as(reader) as books:
        books.execute("select 1")
    heavy = {"factory", "faker", "sqlglot", "django", "sqlalchemy"} & set(sys.modules)
    with open("heavy.txt", "w") as file:
        file.write("\\n".join(sorted(heavy)))
"""


@pytest.fixture
def project(
    pytester: pytest.Pytester, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> Iterator[InnerProject]:
    """A project with two tables; its tests are for the test to write."""
    made = InnerProject(pytester, endpoint, monkeypatch)
    yield made
    made.forget()


def test_a_run_without_a_database_loads_next_to_nothing(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A suite that never asks for `supaseed_db` pays for the options, the header and the hooks; no more."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.makeconftest(PRINTS_MODULES)
    pytester.makepyfile("def test_nothing(): pass")

    result = pytester.runpytest_subprocess("-p", "pytest_supaseed.plugin", timeout=TIMEOUT)

    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["supaseed: 10 users, seed 'supaseed'*"])
    loaded = (pytester.path / "modules.txt").read_text().splitlines()
    ours = [name for name in loaded if name.partition(".")[0] == "pytest_supaseed"]
    assert sorted(HEAVY & {name.partition(".")[0] for name in loaded}) == []
    assert [name for name in ours if OURS_ON_DEMAND & set(name.split("."))] == []
    assert len(ours) <= MOST_MODULES, ours


def test_a_run_that_finds_its_rows_made_loads_nothing_that_makes_rows(project: InnerProject) -> None:
    """factory_boy imports SQLAlchemy and Django where they are installed: a third of a second of each run."""
    project.write("test_rows.py", HEAVY_IN_A_TEST)

    project.run().assert_outcomes(passed=1)
    first = project.read("heavy.txt")
    project.run().assert_outcomes(passed=1)

    assert "factory" in first, "it made rows"
    assert project.read("heavy.txt") == []


def test_nothing_of_ours_is_compiled_again(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a new environment, and in each run of a read-only one, pytest would rewrite all of a plugin."""
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    pytester.makeconftest(PRINTS_LOADERS)
    pytester.makepyfile("def test_nothing(): pass")

    pytester.runpytest_subprocess(*QUICK_START, timeout=TIMEOUT).assert_outcomes(passed=1)

    loaders = dict(line.split() for line in (pytester.path / "loaders.txt").read_text().splitlines())
    assert loaders["pytest_supaseed.plugin"] == "AssertionRewritingHook", "pytest itself imports this one"
    assert loaders["pytest_supaseed.options"] == "SourceFileLoader"
    assert loaders["test_nothing_of_ours_is_compiled_again"] == "AssertionRewritingHook"
    assert list(loaders.values()).count("AssertionRewritingHook") <= MOST_REWRITTEN


def test_the_benchmark_finds_the_plugin_cheap() -> None:
    """It adds a twentieth to pytest and pytest-postgresql; so few runs fail only where it is far off."""
    found = start_up(3)

    assert found.alone_ms > 50
    assert found.added_ms < found.alone_ms
