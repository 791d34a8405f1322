"""The roles that a statement names or makes, read from its text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_supaseed.platform.statement_tokens import Token, head, is_identifier, tokens, words

if TYPE_CHECKING:
    from collections.abc import Iterator

_NOBODY = frozenset({"public", "current_user", "current_role", "session_user", "none"})
_ONLY_AT_BIRTH = frozenset({"in", "role", "user", "admin", "group", "sysid"})
"""Options of `create role` that `alter role` does not know: memberships."""

_MAKES_A_ROLE = re.compile(r"create\s+(?:role|user|group)\b", re.IGNORECASE)


def named_roles(statement: str) -> tuple[str, ...]:
    """Return the roles that a statement counts on, each once.

    They are the ones that `grant` and `revoke` name, the owners of `alter ... owner to` and `create schema
    authorization`, those of policies and default privileges, and of `set role`.
    """
    verb = words(head(statement, 2))
    if verb[:1] not in _VERBS and verb not in _PAIRS:
        return ()
    found = [token for token in tokens(statement) if token.value != ";"]
    names = (token.value for token in _roles(verb[0], found))
    return tuple(dict.fromkeys(name for name in names if name not in _NOBODY))


_VERBS = {("alter",), ("grant",), ("revoke",), ("set",)}
_PAIRS = {("create", "policy"), ("create", "schema")}


def _roles(verb: str, found: list[Token]) -> Iterator[Token]:
    said = words(tuple(found))
    if verb == "set":
        at = 1 if said[1:2] == ("role",) else 2
        yield from _listed(found, at + 1) if said[at : at + 1] == ("role",) else ()
    elif verb in {"grant", "revoke"}:
        if "on" not in said and verb == "grant":
            yield from _listed(found, 1)
        yield from _after(found, said, "to" if verb == "grant" else "from")
    elif said[1:2] == ("policy",):
        ends = [said.index(word) for word in ("using", "with") if word in said]
        end = min(ends, default=len(said))
        yield from _after(found[:end], said[:end], "to")
    elif said[:3] == ("alter", "default", "privileges"):
        if said[3:4] == ("for",):
            yield from _listed(found, 5)
        yield from _after(found, said, "to" if "grant" in said else "from")
    else:
        yield from _owner(found, said)


def _owner(found: list[Token], said: tuple[str, ...]) -> Iterator[Token]:
    if said[0] == "create":
        yield from _after(found, said, "authorization")
    elif said[-3:-1] == ("owner", "to"):
        yield from _listed(found, len(found) - 1)


def _after(found: list[Token], said: tuple[str, ...], word: str) -> Iterator[Token]:
    if word in said:
        yield from _listed(found, said.index(word) + 1)


def _listed(found: list[Token], start: int) -> Iterator[Token]:
    """The names of a list with commas, from a place on; a `group` before a name means nothing."""
    rest = iter(found[start:])
    for token in rest:
        name = next(rest, None) if token == Token("word", "group") else token
        if name is None or not is_identifier(name):
            return
        yield name
        if next(rest, None) != Token("sign", ","):
            return


def made_role(statement: str) -> str | None:
    """Return the role that a `create role`, `create user` or `create group` makes; None where it is none."""
    found = head(statement, 3)
    match words(found):
        case ("create", "role" | "user" | "group", "mapping"):
            return None
        case ("create", "role" | "user" | "group", _) if is_identifier(found[2]):
            return found[2].value
    return None


def altered_role(statement: str) -> str | None:
    """Return a statement that makes a role as one that alters it; None where that cannot be said."""
    options = words(tuple(tokens(statement)))[3:]
    if not _ONLY_AT_BIRTH.isdisjoint(options) or not set(options) - {";", "with"}:
        return None
    changed, count = _MAKES_A_ROLE.subn("alter role", statement, count=1)
    return changed if count and _MAKES_A_ROLE.match(statement) else None
