"""What a test commits is real while it runs, and gone afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from campsite import teams

if TYPE_CHECKING:
    from pytest_supaseed import SeededDatabase


@pytest.mark.parametrize("turn", ["one", "the other"])
def test_a_commit_is_seen_by_others_and_not_by_the_next_test(supaseed_db: SeededDatabase, turn: str) -> None:
    """Each turn deletes every setup, makes a team and commits; neither finds what the other left."""
    assert supaseed_db.count("setups") > 0
    assert list(supaseed_db.rows("accounts", slug="left-behind")) == []
    conn = supaseed_db.connection
    conn.execute("delete from public.setups")
    teams.create_team(conn, owner_id=supaseed_db.users[0].id, name="Left Behind")
    conn.commit()
    elsewhere = supaseed_db.connect()
    found = elsewhere.execute(
        "select name, (select count(*) from public.setups) from public.accounts where slug = 'left-behind'"
    ).fetchall()
    assert found == [("Left Behind", 0)], turn


def test_two_clients_cannot_both_add_one_member(supaseed_db: SeededDatabase) -> None:
    """Real connections meet in a real database: the second one finds what the first has committed."""
    owner, guest = supaseed_db.users[0], supaseed_db.users[1]
    first, second = supaseed_db.connect(), supaseed_db.connect()
    team = teams.create_team(first, owner_id=owner.id, name="Two Doors")
    first.commit()
    assert teams.add_member(first, account_id=team.id, user_id=guest.id, role="member")
    first.commit()
    assert not teams.add_member(second, account_id=team.id, user_id=guest.id, role="member")
    second.commit()
    assert len(teams.list_members(second, team.id)) == 2
