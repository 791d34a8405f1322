"""Which roles the members of teams have: every one that the schema knows, in turn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_supaseed.logins import CUSTOM_ROLE
from pytest_supaseed.plan.finite_columns import allowed_values
from pytest_supaseed.plan.login_parts import ROLE_COLUMNS
from pytest_supaseed.rows.declarations import ColumnDeclaration, Constant
from pytest_supaseed.rows.factories import TableFactory
from pytest_supaseed.rows.login_values import Once
from pytest_supaseed.rows.teams import member_at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_supaseed.catalog.model import Catalog, Table
    from pytest_supaseed.rows.chunk import Chunk
    from pytest_supaseed.rows.keys import KeyReader

OWNER, MEMBER = "owner", "member"
LEVEL = "hierarchy_level"
CUSTOM_LEVEL = 4
"""The rank of the custom role; below all others where another role has that rank."""


def role_column(memberships: Table) -> str | None:
    """The column of memberships that says the role."""
    return next((name for name in ROLE_COLUMNS if name in memberships.by_name), None)


@dataclass(frozen=True)
class RoleSource:
    """Where the roles of a column come from.

    Args:
        table: the table that it refers to; None where its type or a check lists them.
        column: that table's column.
        listed: the roles that are listed; None where any text is a role.
    """

    table: Table | None
    column: str
    listed: tuple[str, ...] | None

    def names(self, reader: KeyReader) -> tuple[str, ...]:
        """The roles, the highest first where they have ranks."""
        if self.table is None:
            return self.listed or ()
        ranked = LEVEL in self.table.by_name
        columns = (LEVEL, self.column) if ranked else (self.column,)
        return tuple(str(values[-1]) for values in reader(self.table, columns))


def role_source(catalog: Catalog, memberships: Table, column: str) -> RoleSource:
    """Find where the roles come from."""
    for key in memberships.foreign_keys:
        if key.columns == (column,):
            return RoleSource(catalog.by_oid[key.target_oid], str(key.target_columns[0]), None)
    listed = allowed_values(memberships, memberships.by_name[column])
    return RoleSource(None, column, None if listed is None else tuple(map(str, listed)))


def roles_of_members(names: Sequence[str]) -> tuple[str, ...]:
    """The roles that members who own nothing have: `member` first."""
    others = [name for name in names if name not in {OWNER, MEMBER}]
    return (MEMBER, *others) if MEMBER in names or not others else tuple(others)


class MemberRole(ColumnDeclaration):
    """A member's role: of all in turn, or the custom role for who is of that kind.

    Args:
        roles: the roles.
    """

    def __init__(self, roles: Sequence[str]) -> None:
        super().__init__()
        self.roles = tuple(roles)

    def fill(self, chunk: Chunk, name: str) -> Sequence[object]:
        """Fill the column, as the base class says."""
        del name
        logins, users = chunk.scope.logins, chunk.scope.parents.of("users").count
        custom = frozenset(logins.numbers_of(CUSTOM_ROLE))
        if not custom:
            return [self.roles[row % len(self.roles)] for row in chunk.positions]
        before = users - chunk.scope.parents.of("users", "").count
        return [
            CUSTOM_ROLE if member_at(row, users) - before in custom else self.roles[row % len(self.roles)]
            for row in chunk.positions
        ]


class CustomRoleFactory(TableFactory):
    """A role of the project's own, below those of the kit."""

    class Meta:
        table = "roles"
        part = "custom"
        lenient = True

    name = Once(CUSTOM_ROLE)
    hierarchy_level = Constant(CUSTOM_LEVEL)


def custom_level(taken: Sequence[int]) -> int:
    """The custom role's rank: the kit's own, or the one below all that are taken."""
    return CUSTOM_LEVEL if CUSTOM_LEVEL not in taken else max(taken) + 1
