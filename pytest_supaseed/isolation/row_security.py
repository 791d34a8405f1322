"""Questions to row-level security: who sees what, who may do what, whether tenants are kept apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, get_args

import psycopg
from psycopg import sql
from psycopg.rows import tuple_row

from pytest_supaseed.catalog.introspect import introspect
from pytest_supaseed.catalog.row_keys import key_of
from pytest_supaseed.errors import LoadError, UsageError
from pytest_supaseed.isolation.claims import Persona, user_persona
from pytest_supaseed.isolation.leak_report import IsolationProof
from pytest_supaseed.isolation.memberships import membership_query
from pytest_supaseed.isolation.row_sets import RowSet, apply_settings, equal_to
from pytest_supaseed.isolation.tenant_isolation import COMMANDS, Attacker, Leak, Untried
from pytest_supaseed.mapping.query_translation import translate_placeholders
from pytest_supaseed.rows.value_text import wire_value
from pytest_supaseed.server.settled_sessions import settled

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_supaseed.catalog.model import Table
    from pytest_supaseed.isolation.claims import AssuranceLevel
    from pytest_supaseed.isolation.seeded_database import SeededDatabase

Action = Literal["select", "insert", "update", "delete"]

USERS_TRIED = 50
"""Users that `assert_isolated` tries at the most, spread over the tenants: about 20 ms for each."""


class RowSecurity:
    """Asks the policies of one test's database; changes nothing in it.

    Args:
        database: the test's database.
    """

    def __init__(self, database: SeededDatabase) -> None:
        self._database = database
        self._asking: psycopg.Connection[Any] | None = None

    def visible(self, table: str, persona: Persona, equals: Mapping[str, object]) -> RowSet:
        """Return the rows of a table that somebody sees; read when they are used."""
        return RowSet(self._connection, self._database.table_map, table, equals, persona=persona)

    def can(
        self,
        action: Action,
        table: str,
        persona: Persona,
        row: Mapping[str, object] | None,
        values: Mapping[str, object],
    ) -> bool:
        """Return whether policies and grants let somebody do something; see `SeededDatabase.can`."""
        if action not in get_args(Action):
            allowed = ", ".join(map(repr, get_args(Action)))
            raise UsageError(f"can(..., {action!r}, ...): allowed is {allowed}.")
        found = self._database.table_map.resolve(table)
        with self._connection.transaction(force_rollback=True):
            statement = (
                self._insertion(found, table, row or {}, values)
                if action == "insert"
                else _statement(action, found, self._actual(table, row or {}), self._actual(table, values))
            )
            with self._connection.cursor(row_factory=tuple_row) as cursor:
                apply_settings(cursor, persona.as_settings())
                try:
                    cursor.execute(statement)
                except psycopg.errors.InsufficientPrivilege:
                    return False
                except psycopg.Error as error:
                    raise _refused(action, found, error) from error
                return cursor.rowcount > 0

    def _actual(self, table: str, values: Mapping[str, object]) -> dict[str, object]:
        return {self._database.table_map.column(table, name): value for name, value in values.items()}

    def _insertion(
        self, found: Table, table: str, row: Mapping[str, object], values: Mapping[str, object]
    ) -> sql.Composed:
        """An INSERT of what is given and of what a row cannot be without; Postgres does the rest."""
        given = self._actual(table, {**row, **values})
        drafted = self._database.draft(self._connection, table, given)
        needed = {
            column.name: drafted[column.name]
            for column in found.columns
            if column.name in drafted and (column.name in given or (column.not_null and not column.default))
        }
        if not needed:
            return sql.SQL("insert into {} default values").format(sql.Identifier(found.schema, found.name))
        return sql.SQL("insert into {} ({}) overriding system value values ({})").format(
            sql.Identifier(found.schema, found.name),
            sql.SQL(", ").join(map(sql.Identifier, needed)),
            sql.SQL(", ").join(
                sql.Literal(wire_value(found.by_name[name].type, value)) for name, value in needed.items()
            ),
        )

    def assert_isolated(
        self,
        table: str,
        *,
        by: str,
        members: str | None,
        aal: AssuranceLevel,
        only: Mapping[str, object],
    ) -> None:
        """Raise if tenants are not kept apart; see `SeededDatabase.assert_isolated`."""
        proof = self.prove_isolation(table, by, members=members, aal=aal, only=only)
        if proof.leaks:
            raise proof.error()
        if proof.untried:
            tried = [f"{found.command}: {found.reason}" for found in proof.untried]
            raise UsageError(
                f"Whether {proof.table} is isolated by {proof.column} could not be tried with every command.",
                looked_at=tried,
                remedies=["use a server of our own, where triggers and foreign keys are off meanwhile"],
            )

    @property
    def _connection(self) -> psycopg.Connection[Any]:
        """One connection for all questions: each runs as somebody for a transaction, as PostgREST's do."""
        if self._asking is None or self._asking.closed:
            self._asking = self._database.connect(autocommit=True)
        return self._asking

    def prove_isolation(
        self,
        table: str,
        by: str,
        *,
        members: str | None,
        aal: AssuranceLevel,
        only: Mapping[str, object],
    ) -> IsolationProof:
        """Try, as users of each tenant, to reach rows of the others.

        Args:
            table: the logical or actual table.
            by: its column that holds the tenant.
            members: a query of (user key, tenant) pairs, with placeholders; told from foreign keys if None.
            aal: the users' assurance level.
            only: values of columns: other rows do not count.

        Raises:
            UsageError: fewer than two tenants have rows, or no user is a member of one: nothing is proved.
        """
        found = self._database.table_map.resolve(table)
        column = self._database.table_map.column(table, by)
        with settled(self._database.admin_conninfo, own_role=True) as connection:
            attacker = Attacker(
                connection,
                found,
                column,
                only=self._actual(table, only),
                superuser=_is_superuser(connection),
            )
            tenants = attacker.tenants()
            own = self._members(connection, found, column, members)
            tried = _spread(own)
            if len(tenants) < 2 or not tried:  # noqa: PLR2004  # isolation is between two
                raise _nothing_to_prove(found, column, len(tenants), len(own))
            personas = {user: user_persona(self._user(connection, user), aal=aal) for user in tried}
            leaks, untried = _attack(attacker, personas, own)
            if leaks:
                now = introspect(connection).by_oid[found.oid]
                leaks = tuple(attacker.explained(leak, now) for leak in leaks)
        return IsolationProof(found.qualified, column, len(tried), len(tenants), leaks, untried)

    def _members(
        self, connection: psycopg.Connection[Any], table: Table, column: str, members: str | None
    ) -> dict[str, frozenset[str]]:
        """The tenants of each user, by the user's key."""
        database = self._database
        query: sql.Composed = (
            membership_query(database.catalog, database.table_map.resolve("users"), table, column)
            if members is None
            else translate_placeholders(members, database.table_map)
        )
        found: dict[str, set[str]] = {}
        with connection.cursor(row_factory=tuple_row) as cursor:
            for user, tenant in cursor.execute(query):
                if user is not None and tenant is not None:
                    found.setdefault(str(user), set()).add(str(tenant))
        return {user: frozenset(own) for user, own in found.items()}

    def _user(self, connection: psycopg.Connection[Any], key: str) -> Mapping[str, Any]:
        users = self._database.table_map.resolve("users")
        name = key_of(users)[0]
        rows = RowSet(connection, self._database.table_map, "users", {name: key})
        return {**rows[0], "id": key}


