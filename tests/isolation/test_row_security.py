"""Tests of isolation.row_security: what users see and may do, and whether tenants are kept apart."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from pytest_supaseed.errors import LoadError, UsageError
from pytest_supaseed.isolation.leak_report import TenantLeakError
from pytest_supaseed.isolation.seed_session import Project, open_session
from pytest_supaseed.options import resolve_options

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from pytest_supaseed.isolation.seed_session import SeedSession
    from pytest_supaseed.isolation.seeded_database import SeededDatabase
    from pytest_supaseed.server.endpoint import Endpoint

NOTES = """
create table public.teams (id uuid primary key default gen_random_uuid(), name text not null);
create table public.team_users (
    team_id uuid not null references public.teams, user_id uuid not null references auth.users,
    primary key (team_id, user_id)
);
create table public.notes (
    id bigint generated always as identity primary key,
    team_id uuid not null references public.teams,
    body text not null check (length(body) < 200)
);
alter table public.notes enable row level security;
create function public.my_teams() returns setof uuid language sql stable security definer set search_path = ''
as $$ select team_id from public.team_users where user_id = auth.uid() $$;
create policy own_notes on public.notes for all to authenticated
    using (team_id in (select public.my_teams())) with check (team_id in (select public.my_teams()));
create table public.drafts (
    id bigint generated always as identity primary key,
    author_id uuid not null references auth.users,
    secret text not null
);
"""
"""A home-grown schema: teams, members, and notes that belong to a team; drafts without any protection."""


@pytest.fixture(scope="module")
def kit(endpoint: Endpoint, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SeedSession]:
    """A session on the bundled MakerKit look-alike."""
    options = replace(resolve_options({}, {}), framework="makerkit", users=12)
    project = Project(tmp_path_factory.mktemp("kit"), options, None)
    with open_session(endpoint, project, run="security", on_wait=lambda _: None) as opened:
        yield opened


@pytest.fixture(scope="module")
def home_grown(endpoint: Endpoint, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SeedSession]:
    """A session on a schema of a project's own."""
    root: Path = tmp_path_factory.mktemp("notes")
    (root / "notes.sql").write_text(NOTES)
    project = Project(root, replace(resolve_options({}, {}), users=12), ["notes.sql"])
    with open_session(endpoint, project, run="security", on_wait=lambda _: None) as opened:
        yield opened


def clone(session: SeedSession) -> AbstractContextManager[SeededDatabase]:
    """A test's database of the session."""
    table_map = session.table_map()
    return session.clone(session.dataset(table_map, session.plan(table_map)), test="test_row_security")


@pytest.fixture
def database(kit: SeedSession) -> Iterator[SeededDatabase]:
    """A MakerKit database."""
    with clone(kit) as found:
        yield found


@pytest.fixture
def notes(home_grown: SeedSession) -> Iterator[SeededDatabase]:
    """A database of the home-grown schema."""
    with clone(home_grown) as found:
        yield found


def change(database: SeededDatabase, statements: str) -> None:
    """Run DDL on a test's database."""
    database.connection.execute(statements.encode())
    database.connection.commit()


def test_visible_rows_are_those_that_the_user_sees(database: SeededDatabase) -> None:
    """The own account is there, that of somebody in no common team is not, and a visitor sees none."""
    owner = database.users[0]
    seen = database.visible("accounts", owner, is_personal_account=True)
    assert owner.id in {account.id for account in seen}
    assert 1 <= len(seen) < database.count("accounts", is_personal_account=True)
    assert seen.where(id=owner.id)[0].primary_owner_user_id == owner.id
    assert len(database.visible("accounts", None)) == 0
    assert list(database.visible("accounts", None)) == []
    assert len(database.visible("setup_types", None)) == database.count("setup_types")


def test_asking_changes_nothing(database: SeededDatabase) -> None:
    """Whatever is asked, rows are as before, and the connection acts as the owner."""
    before = [dict(row) for row in database.rows("setups")]
    user = database.users[0]
    database.can(user, "delete", "setups")
    database.can(user, "update", "setups", None, title="Mine")
    database.can(user, "insert", "setups", account_id=user.id)
    database.assert_isolated("setups", by="account_id", is_public=False)
    assert [dict(row) for row in database.rows("setups")] == before
    assert database.execute("select current_user = session_user").fetchone() == (True,)


