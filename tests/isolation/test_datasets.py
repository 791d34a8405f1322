"""Tests of isolation.datasets: a dataset is found again by all that made it, and by nothing else."""

from __future__ import annotations

import importlib.metadata
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from inner_project import InnerProject

import pytest_supaseed
from pytest_supaseed.isolation import templates
from pytest_supaseed.isolation.seed_session import Project, open_session
from pytest_supaseed.options import resolve_options

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_supaseed.server.endpoint import Endpoint

MIGRATIONS = {
    "db/1_users.sql": "create table users (id bigint generated always as identity primary key, email text);",
    "db/2_notes.sql": "create table notes (id uuid primary key, owner_id bigint references users);",
}
FACTORIES = """
from pytest_supaseed import TableFactory


class NoteFactory(TableFactory):
    class Meta:
        table = "notes"

    owner_id = None
"""
FLAGS = {"users": "2", "factories": "dataset_factories"}


@dataclass(frozen=True)
class Names:
    """The templates of a project."""

    schema: str
    dataset: str


@dataclass(frozen=True)
class Made:
    """A project's folder, and what its datasets are called."""

    root: Path
    endpoint: Endpoint

    def write(self, name: str, text: str) -> None:
        """Write a file of the project."""
        (self.root / name).parent.mkdir(exist_ok=True)
        (self.root / name).write_text(text, encoding="utf-8")

    def names(self, **flags: str) -> Names:
        """Make schema and dataset, or find them, as a run with these flags does."""
        sys.modules.pop("dataset_factories", None)
        options = resolve_options({**FLAGS, **flags}, {})
        project = Project(self.root, options, ["db/*.sql"])
        with open_session(self.endpoint, project, run="names", on_wait=lambda _: None) as opened:
            dataset = opened.dataset_for(options)
            return Names(dataset.schema.template.name, dataset.name)


@pytest.fixture
def made(endpoint: Endpoint, tmp_path: Path) -> Iterator[Made]:
    """A project of two migrations and a module of factories."""
    project = Made(tmp_path, endpoint)
    for name, text in MIGRATIONS.items():
        project.write(name, text)
    project.write("dataset_factories.py", FACTORIES)
    yield project
    sys.modules.pop("dataset_factories", None)


def test_the_same_is_found_again(made: Made) -> None:
    """By another run, in another process, whose files are as they were."""
    assert made.names() == made.names()


@pytest.mark.parametrize("name", MIGRATIONS)
def test_one_byte_of_any_migration_counts(made: Made, name: str) -> None:
    """A space at its end: the schema is another one, and so is what was made from it."""
    before = made.names()
    made.write(name, MIGRATIONS[name] + " ")
    after = made.names()
    assert after.schema != before.schema
    assert after.dataset != before.dataset


def test_a_migration_s_name_counts(made: Made) -> None:
    """It says when it is run."""
    before = made.names()
    (made.root / "db" / "2_notes.sql").rename(made.root / "db" / "3_notes.sql")
    assert made.names().schema != before.schema


def test_one_byte_of_a_factory_counts(made: Made) -> None:
    """For the rows, and not for the schema, which is not made anew for it."""
    before = made.names()
    made.write("dataset_factories.py", FACTORIES.replace("None", "None "))
    after = made.names()
    assert after.schema == before.schema
    assert after.dataset != before.dataset


@pytest.mark.parametrize(
    "flag",
    [
        {"users": "3"},
        {"seed": "other"},
        {"locale": "de_DE"},
        {"domain": "saas"},
        {"rows": "notes=4"},
        {"triggers": "skip"},
        {"email_pattern": "{n}@a.test"},
        {"map": "memos=notes"},
        {"factories": ""},
    ],
    ids=lambda flag: next(iter(flag)),
)
def test_an_option_that_decides_about_rows_counts(made: Made, flag: dict[str, str]) -> None:
    """For the rows, and not for the schema."""
    before = made.names()
    after = made.names(**flag)
    assert after.schema == before.schema
    assert after.dataset != before.dataset


