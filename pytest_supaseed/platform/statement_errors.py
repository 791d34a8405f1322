"""What a person reads when Postgres refuses a statement of a source: where, what, why, and what to do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_supaseed.errors import SchemaError

if TYPE_CHECKING:
    from collections.abc import Callable

    import psycopg

    from pytest_supaseed.platform.statements import Statement

SHOWN_LINES = 6
SHOWN_WIDTH = 160
"""How much of a statement a message shows: enough to know it again."""

_COPY_LINE = re.compile(r"^COPY .*?, line (\d+)", re.MULTILINE)
_QUOTED = re.compile(r'"([^"]+)"')
_TYPES_OF_EXTENSIONS = {
    "citext": "citext", "geography": "postgis", "geometry": "postgis", "halfvec": "vector",
    "hstore": "hstore", "ltree": "ltree", "sparsevec": "vector", "vector": "vector",
}  # fmt: skip
_FUNCTIONS_OF_EXTENSIONS = {
    "crypt": "pgcrypto", "digest": "pgcrypto", "gen_random_bytes": "pgcrypto", "gen_salt": "pgcrypto",
    "hmac": "pgcrypto", "moddatetime": "moddatetime", "similarity": "pg_trgm", "unaccent": "unaccent",
    "uuid_generate_v1": "uuid-ossp", "uuid_generate_v4": "uuid-ossp",
}  # fmt: skip


def statement_error(name: str, statement: Statement, error: psycopg.Error, *, owner: str) -> SchemaError:
    """Return the error that says which statement of which source Postgres refused, and why.

    Args:
        name: what the source is called.
        statement: what was run.
        error: what Postgres said.
        owner: the role that it ran as.
    """
    said = error.diag.message_primary or str(error).strip() or type(error).__name__
    return SchemaError(
        f"{name}, line {_line(statement, error)}: {said.rstrip('.')}.",
        looked_at=[
            f"the statement of line {statement.first_line}: {shortened(statement.body)}",
            *_postgres_says(error),
        ],
        remedies=[*_remedies(error, said, owner)],
    )


def shortened(statement: str) -> str:
    """Return the first lines of a statement, for a message."""
    lines = [line.rstrip()[:SHOWN_WIDTH] for line in statement.strip().splitlines() if line.strip()]
    more = ["..."] if len(lines) > SHOWN_LINES else []
    return "\n      ".join([*lines[:SHOWN_LINES], *more])


def _line(statement: Statement, error: psycopg.Error) -> int:
    copying = _COPY_LINE.search(error.diag.context or "")
    if copying:
        return statement.line + statement.text.rstrip("\n").count("\n") + int(copying[1])
    if error.diag.statement_position:
        return statement.line_of(statement.offset + int(error.diag.statement_position))
    return statement.first_line


def _postgres_says(error: psycopg.Error) -> list[str]:
    diagnosis = error.diag
    parts = [
        ("SQLSTATE", error.sqlstate),
        ("detail", diagnosis.message_detail),
        ("hint", diagnosis.message_hint),
        ("where", diagnosis.context),
        ("inside", diagnosis.internal_query and shortened(diagnosis.internal_query)),
    ]
    return [f"Postgres' {label}: {text}" for label, text in parts if text]


def _remedies(error: psycopg.Error, said: str, owner: str) -> list[str]:
    advise = _ADVICE.get(error.sqlstate or "")
    named = _QUOTED.search(said)
    return advise(said, named[1] if named else "it", owner) if advise else []


def _missing_relation(_said: str, name: str, _owner: str) -> list[str]:
    return [
        f"is {name} made by a later file? Files run in the order of their names, items in that of `schema`",
        "is it made by a file that is not run? Add that to `schema` in [tool.supaseed], before this one",
    ]


def _missing_object(said: str, name: str, _owner: str) -> list[str]:
    bare = name.rpartition(".")[2]
    if said.startswith("role "):
        return [
            f"make it before it is used: create role {name} nologin",
            "on a server of our own Supabase's roles are there, and those that a plain schema names are made",
        ]
    if bare in _TYPES_OF_EXTENSIONS:
        return [_extension_advice(_TYPES_OF_EXTENSIONS[bare])]
    return [f"make {name} before it is used, or write its schema before its name"]


def _missing_function(said: str, _name: str, _owner: str) -> list[str]:
    called = re.search(r"function (?:\w+\.)?(\w+)\(", said)
    if called and called[1] in _FUNCTIONS_OF_EXTENSIONS:
        return [
            _extension_advice(_FUNCTIONS_OF_EXTENSIONS[called[1]]),
            f"where search_path is empty, write extensions.{called[1]}",
        ]
    return ["make it before it is used, or write its schema before its name"]


def _extension_advice(extension: str) -> str:
    statement = f'create extension if not exists "{extension}"'
    return f"create the extension in an earlier statement: {statement}"


def _missing_schema(_said: str, name: str, _owner: str) -> list[str]:
    return [f"make it before it is used: create schema if not exists {name}"]


def _not_permitted(_said: str, _name: str, owner: str) -> list[str]:
    if owner != "postgres":
        return [
            f"sources run as {owner}, who may not do this: let a superuser grant it, or name another login",
            "leave --supaseed-url out: on a server of our own plain migrations have a superuser's rights",
        ]
    return [
        f"sources run as {owner}, as on Supabase no superuser: what is refused here is refused there",
        "a dump of a whole project holds what only Supabase may make: use pg_dump --schema=public --no-owner",
    ]


def _already_there(_said: str, name: str, _owner: str) -> list[str]:
    return [
        f"does another source make {name} too? `schema` in [tool.supaseed] says which ones run",
        "is it the platform's, which is there before the first source? Leave it out, or say `if not exists`",
    ]


def _new_enum_value(_said: str, _name: str, _owner: str) -> list[str]:
    return [
        "commit between adding the value and using it: it stands between the file's own `begin` and `commit`"
    ]


def _in_transaction(_said: str, _name: str, _owner: str) -> list[str]:
    return ["move it out of the file's own `begin` ... `commit`, or into a file of its own"]


def _bad_syntax(_said: str, _name: str, _owner: str) -> list[str]:
    return [
        "is it newer than this server? The header of the run names its version",
        "is a quote or $$ open before it?",
    ]


def _not_available(said: str, name: str, _owner: str) -> list[str]:
    if said.startswith("extension "):
        statement = f'create extension if not exists "{name}"'
        return [
            f"create it outside of any `do` or function, where the option `extensions` is heeded: {statement}"
        ]
    return []


_ADVICE: dict[str, Callable[[str, str, str], list[str]]] = {
    "0A000": _not_available,
    "58P01": _not_available,
    "25001": _in_transaction,
    "2D000": _in_transaction,
    "3F000": _missing_schema,
    "42501": _not_permitted,
    "42601": _bad_syntax,
    "42704": _missing_object,
    "42883": _missing_function,
    "42P01": _missing_relation,
    "42P06": _already_there,
    "42P07": _already_there,
    "42710": _already_there,
    "42723": _already_there,
    "55P04": _new_enum_value,
}
"""Advice by SQLSTATE, for what goes wrong often."""
