"""Collations of ICU, on a server that was built without it: they sort by code points instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psycopg import sql
from psycopg.rows import tuple_row

from pytest_supaseed.platform.statement_tokens import Token, head, is_identifier, tokens, words

if TYPE_CHECKING:
    import psycopg

HAS_ICU = "select exists (select from pg_catalog.pg_collation where collname = 'und-x-icu')"
"""True where the server was built with ICU: initdb then writes down what it offers, the root first."""


def icu_collation(statement: str) -> tuple[Token, ...] | None:
    """Return the name, with its schema, of a collation that a statement makes from ICU.

    Args:
        statement: any; it is None for all others.
    """
    if words(head(statement, 2)) != ("create", "collation"):
        return None
    found = tuple(tokens(statement))
    said = words(found)
    start = 5 if said[2:5] == ("if", "not", "exists") else 2
    pairs = zip(said, said[1:], found[2:], strict=False)
    if not any(first == "provider" and second == "=" and _is_icu(third) for first, second, third in pairs):
        return None
    name = [found[start]]
    while said[start + 1 : start + 2] == (".",) and is_identifier(found[start + 2]):
        start += 2
        name.append(found[start])
    return tuple(name) if all(map(is_identifier, name)) else None


def _is_icu(token: Token) -> bool:
    return token.value.strip("'").lower() == "icu"


class CollationRun:
    """Prepares statements that make a collation from ICU.

    Args:
        connection: the one that runs the sources.
    """

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection
        self._has_icu: bool | None = None
        self._stood_in: list[str] = []

    def prepare(self, statement: str) -> str:
        """Return a statement as this server can run it: most are left as they are.

        Raises:
            psycopg.Error: Postgres refused.
        """
        name = icu_collation(statement)
        if name is None or self._server_has_icu():
            return statement
        self._stood_in.append(".".join(token.value for token in name))
        return (
            sql.SQL('create collation if not exists {} from pg_catalog."C"')
            .format(sql.Identifier(*(token.value for token in name)))
            .as_string(self._connection)
        )

    def notes(self) -> list[str]:
        """Say which collations are not what they should be."""
        if not self._stood_in:
            return []
        names = ", ".join(self._stood_in)
        return [f'collations {names}: made from "C", as this server has no ICU; text compares byte by byte']

    def _server_has_icu(self) -> bool:
        if self._has_icu is None:
            with self._connection.cursor(row_factory=tuple_row) as cursor:
                row = cursor.execute(HAS_ICU, prepare=False).fetchone()
            self._has_icu = bool(row and row[0])
        return self._has_icu
