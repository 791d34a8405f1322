"""`create extension` inside a `do` block: what stands in for an extension there, too."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pytest_supaseed.platform.extension_statements import CreateExtension, read_extension_statement
from pytest_supaseed.platform.statement_tokens import head, words

_CREATE = re.compile(r"\bcreate\s+extension\b[^;']*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class BlockExtension:
    """A `create extension` that stands literally in a block.

    Attributes:
        asked: what it says.
        start: where it begins in the statement.
        end: where it ends, before its semicolon or quote.
        is_quoted: whether it is the text of an `execute`.
    """

    asked: CreateExtension
    start: int
    end: int
    is_quoted: bool


def block_extensions(statement: str) -> list[BlockExtension]:
    """Return what a `do` block creates literally; nothing for any other statement."""
    if words(head(statement, 1)) != ("do",):
        return []
    found = []
    for match in _CREATE.finditer(statement):
        asked = read_extension_statement(match[0])
        line = statement[: match.start()].rpartition("\n")[2]
        if isinstance(asked, CreateExtension) and "--" not in line:
            quoted = statement[: match.start()].rstrip().endswith("'")
            found.append(BlockExtension(asked, match.start(), match.end(), quoted))
    return found


def without_extensions(statement: str, found: list[BlockExtension]) -> str:
    """Put a statement that does nothing in the place of each; the length and the lines stay as they are."""
    for one in reversed(found):
        nothing = "select" if one.is_quoted else "null"
        rest = re.sub(r"[^\n]", " ", statement[one.start + len(nothing) : one.end])
        statement = statement[: one.start] + nothing + rest + statement[one.end :]
    return statement
