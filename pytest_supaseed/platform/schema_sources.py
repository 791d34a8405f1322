"""Schema sources: where a project's tables come from, found and described; nothing is run here."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_supaseed.errors import SchemaError
from pytest_supaseed.platform.migration_folders import MIGRATIONS, select_migrations
from pytest_supaseed.platform.migration_tools import MigrationTool
from pytest_supaseed.platform.source_digests import add_bytes, add_callable, add_file
from pytest_supaseed.platform.source_items import (
    SourceCallable,
    SqlFile,
    callable_name,
    read_items,
    sql_files,
)
from pytest_supaseed.platform.supabase_names import names_supabase

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

__all__ = ["SchemaSources", "SourceCallable", "SqlFile", "find_sources", "names_supabase"]


@dataclass(frozen=True)
class SchemaSources:
    """What makes a schema, in the order in which it runs.

    Attributes:
        items: SQL files, and functions that are given a connection.
        origin: what a person calls it: `supabase/migrations, 4 files`.
        root: the project's folder; what a function imports is looked for there too.
        notes: what a person should know of what was found, one line each: files that were passed over.
    """

    items: tuple[SqlFile | SourceCallable, ...]
    origin: str
    root: Path
    notes: tuple[str, ...] = ()

    def digest(self) -> str:
        r"""Return a digest over all that the schema is made of: another byte anywhere, another digest.

        A file counts by its name below the root and its exact bytes, line ends included, for they reach the
        bodies of functions; so does what it includes by psql's `\i`. A function counts by its name, its
        module's source, and the constants that it holds; what it reads by itself cannot be known.

        Raises:
            SchemaError: a file cannot be read.
        """
        digest = hashlib.sha256()
        for item in self.items:
            if isinstance(item, SqlFile):
                add_file(digest, item.path, self.root)
            else:
                add_callable(digest, item)
                for path in item.watched() if isinstance(item, MigrationTool) else ():
                    add_bytes(digest, path, self.root)
        return digest.hexdigest()


def find_sources(root: Path, schema: Sequence[str | Path | SourceCallable]) -> SchemaSources | None:
    """Find the schema sources of a project.

    Args:
        root: the project's folder; relative paths begin there.
        schema: folders, files, patterns, items of a migration tool (`alembic:alembic.ini`),
            `pkg.mod:function`, or functions. Where it is empty, the folder `supabase/migrations` is looked
            for, then `apps/*/supabase/migrations`.

    Returns:
        None where nothing was said and nothing was found.

    Raises:
        SchemaError: something that was named does not exist, or it is not clear which of several is meant.
    """
    if schema:
        return _named_sources(root, schema)
    folder = _found_folder(root)
    if folder is None:
        return None
    files, notes = select_migrations(folder, root)
    label = folder.relative_to(root).as_posix()
    return SchemaSources(sql_files(files, root), f"{label}, {_count(len(files))}", root, notes)


def _named_sources(root: Path, schema: Iterable[str | Path | SourceCallable]) -> SchemaSources:
    found = read_items(root, schema)
    items: dict[object, SqlFile | SourceCallable] = {}
    notes = [note for item in found for note in item.notes]
    for item in found:
        for part in item.items:
            key = part.path.resolve() if isinstance(part, SqlFile) else part
            if key in items:
                notes.append(f"{_name(part)} is named twice; it runs once, where it is named first")
            items.setdefault(key, part)
    return SchemaSources(
        tuple(items.values()), _origin([item.label for item in found], items), root, tuple(notes)
    )


def _origin(labels: list[str], items: dict[object, SqlFile | SourceCallable]) -> str:
    files = sum(isinstance(item, SqlFile) for item in items.values())
    shown = " + ".join(labels)
    return f"{shown}, {_count(files)}" if files else shown


def _name(item: SqlFile | SourceCallable) -> str:
    return item.name if isinstance(item, SqlFile) else callable_name(item)


def _count(files: int) -> str:
    return f"{files} file" if files == 1 else f"{files} files"


def _found_folder(root: Path) -> Path | None:
    """Return the folder of migrations that a project has where nothing was said."""
    if _has_sql(root / MIGRATIONS):
        return root / MIGRATIONS
    apps = [folder for folder in sorted(root.glob(f"apps/*/{MIGRATIONS}")) if _has_sql(folder)]
    if len(apps) > 1:
        names = [folder.relative_to(root).as_posix() for folder in apps]
        raise SchemaError(
            f"{len(apps)} apps have migrations, and it is not said which of them make the schema.",
            looked_at=[f"{root / name}" for name in names],
            remedies=[f'say it: schema = ["{name}"] in [tool.supaseed] of pyproject.toml' for name in names],
        )
    return apps[0] if apps else None


def _has_sql(folder: Path) -> bool:
    return folder.is_dir() and any(folder.glob("*.sql"))