def test_what_a_user_may_do(database: SeededDatabase) -> None:
    """One's own row may be changed and deleted, another's not; a new row only under one's own account."""
    first, other = database.users[0], database.users[-1]
    own = database.rows("setups", account_id=first.id)[0]
    theirs = database.rows("setups", account_id=other.id, is_public=False)[0]
    for action in ("select", "update", "delete"):
        values = {"title": "New"} if action == "update" else {}
        assert database.can(first, action, "setups", {"id": own.id}, **values)
        assert not database.can(first, action, "setups", {"id": theirs.id}, **values)
        assert not database.can(None, action, "setups", {"id": theirs.id}, **values)
    assert database.can(first, "insert", "setups", account_id=first.id)
    assert not database.can(first, "insert", "setups", account_id=other.id)
    assert not database.can(None, "insert", "setups", account_id=other.id)


def test_what_is_no_question_of_policies_is_an_error(notes: SeededDatabase) -> None:
    """A value that a CHECK refuses says nothing about policies, and an action has four names."""
    team = notes.rows("team_users")[0]
    with pytest.raises(LoadError, match="cannot be told"):
        notes.can(team.user_id, "insert", "notes", team_id=team.team_id, body="x" * 300)
    with pytest.raises(UsageError, match="allowed is 'select'"):
        notes.can(team.user_id, "truncate", "notes")  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="what is changed"):
        notes.can(team.user_id, "update", "notes")


def test_tenants_that_are_kept_apart(database: SeededDatabase, notes: SeededDatabase) -> None:
    """The kit's accounts and setups, a home-grown schema's notes: no user reaches another tenant's."""
    database.assert_isolated("setups", by="account_id", is_public=False)
    database.assert_isolated("subscriptions", by="account_id")
    notes.assert_isolated("notes", by="team_id")
    notes.assert_isolated("notes", by="team_id", members="select user_id, team_id from {team_users}")


HOLES = {
    "read": "create policy hole on public.notes for select to authenticated using (true)",
    "changes": "create policy hole on public.notes for update to authenticated using (length(body) > 0)",
    "deletes": "create policy hole on public.notes for delete to public using (true)",
    "moves": """
        drop policy own_notes on public.notes;
        create policy seen on public.notes for select to authenticated
            using (team_id in (select public.my_teams()));
        create policy hole on public.notes for update to authenticated
            using (team_id in (select public.my_teams())) with check (true)
    """,
}


@pytest.mark.parametrize("verb", HOLES)
def test_a_planted_hole_is_found(notes: SeededDatabase, verb: str) -> None:
    """Whichever command a policy leaves open, the error names the users, the tenants and the policy."""
    change(notes, HOLES[verb])
    with pytest.raises(TenantLeakError) as caught:
        notes.assert_isolated("notes", by="team_id")
    message = str(caught.value)
    assert f"@example.com {verb}" in message
    assert "policy 'hole'" in message
    assert "own_notes" not in message
    assert issubclass(TenantLeakError, AssertionError)


def test_a_table_without_protection_is_found(notes: SeededDatabase) -> None:
    """Row-level security that is off is said as such; a column that refers to users makes each a tenant."""
    change(notes, "alter table public.notes disable row level security")
    for table, by in (("notes", "team_id"), ("drafts", "author_id")):
        with pytest.raises(TenantLeakError, match="row-level security is off"):
            notes.assert_isolated(table, by=by)


def test_nothing_proved_is_an_error(notes: SeededDatabase) -> None:
    """With rows of one tenant alone, or a column that says nothing of users, no assertion passes silently."""
    with pytest.raises(UsageError, match="cannot be told"):
        notes.assert_isolated("notes", by="body")
    notes.execute("delete from {notes}")
    notes.connection.commit()
    with pytest.raises(UsageError, match="0 tenants have rows"):
        notes.assert_isolated("notes", by="team_id")
