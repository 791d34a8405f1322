"""Setups: made from templates, published, found."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import psycopg
import pytest
from campsite import setups
from campsite.errors import NotFoundError

if TYPE_CHECKING:
    from pytest_supaseed import SeededDatabase


def test_a_template_becomes_a_draft(supaseed_db: SeededDatabase) -> None:
    """The draft takes what the template says, and belongs to who made it."""
    user = supaseed_db.users[0]
    template = next(iter(supaseed_db.rows("setup_types")))
    draft = setups.create_from_template(
        supaseed_db.connection, account_id=user.id, template_id=template.id, by=user.id
    )
    (stored,) = supaseed_db.rows("setups", id=draft.id)
    assert stored.title == f"My {template.name}"
    assert (stored.status, stored.created_by, stored.description) == ("draft", user.id, template.description)
    with pytest.raises(NotFoundError):
        setups.create_from_template(
            supaseed_db.connection, account_id=user.id, template_id=user.id, by=user.id
        )


def test_a_setup_is_found_once_it_is_published(supaseed_db: SeededDatabase) -> None:
    """Drafts are not found; `%` and `_` in what somebody looks for are letters like others."""
    conn = supaseed_db.connection
    wool = supaseed_db.create("setups", title="100% wool_socks", status="draft", published_at=None)
    supaseed_db.create(
        "setups", title="100 woolly socks", status="published", published_at=datetime(2024, 5, 1, tzinfo=UTC)
    )
    assert setups.search(conn, "0% wool_s") == []
    setups.publish(conn, wool.id)
    assert [found.id for found in setups.search(conn, "0% WOOL_S")] == [wool.id]


def test_publishing_again_keeps_the_first_date(supaseed_db: SeededDatabase) -> None:
    """A second click is no second publication."""
    first = datetime(2024, 5, 1, 12, 0, tzinfo=UTC)
    setup = supaseed_db.create("setups", status="published", published_at=first)
    setups.publish(supaseed_db.connection, setup.id)
    (stored,) = supaseed_db.rows("setups", id=setup.id)
    assert stored.published_at == first
    assert stored.updated_at >= stored.created_at


def test_the_template_that_is_used_most_comes_first(supaseed_db: SeededDatabase) -> None:
    """The ranking counts all setups, the hundreds that this test adds as well as the seeded ones."""
    total = supaseed_db.count("setups")
    favourite = supaseed_db.create("setup_types", name="Everybody's favourite")
    supaseed_db.create_batch("setups", total + 200, base_template_id=favourite.id)
    ranking = setups.popular_templates(supaseed_db.connection, limit=1_000)
    assert (ranking[0].name, ranking[0].setups) == ("Everybody's favourite", total + 200)
    assert sum(use.setups for use in ranking) == 2 * total + 200
    assert len(ranking) == supaseed_db.count("setup_types")


def test_seeded_setups_obey_the_schema(supaseed_db: SeededDatabase) -> None:
    """Every setup stands on a template and an account that exist, and its dates make sense."""
    broken = supaseed_db.execute(
        """
        select count(*) from {setups} as setup
        left join {setup_types} as template on template.id = setup.base_template_id
        left join {accounts} as account on account.id = setup.account_id
        where template.id is null or account.id is null or setup.created_at > setup.updated_at
        """
    ).fetchone()
    assert tuple(broken or ()) == (0,)
    assert supaseed_db.count("setups") >= len(supaseed_db.users)


def test_a_publication_without_a_date_is_refused(supaseed_db: SeededDatabase) -> None:
    """The database's own checks are in force: a test that violates one is told so."""
    with (
        pytest.raises(psycopg.errors.CheckViolation, match="setups_published_has_a_date"),
        supaseed_db.connection.transaction(),
    ):
        supaseed_db.execute("update {setups} set status = 'published', published_at = null")
