"""Statements about extensions, read from their text: those that the extension policy has a say in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pytest_supaseed.platform.statement_tokens import Token, is_identifier, tokens, words


@dataclass(frozen=True, slots=True)
class CreateExtension:
    """`create extension`, in any spelling; its version is left to the server, which may have another."""

    name: str
    schema: str | None = None
    if_not_exists: bool = False
    cascade: bool = False


@dataclass(frozen=True, slots=True)
class OtherExtension:
    """`alter extension`, `drop extension` or `comment on extension`.

    Attributes:
        verb: which of them.
        names: the extensions; `drop` takes several.
        if_exists: `drop extension if exists`.
        cascade: `drop extension ... cascade`.
    """

    verb: Literal["alter", "drop", "comment"]
    names: tuple[str, ...]
    if_exists: bool = False
    cascade: bool = False


def read_extension_statement(statement: str) -> CreateExtension | OtherExtension | None:
    """Read a statement about extensions; None where it is none, or malformed: Postgres says that better."""
    found = [token for token in tokens(statement) if token.value != ";"]
    match words(tuple(found)):
        case ("create", "extension", *rest):
            if_not_exists = rest[:3] == ["if", "not", "exists"]
            return _read_create(found[5 if if_not_exists else 2 :], if_not_exists=if_not_exists)
        case ("drop", "extension", *rest):
            if_exists = rest[:2] == ["if", "exists"]
            return _read_drop(found[4 if if_exists else 2 :], if_exists=if_exists)
        case ("alter", "extension", _, *_):
            return OtherExtension("alter", (found[2].value,))
        case ("comment", "on", "extension", _, *_):
            return OtherExtension("comment", (found[3].value,))
    return None


def _read_create(rest: list[Token], *, if_not_exists: bool) -> CreateExtension | None:
    if not rest or not is_identifier(rest[0]):
        return None
    name, *options = rest
    schema = None
    cascade = False
    while options:
        word, *options = options
        if word == Token("word", "schema") and options:
            schema, *options = [options[0].value, *options[1:]]
        elif word == Token("word", "version") and options:
            options = options[1:]
        elif word == Token("word", "cascade"):
            cascade = True
        elif word != Token("word", "with"):
            return None
    return CreateExtension(name.value, schema, if_not_exists, cascade)


def _read_drop(rest: list[Token], *, if_exists: bool) -> OtherExtension:
    manner = (Token("word", "cascade"), Token("word", "restrict"))
    names = tuple(token.value for token in rest if is_identifier(token) and token not in manner)
    return OtherExtension("drop", names, if_exists, manner[0] in rest[-1:])
