"""The figures that a person sees first."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from campsite import setups, teams
from campsite.dashboard import dashboard
from campsite.errors import NotFoundError

if TYPE_CHECKING:
    from pytest_supaseed import SeededDatabase


@pytest.mark.parametrize("index", [0, 1, 2, -1])
def test_the_figures_are_those_of_the_tables(supaseed_db: SeededDatabase, index: int) -> None:
    """Counted in SQL, they agree with a count in Python over the seeded rows."""
    user = supaseed_db.users[index]
    own = list(supaseed_db.rows("setups", account_id=user.id))
    mine = {membership.account_id for membership in supaseed_db.rows("memberships", user_id=user.id)}
    shared = [setup for setup in supaseed_db.rows("setups") if setup.account_id in mine]
    figures = dashboard(supaseed_db.connection, user.id)
    assert (figures.own_setups, figures.teams, figures.team_setups) == (len(own), len(mine), len(shared))
    assert figures.drafts == sum(setup.status == "draft" for setup in [*own, *shared])


def test_the_figures_follow_what_happens(supaseed_db: SeededDatabase) -> None:
    """A new team and its first draft count for its owner and for nobody else."""
    owner, other = supaseed_db.users[0], supaseed_db.users[1]
    conn = supaseed_db.connection
    before, before_other = dashboard(conn, owner.id), dashboard(conn, other.id)
    team = teams.create_team(conn, owner_id=owner.id, name="Early Birds")
    template = next(iter(supaseed_db.rows("setup_types")))
    setups.create_from_template(conn, account_id=team.id, template_id=template.id, by=owner.id)
    after = dashboard(conn, owner.id)
    assert after.teams == before.teams + 1
    assert after.team_setups == before.team_setups + 1
    assert after.drafts == before.drafts + 1
    assert after.own_setups == before.own_setups
    assert dashboard(conn, other.id) == before_other


def test_nobody_has_no_figures(supaseed_db: SeededDatabase) -> None:
    """An unknown person is an error, not a row of zeros."""
    with pytest.raises(NotFoundError):
        dashboard(supaseed_db.connection, UUID(int=0))
