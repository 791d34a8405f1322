"""Where a project's schema may come from, by the files that it has; nothing is run or imported."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_supaseed.platform.migration_folders import MIGRATIONS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FOLDERS = ("migrations", "db/migrations", "database/migrations", "sql", "db", "schema")
FILES = ("schema.sql", "structure.sql", "init.sql")
_SETTINGS = re.compile(r"DJANGO_SETTINGS_MODULE['\"]\s*,\s*['\"]([\w.]+)['\"]")


def schema_candidates(root: Path) -> list[str]:
    """Return what `schema` may be set to for a project, the likeliest first.

    Args:
        root: the project's folder.
    """
    return list(dict.fromkeys(_found(root)))


def _found(root: Path) -> Iterator[str]:
    for pattern in (MIGRATIONS, f"apps/*/{MIGRATIONS}"):
        yield from (
            folder.relative_to(root).as_posix()
            for folder in sorted(root.glob(str(pattern)))
            if any(folder.glob("*.sql"))
        )
    if (root / "alembic.ini").is_file():
        yield "alembic:alembic.ini"
    yield from _django(root / "manage.py")
    for name in FILES:
        yield from (f"{place}{name}" for place in ("", "db/") if (root / place / name).is_file())
    for name in FOLDERS:
        if any((root / name).glob("*.sql")):
            yield f"{name}/*.sql"


def _django(manage: Path) -> Iterator[str]:
    """The settings that `manage.py` names."""
    try:
        found = _SETTINGS.search(manage.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return
    if found:
        yield f"django:{found[1]}"
