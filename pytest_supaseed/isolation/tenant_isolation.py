"""Tries, as each tenant's users, to read and change what belongs to other tenants; everything is rolled back.

A policy is tried alone: an UPDATE without WHERE and RETURNING needs no right to read a row, so that a hole in
an UPDATE policy shows although the SELECT policy is tight (5.9, "Row Security Policies"). Triggers and
foreign keys are off meanwhile where the login may switch them off: it is the policies that have to hold.
"""

from __future__ import annotations

from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import psycopg
from psycopg import sql
from psycopg.rows import tuple_row

from pytest_supaseed.isolation.row_sets import apply_settings, equal_to

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from pytest_supaseed.catalog.model import Table
    from pytest_supaseed.isolation.claims import Persona

Command = Literal["read", "update", "delete", "move"]
COMMANDS: tuple[Command, ...] = ("read", "update", "delete", "move")

_NOTHING = sql.SQL("")

Counts = dict[str, int]
"""Numbers of rows by tenant, which is a text."""


@dataclass(frozen=True)
class Leak:
    """Rows of a tenant that a user of another one reached.

    Args:
        command: how; `move` is a row of the user's own that was put into the other tenant.
        persona: who.
        tenant: whose rows they are.
        rows: how many.
        policies: the policies that let it pass.
    """

    command: Command
    persona: Persona
    tenant: str
    rows: int
    policies: tuple[str, ...] = ()


@dataclass(frozen=True)
class Untried:
    """A command that could not be tried, and why."""

    command: Command
    reason: str


