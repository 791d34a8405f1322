"""Roles that schema sources name, kept in step with a server on which roles outlive databases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from psycopg import sql
from psycopg.rows import tuple_row

from pytest_supaseed.platform.named_roles import altered_role, made_role, named_roles

if TYPE_CHECKING:
    from collections.abc import Iterable

    import psycopg


@dataclass(frozen=True, slots=True)
class RolePolicy:
    """What is done about roles.

    Attributes:
        makes: whether a role that a source names and nobody makes is made, without a login.
        alters: whether a role that is there, of an earlier schema, takes on what `create role` says.
        kept: roles that are left as they are in any case.
        owner: whose everything is in the end; the role that runs the sources when not given.
    """

    makes: bool = False
    alters: bool = False
    kept: frozenset[str] = frozenset()
    owner: str | None = None


LEAVES_ROLES = RolePolicy()
"""No role is made or altered but by the sources themselves."""


class RoleRun:
    """Prepares statements that name roles, or make some.

    Args:
        connection: the one that runs the sources: it sees the roles that their transaction has made.
        policy: what is done.
    """

    def __init__(self, connection: psycopg.Connection, policy: RolePolicy) -> None:
        self._connection = connection
        self._policy = policy
        self._seen: set[str] = set()
        self._made: list[str] = []
        self._left: list[str] = []

    def prepare(self, statement: str) -> str | None:
        """Return a statement as it is to be run; None where the role that it makes is there already.

        Args:
            statement: its transaction is open.

        Raises:
            psycopg.Error: Postgres refused.
        """
        name = made_role(statement)
        if name is not None:
            return self._prepare_creation(name, statement)
        if self._policy.makes:
            named = [name for name in named_roles(statement) if name not in self._seen]
            for missing in self._missing(named):
                self._connection.execute(
                    sql.SQL("create role {} nologin").format(sql.Identifier(missing)), prepare=False
                )
                self._made.append(missing)
        return statement

    def notes(self) -> list[str]:
        """Say which roles were made, and which were there already."""
        found = []
        if self._made:
            found.append(
                f"made without a login, for the schema names them and does not make them: roles"
                f" {', '.join(self._made)}"
            )
        if self._left:
            found.append(f"there already, and left as they are: roles {', '.join(self._left)}")
        return found

    def _prepare_creation(self, name: str, statement: str) -> str | None:
        if self._missing([name]):
            return statement
        if self._policy.alters and name not in self._policy.kept:
            return altered_role(statement)
        self._left.append(name)
        return None

    def _missing(self, names: Iterable[str]) -> list[str]:
        asked = list(names)
        if not asked:
            return []
        with self._connection.cursor(row_factory=tuple_row) as cursor:
            found = cursor.execute(
                "select rolname from pg_catalog.pg_roles where rolname = any(%s)", (asked,), prepare=False
            ).fetchall()
        self._seen.update(asked)
        return [name for name in asked if (name,) not in found]
