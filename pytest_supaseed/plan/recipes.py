"""What a framework's data looks like: which parts, how many rows, made by which of our factories.

A recipe speaks logical names only and is a pure function of the number of users. A part whose logical table
the schema lacks is not planned.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

SETUPS_PER_USER = 3
"""The original tool's default (`setupsPerUser`)."""

TEAM_SIZE = 5
"""Users of a team, its owner included: one team for each five users."""

TEMPLATES = 12
"""Templates (`setup_types`) to choose from: enough for every category to have two or three."""


@dataclass(frozen=True)
class Part:
    """One part of a recipe.

    Args:
        logical: the logical table.
        factory: the name of one of our factories.
        rows: the number of rows for a number of users.
        part: the part's name where the table has several.
        required: whether seeding makes no sense without it.
    """

    logical: str
    factory: str
    rows: Callable[[int], int]
    part: str = ""
    required: bool = False


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


_IDENTITIES = (
    Part("users", "users", each_user, required=True),
    Part("identities", "identities", each_user, required=True),
)
_CONTENT = (
    Part("setup_types", "setup_types", templates),
    Part("setups", "setups", setups),
)
_TEAM_CONTENT = (
    Part("invitations", "makerkit.invitations", teams),
    Part("subscriptions", "makerkit.subscriptions", teams),
    Part("orders", "makerkit.orders", teams),
    Part("notifications", "makerkit.notifications", each_user),
)

RECIPES: dict[str, tuple[Part, ...]] = {
    "makerkit": (
        *_IDENTITIES,
        Part("accounts", "makerkit.teams", teams, part="teams", required=True),
        Part("memberships", "makerkit.owners", teams, part="owners", required=True),
        Part("memberships", "makerkit.members", team_members, part="members", required=True),
        *_CONTENT,
        *_TEAM_CONTENT,
    ),
    "makerkit-lite": (*_IDENTITIES, *_CONTENT),
    "supabase": (*_IDENTITIES, *_CONTENT),
    "basejump": (
        *_IDENTITIES,
        Part("accounts", "basejump.teams", teams, part="teams", required=True),
        *_CONTENT,
    ),
    "postgres": _CONTENT,
}


def recipe_for(framework: str) -> tuple[Part, ...]:
    """The recipe of a framework; one that we have no recipe for is filled from its catalog alone."""
    return RECIPES.get(framework, ())
