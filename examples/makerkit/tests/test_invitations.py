"""Invitations, from the letter to the membership."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import psycopg
import pytest
from campsite import invitations, teams
from campsite.errors import AlreadyInvitedError, AlreadyMemberError, InvitationExpiredError, NotFoundError

if TYPE_CHECKING:
    from campsite.teams import Team

    from pytest_supaseed import SeededDatabase


@pytest.fixture
def team(supaseed_db: SeededDatabase) -> Team:
    """A team of which the first user is the only member."""
    return teams.create_team(
        supaseed_db.connection, owner_id=supaseed_db.users[0].id, name="Lakeside Campers"
    )


def test_an_accepted_invitation_makes_a_member(supaseed_db: SeededDatabase, team: Team) -> None:
    """The guest belongs to the team with the role of the invitation, and the token is used up."""
    conn, guest = supaseed_db.connection, supaseed_db.users[1]
    sent = invitations.invite(conn, team.id, guest.email.upper(), by=team.primary_owner_user_id)
    assert invitations.accept(conn, sent.invite_token, user_id=guest.id) == team.id
    assert {member.email: member.role for member in teams.list_members(conn, team.id)} == {
        supaseed_db.users[0].email: "owner",
        guest.email: "member",
    }
    assert invitations.pending(conn, team.id) == []
    with pytest.raises(NotFoundError):
        invitations.accept(conn, sent.invite_token, user_id=guest.id)


def test_nobody_is_invited_twice(supaseed_db: SeededDatabase, team: Team) -> None:
    """Neither a member nor somebody whose invitation is pending, however the address is written."""
    conn, owner = supaseed_db.connection, supaseed_db.users[0]
    with pytest.raises(AlreadyMemberError):
        invitations.invite(conn, team.id, f" {owner.email.title()}", by=owner.id)
    invitations.invite(conn, team.id, "guest@campsite.example", by=owner.id)
    with pytest.raises(AlreadyInvitedError):
        invitations.invite(conn, team.id, "Guest@Campsite.example", by=owner.id)
    assert [pending.email for pending in invitations.pending(conn, team.id)] == ["guest@campsite.example"]


def test_an_invitation_that_has_run_out_is_worth_nothing(supaseed_db: SeededDatabase, team: Team) -> None:
    """It is not pending and cannot be used. The row is made by the plugin: only what matters is said."""
    guest = supaseed_db.users[1]
    late = supaseed_db.create(
        "invitations",
        email=guest.email,
        account_id=team.id,
        role="member",
        expires_at=datetime(2020, 1, 1, tzinfo=UTC),
    )
    assert invitations.pending(supaseed_db.connection, team.id) == []
    with pytest.raises(InvitationExpiredError):
        invitations.accept(supaseed_db.connection, late.invite_token, user_id=guest.id)
    assert len(teams.list_members(supaseed_db.connection, team.id)) == 1


def test_a_revoked_invitation_is_gone(supaseed_db: SeededDatabase, team: Team) -> None:
    """Only somebody of the team can take it back; then it does not work any more."""
    conn, guest = supaseed_db.connection, supaseed_db.users[1]
    sent = invitations.invite(conn, team.id, guest.email, by=team.primary_owner_user_id)
    with pytest.raises(NotFoundError):
        invitations.revoke(conn, sent.id, by=guest.id)
    invitations.revoke(conn, sent.id, by=team.primary_owner_user_id)
    with pytest.raises(NotFoundError):
        invitations.accept(conn, sent.invite_token, user_id=guest.id)


@pytest.mark.makerkit
def test_a_personal_account_invites_nobody(supaseed_db: SeededDatabase) -> None:
    """The kit's own rule holds in the test database: its triggers are the project's, not imitations."""
    host, guest = supaseed_db.users[0], supaseed_db.users[1]
    assert supaseed_db.framework == "makerkit"
    with (
        pytest.raises(psycopg.errors.CheckViolation, match="personal account"),
        supaseed_db.connection.transaction(),
    ):
        supaseed_db.execute(
            "insert into {invitations} (email, account_id, invited_by, role) values (%s, %s, %s, 'member')",
            (guest.email, host.id, host.id),
        )
