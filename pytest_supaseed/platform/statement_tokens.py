"""The tokens of one SQL statement, for telling what kind of statement it is. No parser: heads are enough."""

from __future__ import annotations

import re
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

HEAD = 24
"""Tokens that are looked at by default: more than any head that we tell apart has."""

_START = r"A-Za-z_\x80-\U0010ffff"
_REST = r"A-Za-z0-9_\x80-\U0010ffff"
_TOKEN = re.compile(
    rf"""
    (?P<blank>[ \t\r\n\f\v]++|--[^\n]*+)
    | (?P<comment>/\*)
    | (?P<escaped>[eE]'(?:[^'\\]++|\\.|'')*')
    | (?P<text>[bBxXnN]?'(?:[^']++|'')*')
    | (?P<name>"(?:[^"]++|"")*")
    | (?P<dollar>\$(?P<tag>(?:[{_START}][{_REST}]*+)?)\$.*?\$(?P=tag)\$)
    | (?P<word>[{_START}][{_REST}$]*+)
    | (?P<number>[0-9][0-9A-Za-z_.]*+)
    | (?P<sign>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_COMMENT_EDGE = re.compile(r"/\*|\*/")


class Token(NamedTuple):
    """A token: a bare word (in lower case), a quoted name (without quotes), a text (with them), or a sign."""

    kind: Literal["word", "name", "text", "sign"]
    value: str


def tokens(statement: str) -> Iterator[Token]:
    """Give the tokens of a statement, without blanks and comments."""
    at = 0
    while at < len(statement):
        found = _TOKEN.match(statement, at)
        if found is None:  # pragma: no cover  # the last alternative takes any character
            return
        kind, at = found.lastgroup, found.end()
        if kind == "comment":
            at = _comment_end(statement, at)
        elif kind == "word":
            yield Token("word", found[0].lower())
        elif kind == "name":
            yield Token("name", found[0][1:-1].replace('""', '"'))
        elif kind in {"text", "escaped", "dollar", "tag"}:
            yield Token("text", found[0])
        elif kind in {"sign", "number"}:
            yield Token("sign", found[0])


def _comment_end(statement: str, at: int) -> int:
    depth = 1
    for edge in _COMMENT_EDGE.finditer(statement, at):
        depth += 1 if edge[0] == "/*" else -1
        if not depth:
            return edge.end()
    return len(statement)


def head(statement: str, length: int = HEAD) -> tuple[Token, ...]:
    """Return the first tokens of a statement."""
    return tuple(islice(tokens(statement), length))


def words(found: tuple[Token, ...]) -> tuple[str, ...]:
    """Return tokens as words to compare: signs as they are, names and texts as `?`."""
    return tuple(token.value if token.kind in {"word", "sign"} else "?" for token in found)


def is_identifier(token: Token) -> bool:
    """Say whether a token can name something."""
    return token.kind in {"word", "name"}


def reads_stdin(statement: str) -> bool:
    """Say whether a statement is a COPY whose data follows it."""
    found = words(tuple(tokens(statement)))
    if found[:1] != ("copy",) or found[1:2] == ("(",):
        return False
    return ("from", "stdin") in pairwise(found)
