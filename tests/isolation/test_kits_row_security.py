"""Row-level security of the bundled kits, exercised as their users: own rows seen, others' not."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pytest

from pytest_supaseed.isolation.leak_report import TenantLeakError
from pytest_supaseed.isolation.seed_session import Project, open_session
from pytest_supaseed.options import resolve_options

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pytest_supaseed.isolation.seeded_database import SeededDatabase
    from pytest_supaseed.server.endpoint import Endpoint


@dataclass(frozen=True)
class Kit:
    """A kit, and what belongs to its users.

    Attributes:
        framework: the bundled framework.
        table: a table of rows that belong to somebody.
        by: its column that says to whom.
        only: columns that leave out rows which everybody may read.
        others: further tables with their columns.
        hole: a policy that leaves the table open.
    """

    framework: str
    table: str
    by: str
    hole: str
    only: Mapping[str, Any] = field(default_factory=dict)
    others: tuple[tuple[str, str], ...] = ()


HOLE = "create policy hole on public.setups for update to authenticated using (true) with check (true)"
KITS = (
    Kit("makerkit", "setups", "account_id", HOLE, {"is_public": False}, (("subscriptions", "account_id"),)),
    Kit("makerkit-lite", "setups", "account_id", HOLE, others=(("accounts", "id"),)),
    Kit("basejump", "setups", "account_id", HOLE, others=(("accounts", "id"),)),
    Kit("supabase", "setups", "user_id", HOLE, {"is_public": False}),
)  # fmt: skip


@pytest.fixture(scope="module", params=KITS, ids=lambda kit: kit.framework)
def kit(request: pytest.FixtureRequest) -> Kit:
    """Each kit."""
    found: Kit = request.param
    return found


@pytest.fixture(scope="module")
def database(
    kit: Kit, endpoint: Endpoint, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SeededDatabase]:
    """A database of the kit with twelve users; the last test of each kit changes it."""
    options = replace(resolve_options({}, {}), framework=kit.framework, users=12)
    project = Project(tmp_path_factory.mktemp("kit"), options, None)
    with open_session(endpoint, project, run="kits", on_wait=lambda _: None) as session:
        table_map = session.table_map()
        dataset = session.dataset(table_map, session.plan(table_map))
        with session.clone(dataset, test="test_kits") as found:
            yield found


def test_own_rows_are_seen_and_others_are_not(kit: Kit, database: SeededDatabase) -> None:
    """Somebody with rows sees theirs, and fewer than there are; a visitor sees none of them."""
    tenant = database.rows(kit.table, **kit.only)[0][kit.by]
    members = [
        user
        for user in database.users
        if len(database.visible(kit.table, user, **kit.only, **{kit.by: tenant}))
    ]
    assert 1 <= len(members) < len(database.users)
    for member in members:
        with database.acting_as(member) as connection:
            own = connection.execute("select auth.uid()").fetchone()
        assert own == (member.id,)
        assert len(database.visible(kit.table, member, **kit.only)) < database.count(kit.table, **kit.only)
    assert len(database.visible(kit.table, None, **kit.only)) == 0


def test_tenants_are_kept_apart(kit: Kit, database: SeededDatabase) -> None:
    """No user of the kit reaches what belongs to others."""
    database.assert_isolated(kit.table, by=kit.by, **kit.only)
    for table, by in kit.others:
        database.assert_isolated(table, by=by)


def test_a_hole_is_found(kit: Kit, database: SeededDatabase) -> None:
    """A policy that lets anybody update is found by the rows that they change, unread."""
    database.connection.execute(kit.hole.encode())
    database.connection.commit()
    with pytest.raises(TenantLeakError, match="policy 'hole'"):
        database.assert_isolated(kit.table, by=kit.by, **kit.only)
