"""SQL files are filled with quoted identifiers, and their digest tells every change of a byte."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pytest_supaseed.platform import scripts
from pytest_supaseed.platform.scripts import EXTENSION_SCHEMA, OWNER, digest_of, package_folder, script

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that stands for the package's own."""
    monkeypatch.setattr(scripts, "package_folder", lambda name: tmp_path / name)
    (tmp_path / "sql").mkdir()
    (tmp_path / "sql" / "one.sql").write_bytes(b'grant a to :"owner";\ncreate table @extschema@.t ();\n')
    return tmp_path


def test_open_names_are_filled_and_quoted(folder: Path) -> None:
    """Whatever a role or a schema is called, it stays one identifier."""
    filled = script("sql/one.sql", {OWNER: 'o"; drop', EXTENSION_SCHEMA: "My Schema"})
    assert filled.as_string(None) == 'grant a to "o""; drop";\ncreate table "My Schema".t ();\n'


def test_a_name_that_looks_like_an_open_one_is_not_filled_again(folder: Path) -> None:
    """The text of a name is never read as SQL."""
    filled = script("sql/one.sql", {OWNER: EXTENSION_SCHEMA, EXTENSION_SCHEMA: OWNER})
    assert 'grant a to "@extschema@";' in filled.as_string(None)


def test_the_digest_is_of_names_and_bytes(folder: Path) -> None:
    """Another byte, another name: another digest; the line ends of a Windows checkout: the same."""
    first = digest_of("sql")
    path = folder / "sql" / "one.sql"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert digest_of("sql") == first
    path.write_bytes(path.read_bytes() + b"-- more")
    second = digest_of("sql")
    path.rename(path.with_name("two.sql"))
    assert len({first, second, digest_of("sql")}) == 3


@pytest.mark.parametrize("name", ["sql", "stubs", "extension_files"])
def test_the_package_brings_its_folders(name: str) -> None:
    """Each data folder is there and holds SQL."""
    assert list(package_folder(name).rglob("*.sql"))
