"""Teams as MakerKit and Basejump keep them: accounts with an owner, members by role, invitations.

Users are dealt out by their number: five to a team, the first of them its owner. So each row's user and team
are computed from its own number, and every pair occurs once.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import factory

from pytest_supaseed.plan.recipes import TEAM_SIZE
from pytest_supaseed.rows.business_domains import business_domain
from pytest_supaseed.rows.companies import CompanyPart
from pytest_supaseed.rows.declarations import (
    ColumnDeclaration,
    Constant,
    DrawnFrom,
    FromRow,
    Instant,
    Parent,
    RandomUuid,
)
from pytest_supaseed.rows.factories import TableFactory
from pytest_supaseed.rows.in_turn import InTurn
from pytest_supaseed.rows.login_values import FOR_GOOD
from pytest_supaseed.rows.slugs import slugify

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pytest_supaseed.rows.chunk import Chunk

OTHERS = TEAM_SIZE - 1
"""Members of a full team beside its owner."""


def owner_of(team: int, users: int) -> int:
    """The number of the user who owns a team."""
    return team * TEAM_SIZE % users


def member_at(row: int, users: int) -> int:
    """The number of the user whom a row of the members' part makes a member."""
    return (row // OTHERS * TEAM_SIZE + 1 + row % OTHERS) % users


def team_at(row: int, teams: int) -> int:
    """The number of the team that a row of the members' part belongs to."""
    return row // OTHERS % teams


def host_of(row: int, users: int) -> int:
    """The number of the user who took a member in: the team's owner."""
    return owner_of(row // OTHERS, users)


def same(row: int, count: int) -> int:
    """The parent of the same number."""
    return row % count


class TeamOf(Parent):
    """The team account of the same number; any account where the plan tells no teams apart from persons."""

    def __init__(self, index: Callable[[int, int], int] = same) -> None:
        super().__init__("accounts", part="teams", index=index)

    def keys_of_rows(
        self, chunk: Chunk, name: str, rows: Sequence[int], columns: tuple[str, ...] | None
    ) -> list[tuple[object, ...]]:
        """Choose among teams, or else among all accounts."""
        if chunk.scope.parents.of(self.table, self.part).count:
            return super().keys_of_rows(chunk, name, rows, columns)
        return Parent(self.table, index=self.index).keys_of_rows(chunk, name, rows, columns)


class TeamName(ColumnDeclaration):
    """A company's name, of a field of the domain: `Alderquay Expeditions`."""

    def __init__(self) -> None:
        super().__init__()
        self.company = CompanyPart("company")

    def fill(self, chunk: Chunk, name: str) -> Sequence[object]:
        """Fill the column, as the base class says."""
        fields = business_domain(chunk.scope.domain).team_fields
        names = self.company.fill(chunk, name)
        if not fields:
            return names
        draws = chunk.draws(f"{name} field")
        return [f"{str(whole).split()[0]} {draws.pick(fields)}" for whole in names]


class TeamFactory(TableFactory):
    """A team in a table of its own: workspaces, organizations."""

    class Meta:
        table = "teams"
        lenient = True

    name = TeamName()
    title = factory.SelfAttribute("name")
    slug = FromRow(lambda row, index: f"{slugify(row.name)}-{index + 1}")
    created_at = Instant()
    updated_at = Instant(after="created_at")


class AccountFactory(TeamFactory):
    """An account that is a team's, where accounts are persons' or teams': nobody has two of their own."""

    class Meta:
        table = "accounts"

    email = factory.Sequence(lambda n: f"account.{n + 1}@example.com")
    is_personal_account = Constant(value=False)
    personal_account = Constant(value=False)


class MembershipFactory(TableFactory):
    """A membership of any user in any team; name them where it matters: `user_id=`, `account_id=`."""

    class Meta:
        table = "memberships"
        lenient = True

    role = "member"
    account_role = "member"
    created_at = Instant()
    updated_at = Instant(after="created_at")


class MakerkitTeamFactory(TableFactory):
    """A team account. Its slug is written, not left to a trigger: unique by construction."""

    class Meta:
        table = "accounts"
        part = "teams"
        lenient = True

    id = RandomUuid()
    primary_owner_user_id = Parent("users", index=owner_of)
    created_by = factory.SelfAttribute("primary_owner_user_id")
    updated_by = factory.SelfAttribute("primary_owner_user_id")
    name = TeamName()
    slug = FromRow(lambda row, index: f"{slugify(row.name)}-{index + 1}")
    is_personal_account = Constant(value=False)
    personal_account = Constant(value=False)
    created_at = Instant()
    updated_at = Instant(after="created_at")


class OwnerFactory(TableFactory):
    """The membership of a team's primary owner."""

    class Meta:
        table = "memberships"
        part = "owners"
        lenient = True

    user_id = Parent("users", index=owner_of)
    account_id = TeamOf()
    account_role = "owner"
    created_by = Parent("users", index=owner_of)
    updated_by = factory.SelfAttribute("created_by")
    created_at = Instant()
    updated_at = Instant(after="created_at")


class MemberFactory(OwnerFactory):
    """The membership of a further user."""

    class Meta:
        part = "members"

    user_id = Parent("users", index=member_at)
    account_id = TeamOf(team_at)
    account_role = "member"
    created_by = Parent("users", index=host_of)


def _expiry(row: Any, index: int) -> object:
    """Every second invitation has expired; the others stay open far beyond any test run."""
    return row.created_at + timedelta(days=7 if index % 2 else 36_500)


class InvitationFactory(TableFactory):
    """An invitation into a team, by its owner, of somebody who is no user yet; under any kit's names."""

    class Meta:
        table = "invitations"
        lenient = True

    account_id = TeamOf()
    invited_by = Parent("users", index=owner_of)
    email = factory.Sequence(lambda n: f"invited.{n + 1}@example.com")
    role = "member"
    invite_token = DrawnFrom(lambda _row, draws: f"{int(draws.random() * 2**53):016x}")
    created_at = Instant(days=30)
    updated_at = Instant(days=30, after="created_at")
    expires_at = FromRow(_expiry)
    account_role = "member"
    token = factory.SelfAttribute("invite_token")
    invited_by_user_id = factory.SelfAttribute("invited_by")
    invitation_type = "one_time"


class BasejumpInvitationFactory(InvitationFactory):
    """An invitation that says nothing of its end: it is open for a day after it was made.

    So one that is still open today was made far ahead of any test run: every second one.
    """

    class Meta:
        exclude = ("made_at",)

    made_at = Instant(days=30)
    created_at = FromRow(lambda row, index: row.made_at if index % 2 else row.made_at + FOR_GOOD)
    updated_at = factory.SelfAttribute("created_at")
    invitation_type = InTurn("one_time", "one_time", "24_hour", "24_hour")
