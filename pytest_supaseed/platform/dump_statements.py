"""What a plain dump says that only its own server can do, and that changes nothing for a test.

A dump names the roles that owned things where it was made. Here everything belongs to the role that runs it,
so what hands things over, and what is there before, is passed over. Nothing else is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_supaseed.platform.statement_tokens import Token, head, tokens, words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

SILENT = ""
"""The reason of what is not worth a word: it would change nothing at all."""

SHORTEST = 4
"""Tokens of the shortest statement that is judged: `create schema auth;`."""

_NOBODY_ELSE = {"current_user", "current_role", "session_user"}


@dataclass(frozen=True, slots=True)
class DumpSurroundings:
    """What a dump meets: the role that runs it, what exists, and the settings that the server knows."""

    owner: str
    schemas: frozenset[str]
    publications: frozenset[str]
    settings: frozenset[str]


def reason_to_pass_over(statement: str, there: DumpSurroundings) -> str | None:
    """Say why a statement of a dump is not run, as the plural of a noun; None where it is run."""
    verb = words(head(statement, 1))
    judge = _JUDGES.get(verb[0]) if verb else None
    if judge is None:
        return None
    found = head(statement)
    return judge(statement, found, there) if len(found) >= SHORTEST else None


def _comment(_statement: str, found: tuple[Token, ...], _there: DumpSurroundings) -> str | None:
    about = tuple(token.value for token in found[1:4])
    return SILENT if about[:2] == ("on", "extension") or about == ("on", "schema", "public") else None


def _create(_statement: str, found: tuple[Token, ...], there: DumpSurroundings) -> str | None:
    known = {"schema": there.schemas, "publication": there.publications}.get(found[1].value, frozenset())
    return f"{found[1].value}s that are there before" if found[2].value in known else None


def _alter(statement: str, found: tuple[Token, ...], there: DumpSurroundings) -> str | None:
    if words(found)[1:4] == ("default", "privileges", "for") and not {
        token.value for token in found[5:6]
    } <= {there.owner}:
        return "default privileges of other roles"
    whole = tuple(token for token in tokens(statement) if token.value != ";")
    if words(whole)[-3:-1] != ("owner", "to"):
        return None
    return SILENT if whole[-1].value in {there.owner, *_NOBODY_ELSE} else "changes of owner"


def _set(_statement: str, found: tuple[Token, ...], there: DumpSurroundings) -> str | None:
    if words(found)[1:3] == ("session", "authorization"):
        return "changes of the session's user"
    sets = words(found)[2:3] in {("=",), ("to",)}
    return (
        "settings that this server does not know" if sets and found[1].value not in there.settings else None
    )


_JUDGES: Mapping[str, Callable[[str, tuple[Token, ...], DumpSurroundings], str | None]] = {
    "alter": _alter,
    "comment": _comment,
    "create": _create,
    "set": _set,
}
"""Who judges a statement, by its first word."""