def _attack(
    attacker: Attacker, personas: Mapping[str, Persona], own: Mapping[str, frozenset[str]]
) -> tuple[tuple[Leak, ...], tuple[Untried, ...]]:
    """Try every command as every persona; return the leaks, and the commands that nobody could try."""
    leaks: list[Leak] = []
    failed: dict[str, list[Untried]] = {}
    for user, persona in personas.items():
        for command in COMMANDS:
            reached = attacker.reach(command, persona, own[user])
            if isinstance(reached, Untried):
                failed.setdefault(command, []).append(reached)
            else:
                leaks += [Leak(command, persona, tenant, rows) for tenant, rows in reached.items()]
    return tuple(leaks), tuple(tries[0] for tries in failed.values() if len(tries) == len(personas))


def _statement(
    action: Action, table: Table, row: Mapping[str, object], values: Mapping[str, object]
) -> sql.Composed:
    name = sql.Identifier(table.schema, table.name)
    where = sql.SQL(" where {}").format(equal_to(row)) if row else sql.SQL("")
    if action == "select":
        return sql.SQL("select from {}{} limit 1").format(name, where)
    if action == "delete":
        return sql.SQL("delete from {}{}").format(name, where)
    if not values:
        raise UsageError(
            f"can(..., 'update', {table.name!r}) does not say what is changed.",
            remedies=['name a column and its value: can(user, "update", "setups", row, title="New")'],
        )
    changes = sql.SQL(", ").join(
        sql.SQL("{} = {}").format(sql.Identifier(column), sql.Literal(value))
        for column, value in values.items()
    )
    return sql.SQL("update {} set {}{}").format(name, changes, where)


def _refused(action: str, table: Table, error: psycopg.Error) -> LoadError:
    found = error.diag
    return LoadError(
        f"Whether this {action} of {table.qualified} is allowed cannot be told:"
        f" something else than policies and grants refuses it: {found.message_primary or error}",
        looked_at=[text for text in (found.constraint_name, found.message_detail, found.context) if text],
        remedies=["give values that every constraint and trigger allows"],
    )


def _spread(own: Mapping[str, frozenset[str]]) -> list[str]:
    """Users to try with: as many tenants as possible among the first ones, in a fixed order."""
    seen: set[frozenset[str]] = set()
    first: list[str] = []
    others: list[str] = []
    for user in sorted(own):
        (others if own[user] in seen else first).append(user)
        seen.add(own[user])
    return [*first, *others][:USERS_TRIED]


def _is_superuser(connection: psycopg.Connection[Any]) -> bool:
    return connection.info.parameter_status("is_superuser") == "on"


def _nothing_to_prove(table: Table, column: str, tenants: int, members: int) -> UsageError:
    return UsageError(
        f"Whether {table.qualified} is isolated by {column} cannot be tried:"
        f" {tenants} tenants have rows there, and {members} users belong to a tenant.",
        remedies=["seed rows for two tenants at least: --supaseed-users=10, or create them in the test"],
    )
