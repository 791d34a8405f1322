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

_OWN_USERS = re.compile(
    rb"\bcreate\s+table\s+(?:if\s+not\s+exists\s+)?\"?auth\"?\s*\.\s*\"?users\b", re.IGNORECASE
)

_OWN_MADE = re.compile(
    rb"\bcreate\s+(?:or\s+replace\s+)?(?:table|domain|type|function|view)\s+(?:if\s+not\s+exists\s+)?\"?auth\"?\s*\.",
    re.IGNORECASE,
)
"""A line that makes something in a schema `auth` needs nothing of that name."""


def names_supabase(sources: SchemaSources) -> bool:
    """Say whether sources need what Supabase brings: `auth`, `storage`, its roles, its publication.

    A folder `supabase/migrations` says so by itself; other files by what they name outside of comments; a
    function by what its source names. Sources that make an `auth.users` of their own need none.

    Raises:
        SchemaError: a file cannot be read.
    """
    if any(_is_in_supabase(item) for item in sources.items if isinstance(item, SqlFile)):
        return True
    for item in sources.items:
        told = _file_tells(item) if isinstance(item, SqlFile) else _tell(_source_lines(item))
        if told is not None:
            return told
    return False


def _is_in_supabase(file: SqlFile) -> bool:
    return file.path.parent.as_posix().endswith(MIGRATIONS)


def _file_tells(file: SqlFile) -> bool | None:
    try:
        with file.path.open("rb") as lines:
            return _tell(lines)
    except OSError as error:
        raise SchemaError(
            f"{file.name} cannot be read: {error.strerror}.", looked_at=[str(file.path)]
        ) from error


def _source_lines(function: object) -> list[bytes]:
    try:
        return [line.encode() for line in inspect.getsourcelines(inspect.unwrap(function))[0]]  # type: ignore[arg-type]
    except (OSError, TypeError):  # built in, an instance, or typed at a prompt: it says nothing
        return []


def _tell(lines: Iterable[bytes]) -> bool | None:
    """What the first line that says anything says: a table is made before it is spoken of."""
    for line in lines:
        code = line.partition(b"--")[0]
        if _OWN_USERS.search(code):
            return False
        if _NAMED.search(code) and not _OWN_MADE.search(code):
            return True
    return None