class Attacker:
    """Tries commands on one table; each in a transaction of its own that is rolled back.

    Args:
        connection: an autocommit connection whose login is no subject of the policies.
        table: the table.
        column: its column that holds the tenant.
        only: values of columns: other rows do not count, such as those that everybody may read.
        superuser: whether the login may switch triggers off.
    """

    def __init__(
        self,
        connection: psycopg.Connection[Any],
        table: Table,
        column: str,
        *,
        only: Mapping[str, object],
        superuser: bool,
    ) -> None:
        self._connection = connection
        self._table = table
        self._column = sql.Identifier(column)
        self._name = sql.Identifier(table.schema, table.name)
        self._superuser = superuser
        self._only = equal_to(only)
        self._scratch = tuple(_scratch_columns(table, {column, *only}))

    def tenants(self) -> Counts:
        """Return the number of rows of each tenant."""
        with self._connection.cursor(row_factory=tuple_row) as cursor:
            return _counts(cursor, self._select())

    def reach(self, command: Command, persona: Persona, own: frozenset[str]) -> Counts | Untried:
        """Return the rows of foreign tenants that the command reached.

        Args:
            command: what is tried.
            persona: as whom.
            own: the persona's tenants.
        """
        try:
            reached = self._try(command, persona, own)
        except psycopg.errors.InsufficientPrivilege:
            return {}
        except psycopg.Error as error:
            return Untried(command, str(error).strip().splitlines()[0])
        if isinstance(reached, Untried):
            return reached
        return {tenant: rows for tenant, rows in reached.items() if rows and tenant not in own}

    def _try(self, command: Command, persona: Persona, own: frozenset[str]) -> Counts | Untried:
        match command:
            case "read":
                return self._read(persona)
            case "update":
                return self._update(persona)
            case "delete":
                return self._delete(persona)
            case "move":
                return self._move(persona, own)

    def _read(self, persona: Persona) -> Counts:
        with self._as(persona) as cursor:
            return _counts(cursor, self._select())

    def _update(self, persona: Persona) -> Counts | Untried:
        """Write a value into every row that the policies let pass; `xmin` shows which these are."""
        last = "no column can be written without breaking another constraint"
        for name in self._writable(persona):
            with self._connection.cursor(row_factory=tuple_row) as cursor:
                value = self._any_value(cursor, name)
            try:
                with self._as(persona, quiet=True) as cursor:
                    cursor.execute(self._set(sql.Identifier(name), value))
                    return self._touched(cursor)
            except (psycopg.errors.IntegrityError, psycopg.errors.RaiseException) as error:
                last = str(error).strip().splitlines()[0]
        return Untried("update", last) if self._may(persona, "update") else {}

    def _delete(self, persona: Persona) -> Counts:
        with self._as(persona, quiet=True) as cursor:
            cursor.execute(sql.SQL("delete from {}").format(self._name))
            self._become_owner(cursor)
            left = _counts(cursor, self._select())
        return {tenant: rows - left.get(tenant, 0) for tenant, rows in self.tenants().items()}

    def _move(self, persona: Persona, own: frozenset[str]) -> Counts | Untried:
        """Put the user's own rows into a foreign tenant; a constraint that breaks comes after the policy."""
        foreign = next((tenant for tenant in self.tenants() if tenant not in own), None)
        if foreign is None:
            return Untried("move", "there is no other tenant")
        try:
            with self._as(persona) as cursor:
                cursor.execute(self._set(self._column, foreign))
                return {foreign: sum(self._touched(cursor).values())}
        except psycopg.errors.IntegrityError:
            return {foreign: 1}
        except psycopg.errors.RaiseException:
            return {}  # a trigger that forbids it protects as well as a policy

    @contextmanager
    def _as(self, persona: Persona, *, quiet: bool = False) -> Iterator[psycopg.Cursor[Any]]:
        with (
            self._connection.transaction(force_rollback=True),
            self._connection.cursor(row_factory=tuple_row) as cursor,
        ):
            if quiet and self._superuser:
                cursor.execute("set local session_replication_role = replica")
            apply_settings(cursor, persona.as_settings())
            yield cursor

    def _become_owner(self, cursor: psycopg.Cursor[Any]) -> None:
        cursor.execute("set local role none")

    def _touched(self, cursor: psycopg.Cursor[Any]) -> Counts:
        self._become_owner(cursor)
        condition = sql.SQL(" and xmin::text = pg_current_xact_id()::xid::text")
        return _counts(cursor, self._select(condition))

    def _select(self, condition: sql.Composable = _NOTHING) -> sql.Composed:
        query = sql.SQL("select {0}::text, count(*) from {1} where {0} is not null and {2}{3} group by 1")
        return query.format(self._column, self._name, self._only, condition)

    def _set(self, column: sql.Identifier, value: str | None) -> sql.Composed:
        return sql.SQL("update {} set {} = {}").format(self._name, column, sql.Literal(value))

    def _any_value(self, cursor: psycopg.Cursor[Any], name: str) -> str | None:
        query = sql.SQL("select {0}::text from {1} where {0} is not null limit 1")
        found = cursor.execute(query.format(sql.Identifier(name), self._name)).fetchone()
        return found[0] if found else None

    def _writable(self, persona: Persona) -> list[str]:
        """The columns that can be overwritten for a try and that the role may write."""
        return [name for name in self._scratch if self._may(persona, "update", name)]

    def _may(self, persona: Persona, right: str, column: str | None = None) -> bool:
        oid = sql.Literal(self._table.oid)
        query = (
            sql.SQL("select has_any_column_privilege({}, {}::oid, {})").format(persona.role, oid, right)
            if column is None
            else sql.SQL("select has_column_privilege({}, {}::oid, {}, {})").format(
                persona.role, oid, column, right
            )
        )
        with self._connection.cursor(row_factory=tuple_row) as cursor:
            found = cursor.execute(query).fetchone()
        return bool(found and found[0])

    def explained(self, leak: Leak, table: Table) -> Leak:
        """Return a leak with what let it pass: the policies that hold for it, each with its expression.

        Args:
            leak: the leak.
            table: the table with the policies that it has now.
        """
        if not table.row_security:
            return replace(leak, policies=(f"row-level security is off for {table.qualified}",))
        found = tuple(
            f"policy {policy.name!r} for {policy.command}: {expression}"
            for policy in table.policies
            if policy.permissive and policy.command in (_POLICY_COMMANDS[leak.command], "all")
            if {"public", leak.persona.role} & set(policy.roles)
            if (expression := _deciding(leak.command, policy.using, policy.check)) is not None
            if self._lets_pass(expression, leak)
        )
        return replace(leak, policies=found)

    def _lets_pass(self, expression: str, leak: Leak) -> bool:
        """Whether an expression holds for a row of the tenant, as a moved one becomes, for who did it."""
        settings: Mapping[str, str] = {
            name: value for name, value in leak.persona.as_settings().items() if name != "role"
        }
        query = sql.SQL("select exists (select from {} where {}::text = {} and {} and ({}))").format(
            self._name, self._column, leak.tenant, self._only, sql.SQL(expression)
        )
        with (
            self._connection.transaction(force_rollback=True),
            self._connection.cursor(row_factory=tuple_row) as cursor,
        ):
            apply_settings(cursor, settings)
            found = cursor.execute(query).fetchone()
        return bool(found and found[0])


_POLICY_COMMANDS: dict[Command, str] = {
    "read": "select",
    "update": "update",
    "delete": "delete",
    "move": "update",
}


def _deciding(command: Command, using: str | None, check: str | None) -> str | None:
    """The expression that decides: for new versions of rows WITH CHECK, where there is one."""
    return check or using if command == "move" else using


def _counts(cursor: psycopg.Cursor[Any], query: sql.Composed) -> Counts:
    return dict(cursor.execute(query).fetchall())


def _scratch_columns(table: Table, kept: Collection[str]) -> Iterator[str]:
    """Columns that can be overwritten without breaking a constraint, those of texts first."""
    bound: defaultdict[str, int] = defaultdict(int)
    for names in (
        *(key.columns for key in table.unique_keys),
        *(key.columns for key in table.foreign_keys),
        *(found.columns for found in table.exclusions),
    ):
        for name in names:
            bound[name or ""] += 1
    free = [
        column
        for column in table.columns
        if column.generated is None and column.identity != "always" and not bound[column.name]
        if column.name not in kept
    ]
    yield from (column.name for column in sorted(free, key=lambda found: found.type.name != "text"))
