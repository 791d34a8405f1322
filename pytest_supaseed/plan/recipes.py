"""What a framework's data looks like: which parts, how many rows, made by which of our factories.

A recipe speaks logical names only and is a pure function of the number of users. A part whose logical table
the schema lacks is not planned.
"""

from __future__ import annotations

from pytest_supaseed import logins
from pytest_supaseed.mapping.framework import Framework, Part
from pytest_supaseed.mapping.installed_frameworks import framework_named

SETUPS_PER_USER = 3
"""The original tool's default (`setupsPerUser`)."""

TEAM_SIZE = logins.TEAM_SIZE
"""Users of a team, its owner included: one team for each five users."""

TEMPLATES = 12
"""Templates (`setup_types`) to choose from: enough for every category to have two or three."""

GEAR = 28
"""Pieces of gear to choose from."""

POSTS_PER_USER = 2

ITEMS = 2
"""Items of a subscription and of an order."""


def each_user(users: int) -> int:
    """One row for each user."""
    return users


def teams(users: int) -> int:
    """One team for each five users, and at least one."""
    return -(-users // TEAM_SIZE)


def team_members(users: int) -> int:
    """Every user but the teams' owners is a member of one team."""
    return users - teams(users)


def setups(users: int) -> int:
    """The original tool's setups: three for each user."""
    return SETUPS_PER_USER * users


def templates(users: int) -> int:
    """A fixed stock of templates, and none where there are no users."""
    return TEMPLATES if users else 0


def gear(users: int) -> int:
    """A fixed stock of gear, and none where there are no users."""
    return GEAR if users else 0


def posts(users: int) -> int:
    """Two posts for each user."""
    return POSTS_PER_USER * users


def items(users: int) -> int:
    """The items of each team's subscription or order."""
    return ITEMS * teams(users)


_IDENTITIES = (
    Part("users", "users", each_user, required=True),
    Part("identities", "identities", each_user, required=True),
)
_CONTENT = (
    Part("setup_types", "setup_types", templates),
    Part("setups", "setups", setups),
)
_MORE_CONTENT = (
    *_CONTENT,
    Part("gear", "gear", gear),
    Part("media", "media", each_user),
    Part("posts", "posts", posts),
)
_TEAMS = (
    Part("accounts", "makerkit.teams", teams, part="teams", required=True, of_teams=True),
    Part("memberships", "makerkit.owners", teams, part="owners", required=True, of_teams=True),
    Part("memberships", "makerkit.members", team_members, part="members", required=True, of_teams=True),
)
_MAKERKIT_BUSINESS = (
    Part("invitations", "makerkit.invitations", teams, belongs_to="teams", of_teams=True),
    Part("billing_customers", "billing_customers", teams, belongs_to="teams", of_teams=True),
    Part("subscriptions", "subscriptions", teams, belongs_to="teams", of_teams=True),
    Part("subscription_items", "subscription_items", items, of_teams=True),
    Part("orders", "orders", teams, belongs_to="teams", of_teams=True),
    Part("order_items", "order_items", items, of_teams=True),
    Part("notifications", "makerkit.notifications", each_user),
    Part("nonces", "makerkit.nonces", each_user),
)
_BASEJUMP_BUSINESS = (
    Part("invitations", "basejump.invitations", teams, belongs_to="teams", of_teams=True),
    Part("billing_customers", "basejump.billing_customers", teams, belongs_to="teams", of_teams=True),
    Part("subscriptions", "subscriptions", teams, belongs_to="teams", of_teams=True),
)

RECIPES: dict[str, tuple[Part, ...]] = {
    "makerkit": (*_IDENTITIES, *_TEAMS, *_MORE_CONTENT, *_MAKERKIT_BUSINESS),
    "makerkit-lite": (*_IDENTITIES, *_MORE_CONTENT),
    "supabase": (*_IDENTITIES, *_MORE_CONTENT),
    "makerkit-v1": (*_IDENTITIES, *_MORE_CONTENT),
    "basejump": (*_IDENTITIES, *_TEAMS, *_MORE_CONTENT, *_BASEJUMP_BUSINESS),
    "postgres": _MORE_CONTENT,
}


def recipe_for(framework: str) -> tuple[Part, ...]:
    """Return the recipe of a framework.

    Raises:
        UsageError: there is no framework of that name.
    """
    return RECIPES[framework] if framework in RECIPES else _recipe_of(framework_named(framework))


def _recipe_of(framework: Framework) -> tuple[Part, ...]:
    """A framework's own parts, after those of what it builds on, or in the place of them."""
    if framework.name in RECIPES:
        return RECIPES[framework.name]
    base = _recipe_of(framework.builds_on) if framework.builds_on else ()
    own = {(part.logical, part.part): part for part in framework.recipe}
    kept = [own.pop((part.logical, part.part), part) for part in base]
    return (*kept, *own.values())
