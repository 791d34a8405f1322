"""The figures on the first page after signing in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from psycopg.rows import class_row

from campsite.errors import NotFoundError

if TYPE_CHECKING:
    from uuid import UUID

    from psycopg import Connection


@dataclass(frozen=True, slots=True)
class Dashboard:
    """What one person has to do with: the own setups, the teams, and what lies in those."""

    own_setups: int
    teams: int
    team_setups: int
    drafts: int


def dashboard(conn: Connection[Any], user_id: UUID) -> Dashboard:
    """Count for one person.

    Raises:
        NotFoundError: there is no such person.
    """
    with conn.cursor(row_factory=class_row(Dashboard)) as cursor:
        figures = cursor.execute(
            """
            with mine as (
             select account_id from public.accounts_memberships where user_id = %(user)s
            )
            select (select count(*) from public.setups where account_id = person.id) as own_setups,
                   (select count(*) from mine) as teams,
                   (select count(*) from public.setups where account_id in (select account_id from mine))
                     as team_setups,
                   (select count(*) from public.setups
                     where status = 'draft'
                       and (account_id = person.id or account_id in (select account_id from mine))) as drafts
            from public.accounts as person where person.id = %(user)s and person.is_personal_account
            """,
            {"user": user_id},
        ).fetchone()
    if figures is None:
        raise NotFoundError(f"no person {user_id}")
    return figures
