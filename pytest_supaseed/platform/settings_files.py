"""The files of a settings module, and of what it imports of its own package; none of them is run."""

from __future__ import annotations

import ast
import sys
from importlib.machinery import PathFinder
from importlib.util import resolve_name
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


def settings_files(module: str, root: Path) -> set[Path]:
    """Return the files of a settings module and of what it imports below the same package.

    Args:
        module: its dotted name, `storefront.settings.test`.
        root: the project's folder: modules are looked for there first, then where this process imports from.
    """
    top = module.partition(".")[0]
    found: dict[str, Path] = {}
    pending = [module]
    while pending:
        name = pending.pop()
        file = None if name in found else _module_file(name, root)
        if file is not None:
            found[name] = file
            pending += [one for one in _imported(file, name) if one.partition(".")[0] == top]
    return set(found.values())


def _module_file(name: str, root: Path) -> Path | None:
    """The file of a module; None where there is none, or the name is something else that was imported."""
    first, *rest = name.split(".")
    spec = PathFinder.find_spec(first, [str(root), *sys.path])
    if spec is None:
        return None
    if not rest:
        return None if spec.origin is None else Path(spec.origin)
    for place in spec.submodule_search_locations or ():
        inside = Path(place).joinpath(*rest)
        for file in (inside / "__init__.py", inside.with_name(f"{inside.name}.py")):
            if file.is_file():
                return file
    return None


def _imported(file: Path, module: str) -> Iterator[str]:
    """The names of what a file imports, modules or not, and of the packages around them."""
    package = module if file.name == "__init__.py" else module.rpartition(".")[0]
    try:
        tree = ast.parse(file.read_bytes())
    except (OSError, SyntaxError, ValueError):  # the tool says it better
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from _from(node, package)


def _from(node: ast.ImportFrom, package: str) -> Iterator[str]:
    try:
        base = resolve_name("." * node.level + (node.module or ""), package or None)
    except ImportError:  # above the top: the tool says it better
        return
    yield base
    yield from (f"{base}.{one.name}" for one in node.names if one.name != "*")
