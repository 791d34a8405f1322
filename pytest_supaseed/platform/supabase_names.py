"""Whether a schema counts on Supabase: told from what its sources name, before anything is run."""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING

from pytest_supaseed.errors import SchemaError
from pytest_supaseed.platform.migration_folders import MIGRATIONS
from pytest_supaseed.platform.source_items import SqlFile

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_supaseed.platform.schema_sources import SchemaSources

_NAMED = re.compile(
    rb"""
    (?<![\w.]) "?auth"? \s* \. \s* "?(users|uid|jwt|role|email|identities|sessions)\b
    | (?<![\w.]) "?storage"? \s* \. \s* "?(buckets|objects|foldername|filename)\b
    | (?<![\w.]) "?extensions"? \s* \. \s* "?\w
    | \b(with\s+)? schema \s+ "?extensions\b
    | \b(to|from|,) \s+ "?(anon|authenticated|service_role)\b
    | \b supabase_(realtime|admin|auth_admin|storage_admin|functions) \b
    """,
    re.IGNORECASE | re.VERBOSE,
)


def names_supabase(sources: SchemaSources) -> bool:
    """Say whether sources need what Supabase brings: `auth`, `storage`, its roles, its publication.

    A folder `supabase/migrations` says so by itself; other files by what they name outside of comments; a
    function by what its source names.

    Raises:
        SchemaError: a file cannot be read.
    """
    return any(
        _file_names(item) if isinstance(item, SqlFile) else _mentions(_source_lines(item))
        for item in sources.items
    )


def _file_names(file: SqlFile) -> bool:
    if file.path.parent.as_posix().endswith(MIGRATIONS):
        return True
    try:
        with file.path.open("rb") as lines:
            return _mentions(lines)
    except OSError as error:
        raise SchemaError(
            f"{file.name} cannot be read: {error.strerror}.", looked_at=[str(file.path)]
        ) from error


def _source_lines(function: object) -> list[bytes]:
    try:
        return [line.encode() for line in inspect.getsourcelines(inspect.unwrap(function))[0]]  # type: ignore[arg-type]
    except (OSError, TypeError):  # built in, an instance, or typed at a prompt: it says nothing
        return []


def _mentions(lines: Iterable[bytes]) -> bool:
    return any(_NAMED.search(line.partition(b"--")[0]) for line in lines)
