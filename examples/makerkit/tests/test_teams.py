"""Teams: members, names, owners."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest
from campsite import teams
from campsite.errors import NotAllowedError, NotFoundError

if TYPE_CHECKING:
    from pytest_supaseed import SeededDatabase


def test_every_team_lists_its_one_owner_first(supaseed_db: SeededDatabase) -> None:
    """The list is complete, the primary owner leads it, and nobody else has the owner's role."""
    seeded = list(supaseed_db.rows("accounts", is_personal_account=False))
    assert seeded
    for team in seeded:
        members = teams.list_members(supaseed_db.connection, team.id)
        assert len(members) == len(list(supaseed_db.rows("memberships", account_id=team.id)))
        assert members[0].user_id == team.primary_owner_user_id
        assert [member.role for member in members] == ["owner"] + ["member"] * (len(members) - 1)


def test_teams_of_one_name_have_different_slugs(supaseed_db: SeededDatabase) -> None:
    """A name may be taken twice, an address in the browser may not."""
    owner = supaseed_db.users[0]
    first = teams.create_team(supaseed_db.connection, owner_id=owner.id, name="Zoë & Söhne")
    second = teams.create_team(supaseed_db.connection, owner_id=owner.id, name="Zoë & Söhne")
    assert first.slug == "zoe-sohne"
    assert second.slug == "zoe-sohne-2"


def test_only_people_of_the_team_rename_it(supaseed_db: SeededDatabase) -> None:
    """Its owner can; a stranger is refused and changes nothing."""
    owner, stranger = supaseed_db.users[0], supaseed_db.users[1]
    team = teams.create_team(supaseed_db.connection, owner_id=owner.id, name="Hut Builders")
    with pytest.raises(NotAllowedError):
        teams.rename_team(supaseed_db.connection, team.id, by=stranger.id, name="Mine Now")
    assert teams.get_team(supaseed_db.connection, team.id) == team
    renamed = teams.rename_team(supaseed_db.connection, team.id, by=owner.id, name="Tent Builders")
    assert (renamed.name, renamed.slug) == ("Tent Builders", "tent-builders")


def test_a_team_changes_hands(supaseed_db: SeededDatabase) -> None:
    """Afterwards there is one owner still, and the one before is a member."""
    before, after = supaseed_db.users[0], supaseed_db.users[1]
    team = teams.create_team(supaseed_db.connection, owner_id=before.id, name="Night Hikers")
    teams.add_member(supaseed_db.connection, account_id=team.id, user_id=after.id, role="member")
    teams.transfer_ownership(supaseed_db.connection, team.id, by=before.id, to=after.id)
    roles = {
        member.user_id: (member.role, member.is_primary_owner)
        for member in teams.list_members(supaseed_db.connection, team.id)
    }
    assert roles == {after.id: ("owner", True), before.id: ("member", False)}


def test_a_transfer_to_a_stranger_changes_nothing(supaseed_db: SeededDatabase) -> None:
    """The half that was done already is undone."""
    owner, stranger = supaseed_db.users[0], supaseed_db.users[-1]
    team = teams.create_team(supaseed_db.connection, owner_id=owner.id, name="Dry Socks")
    with pytest.raises(NotFoundError):
        teams.transfer_ownership(supaseed_db.connection, team.id, by=owner.id, to=stranger.id)
    (left,) = teams.list_members(supaseed_db.connection, team.id)
    assert (left.user_id, left.role, left.is_primary_owner) == (owner.id, "owner", True)


def test_the_primary_owner_stays(supaseed_db: SeededDatabase) -> None:
    """Not even the owner's own wish leaves a team without its owner: the database sees to it."""
    team = next(iter(supaseed_db.rows("accounts", is_personal_account=False)))
    owner_id = team.primary_owner_user_id
    with pytest.raises(psycopg.errors.CheckViolation, match="primary owner"):
        teams.remove_member(supaseed_db.connection, team.id, owner_id, by=owner_id)
    assert teams.list_members(supaseed_db.connection, team.id)[0].user_id == owner_id
