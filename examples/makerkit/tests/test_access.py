"""Row level security: what a signed-in person sees through the API's role."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from campsite import teams

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from pytest_supaseed import SeededDatabase


@contextmanager
def signed_in(conn: psycopg.Connection[Any], user_id: UUID) -> Iterator[None]:
    """Act as this user, as Supabase's API does it: the role, then the token's claims, for one transaction."""
    claims = {"sub": str(user_id), "role": "authenticated", "aal": "aal1"}
    with conn.transaction(force_rollback=True):
        conn.execute("set local role authenticated")
        conn.execute("select set_config('request.jwt.claims', %s, true)", (json.dumps(claims),))
        yield


def test_a_draft_is_seen_by_its_own_people_only(supaseed_db: SeededDatabase) -> None:
    """The team's people see it, a stranger does not, and the stranger's update reaches no row."""
    owner, stranger = supaseed_db.users[0], supaseed_db.users[1]
    conn = supaseed_db.connection
    team = teams.create_team(conn, owner_id=owner.id, name="Quiet Corner")
    draft = supaseed_db.create(
        "setups", account_id=team.id, status="draft", published_at=None, is_public=False
    )
    conn.commit()
    look = "select count(*) from public.setups where id = %s"
    with signed_in(conn, owner.id):
        assert conn.execute(look, (draft.id,)).fetchone() == (1,)
    with signed_in(conn, stranger.id):
        assert conn.execute(look, (draft.id,)).fetchone() == (0,)
        touched = conn.execute("update public.setups set title = 'seen' where id = %s", (draft.id,))
        assert touched.rowcount == 0


def test_people_see_their_teams_and_no_others(supaseed_db: SeededDatabase) -> None:
    """The accounts that a person can read: the own one, and each team with them as a member."""
    conn, user = supaseed_db.connection, supaseed_db.users[0]
    mine = {membership.account_id for membership in supaseed_db.rows("memberships", user_id=user.id)}
    with signed_in(conn, user.id):
        seen = {row[0] for row in conn.execute("select id from public.accounts")}
    assert seen == {user.id} | mine


def test_a_client_cannot_take_a_team_over(supaseed_db: SeededDatabase) -> None:
    """Even the team's own people change its owner through the application only."""
    team = next(iter(supaseed_db.rows("accounts", is_personal_account=False)))
    conn, owner_id = supaseed_db.connection, team.primary_owner_user_id
    thief = next(user for user in supaseed_db.users if user.id != owner_id)
    with pytest.raises(psycopg.errors.InsufficientPrivilege), signed_in(conn, owner_id):
        conn.execute(
            "update public.accounts set primary_owner_user_id = %s where id = %s", (thief.id, team.id)
        )


def test_without_a_sign_in_there_is_nothing_to_see(supaseed_db: SeededDatabase) -> None:
    """The anonymous role reads the templates and has no right to the accounts at all."""
    conn = supaseed_db.connection
    with conn.transaction(force_rollback=True):
        conn.execute("set local role anon")
        assert conn.execute("select count(*) > 0 from public.base_templates").fetchone() == (True,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege), conn.transaction():
            conn.execute("select count(*) from public.accounts")
