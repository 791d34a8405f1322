"""What a part's columns hold because of how users log in, and of the roles that the database knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from pytest_supaseed.logins import CUSTOM_ROLE
from pytest_supaseed.plan.login_parts import CUSTOM_ROLES, SSO_PROVIDERS
from pytest_supaseed.rows.declarations import Constant
from pytest_supaseed.rows.known_identities import keyed_by_provider
from pytest_supaseed.rows.login_values import SSO_PROVIDER, Once
from pytest_supaseed.rows.team_roles import (
    LEVEL,
    MEMBER,
    MemberRole,
    custom_level,
    role_column,
    role_source,
    roles_of_members,
)
from pytest_supaseed.rows.user_kinds import with_kinds

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pytest_supaseed.catalog.model import Catalog, Table
    from pytest_supaseed.logins import Logins
    from pytest_supaseed.plan.seed_plan import TablePlan
    from pytest_supaseed.rows.chunk import Producer
    from pytest_supaseed.rows.keys import KeyReader

MEMBERS = "makerkit.members"
"""Our factory of members of teams."""


def login_columns(  # noqa: PLR0913  # one argument for each thing that the columns depend on
    part: TablePlan,
    factory: type | None,
    made: Callable[[Mapping[str, object]], dict[str, Producer]],
    *,
    logins: Logins,
    catalog: Catalog,
    reader: KeyReader,
) -> dict[str, Producer]:
    """Return a part's producers, those included that depend on logins and on roles that are there.

    Args:
        part: the part.
        factory: its factory.
        made: makes the part's producers, for parameters of its factory.
        logins: how users log in.
        catalog: the catalog.
        reader: reads the roles that are there.

    Raises:
        PlanError: users of a kind are asked for that the users' factory does not know.
    """
    producers = made({})
    if part.logical == "users" and logins.special:
        return with_kinds(producers, factory, logins, made)
    if part.logical == "identities":
        return keyed_by_provider(part.table, producers)
    if part.factory == MEMBERS:
        return {**producers, **_roles(part.table, logins, catalog, reader)}
    if part.factory == CUSTOM_ROLES:
        return {**producers, **_custom_role(part.table, producers, reader)}
    if part.factory == SSO_PROVIDERS:
        return {**producers, "id": _once(part.table, "id", SSO_PROVIDER, reader)}
    return producers


def _roles(memberships: Table, logins: Logins, catalog: Catalog, reader: KeyReader) -> Mapping[str, Producer]:
    column = role_column(memberships)
    if column is None:
        return {}
    asked = bool(logins.kinds.get(CUSTOM_ROLE))
    names = role_source(catalog, memberships, column).names(reader)
    roles = roles_of_members([name for name in names if not (asked and name == CUSTOM_ROLE)])
    return {} if roles == (MEMBER,) and not asked else {column: MemberRole(roles)}


def _once(table: Table, column: str, value: object, reader: KeyReader) -> Once:
    return Once(value, is_there=value in {values[0] for values in reader(table, (column,))})


def _custom_role(
    roles: Table, producers: Mapping[str, Producer], reader: KeyReader
) -> Mapping[str, Producer]:
    found: dict[str, Producer] = {"name": _once(roles, "name", CUSTOM_ROLE, reader)}
    if LEVEL in producers:
        taken = [cast("int", values[0]) for values in reader(roles, (LEVEL,))]
        found[LEVEL] = Constant(custom_level(taken))
    return found
