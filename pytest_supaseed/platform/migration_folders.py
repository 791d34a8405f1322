"""Folders of SQL files: which of them run, and in which order."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_supaseed.errors import SchemaError

if TYPE_CHECKING:
    from pathlib import Path

MIGRATIONS = "supabase/migrations"
"""Where Supabase's command line keeps migrations, below the folder of an app."""

_NUMBERED = re.compile(r"[0-9]+_.*\.sql")
_OLD_INIT = re.compile(r"([0-9]{14})_init\.sql")
_INIT_RUNS_SINCE = "20211209000000"
"""An older first `_init.sql` is an old command line's and holds the platform; today's passes it over."""


def select_migrations(folder: Path, root: Path) -> tuple[tuple[Path, ...], tuple[str, ...]]:
    """Return the `.sql` files of a folder that run, in the order of their names, and a note per other file.

    In a folder `supabase/migrations` those run that Supabase's command line runs: `<digits>_<name>.sql`. In
    any other, all do.

    Raises:
        SchemaError: there is none.
    """
    files = sorted(path for path in folder.glob("*.sql") if path.is_file())
    if not files:
        raise SchemaError(
            f"There is no .sql file in {_shown(folder, root)}.",
            looked_at=[str(folder / "*.sql")],
            remedies=["name the folder that holds them; folders within a folder are not searched"],
        )
    if not folder.as_posix().endswith(MIGRATIONS):
        return tuple(files), ()
    return _as_supabase_does(files, folder, root)


def _as_supabase_does(
    files: list[Path], folder: Path, root: Path
) -> tuple[tuple[Path, ...], tuple[str, ...]]:
    kept, notes = [], []
    for number, path in enumerate(files):
        old = _OLD_INIT.fullmatch(path.name) if number == 0 else None
        if old and old[1] < _INIT_RUNS_SINCE:
            notes.append(
                f"{_shown(path, root)} does not run, as with Supabase's own tool: it made the platform once"
            )
        elif not _NUMBERED.fullmatch(path.name):
            notes.append(
                f"{_shown(path, root)} does not run, as with Supabase's own tool: it is not named"
                " <timestamp>_<name>.sql"
            )
        else:
            kept.append(path)
    if not kept:
        raise SchemaError(
            f"No file in {_shown(folder, root)} is named <timestamp>_<name>.sql, so none of them runs.",
            looked_at=[str(path) for path in files],
            remedies=[
                f"rename them, for example to 20250101000000_{files[0].name}",
                f'or list them: schema = ["{_shown(folder, root)}/*.sql"] in [tool.supaseed]',
            ],
        )
    return tuple(kept), tuple(notes)


def _shown(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
