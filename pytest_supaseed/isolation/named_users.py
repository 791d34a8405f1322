"""Users by name: the owner of the first team, a member of it, a user of some kind, a persona.

Nothing is stored for it. Kinds and personas are told from a user's number, whose key the plan knows; roles
are asked of the memberships, so that a name means the same whether users were made or were there.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from psycopg import sql
from psycopg.rows import tuple_row

from pytest_supaseed.catalog.row_keys import key_of
from pytest_supaseed.errors import UsageError
from pytest_supaseed.load.stored_rows import key_reader
from pytest_supaseed.logins import KINDS, PERSONAS
from pytest_supaseed.plan.login_parts import ROLE_COLUMNS

if TYPE_CHECKING:
    import psycopg

    from pytest_supaseed.catalog.model import Catalog, Table
    from pytest_supaseed.mapping.table_map import TableMap
    from pytest_supaseed.plan.seed_plan import SeedPlan
    from pytest_supaseed.rows.chunk import KeySource
    from pytest_supaseed.rows.sources import PlanSources

OWNER, MEMBER = "owner", "member"
TEAMS_ASKED = 200
"""Teams among which a role is looked for: each role occurs in the first few."""
_NUMBERS = {OWNER: 0, MEMBER: 1}
"""The users who stand for roles in a schema without teams."""


@dataclass(frozen=True)
class NamedUsers:
    """Finds the keys of users by name.

    Args:
        connection: where memberships are read.
        catalog: the database's catalog.
        table_map: resolves logical names.
        plan: what was planned.
    """

    connection: psycopg.Connection[Any]
    catalog: Catalog
    table_map: TableMap
    plan: SeedPlan

    def key(self, name: str) -> object:
        """Return the key of the user of a name.

        Raises:
            UsageError: there is none; the error lists the names.
        """
        of_kind = self.plan.logins.numbers_of(name)
        found = self._at(of_kind[0]) if of_kind else self._of_role(name)
        if found is None:
            number = self._number(name)
            found = None if number is None else self._at(number)
        if found is None:
            raise self._unknown(name)
        return found

    def names(self) -> tuple[str, ...]:
        """The names that there are."""
        logins = self.plan.logins
        kinds = [kind for kind in KINDS if logins.numbers_of(kind)]
        roles = self._roles if self._has_teams else _NUMBERS
        return tuple(dict.fromkeys([*roles, *kinds, *(PERSONAS if logins.personas else ())]))

    def _number(self, name: str) -> int | None:
        """The number of the first ordinary user of a persona, or of who stands for a role in no team."""
        logins = self.plan.logins
        if logins.personas and name in PERSONAS:
            numbers = range(PERSONAS.index(name), max(self._planned.count, len(PERSONAS)), len(PERSONAS))
            return min(numbers, key=lambda number: (bool(logins.kind_at(number)), number))
        return None if self._has_teams else _NUMBERS.get(name)

    def _at(self, number: int) -> object | None:
        if number < self._planned.count:
            return self._planned.values(self._planned.key, [number])[0][0]
        users = self._sources.table("users")
        stored = key_reader(self.connection, number + 1)(users, key_of(users))
        return stored[number][0] if number < len(stored) else None

    @cached_property
    def _sources(self) -> PlanSources:
        from pytest_supaseed.rows.sources import PlanSources

        return PlanSources(self.plan, self.catalog, self.table_map, key_reader(self.connection))

    @cached_property
    def _planned(self) -> KeySource:
        return self._sources.of("users", "")

    @property
    def _has_teams(self) -> bool:
        return self._memberships is not None

    @cached_property
    def _memberships(self) -> tuple[Table, str, str, str] | None:
        """The memberships, with their columns of user, team and role; None where the plan has no teams."""
        if not self.table_map.has("memberships") or not self.table_map.has("accounts"):
            return None
        table, accounts = self.table_map.resolve("memberships"), self.table_map.resolve("accounts")
        users = self.table_map.resolve("users")
        columns = {key.target_oid: key.columns[0] for key in table.foreign_keys if len(key.columns) == 1}
        role = next((name for name in ROLE_COLUMNS if name in table.by_name), None)
        to_users = [
            key.columns[0]
            for key in table.foreign_keys
            if key.target_oid == users.oid
            and table.primary_key
            and key.columns[0] in table.primary_key.columns
        ]
        has_teams = any(part.part == "teams" for part in self.plan.parts_of(accounts))
        if role is None or not to_users or accounts.oid not in columns or not has_teams:
            return None
        return table, to_users[0], columns[accounts.oid], role

    @cached_property
    def _roles(self) -> tuple[str, ...]:
        assert self._memberships is not None  # noqa: S101  # asked by the caller
        table, _user, _team, role = self._memberships
        query = sql.SQL("select distinct {role}::text from {table} order by 1").format(
            role=sql.Identifier(role), table=sql.Identifier(table.schema, table.name)
        )
        return tuple(str(found[0]) for found in self._read(query))

    def _of_role(self, name: str) -> object | None:
        """The first ordinary user who has a role, in the first team that has one of that role."""
        if self._memberships is None:
            return None
        table, user, team, role = self._memberships
        teams = self._sources.of("accounts", "teams")
        keys = [values[0] for values in teams.values(teams.key, range(min(teams.count, TEAMS_ASKED)))]
        query = sql.SQL(
            "select {user}, {team} from {table} where {role}::text = {name} and {team} = any({keys})"
        ).format(
            user=sql.Identifier(user),
            team=sql.Identifier(team),
            table=sql.Identifier(table.schema, table.name),
            role=sql.Identifier(role),
            name=sql.Literal(name),
            keys=sql.Literal(keys),
        )
        place = {key: number for number, key in enumerate(keys)}
        found = [(place[key], *self._rank(person), person) for person, key in self._read(query)]
        return min(found, key=lambda one: one[:-1])[-1] if found else None

    def _rank(self, user: object) -> tuple[bool, int, str]:
        """Who comes first: ordinary users, and among them by number; then who was there before."""
        number = self._ranks.get(user)
        last = len(self._ranks)
        special = number is not None and bool(self.plan.logins.kind_at(number))
        return special, last if number is None else number, str(user)

    @cached_property
    def _ranks(self) -> dict[object, int]:
        planned = self._planned
        wanted = range(min(planned.count, 10 * TEAMS_ASKED))
        return {
            values[0]: number
            for number, values in zip(wanted, planned.values(planned.key, wanted), strict=True)
        }

    def _read(self, query: sql.Composed) -> list[tuple[Any, ...]]:
        with self.connection.cursor(row_factory=tuple_row) as cursor:
            return cursor.execute(query).fetchall()

    def _unknown(self, name: str) -> UsageError:
        return UsageError(
            f"No user is called {name!r}.",
            looked_at=[f"names: {', '.join(self.names())}", *self._why()],
            remedies=[*_how(name), "others are found by their columns: supaseed_db.users.where(...)"],
        )

    def _why(self) -> list[str]:
        if not self._has_teams:
            return ["the schema has no teams, and so no roles in them"]
        return [f"roles of members: {', '.join(self._roles)}"]


def _how(name: str) -> list[str]:
    if name in KINDS:
        return [f"ask for one: --supaseed-user-kinds={name}=1, or @pytest.mark.supaseed(user_kinds=...)"]
    if name in PERSONAS:
        return ["ask for personas: --supaseed-personas, or @pytest.mark.supaseed(personas=True)"]
    return []
