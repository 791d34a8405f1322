"""What README.md and docs/ show is run here, page by page, as a reader would."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from markdown_blocks import Block, Command, read_blocks, read_commands

if TYPE_CHECKING:
    from collections.abc import Iterable

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "README.md"
DOCS = ROOT / "docs"
REFERENCE = DOCS / "reference"
REPOSITORY = "https://github.com/pytest-supaseed/pytest-supaseed"
PAGES = [README, ROOT / "CONTRIBUTING.md", *sorted(DOCS.rglob("*.md"))]
FILES = {"python", "toml", "sql", "ini"}
COMMANDS = (
    "pip install -e '.[embedded]' && pytest examples/makerkit --supaseed-users=50",
    "pip install -e '.[dev]' && pytest",
)


def page_name(page: Path) -> str:
    """Name a page in a test's id."""
    return page.relative_to(ROOT).as_posix()


def runnable(page: Path) -> bool:
    """Say whether a page shows something that can be run."""
    return any(block.language == "python" for block in read_blocks(page))


PROGRESS = re.compile("(\nsupaseed: seeding: .*)+\n")
"""What a run shows that takes longer than a second to seed: on a busy machine, any."""


def on_a_server_of_pytest_postgresql(command: Command) -> bool:
    """Say whether a command starts an installed Postgres by pytest-postgresql itself."""
    return "its-server" in command.arguments


def can_run(command: Command) -> bool:
    """Say whether a command can do here what its page says; pytest-postgresql needs more than we do."""
    if not on_a_server_of_pytest_postgresql(command):
        return True
    return os.name == "posix" and os.geteuid() != 0 and shutil.which("pg_config") is not None


@pytest.fixture
def reader(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """An empty folder and an environment in which nothing of this test run can be felt."""
    monkeypatch.setenv(
        "PYTEST_ADDOPTS", "-p no:hypothesispytest"
    )  # this repository's, a second of each start
    for name in (
        "PYTEST_XDIST_WORKER",
        "PYTEST_XDIST_WORKER_COUNT",
        "PYTEST_XDIST_TESTRUNUID",
    ):
        monkeypatch.delenv(name, raising=False)
    return pytester


@pytest.mark.parametrize("page", [page for page in PAGES if runnable(page)], ids=page_name)
def test_a_page_does_what_it_shows(page: Path, reader: pytest.Pytester) -> None:
    """Its files, put in a folder, pass; and its commands print what stands below them."""
    blocks = read_blocks(page)
    write_files(reader.path, blocks)
    commands = [
        command for block in blocks if block.language == "console" for command in read_commands(block)
    ]
    for command in commands or [Command(("pytest",), ())]:
        if not can_run(command):
            continue
        with pytest.MonkeyPatch.context() as environment:
            if on_a_server_of_pytest_postgresql(command):
                environment.delenv("SUPASEED_URL", raising=False)
            result = reader.runpytest_subprocess(*command.arguments[1:])
        assert command.arguments[0] == "pytest"
        assert result.ret == 0, result.stdout.str() + result.stderr.str()
        shown = PROGRESS.sub("", result.stdout.str())
        pytest.LineMatcher(shown.splitlines()).fnmatch_lines(command.patterns)


@pytest.mark.parametrize("page", PAGES, ids=page_name)
def test_every_block_of_code_is_a_file(page: Path) -> None:
    """Code without a title would not be run, so there is none."""
    loose = [f"{page_name(page)}:{block.line}" for block in read_blocks(page) if is_loose(page, block)]
    assert loose == []


def is_loose(page: Path, block: Block) -> bool:
    """Say whether a block holds code that no run would see; the reference shows pieces of SQL and TOML."""
    shown = {"python"} if page.parent == REFERENCE else FILES
    return block.language in shown and block.title is None


@pytest.mark.parametrize("page", PAGES, ids=page_name)
def test_links_lead_somewhere(page: Path) -> None:
    """Every link to a file of ours finds it, from each place where the page is read.

    PyPI shows the README alone and the site shows docs/ alone: what leads out of them names the repository.
    """
    text = page.read_text(encoding="utf-8")
    targets = re.findall(r"\]\((?!https?://|#)([^)#\s]+)", text)
    assert [target for target in targets if not (page.parent / target).exists()] == []
    named = re.findall(re.escape(REPOSITORY) + r"/(?:blob|tree)/main/([^)#\s]+)", text)
    assert [target for target in named if not (ROOT / target).exists()] == []
    assert [target for target in targets if leads_out(page, target)] == []


def leads_out(page: Path, target: str) -> bool:
    """Say whether a link leads to what is not there where the page is shown alone."""
    if page == README:
        return True
    return DOCS in page.parents and not (page.parent / target).resolve().is_relative_to(DOCS)


def test_every_page_is_in_the_navigation() -> None:
    """Each page of docs/ stands in the site's menu, once."""
    listed = re.findall(r": (\S+\.md)$", (ROOT / "mkdocs.yml").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(listed) == sorted(path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md"))


def test_the_two_commands_are_those_that_ci_runs() -> None:
    """What the README promises on a fresh machine is what .ci/run does on one, and CI on each system."""
    shown = [
        line for block in read_blocks(README) if block.language == "bash" for line in block.text.splitlines()
    ]
    assert [line for line in shown if line.startswith("pip install -e")] == list(COMMANDS)
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    workflow = (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
    for command in COMMANDS:
        install, run = command.split(" && ")
        assert install.removeprefix("pip install ") in script
        assert run in script
        assert f"run: {command}\n" in workflow
    assert "run: bash .ci/run\n" in workflow


def write_files(folder: Path, blocks: Iterable[Block]) -> None:
    """Write the titled blocks of a page; blocks of one title follow each other in one file."""
    for block in blocks:
        if block.title:
            target = folder / block.title
            target.parent.mkdir(parents=True, exist_ok=True)
            before = target.read_text(encoding="utf-8") + "\n" if target.exists() else ""
            target.write_text(before + block.text, encoding="utf-8")
