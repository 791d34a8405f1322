"""Parts of the platform's own tables that users of some kinds need: factors, sessions, a custom role."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_supaseed.errors import UsageError
from pytest_supaseed.logins import CUSTOM_ROLE, WITH_FACTOR, WITH_SESSION, WITHOUT_IDENTITY
from pytest_supaseed.plan.finite_columns import allowed_values
from pytest_supaseed.plan.seed_plan import TablePlan

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_supaseed.catalog.model import Catalog, Table
    from pytest_supaseed.logins import Logins
    from pytest_supaseed.plan.planning import NameResolver

AUTH_USERS = ("auth", "users")
ROLE_COLUMNS = ("account_role", "role")
"""What memberships call the column of the role."""
ROLE_NAME = "name"
KNOWN_IDENTITIES, CUSTOM_ROLES, SSO_PROVIDERS = "identities.known", "roles.custom", "auth.sso_providers"
"""Our factories of identities of users of all kinds, of the custom role, and of the provider of all."""


def add_login_parts(
    parts: dict[int, list[TablePlan]], catalog: Catalog, table_map: NameResolver, logins: Logins
) -> None:
    """Plan what users of the kinds asked for need beside their own rows; parts are changed in place.

    Raises:
        UsageError: the schema has no such users, too few of them are made, or it has no role for them.
    """
    if not logins.special:
        return
    users = _users_of_platform(parts, table_map)
    logins.refuse_too_many(users.rows)
    _refuse_unknown(users.table, catalog, logins)
    _know_by_kind(parts, table_map, logins)
    for name, factory, rows in rows_of_logins(logins):
        table = catalog.find("auth", name)
        if rows and table is not None:
            parts[table.oid] = [TablePlan(table, table.qualified, "", rows, factory)]
    if logins.kinds.get(CUSTOM_ROLE):
        _add_role(parts, catalog, table_map)


def rows_of_logins(logins: Logins) -> list[tuple[str, str, int]]:
    """Tables of `auth`, their factories, and how many rows each gets."""
    kinds = logins.kinds
    factors = sum(kinds.get(kind, 0) for kind in WITH_FACTOR)
    sessions = sum(kinds.get(kind, 0) for kind in WITH_SESSION)
    return [
        ("sso_providers", SSO_PROVIDERS, min(kinds.get("sso", 0), 1)),
        ("mfa_factors", "auth.mfa_factors", factors),
        ("sessions", "auth.sessions", sessions),
        ("refresh_tokens", "auth.refresh_tokens", sessions),
        ("mfa_amr_claims", "auth.mfa_amr_claims", sessions + factors),
    ]


def _users_of_platform(parts: Mapping[int, list[TablePlan]], table_map: NameResolver) -> TablePlan:
    table = table_map.resolve("users") if table_map.has("users") else None
    if table is None or (table.schema, table.name) != AUTH_USERS:
        found = "none" if table is None else table.qualified
        raise UsageError(
            "user-kinds speaks of users of Supabase's auth, and the schema has no auth.users.",
            looked_at=[f"table of users: {found}"],
            remedies=["leave user-kinds out", "lay the platform: framework=supabase"],
        )
    made = [part for part in parts.get(table.oid, ()) if part.adopted_from is None]
    if not made or not made[0].rows:
        raise UsageError(
            "user-kinds says what new users are, and none are made.",
            remedies=["let some be made: user-strategy=hybrid, or create"],
        )
    return made[0]


_COLUMNS = {
    "phone": "phone",
    "anonymous": "is_anonymous",
    "sso": "is_sso_user",
    "banned": "banned_until",
    "deleted": "deleted_at",
}
"""Columns of auth.users without which there is no user of a kind."""
_TABLES = {"signed-in": "sessions", "mfa": "mfa_factors", "super-admin": "mfa_factors"}
"""Tables of auth, likewise."""


def _refuse_unknown(users: Table, catalog: Catalog, logins: Logins) -> None:
    """See that the platform is new enough to know the kinds.

    Raises:
        UsageError: it lacks a column or a table.
    """
    for kind in (kind for kind, count in logins.kinds.items() if count):
        column, table = _COLUMNS.get(kind), _TABLES.get(kind)
        lacks = f"{users.qualified}.{column}" if column and column not in users.by_name else ""
        if table and catalog.find("auth", table) is None:
            lacks = f"auth.{table}"
        if lacks:
            raise UsageError(
                f"user-kinds asks for users of the kind {kind!r}, and this platform has no {lacks}.",
                remedies=[f"leave {kind} out of user-kinds", "let the project's auth schema be a newer one"],
            )


def _know_by_kind(parts: dict[int, list[TablePlan]], table_map: NameResolver, logins: Logins) -> None:
    """Identities of who signs in by something else than a confirmed e-mail address."""
    if not table_map.has("identities"):
        return
    oid = table_map.resolve("identities").oid
    unknown = len(logins.numbers_of(*WITHOUT_IDENTITY))
    parts[oid] = [
        replace(part, rows=part.rows - unknown, factory=KNOWN_IDENTITIES) for part in parts.get(oid, ())
    ]


def _add_role(parts: dict[int, list[TablePlan]], catalog: Catalog, table_map: NameResolver) -> None:
    """Plan the custom role, where roles are rows; see that there can be one where they are listed.

    Raises:
        UsageError: there can be none.
    """
    memberships = table_map.resolve("memberships") if table_map.has("memberships") else None
    columns = [] if memberships is None else [name for name in ROLE_COLUMNS if name in memberships.by_name]
    if memberships is None or not columns:
        raise _no_role("the schema has no roles in teams", "none of its tables are memberships with a role")
    key = next((key for key in memberships.foreign_keys if key.columns == (columns[0],)), None)
    if key is None:
        allowed = allowed_values(memberships, memberships.by_name[columns[0]])
        if allowed is not None and CUSTOM_ROLE not in allowed:
            listed = ", ".join(map(str, allowed))
            raise _no_role("the schema's list of roles has none", f"{memberships.qualified}: {listed}")
        return
    roles: Table = catalog.by_oid[key.target_oid]
    if key.target_columns != (ROLE_NAME,):
        raise _no_role("its roles have no name for a key", f"{key.name} -> {roles.qualified}")
    planned = parts.get(roles.oid, [])
    parts[roles.oid] = [*planned, TablePlan(roles, roles.qualified, "custom", 1, CUSTOM_ROLES)]


def _no_role(why: str, looked_at: str) -> UsageError:
    return UsageError(
        f"user-kinds asks for a user with the role {CUSTOM_ROLE!r}, and {why}.",
        looked_at=[looked_at],
        remedies=["leave custom-role out of user-kinds"],
    )
