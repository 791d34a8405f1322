"""Makes a statement readable for a parser that knows less of Postgres than Postgres does; no letter moves.

The masked text has the length and the lines of the statement, and the same names in the same places. What
holds no table is made plain: literals become texts of one letter, comments blanks, psycopg's parameters `$1`,
operators that only Postgres knows `+`. So positions that the parser reports are positions in the statement,
and nothing in a literal or a comment can be taken for SQL.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_supaseed.errors import MappingError

if TYPE_CHECKING:
    from collections.abc import Mapping

_TOKEN = re.compile(
    r"""
    (?P<comment>--[^\n\r]*+)
    | (?P<block>/\*)
    | (?P<escaped>[eE]'(?:[^'\\]++|\\.|'')*')
    | (?P<unicode>[uU]&"(?:[^"]++|"")+")
    | (?P<text>(?:[bBxXnN]|[uU]&)?'(?:[^']++|'')*')
    | (?P<name>"(?:[^"]++|"")+")
    | (?P<dollar>\$(?P<tag>(?:[^\W\d]\w*+)?)\$.*?\$(?P=tag)\$)
    | (?P<open>(?:[eEbBxXnN]|[uU]&)?'|(?:[uU]&)?"|\$(?:[^\W\d]\w*+)?\$)
    | (?P<word>[^\W\d][\w$]*+)
    | (?P<parameter>%(?:[sbt](?![\w$])|\([^)]+\)[sbt]))
    | (?P<brace>[{}])
    | (?P<operator>[-+*/<>=~!@\#%^&|`?]++)
    """,
    re.VERBOSE | re.DOTALL,
)
_BLOCK_EDGE = re.compile(r"/\*|\*/")
_KNOWN_OPERATORS = frozenset({"=", "<", ">", "<=", ">=", "<>", "!=", "+", "-", "*", "/"})
_SIGN_MAY_END = frozenset("~!@#%^&|`?")
"""An operator of several signs ends in + or - only if it holds one of these (Postgres, "Operators")."""

_UNREAD = re.compile(r"(?i)\boverriding\s+(?:system|user)\s+value\b")
_CURSOR = re.compile(r"(?i)\bcurrent\s+of\s+\S+")
_EXPLAIN = re.compile(r"(?i)\s*explain\b(?:\s*\([^()]*\)|(?:\s+(?:analyze|analyse|verbose)\b)*)")


@dataclass(frozen=True)
class MaskedQuery:
    """A masked statement.

    Args:
        text: as long as the statement, with its names where they stood.
        names: what the names of the form `U&"..."` mean, by their first letter's place.
    """

    text: str
    names: Mapping[int, str]


def place_of(statement: str, at: int) -> str:
    """`line 3, column 7`, both counted from 1."""
    return f"line {statement.count(chr(10), 0, at) + 1}, column {at - statement.rfind(chr(10), 0, at)}"


def mask_query(statement: str) -> MaskedQuery:
    """Mask one statement.

    Raises:
        MappingError: a literal, a quoted name or a comment does not end, or there is a brace.
    """
    parts: list[str] = []
    names: dict[int, str] = {}
    at = 0
    while found := _TOKEN.search(statement, at):
        parts.append(statement[at : found.start()])
        at = found.end()
        if found.lastgroup == "block":
            at = _block_end(statement, found)
        parts.append(_masked(statement, found, at, names))
    parts.append(statement[at:])
    return MaskedQuery(_without_unread("".join(parts)), names)


def _masked(statement: str, found: re.Match[str], end: int, names: dict[int, str]) -> str:
    text = statement[found.start() : end]
    match found.lastgroup:
        case "comment" | "block":
            return _blank(text)
        case "open":
            raise _unclosed(statement, found)
        case "brace":
            raise _brace(statement, found)
        case "escaped" | "text" | "dollar" | "tag":
            return _plain_literal(text)
        case "unicode":
            names[found.start()] = _unescaped(text[3:-1])
            return '"' + "x" * (len(text) - 2) + '"'
        case "parameter":
            return "$" + "1" * (len(text) - 1)
        case "operator":
            return _plain_operators(text)
        case _:
            return text


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)


def _plain_literal(text: str) -> str:
    """A text of the same length and the same line breaks, with nothing in it that means anything."""
    return "'" + re.sub(r"[^\n]", "x", text[1:-1]) + "'"


def _unescaped(body: str) -> str:
    r"""The name that `\0041` and `\+000041` are written into."""
    pattern = r"\\(?:([0-9a-fA-F]{4})|\+([0-9a-fA-F]{6})|(\\))"
    decoded = re.sub(pattern, lambda found: found[3] or chr(int(found[1] or found[2], 16)), body)
    return decoded.replace('""', '"')


def _plain_operators(run: str) -> str:
    """A run of operator signs, cut as Postgres cuts it, with those that a parser may not know made `+`."""
    end = len(run)
    if not set(run) & _SIGN_MAY_END:
        while end > 1 and run[end - 1] in "+-":
            end -= 1
    first = run[:end] if run[:end] in _KNOWN_OPERATORS else "+".ljust(end)
    return first + run[end:]


def _without_unread(text: str) -> str:
    """Without what the parser does not know and what names no table."""
    text = _UNREAD.sub(lambda found: _blank(found[0]), text)
    text = _CURSOR.sub(lambda found: "true" + _blank(found[0][4:]), text)
    explained = _EXPLAIN.match(text)
    return _blank(explained[0]) + text[explained.end() :] if explained else text


def _block_end(statement: str, found: re.Match[str]) -> int:
    """The end of a block comment; Postgres nests them."""
    depth = 1
    for edge in _BLOCK_EDGE.finditer(statement, found.end()):
        depth += 1 if edge[0] == "/*" else -1
        if not depth:
            return edge.end()
    raise _unclosed(statement, found)


def _unclosed(statement: str, found: re.Match[str]) -> MappingError:
    return MappingError(
        f"The {found[0]} on {place_of(statement, found.start())} of the statement is never closed.",
        looked_at=[statement[found.start() : found.start() + 40].split("\n", 1)[0]],
        remedies=["close it", "put texts that hold quotes into a parameter"],
    )


def _brace(statement: str, found: re.Match[str]) -> MappingError:
    return MappingError(
        f"The brace on {place_of(statement, found.start())} of the statement is no SQL.",
        looked_at=[statement[found.start() : found.start() + 40].split("\n", 1)[0]],
        remedies=[
            "{setups} is a placeholder: give the statement to supaseed_db.execute, without translate",
            "put JSON and arrays into a text literal or a parameter",
        ],
    )
