"""Tests of load.dump_folder: a table's file is below the folder, and can be there on every system."""

from __future__ import annotations

from pathlib import PurePosixPath, PureWindowsPath

import pytest

from pytest_supaseed.load.dump_folder import file_name

NAMES = (
    "public.users",
    "public.../../../etc/passwd",
    r"public...\..\x",
    "con.nul",
    "a/b.c:d",
    'a"b.<script>|?*',
    "$(rm -rf /).`id`",
    "public.\x00\n\t",
    "public.Ä表\N{GRINNING FACE}",
    "public." + "ä" * 200,
    "public.ends with a dot. ",
)


@pytest.mark.parametrize("table", NAMES)
def test_a_name_is_one_files_name(table: str) -> None:
    """It names no other folder, no device of Windows, and nothing that a system refuses."""
    name = file_name(table, 7)
    for kind in (PurePosixPath, PureWindowsPath):
        assert kind("out", name).parent == kind("out")
    assert not set(name) & set('<>:"/\\|?*') - {"%"}
    assert name.isascii()
    assert name.isprintable()
    assert name.startswith("007.")
    assert name.endswith(".csv")
    assert name[:-4] == name[:-4].rstrip(". ")
    assert len(name) <= 255


def test_names_that_differ_in_case_alone_are_two_files() -> None:
    """Some systems take them for one."""
    assert file_name("public.Users", 1).lower() != file_name("public.users", 2).lower()
