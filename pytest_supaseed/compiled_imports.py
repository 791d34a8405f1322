"""Imports of this package by its compiled modules, past pytest's rewriting of `assert`.

pytest rewrites every module of an installed plugin, and compiles it anew where its own cache is not: in each
new environment, and in each run where nothing may be written (`PYTHONDONTWRITEBYTECODE`, a folder of root's).
That is half of the 1.4 seconds that a run takes which finds its rows made, and nothing here asserts.
"""

from __future__ import annotations

import sys
from importlib.machinery import ModuleSpec, PathFinder
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

OURS = __name__.partition(".")[0] + "."


class CompiledModules:
    """Finds modules of this package as Python itself does; asked before pytest's own finder."""

    @staticmethod
    def find_spec(
        name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return where a module of ours is, and nothing for any other; see `importlib.abc.MetaPathFinder`."""
        return PathFinder.find_spec(name, path, target) if name.startswith(OURS) else None


def find_compiled() -> None:
    """Have modules of this package that are imported from now on found so; a second call changes nothing."""
    if CompiledModules not in sys.meta_path:
        sys.meta_path.insert(0, CompiledModules)


find_compiled()  # here, and not in a hook: the plugin's own imports come next
