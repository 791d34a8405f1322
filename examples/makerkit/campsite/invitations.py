"""Invitations: asking somebody into a team by e-mail address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from psycopg.rows import class_row, scalar_row, tuple_row

from campsite import teams
from campsite.errors import (
    AlreadyInvitedError,
    AlreadyMemberError,
    InvitationExpiredError,
    NotAllowedError,
    NotFoundError,
)

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from psycopg import Connection


@dataclass(frozen=True, slots=True)
class Invitation:
    """A pending invitation."""

    id: int
    email: str
    account_id: UUID
    role: str
    invite_token: str
    expires_at: datetime


def invite(
    conn: Connection[Any], account_id: UUID, email: str, *, by: UUID, role: str = "member"
) -> Invitation:
    """Invite an address into a team. Addresses are compared without regard to case.

    Raises:
        NotAllowedError: the person may not invite into this team.
        AlreadyMemberError: the address belongs to a member.
        AlreadyInvitedError: an invitation of this address is pending.
    """
    address = email.strip().lower()
    with conn.transaction():
        if not teams.may(conn, by, account_id, "invites.manage"):
            raise NotAllowedError("invites.manage is needed to invite somebody")
        if _is_member(conn, account_id, address):
            raise AlreadyMemberError(f"{address} is a member already")
        with conn.cursor(row_factory=class_row(Invitation)) as cursor:
            invitation = cursor.execute(
                """
                insert into public.invitations (email, account_id, invited_by, role)
                values (%s, %s, %s, %s) on conflict (email, account_id) do nothing
                returning id, email, account_id, role, invite_token, expires_at
                """,
                (address, account_id, by, role),
            ).fetchone()
        if invitation is None:
            raise AlreadyInvitedError(f"{address} is invited already")
        return invitation


def pending(conn: Connection[Any], account_id: UUID) -> list[Invitation]:
    """List a team's invitations that have not run out, the oldest first."""
    with conn.cursor(row_factory=class_row(Invitation)) as cursor:
        return cursor.execute(
            """
            select id, email, account_id, role, invite_token, expires_at from public.invitations
            where account_id = %s and expires_at > now() order by created_at, id
            """,
            (account_id,),
        ).fetchall()


def revoke(conn: Connection[Any], invitation_id: int, *, by: UUID) -> None:
    """Take an invitation back.

    Raises:
        NotFoundError: there is no such invitation that this person may take back.
    """
    gone = conn.execute(
        """
        delete from public.invitations where id = %(id)s
        and public.has_permission(%(by)s, account_id, 'invites.manage')
        """,
        {"id": invitation_id, "by": by},
    )
    if gone.rowcount == 0:
        raise NotFoundError(f"no invitation {invitation_id} that {by} may revoke")


def accept(conn: Connection[Any], token: str, *, user_id: UUID) -> UUID:
    """Use an invitation: the person becomes a member, the invitation is gone. Returns the team's id.

    Raises:
        NotFoundError: no such token, or it was made for another address.
        InvitationExpiredError: it came too late.
    """
    with conn.transaction(), conn.cursor(row_factory=tuple_row) as cursor:
        found = cursor.execute(
            """
            select invitation.id, invitation.account_id, invitation.role, invitation.expires_at > now()
            from public.invitations as invitation
            join auth.users as person on lower(person.email) = invitation.email
            where invitation.invite_token = %s and person.id = %s for update of invitation
            """,
            (token, user_id),
        ).fetchone()
        if found is None:
            raise NotFoundError("no invitation of this person with this token")
        team_id: UUID
        invitation_id, team_id, role, in_time = found
        if not in_time:
            raise InvitationExpiredError("the invitation has run out; ask for another")
        teams.add_member(conn, account_id=team_id, user_id=user_id, role=role)
        cursor.execute("delete from public.invitations where id = %s", (invitation_id,))
        return team_id


def _is_member(conn: Connection[Any], account_id: UUID, address: str) -> bool:
    with conn.cursor(row_factory=scalar_row) as cursor:
        return bool(
            cursor.execute(
                """
                select exists (select from public.accounts_memberships as membership
                join auth.users as person on person.id = membership.user_id
                where membership.account_id = %s and lower(person.email) = %s)
                """,
                (account_id, address),
            ).fetchone()
        )
