"""The items of the option `schema`, each looked up: a folder, a file, a pattern, or a function."""

from __future__ import annotations

import glob
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module, invalidate_caches
from pathlib import Path
from urllib.parse import unquote, urlsplit

from pytest_supaseed.errors import SchemaError
from pytest_supaseed.platform.migration_folders import select_migrations
from pytest_supaseed.platform.migration_tools import MigrationTool, migration_tool

SourceCallable = Callable[..., object]
"""A function that is given a connection, makes a schema with it, and may return SQL texts to be run."""

_SLASHES = "write it from the root on, with /, which Windows takes as well: db/schema.sql"
_DOTTED = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_][\w.]*")


@dataclass(frozen=True, slots=True)
class SqlFile:
    """A file of SQL statements.

    Attributes:
        path: where it is.
        name: what it is called in messages: its path below the root.
    """

    path: Path
    name: str


@dataclass(frozen=True, slots=True)
class FoundItem:
    """What one item of the option stands for."""

    label: str
    items: tuple[SqlFile | SourceCallable, ...]
    notes: tuple[str, ...] = ()


def sql_files(paths: Iterable[Path], root: Path) -> tuple[SqlFile, ...]:
    """Return files under the names that messages call them by."""
    return tuple(SqlFile(path, shown_path(path, root)) for path in paths)


def shown_path(path: Path, root: Path) -> str:
    """Return a path as messages show it: below the root, where it lies there."""
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)


def callable_name(function: SourceCallable) -> str:
    """Return what a function is called in messages: `pkg.mod:function`."""
    if isinstance(function, MigrationTool):
        return function.name
    inner = getattr(function, "func", function)
    named = inner if hasattr(inner, "__qualname__") else type(inner)
    return f"{named.__module__}:{named.__qualname__}"


def read_items(root: Path, schema: Iterable[str | Path | SourceCallable]) -> list[FoundItem]:
    """Look up each item of the option `schema`.

    Raises:
        SchemaError: one of them does not exist.
    """
    return [_read_item(root, item) for item in schema]


def _read_item(root: Path, item: str | Path | SourceCallable) -> FoundItem:
    if not isinstance(item, str | Path):
        if not callable(item):
            raise SchemaError(
                f"{item!r} is no schema source.",
                remedies=["give folders, files, patterns, `pkg.mod:function`, or functions"],
            )
        return FoundItem(callable_name(item), (item,))
    item = local_path(item) if isinstance(item, str) else item
    path = root / Path(item).expanduser()
    if path.is_dir():
        files, notes = select_migrations(path, root)
        return FoundItem(shown_path(path, root), sql_files(files, root), notes)
    if path.is_file():
        return FoundItem(shown_path(path, root), sql_files([path], root))
    text = str(item)
    if glob.has_magic(text):
        return FoundItem(text, *_matching(root, text))
    tool = migration_tool(root, text)
    if tool is not None:
        return FoundItem(text, (tool,))
    if _DOTTED.fullmatch(text) and not text.endswith(".sql"):  # which a file of another drive does
        return FoundItem(text, (_imported(root, text),))
    raise _missing(root, item)


def local_path(text: str) -> str:
    """Return what a `file:` URL names as a path, of Windows too; any other text as it is."""
    if not text.startswith("file:"):
        return text
    found = urlsplit(text)
    path = unquote(found.path)
    if found.netloc not in {"", "localhost"}:
        return f"//{found.netloc}{path}"
    return path[1:] if re.match(r"/[A-Za-z]:", path) else path


def _matching(root: Path, pattern: str) -> tuple[tuple[SqlFile, ...], tuple[str, ...]]:
    expanded = str(Path(pattern).expanduser())
    names = glob.glob(expanded, root_dir=root, recursive=True)  # noqa: PTH207  # which takes no absolute pattern
    found = sorted((root / name for name in names), key=str)
    files: list[Path] = []
    notes: list[str] = []
    folders = [path for path in found if path.is_dir() and any(path.glob("*.sql"))]
    for path in found:
        if path.is_file():
            files.append(path)
        elif path in folders and not any(other.is_relative_to(path) for other in found if other != path):
            of_folder, said = select_migrations(path, root)
            files += of_folder
            notes += said
    if not files:
        raise SchemaError(
            f"The pattern {pattern} of the option `schema` matches no file.",
            looked_at=[str(root / expanded), *(f"{path} (a folder without .sql files)" for path in found)],
            remedies=["correct the pattern; it counts from pytest's root folder, and ** crosses folders"],
        )
    return sql_files(files, root), tuple(notes)


def _missing(root: Path, item: str | Path) -> SchemaError:
    path = root / Path(item).expanduser()
    parent = next(folder for folder in path.parents if folder.is_dir())
    lost = path.relative_to(parent).parts[0]
    alike = get_close_matches(lost, (entry.name for entry in parent.iterdir()), n=3)
    named = str(item) if str(item).isprintable() else repr(str(item))
    return SchemaError(
        f"{named}, named by the option `schema`, does not exist.",
        looked_at=[] if named != str(item) else [str(path), f"{parent} is there, and holds no {lost}"],
        remedies=[
            *(f"did you mean {shown_path(parent / name, root)}?" for name in alike),
            *([_SLASHES] if _is_of_windows(str(item)) else []),
            f"relative paths begin at pytest's root folder, {root}",
        ],
    )


def _is_of_windows(text: str) -> bool:
    """A backslash where it parts no folders, or the character that TOML makes of one and a letter."""
    return ("\\" in text and sys.platform != "win32") or not text.isprintable()


@contextmanager
def importable(root: Path) -> Iterator[None]:
    """Let modules below the root be imported."""
    folder = str(root)
    sys.path.insert(0, folder)
    try:
        yield
    finally:
        sys.path.remove(folder)


def _imported(root: Path, text: str) -> SourceCallable:
    module_name, _, names = text.partition(":")
    with importable(root):
        invalidate_caches()
        try:
            found: object = import_module(module_name)
        except Exception as error:
            raise _not_imported(root, text, module_name, error) from error
    for name in names.split("."):
        if not hasattr(found, name):
            alike = get_close_matches(name, dir(found), n=3)
            raise SchemaError(
                f"{text}, named by the option `schema`: there is no {name} in {module_name}.",
                looked_at=[f"{getattr(found, '__file__', found)}"],
                remedies=[f"did you mean {other}?" for other in alike] or ["name a function of that module"],
            )
        found = getattr(found, name)
    if not callable(found):
        raise SchemaError(
            f"{text}, named by the option `schema`, is {type(found).__name__}, not a function.",
            remedies=["name a function that takes a connection"],
        )
    return found


def _not_imported(root: Path, text: str, module_name: str, error: Exception) -> SchemaError:
    lost = error.name if isinstance(error, ModuleNotFoundError) else None
    if lost is not None and f"{module_name}.".startswith(f"{lost}."):
        why, remedy = f"there is no module {lost}", "name it as it is imported from pytest's root folder"
    else:
        why, remedy = (
            f"{type(error).__name__}: {error}",
            f"make this work there: python -c 'import {module_name}'",
        )
    return SchemaError(
        f"{text}, named by the option `schema`, cannot be imported: {why}.",
        looked_at=[f"{root}, and the packages that are installed"],
        remedies=[remedy],
    )
