"""Teams: making them, their members, their name and who owns them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from psycopg.rows import class_row, scalar_row

from campsite.errors import NotAllowedError, NotFoundError

if TYPE_CHECKING:
    from uuid import UUID

    from psycopg import Connection


@dataclass(frozen=True, slots=True)
class Team:
    """A team account."""

    id: UUID
    name: str
    slug: str
    primary_owner_user_id: UUID


@dataclass(frozen=True, slots=True)
class Member:
    """A person in a team, with the name of the person's own account."""

    user_id: UUID
    name: str
    email: str | None
    role: str
    is_primary_owner: bool


def create_team(conn: Connection[Any], *, owner_id: UUID, name: str) -> Team:
    """Make a team with its owner as the first member. The database makes the slug from the name."""
    with conn.transaction(), conn.cursor(row_factory=class_row(Team)) as cursor:
        team = cursor.execute(
            """
            insert into public.accounts (name, primary_owner_user_id, is_personal_account, created_by)
            values (%(name)s, %(owner)s, false, %(owner)s)
            returning id, name, slug, primary_owner_user_id
            """,
            {"name": name, "owner": owner_id},
        ).fetchone()
        if team is None:
            raise NotAllowedError(f"no team {name!r} was made")
        add_member(conn, account_id=team.id, user_id=owner_id, role="owner")
    return team


def get_team(conn: Connection[Any], account_id: UUID) -> Team:
    """Read a team.

    Raises:
        NotFoundError: there is no such account, or it is a personal one.
    """
    with conn.cursor(row_factory=class_row(Team)) as cursor:
        team = cursor.execute(
            """
            select id, name, slug, primary_owner_user_id from public.accounts
            where id = %s and not is_personal_account
            """,
            (account_id,),
        ).fetchone()
    if team is None:
        raise NotFoundError(f"no team {account_id}")
    return team


def list_members(conn: Connection[Any], account_id: UUID) -> list[Member]:
    """List a team's members: the highest role first, then by name."""
    with conn.cursor(row_factory=class_row(Member)) as cursor:
        return cursor.execute(
            """
            select membership.user_id, person.name, person.email, membership.account_role as role,
                  team.primary_owner_user_id = membership.user_id as is_primary_owner
            from public.accounts_memberships as membership
            join public.accounts as team on team.id = membership.account_id
            join public.accounts as person on person.id = membership.user_id
            join public.roles as role on role.name = membership.account_role
            where membership.account_id = %s
            order by role.hierarchy_level, person.name, person.id
            """,
            (account_id,),
        ).fetchall()


def add_member(conn: Connection[Any], *, account_id: UUID, user_id: UUID, role: str) -> bool:
    """Add a person to a team; return whether the person is new there."""
    added = conn.execute(
        """
        insert into public.accounts_memberships (account_id, user_id, account_role)
        values (%s, %s, %s) on conflict do nothing
        """,
        (account_id, user_id, role),
    )
    return added.rowcount == 1


def may(conn: Connection[Any], user_id: UUID, account_id: UUID, permission: str) -> bool:
    """Say whether a role of the person in this team grants the permission."""
    with conn.cursor(row_factory=scalar_row) as cursor:
        return bool(
            cursor.execute(
                "select public.has_permission(%s, %s, %s::public.app_permissions)",
                (user_id, account_id, permission),
            ).fetchone()
        )


def rename_team(conn: Connection[Any], account_id: UUID, *, by: UUID, name: str) -> Team:
    """Give a team another name, and with it another slug.

    Raises:
        NotAllowedError: the person may not manage the team's settings.
    """
    with conn.transaction():
        if not may(conn, by, account_id, "settings.manage"):
            raise NotAllowedError("settings.manage is needed to rename a team")
        conn.execute(
            "update public.accounts set name = %s, updated_by = %s where id = %s", (name, by, account_id)
        )
        return get_team(conn, account_id)


def remove_member(conn: Connection[Any], account_id: UUID, user_id: UUID, *, by: UUID) -> None:
    """Take a person out of a team; everybody may leave. The database keeps the primary owner in.

    Raises:
        NotAllowedError: somebody else's membership, and no permission to manage members.
        NotFoundError: the person is no member.
    """
    with conn.transaction():
        if by != user_id and not may(conn, by, account_id, "members.manage"):
            raise NotAllowedError("members.manage is needed to remove somebody else")
        gone = conn.execute(
            "delete from public.accounts_memberships where account_id = %s and user_id = %s",
            (account_id, user_id),
        )
        if gone.rowcount == 0:
            raise NotFoundError(f"{user_id} is no member of {account_id}")


def transfer_ownership(conn: Connection[Any], account_id: UUID, *, by: UUID, to: UUID) -> None:
    """Make another member the primary owner; the one before stays as a member. All of it or nothing.

    Raises:
        NotAllowedError: the team is not the person's own.
        NotFoundError: the new owner is no member.
    """
    with conn.transaction():
        given = conn.execute(
            """
            update public.accounts set primary_owner_user_id = %s
            where id = %s and primary_owner_user_id = %s and not is_personal_account
            """,
            (to, account_id, by),
        )
        if given.rowcount == 0:
            raise NotAllowedError("only the primary owner can hand a team over")
        _set_role(conn, account_id, by, "member")
        if not _set_role(conn, account_id, to, "owner"):
            raise NotFoundError(f"{to} is no member of {account_id}")


def _set_role(conn: Connection[Any], account_id: UUID, user_id: UUID, role: str) -> bool:
    changed = conn.execute(
        "update public.accounts_memberships set account_role = %s where account_id = %s and user_id = %s",
        (role, account_id, user_id),
    )
    return changed.rowcount == 1
