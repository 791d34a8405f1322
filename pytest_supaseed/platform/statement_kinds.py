"""What a statement asks of whoever runs it: a transaction of which sort, data, or a refusal."""

from __future__ import annotations

import re
from enum import Enum, auto
from itertools import pairwise

from pytest_supaseed.platform.statement_tokens import head, reads_stdin, words


class Kind(Enum):
    """Kinds of statements that are run in different ways."""

    EMPTY = auto()
    ORDINARY = auto()
    BEGIN = auto()
    END = auto()
    """Of a transaction: commit, rollback, prepare transaction; also with `and chain`."""
    STANDALONE = auto()
    """Postgres refuses it in a transaction, or what it did can be used only after one."""
    COPY_IN = auto()
    COPY_OUT = auto()
    EXTENSION = auto()
    OF_THE_SERVER = auto()
    """It would change the server outside of the database at hand."""


_TRANSACTION_WORD = re.compile(r"\b(commit|rollback)\b", re.IGNORECASE)

_VERBS = re.compile(
    r"abort|alter|begin|call|cluster|comment|commit|copy|create|discard|do|drop|end|prepare|reindex|rollback|start"
    r"|vacuum"
)
"""First words of which more has to be seen."""

_ALONE = frozenset(
    {
        ("call",),
        ("cluster",),
        ("reindex",),
        ("vacuum",),
        ("discard", "all"),
        ("alter", "subscription"),
        ("create", "subscription"),
        ("drop", "subscription"),
        ("create", "index", "concurrently"),
        ("create", "unique", "index", "concurrently"),
        ("drop", "index", "concurrently"),
    }
)
"""How statements begin that are refused in a transaction, in all their forms or in most."""


def kind_of(statement: str) -> Kind:
    """Tell a statement's kind from its first words.

    Args:
        statement: one statement, with or without its semicolon and comments.
    """
    verb = "".join(words(head(statement, 1)))
    if verb in {"", ";"}:
        return Kind.EMPTY
    # Most statements of a large file are inserts: one look is enough for them.
    return _kind_by_verb(words(head(statement)), statement) if _VERBS.fullmatch(verb) else Kind.ORDINARY


def _kind_by_verb(found: tuple[str, ...], statement: str) -> Kind:
    kind = _kind_for_transactions(found)
    if kind is not None:
        return kind
    match found:
        case ("copy", *_):
            return _kind_of_copy(found, statement)
        case ("create" | "alter" | "drop", "extension", *_) | ("comment", "on", "extension", *_):
            return Kind.EXTENSION
        case ("create" | "drop", "database" | "tablespace", *_) | ("alter", "system", *_):
            return Kind.OF_THE_SERVER
    return Kind.STANDALONE if _stands_alone(found, statement) else Kind.ORDINARY


def _kind_for_transactions(found: tuple[str, ...]) -> Kind | None:
    match found:
        case ("begin", *_) | ("start", "transaction", *_):
            return Kind.BEGIN
        case ("commit" | "rollback", "prepared", *_):
            return Kind.STANDALONE
        case ("rollback", "to", *_) | ("rollback", "work" | "transaction", "to", *_):
            return Kind.ORDINARY
        case ("commit" | "end" | "rollback" | "abort", *_) | ("prepare", "transaction", *_):
            return Kind.END
    return None


def _kind_of_copy(found: tuple[str, ...], statement: str) -> Kind:
    if reads_stdin(statement):
        return Kind.COPY_IN
    return Kind.COPY_OUT if ("to", "stdout") in pairwise(found) else Kind.ORDINARY


def _stands_alone(found: tuple[str, ...], statement: str) -> bool:
    match found:
        case ("do", *_):
            return _TRANSACTION_WORD.search(statement) is not None
        case ("alter", "table", *rest):
            return "detach" in rest and not {"concurrently", "finalize"}.isdisjoint(rest)
        case ("alter", "type", *rest):
            return ("add", "value") in pairwise(rest)
    return any(found[:length] in _ALONE for length in range(1, 5))
