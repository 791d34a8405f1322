"""Users that are there already: which of them count, and which are in no team yet."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pytest_supaseed.errors import UsageError
from pytest_supaseed.plan.row_filters import Related, RowFilter

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_supaseed.catalog.model import Catalog, Table
    from pytest_supaseed.plan.planning import NameResolver

USERS, ACCOUNTS, MEMBERSHIPS = "users", "accounts", "memberships"
_PERSONAL = ("is_personal_account", "personal_account")
_LIVING: tuple[tuple[str, str | None, str], ...] = (
    ("deleted_at", None, "they are deleted"),
    ("is_anonymous", "false", "they are anonymous"),
)
"""What GoTrue's users have to be: column, value, and what is said of the others."""


@dataclass(frozen=True)
class Condition:
    """Something that a user has to be, and what is said of those who are not."""

    where: RowFilter
    otherwise: str


@dataclass(frozen=True)
class UserRule:
    """Which rows of the users' table are users that count.

    Args:
        table: the users' table.
        conditions: what they meet, each with what is said of those who do not.
        teamless: that they neither own nor belong to a team; None where there are no teams.
        accounts: the table of accounts, and which rows of it are those of users that count or of their teams;
            None where there is none, or where no condition chooses among users.
    """

    table: Table
    conditions: tuple[Condition, ...] = ()
    teamless: RowFilter | None = None
    accounts: tuple[Table, RowFilter] | None = None

    @property
    def chosen(self) -> RowFilter:
        """All conditions together."""
        found = RowFilter()
        for condition in self.conditions:
            found = found.and_also(condition.where)
        return found

    @property
    def free(self) -> RowFilter:
        """The users that count and are in no team."""
        return self.chosen.and_also(self.teamless or RowFilter())


@dataclass(frozen=True)
class ExistingUsers:
    """What was found of them.

    Args:
        total: all rows of the users' table.
        chosen: those that count.
        free: of these, those that are in no team.
        examples: a few of them, by e-mail address or key.
        skipped: why others do not count, how many, and a few examples.
    """

    total: int = 0
    chosen: int = 0
    free: int = 0
    examples: tuple[str, ...] = ()
    skipped: tuple[tuple[str, int, tuple[str, ...]], ...] = ()


@dataclass(frozen=True)
class DatabaseState:
    """What a database holds that new rows have to step around.

    Args:
        users: users that are there.
        first_row: the index of the first row: earlier runs used those before it.
        after: the largest number in e-mail addresses of the pattern's look.
        taken: addresses of a pattern without a number that are in use.
        unread: places of addresses that the login may not read.
    """

    users: ExistingUsers = field(default_factory=ExistingUsers)
    first_row: int = 0
    after: int = 0
    taken: frozenset[str] = frozenset()
    unread: tuple[str, ...] = ()


def user_rule(
    catalog: Catalog,
    table_map: NameResolver,
    where: Mapping[str, str | None],
    *,
    source: str = "existing-users",
) -> UserRule | None:
    """Return which users count: by the framework's rule, and by the user's filter.

    Args:
        catalog: the database's catalog.
        table_map: resolves logical names.
        where: values by column of the users' table, or by `table.column` of one that refers to it.
        source: who gave the filter, for messages.

    Returns:
        The rule; None where the schema has no table of users.

    Raises:
        UsageError: the filter names a column or table that is not there, or there is no table of users.
    """
    if not table_map.has(USERS):
        if where:
            raise UsageError(f"{source} chooses among users, and the schema has no table of them.")
        return None
    users = table_map.resolve(USERS)
    conditions = [*_framework_conditions(users, table_map), *_asked(users, table_map, where, source)]
    rule = UserRule(users, tuple(conditions), _teamless(users, table_map))
    return UserRule(users, rule.conditions, rule.teamless, _accounts(catalog, rule, table_map))


def _framework_conditions(users: Table, table_map: NameResolver) -> list[Condition]:
    found = []
    if users.qualified == "auth.users":
        found += [
            Condition(RowFilter(((name, value),)), otherwise)
            for name, value, otherwise in _LIVING
            if name in users.by_name
        ]
    accounts = _other(ACCOUNTS, users, table_map)
    owner = None if accounts is None else _link(accounts, users, table_map, ACCOUNTS)
    personal = None if accounts is None else _personal(accounts)
    if accounts is not None and owner is not None and personal is not None:
        where = Related(accounts, owner[0], owner[1], RowFilter(((personal, "true"),)))
        found.append(Condition(RowFilter((), (where,)), "they have no personal account"))
    return found


