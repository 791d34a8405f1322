"""The modules of the option `factories`: imported, searched for factories, and digested."""

from __future__ import annotations

import hashlib
import inspect
import sys
from importlib import import_module, invalidate_caches
from typing import TYPE_CHECKING, Any, cast

from pytest_supaseed.errors import UsageError
from pytest_supaseed.mapping.nearest_names import nearest
from pytest_supaseed.plan.user_factories import UserFactory
from pytest_supaseed.platform.source_items import importable
from pytest_supaseed.rows.factories import TableFactory, table_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path
    from types import ModuleType

_PACKAGE = "pytest_supaseed"


def load_factories(modules: Iterable[str], root: Path) -> tuple[UserFactory, ...]:
    """Import modules and return the factories in them that a plan may use, in their order.

    Modules are found as tests find them: on Python's path as pytest has set it, and below the root folder.

    Args:
        modules: dotted names.
        root: the project's folder.

    Raises:
        UsageError: a module cannot be imported, or holds no factory; a factory names no table.
    """
    found: dict[type, ModuleType] = {}
    imported = [_imported(name, root) for name in modules]
    for module in imported:
        for made_by in _factories_in(module):
            found.setdefault(made_by, module)
    source = _digest(imported, found)
    return tuple(_described(made_by, source) for made_by in found if cast("Any", made_by)._meta.planned)  # noqa: SLF001


def described(made_by: type[TableFactory], module: ModuleType) -> UserFactory:
    """Return a factory, with a digest of what its rows depend on.

    Args:
        made_by: the class.
        module: where it was found.
    """
    return _described(made_by, _digest([module], [made_by]))


def _described(made_by: type[TableFactory], source: str) -> UserFactory:
    name = f"{made_by.__module__}:{made_by.__qualname__}"
    return UserFactory(name, table_of(made_by), str(made_by._meta.part), made_by, source)  # noqa: SLF001


def _factories_in(module: ModuleType) -> list[type[TableFactory]]:
    """The concrete factories that a module defines, or has from others that are not ours."""
    every = [
        made_by
        for made_by in vars(module).values()
        if isinstance(made_by, type) and issubclass(made_by, TableFactory)
    ]
    theirs = [made_by for made_by in every if made_by.__module__.partition(".")[0] != _PACKAGE]
    if not theirs:
        held = ", ".join(name for name, value in vars(module).items() if isinstance(value, type)) or "none"
        raise UsageError(
            f"The module {module.__name__}, named by the option `factories`, holds no TableFactory.",
            looked_at=[f"{_place(module)}: its classes are {held}"],
            remedies=["name the module in which the factories are defined, or one that imports them"],
        )
    return [made_by for made_by in theirs if not made_by._meta.abstract]  # noqa: SLF001


def _imported(name: str, root: Path) -> ModuleType:
    with importable(root):
        invalidate_caches()
        try:
            return import_module(name)
        except Exception as error:
            raise _not_imported(name, root, error) from error


def _not_imported(name: str, root: Path, error: Exception) -> UsageError:
    lost = error.name if isinstance(error, ModuleNotFoundError) else None
    missing = lost is not None and f"{name}.".startswith(f"{lost}.")
    why = f"there is no module {lost}" if missing else f"{type(error).__name__}: {error}"
    path = [
        entry for entry in dict.fromkeys([str(root), *sys.path]) if entry and "site-packages" not in entry
    ]
    remedies = [f"make this work in {root}: python -c 'import {name}'"]
    if missing:
        alike = nearest(name, _modules_below(root))
        remedies = [
            *(f"did you mean {other}?" for other in alike),
            "name it as a test imports it; pytest's `pythonpath` adds folders to look in",
        ]
    return UsageError(
        f"The module {name}, named by the option `factories`, cannot be imported: {why}.",
        looked_at=[f"the folders {', '.join(path[:6])}, and the packages that are installed"],
        remedies=remedies,
    )


def _modules_below(root: Path) -> Iterator[str]:
    """Modules that may have been meant, two folders deep."""
    for pattern in ("*.py", "*/*.py", "*/*/*.py"):
        for path in sorted(root.glob(pattern))[:200]:
            yield ".".join(path.relative_to(root).with_suffix("").parts)


def _digest(modules: Iterable[ModuleType], factories: Iterable[type]) -> str:
    """A digest of the source of all modules that rows of the factories depend on."""
    every = {module.__name__: module for module in modules}
    for made_by in factories:
        for name in _named_by(made_by):
            if name in sys.modules and name.partition(".")[0] not in {_PACKAGE, "factory", "builtins"}:
                every[name] = sys.modules[name]
    digest = hashlib.blake2b(digest_size=16)
    for name in sorted(every):
        digest.update(f"{name}\n{_source(every[name])}\n".encode())
    return digest.hexdigest()


def _named_by(made_by: type) -> Iterator[str]:
    """The modules of a factory's bases, of the functions it declares, and of the factories it refers to."""
    for base in made_by.__mro__:
        yield base.__module__
    for declared in cast("Any", made_by)._meta.base_declarations.values():  # noqa: SLF001
        for value in (declared, *vars(declared).values()) if hasattr(declared, "__dict__") else ():
            yield str(getattr(value, "__module__", "") or "")


def _source(module: ModuleType) -> str:
    try:
        return inspect.getsource(module)
    except (OSError, TypeError):
        return ""  # a namespace or an extension module has no text of its own


def _place(module: ModuleType) -> str:
    return str(getattr(module, "__file__", None) or module.__name__)
