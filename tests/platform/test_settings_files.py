"""Tests of platform.settings_files: what a settings module is made of, wherever it is imported from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_supaseed.platform.settings_files import settings_files

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def put(root: Path, **texts: str) -> None:
    """Write Python modules; a double underscore is a folder."""
    for name, text in texts.items():
        path = root / (name.replace("__", "/") + ".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def found(module: str, root: Path) -> set[str]:
    """The files, from the root."""
    return {path.relative_to(root).as_posix() for path in settings_files(module, root)}


def test_a_src_layout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The module is where pytest imports it from, and what it takes from its neighbours counts too."""
    put(
        tmp_path / "src" / "site_of_tests",
        settings__test="from .base import *\nfrom site_of_tests import paths, no_module\nimport os.path\n",
        settings__base="from ..installed import APPS\nfrom . import loop\n",
        settings__loop="import site_of_tests.settings.test\n",
        installed="APPS = []\n",
        paths="",
        urls="raise RuntimeError('nothing is run')",
    )
    (tmp_path / "src" / "site_of_tests" / "settings" / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path / "src"))
    inside = "src/site_of_tests/"
    assert found("site_of_tests.settings.test", tmp_path) == {
        f"{inside}{name}"
        for name in (
            "settings/test.py",
            "settings/base.py",
            "settings/loop.py",
            "settings/__init__.py",
            "installed.py",
            "paths.py",
        )
    }


def test_the_root_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tool runs there, and would take that one."""
    put(tmp_path, lone_settings="")
    put(tmp_path / "other", lone_settings="")
    monkeypatch.syspath_prepend(str(tmp_path / "other"))
    assert found("lone_settings", tmp_path) == {"lone_settings.py"}


def test_what_cannot_be_read_is_left_to_the_tool(tmp_path: Path) -> None:
    """No module of that name, no Python, an import from beyond the top: nothing is raised here."""
    put(tmp_path, bad="def", above="from ... import x\n", pack__odd="from .....pack import x\n")
    assert found("nowhere.settings", tmp_path) == set()
    assert found("bad", tmp_path) == {"bad.py"}
    assert found("above", tmp_path) == {"above.py"}
    assert found("pack.odd", tmp_path) == {"pack/odd.py"}
