"""Placeholders in SQL: `select * from {setup_types}` becomes `select * from "public"."base_templates"`.

What counts as a placeholder, exactly:
- `{name}` in code, where name is an identifier, `schema.name`, or either part in double quotes. It is
  replaced by the quoted and qualified name of the table that it stands for.
- `{{` and `}}` in code are one literal brace each. SQL has no use for one there; `format` has the habit.
- Any other brace in code is an error: it would be one in Postgres too.
- In string literals ('...', E'...'), quoted identifiers, dollar quotes and comments nothing is a placeholder
  and every byte stays: `'{"a": 1}'`, `'{red,green}'` and `'{{1,2},{3,4}}'` mean there what they always mean.

Nothing is evaluated: no attributes, no indexes, no format specifications. Parameters (`%s`, `%(name)s`, `%%`)
are not touched; psycopg binds them afterwards.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from psycopg import sql

from pytest_supaseed.errors import MappingError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_supaseed.mapping.table_map import TableMap

CACHED = 1024
"""Statements kept: a suite has some hundreds, each well under a kilobyte."""

_NAME = r'(?:[^\W\d][\w$]*|"(?:[^"]|"")+")'
_TOKENS = re.compile(
    rf"""
      (?P<verbatim>
          --[^\n\r]*
        | (?<![\w$])[eE]'(?:[^'\\]|\\.|'')*(?:'|\Z)
        | '[^']*(?:'|\Z)
        | "[^"]*(?:"|\Z)
        | (?<![\w$])\$(?P<tag>[^\W\d]\w*|)\$.*?(?:\$(?P=tag)\$|\Z)
        | /\*
      )
    | (?P<doubled>\{{\{{|\}}\}})
    | \{{\s*(?P<name>{_NAME}(?:\.{_NAME})?)\s*\}}
    | (?P<stray>[{{}}])
    """,
    re.VERBOSE | re.DOTALL,
)
_COMMENT_EDGE = re.compile(r"/\*|\*/")


def translate_placeholders(statement: str, table_map: TableMap) -> sql.Composed:
    """Return the statement with its placeholders replaced; the rest stays byte for byte.

    Args:
        statement: SQL text, with psycopg parameters if need be.
        table_map: what the names stand for.

    Raises:
        MappingError: a placeholder does not resolve, or a brace in code is none.
    """
    return _translated(statement, table_map)


@lru_cache(maxsize=CACHED)
def _translated(statement: str, table_map: TableMap) -> sql.Composed:
    return sql.Composed(list(_parts(statement, table_map)))


def _parts(statement: str, table_map: TableMap) -> Iterator[sql.Composable]:
    start = position = 0
    while found := _TOKENS.search(statement, position):
        position = found.end()
        if found["verbatim"] is not None:
            if found["verbatim"] == "/*":
                position = _comment_end(statement, position)
            continue
        yield _text(statement[start : found.start()])
        yield _replacement(statement, found, table_map)
        start = position
    yield _text(statement[start:])


def _replacement(statement: str, found: re.Match[str], table_map: TableMap) -> sql.Composable:
    if found["doubled"]:
        return _text(found["doubled"][0])
    if found["stray"]:
        raise _no_placeholder(statement, found)
    try:
        table = table_map.resolve(found["name"])
    except (MappingError, UsageError) as error:
        raise MappingError(
            f"{found[0]} on line {_line(statement, found)} of the statement: {error.summary}",
            looked_at=error.looked_at,
            remedies=error.remedies,
        ) from error
    return table_identifier(table.schema, table.name)


def table_identifier(*parts: str) -> sql.Composable:
    """A quoted name, without a percent sign: next to parameters, psycopg would take it for one."""
    if not any("%" in part for part in parts):
        return sql.Identifier(*parts)
    return _text(".".join(map(_without_percent, parts)))


def _without_percent(part: str) -> str:
    escaped = part.replace("\\", "\\\\").replace('"', '""').replace("%", "\\0025")
    return f'U&"{escaped}"'


def _no_placeholder(statement: str, found: re.Match[str]) -> MappingError:
    excerpt = statement[found.start() : found.start() + 30].split("\n", 1)[0]
    return MappingError(
        f"The brace on line {_line(statement, found)} of the statement is no placeholder's: {excerpt!r}.",
        looked_at=['placeholders are {table}, {schema.table} and {"Quoted name"}, nothing else'],
        remedies=["put JSON and arrays into a string literal or a parameter"],
    )


def _line(statement: str, found: re.Match[str]) -> int:
    return statement.count("\n", 0, found.start()) + 1


def _comment_end(statement: str, position: int) -> int:
    """The end of a block comment; Postgres nests them."""
    depth = 1
    while depth and (edge := _COMMENT_EDGE.search(statement, position)):
        depth += 1 if edge[0] == "/*" else -1
        position = edge.end()
    return position if not depth else len(statement)


def _text(text: str) -> sql.SQL:
    """The user's own SQL, as it stands; psycopg asks for literal strings, to keep values out of them."""
    return sql.SQL(text)