def _teamless(users: Table, table_map: NameResolver) -> RowFilter | None:
    """Neither the owner nor a member of an account that is no person's own."""
    accounts, members = _other(ACCOUNTS, users, table_map), _other(MEMBERSHIPS, users, table_map)
    personal = None if accounts is None else _personal(accounts)
    if accounts is None or members is None or personal is None:
        return None
    is_team = RowFilter(((personal, "false"),))
    owner, member = _link(accounts, users, table_map, ACCOUNTS), _key(members, users)
    team = _key(members, accounts)
    found = []
    if owner is not None:
        found.append(Related(accounts, *owner, is_team, present=False))
    if member is not None and team is not None:
        in_team = RowFilter((), (Related(accounts, team[1], team[0], is_team),))
        found.append(Related(members, *member, in_team, present=False))
    return RowFilter((), tuple(found)) if found else None


def _accounts(catalog: Catalog, rule: UserRule, table_map: NameResolver) -> tuple[Table, RowFilter] | None:
    del catalog
    accounts = _other(ACCOUNTS, rule.table, table_map)
    link = None if accounts is None else _link(accounts, rule.table, table_map, ACCOUNTS)
    if accounts is None or link is None or not rule.chosen:
        return None
    return accounts, RowFilter((), (Related(rule.table, link[1], link[0], rule.chosen),))


def _asked(
    users: Table, table_map: NameResolver, where: Mapping[str, str | None], source: str
) -> list[Condition]:
    found = []
    for name, value in where.items():
        table_name, _, column = name.rpartition(".")
        shown = "null" if value is None else value
        otherwise = f"they are not {name}={shown}"
        if not table_name or (table_map.has(table_name) and table_map.resolve(table_name).oid == users.oid):
            actual = _column(users, column, table_map, table_name or USERS, source)
            found.append(Condition(RowFilter(((actual, value),)), otherwise))
            continue
        other = table_map.resolve(table_name) if table_map.has(table_name) else None
        link = None if other is None else _link(other, users, table_map, table_name)
        if other is None or link is None:
            raise UsageError(
                f"{source} names {name}, and {table_name} is no table that refers to {users.qualified}.",
                remedies=[f"name a column of {users.qualified}: {_columns(users)}"],
            )
        actual = _column(other, column, table_map, table_name, source)
        related = Related(other, *link, RowFilter(((actual, value),)))
        found.append(Condition(RowFilter((), (related,)), otherwise))
    return found


def _column(table: Table, name: str, table_map: NameResolver, logical: str, source: str) -> str:
    known = table_map.aliases(logical) if table_map.has(logical) else {}
    found = known.get(name, name)
    if found not in table.by_name:
        raise UsageError(
            f"{source} names the column {name}, and {table.qualified} has none of that name.",
            looked_at=[f"its columns: {_columns(table)}"],
            remedies=["name one of these, or leave the filter out"],
        )
    return found


def _columns(table: Table) -> str:
    return ", ".join(column.name for column in table.columns)


def _other(name: str, users: Table, table_map: NameResolver) -> Table | None:
    """A table that is there and is not the users' own."""
    found = table_map.resolve(name) if table_map.has(name) else None
    return None if found is None or found.oid == users.oid else found


def _personal(accounts: Table) -> str | None:
    return next((name for name in _PERSONAL if name in accounts.by_name), None)


def _key(table: Table, target: Table) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """The first foreign key to a table that needs a row of it, else any: our columns, and theirs."""
    keys = [key for key in table.foreign_keys if key.target_oid == target.oid]
    keys.sort(key=lambda key: not all(table.by_name[name].not_null for name in key.columns))
    return (keys[0].columns, keys[0].target_columns) if keys else None


def _link(
    table: Table, users: Table, table_map: NameResolver, logical: str
) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """How rows of a table belong to users: by the owner, by a foreign key, or by having their ids."""
    owner = table_map.aliases(logical).get("owner_id", "owner_id")
    keys = [key for key in table.foreign_keys if key.target_oid == users.oid]
    owning = next((key for key in keys if key.columns == (owner,)), None)
    if owning is not None:
        return owning.columns, owning.target_columns
    found = _key(table, users)
    if found is not None and all(table.by_name[name].not_null for name in found[0]):
        return found
    own, other = table.primary_key, users.primary_key
    if own is not None and other is not None and own.columns == other.columns == ("id",):
        types = {one.by_name["id"].type.storage.name for one in (table, users)}
        if types == {"uuid"}:
            return ("id",), ("id",)
    return found
