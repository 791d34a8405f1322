"""Does a schema expect the Supabase platform? Told from its text, before anything is run.

A plain Postgres project must not find `auth.users` in its database, nor have its own `users` taken for it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_supaseed.errors import SchemaError
from pytest_supaseed.platform.source_items import SqlFile

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_supaseed.platform.schema_sources import SchemaSources

_WORDS = re.compile(
    rb"""
      \bauth"?\s*\.\s*"?(?:users|uid|jwt|role|email|identities|sessions|mfa_factors)\b
    | \bstorage"?\s*\.\s*"?(?:objects|buckets|foldername|filename)\b
    | \bextensions"?\s*\.\s*"?\w
    | \b(?:to|from)\s+"?(?:anon|authenticated|service_role)\b
    | \bsupabase_\w+
    """,
    re.IGNORECASE | re.VERBOSE,
)


def names_supabase(sources: SchemaSources) -> bool:
    """Say whether a schema lies in a folder `supabase`, or names what only the platform has.

    What a function would run cannot be read: for one, say `framework = "supabase"`.

    Raises:
        SchemaError: a file cannot be read.
    """
    return any(_in_folder(item, sources.root) or _speaks_of_it(item) for item in _files(sources))


def _files(sources: SchemaSources) -> list[SqlFile]:
    return [item for item in sources.items if isinstance(item, SqlFile)]


def _in_folder(item: SqlFile, root: Path) -> bool:
    inside = item.path.relative_to(root) if item.path.is_relative_to(root) else item.path
    return "supabase" in inside.parts[:-1]


def _speaks_of_it(item: SqlFile) -> bool:
    try:
        with item.path.open("rb") as lines:
            return any(_WORDS.search(line) for line in lines)
    except OSError as error:
        raise SchemaError(
            f"{item.name} cannot be read: {error.strerror or error}.", looked_at=[str(item.path)]
        ) from error