@pytest.mark.parametrize(
    "flag",
    [
        {"batch_size": "1"},
        {"memory_limit": "64MB"},
        {"cache_limit": "3GB"},
        {"keep": "true"},
        {"isolation": "clone"},
        {"jwt_secret": "another-secret-with-at-least-32-characters"},
    ],
    ids=lambda flag: next(iter(flag)),
)
def test_an_option_that_decides_about_nothing_in_it_does_not_count(made: Made, flag: dict[str, str]) -> None:
    """The same dataset serves."""
    assert made.names() == made.names(**flag)


@pytest.mark.parametrize("package", ["faker", "factory-boy"])
def test_the_version_of_a_library_counts(made: Made, package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another version may make other values."""
    before, real = made.names(), importlib.metadata.version
    monkeypatch.setattr(importlib.metadata, "version", lambda name: "999" if name == package else real(name))
    after = made.names()
    assert after.schema == before.schema
    assert after.dataset != before.dataset


def test_a_release_of_ours_counts(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both levels are made anew, beside those of the other version."""
    before = made.names()
    for module in ("datasets", "schema_templates"):
        monkeypatch.setattr(f"pytest_supaseed.isolation.{module}.package_digest", lambda: "next")
    after = made.names()
    assert after.schema != before.schema
    assert after.dataset != before.dataset


@pytest.fixture
def code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of this package's own code, which its digest is taken of."""
    copied = tmp_path / "pytest_supaseed"
    source = Path(pytest_supaseed.__file__).parent
    shutil.copytree(source, copied, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(templates, "files", lambda _package: copied)
    return copied


def changes_the_digest(path: Path) -> bool:
    """Whether one byte more in a file makes another digest."""
    before = templates.package_digest.__wrapped__()
    path.write_bytes(path.read_bytes() + b"\n")
    return bool(templates.package_digest.__wrapped__() != before)


@pytest.mark.parametrize(
    "name",
    [
        "rows/values.py",
        "load/sql/ledger.sql",
        "platform/sql/storage.sql",
        "plan/planning.py",
        "mapping/table_map.py",
        "catalog/introspect.py",
        "isolation/templates.py",
    ],
)
def test_one_byte_of_our_own_code_counts(name: str, code: Path) -> None:
    """Of all that makes schemas and rows, SQL included."""
    assert changes_the_digest(code / name)


@pytest.mark.parametrize("name", ["plugin.py", "reporting/summary.py"])
def test_code_that_makes_no_rows_does_not_count(name: str, code: Path) -> None:
    """What shows what became of them may change."""
    assert not changes_the_digest(code / name)


def test_a_comment_in_a_test_does_not_count(
    pytester: pytest.Pytester, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor does anything else in a file of tests."""
    project = InnerProject(pytester, endpoint, monkeypatch)
    test = "def test_rows(supaseed_db):\n    assert len(supaseed_db.users) == 5\n"
    try:
        for text in (test, f"# a comment\n{test}"):
            project.write("test_rows.py", text)
            project.passes(passed=1)
        assert len(project.read("built.txt")) == 2
    finally:
        project.forget()


def test_a_rebuild_makes_both_levels_anew(
    pytester: pytest.Pytester, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once for the run; and the run after it finds them, also those that the rebuild did not ask for."""
    project = InnerProject(pytester, endpoint, monkeypatch)
    project.write(
        "test_rows.py",
        """
import pytest

def test_rows(supaseed_db):
    assert len(supaseed_db.users) == 5
    assert supaseed_db.create("books").id > 0

@pytest.mark.supaseed(users=2)
def test_few(supaseed_db):
    assert len(supaseed_db.users) == 2
    assert supaseed_db.create("books").id > 0
""",
    )
    try:
        project.passes(passed=2)
        assert len(project.read("built.txt")) == 3
        project.passes("--supaseed-rebuild", "test_rows.py::test_rows", passed=1)
        assert len(project.read("built.txt")) == 5
        project.passes(passed=2)
        # The schema was made anew, with other OIDs: the other dataset is made anew too, when it is asked for.
        assert len(project.read("built.txt")) == 6
    finally:
        project.forget()
