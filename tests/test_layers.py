"""The architecture, enforced: data flows one way through the layers, and imports follow it."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import pytest_supaseed

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = Path(pytest_supaseed.__file__).parent
LAYERS = (
    {"errors", "progress", "option", "options", "option_values", "name_map", "email_pattern", "logins"}
    | {"original", "memory_size"},
    {"server"},
    {"platform"},
    {"catalog"},
    {"mapping", "frameworks"},
    {"plan"},
    {"rows", "factories"},
    {"load"},
    {"isolation"},
    {"reporting"},
    {
        "compiled_imports",
        "marker_names",
        "markers",
        "preload",
        "run_state",
        "run_report",
        "terminal",
        "evidence",
        "fixtures",
        "plugin",
    }
    | {"commands", "cli"},
)
"""From the bottom to the top; a module imports from its own layer and from lower ones."""
ANYWHERE = {"__init__"}
"""The package's front door: its exports are lazy and reach into any layer."""
NAMELESS = {"utils", "util", "helpers", "helper", "manager", "common", "misc"}
HEAVY = ("factory", "faker", "psutil", "sqlglot", "rich", "click", "bcrypt", "psycopg")


def _modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def _layer(name: str) -> int:
    return next(number for number, names in enumerate(LAYERS) if name in names)


def _imported(path: Path) -> Iterator[tuple[int, str]]:
    """Each import of this package in a module, lazy ones too: the line and the layer's name."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: a relative import hides its layer"
            module = node.module or ""
            names = [
                f"{module}.{alias.name}" if module == "pytest_supaseed" else module for alias in node.names
            ]
        else:
            continue
        for name in names:
            parts = name.split(".")
            if parts[0] == "pytest_supaseed" and len(parts) > 1 and parts[1] != "__version__":
                yield node.lineno, parts[1]


@pytest.mark.parametrize("path", _modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_never_go_up(path: Path) -> None:
    """No module imports a higher layer, not even inside a function."""
    own = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    if own in ANYWHERE:
        return
    upward = [
        f"{path.name}:{line} imports {name}" for line, name in _imported(path) if _layer(name) > _layer(own)
    ]
    assert upward == []


def test_modules_are_named_for_what_they_hold() -> None:
    """No module is called by a name that says nothing."""
    assert [str(path) for path in _modules() if path.stem in NAMELESS] == []


def test_modules_stay_small() -> None:
    """No module outgrows 400 lines: one that does is more than one thing."""
    assert [path.name for path in _modules() if path.read_text(encoding="utf-8").count("\n") > 400] == []


def test_plugin_costs_nothing_until_it_is_asked_for() -> None:
    """Loading the plugin imports none of the heavy libraries: a suite without `supaseed_db` pays nothing."""
    code = "import sys, pytest_supaseed.plugin; print(' '.join(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert sorted(set(HEAVY) & set(loaded.stdout.split())) == []
