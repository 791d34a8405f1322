"""Seeding the bundled schemas: every table, for any number of users, the same bytes each time."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from bundled_databases import acting_as, load_bundled, one, with_platform
from psycopg import sql
from psycopg.conninfo import make_conninfo

from pytest_supaseed.catalog.introspect import introspect
from pytest_supaseed.catalog.model import TableKind
from pytest_supaseed.load.seed_run import seed_database
from pytest_supaseed.load.stored_rows import count_stored
from pytest_supaseed.mapping.frameworks import detect
from pytest_supaseed.mapping.table_map import build_table_map
from pytest_supaseed.plan.planning import make_plan
from pytest_supaseed.plan.seed_plan import SeedRequest
from pytest_supaseed.platform.bundled import BUNDLED

if TYPE_CHECKING:
    import psycopg

    from pytest_supaseed.catalog.model import Catalog
    from pytest_supaseed.load.report import SeedReport
    from pytest_supaseed.server.endpoint import Endpoint

OWN_SCHEMAS = {"public", "basejump"}


@dataclass(frozen=True)
class Seeded:
    """A seeded database, and what seeding it came to."""

    connection: psycopg.Connection
    catalog: Catalog
    report: SeedReport

    def one(self, query: str) -> Any:
        """The single value of a query."""
        return one(self.connection, query)

    def digest(self) -> dict[str, object]:
        """The rows and the bytes of each table."""
        query = sql.SQL(
            """select count(*), md5(string_agg(t::text, ';' order by t::text collate "C")) from {} t"""
        )
        self.connection.execute("reset role")
        return {
            table.qualified: self.connection.execute(
                query.format(sql.Identifier(table.schema, table.name))
            ).fetchone()
            for table in self.catalog.tables
            if table.kind is TableKind.TABLE and table.schema in {*OWN_SCHEMAS, "auth", "storage"}
        }


def seed(connection: psycopg.Connection, endpoint: Endpoint, framework: str, users: int) -> Seeded:
    """Lay the platform, load a bundled schema, and seed it by its recipe."""
    load_bundled(with_platform(connection, endpoint), framework)
    catalog = introspect(connection)
    found = detect(catalog).framework
    names = build_table_map(catalog, found)
    existing = count_stored(connection, catalog)
    plan = make_plan(catalog, found, names, SeedRequest(users=users), existing=existing)
    conninfo = make_conninfo(connection.info.dsn, password=connection.info.password)
    report = seed_database(conninfo, catalog=catalog, table_map=names, plan=plan, owner=endpoint.owner)
    return Seeded(connection, catalog, report)


@pytest.mark.parametrize("users", [1, 3, 50])
@pytest.mark.parametrize("framework", BUNDLED)
def test_every_table_is_filled(
    empty_database: psycopg.Connection, endpoint: Endpoint, framework: str, users: int
) -> None:
    """The planned rows are there without a shortfall, and no table of the schema is empty."""
    seeded = seed(empty_database, endpoint, framework, users)

    assert [(part.qualified, part.note) for part in seeded.report.shortfalls] == []
    stored = count_stored(empty_database, seeded.catalog)
    tables = [table for table in seeded.catalog.tables if table.schema in OWN_SCHEMAS]
    assert [
        table.qualified
        for table in tables
        if table.kind is TableKind.TABLE
        and table.oid not in stored
        and not (users == 1 and table.name == "account_user")
    ] == []


def test_fifty_users_are_ten_teams(empty_database: psycopg.Connection, endpoint: Endpoint) -> None:
    """What the README says: 50 users, and 10 teams with exactly one owner each; everybody is in one team."""
    seeded = seed(empty_database, endpoint, "makerkit", 50)

    owners = seeded.connection.execute(
        "select account_id from accounts_memberships where account_role = 'owner'"
    ).fetchall()
    assert len(owners) == len(set(owners)) == 10
    assert seeded.one("select count(*) from auth.users") == 50
    assert seeded.one("select count(*) from accounts where is_personal_account") == 50
    assert seeded.one("select count(distinct user_id) from accounts_memberships") == 50


@pytest.mark.parametrize("framework", BUNDLED)
def test_the_same_bytes_at_another_time(
    empty_database: psycopg.Connection,
    another_database: psycopg.Connection,
    endpoint: Endpoint,
    framework: str,
) -> None:
    """Two databases seeded in different seconds hold the same rows in every table, auth and storage too."""
    first = seed(empty_database, endpoint, framework, 7).digest()
    time.sleep(1.1)
    second = seed(another_database, endpoint, framework, 7).digest()

    assert first == second


def test_what_belongs_together_agrees(empty_database: psycopg.Connection, endpoint: Endpoint) -> None:
    """Customers, subscriptions, orders, tokens and files of the MakerKit schema make sense as a whole."""
    seeded = seed(empty_database, endpoint, "makerkit", 50)

    strays = {
        "subscriptions of another team's customer": """
            select count(*) from subscriptions s join billing_customers c on c.id = s.billing_customer_id
            where c.account_id <> s.account_id""",
        "active subscriptions that are not": """
            select count(*) from subscriptions where active <> (status in ('active', 'trialing'))""",
        "periods that do not hold": """
            select count(*) from subscriptions
            where period_starts_at < created_at or period_ends_at <= period_starts_at
               or (trial_starts_at is null) <> (status <> 'trialing')""",
        "orders whose total is another": """
            select count(*) from orders o where total_amount <>
                (select sum(price_amount * quantity) from order_items where order_id = o.id)""",
        "customers that are no team": """
            select count(*) from billing_customers c join accounts a on a.id = c.account_id
            where a.is_personal_account""",
        "notifications to teams": """
            select count(*) from notifications n join accounts a on a.id = n.account_id
            where not a.is_personal_account""",
        "teams made by others than their owner": """
            select count(*) from accounts where not is_personal_account
              and (created_by, updated_by) is distinct from (primary_owner_user_id, primary_owner_user_id)""",
        "memberships made by others than the team's owner": """
            select count(*) from accounts_memberships m join accounts a on a.id = m.account_id
            where m.created_by <> a.primary_owner_user_id""",
        "files in another account than their setup": """
            select count(*) from media_attachments f join setups s on s.id = f.setup_id
            where s.account_id <> f.account_id""",
        "files of another type than their ending": """
            select count(*) from media_attachments
            where (mime_type = 'image/jpeg') <> (file_path like '%.jpg')""",
        "tents that are no shelter": """
            select count(*) from gear where name like '%tent%' and category <> 'shelter'""",
    }
    assert {what: n for what, query in strays.items() if (n := seeded.one(query))} == {}


def test_half_of_the_invitations_are_open(empty_database: psycopg.Connection, endpoint: Endpoint) -> None:
    """A date ahead that we wrote on purpose is no stamp of the clock, and stays ahead."""
    seeded = seed(empty_database, endpoint, "makerkit", 50)
    assert seeded.one("select count(*) from public.invitations where expires_at > now()") == 5
    assert seeded.one("select count(*) from public.invitations") == 10


def test_posts_have_a_date_when_they_are_out(empty_database: psycopg.Connection, endpoint: Endpoint) -> None:
    """A post that is published has a date, not before it was written; profiles are as old as their users."""
    seeded = seed(empty_database, endpoint, "supabase", 50)

    assert seeded.one("select count(*) from posts where published_at < created_at") == 0
    assert seeded.one("select count(distinct status) from posts") > 1
    assert seeded.one("select count(*) from profiles p join auth.users u using (id, created_at)") == 50


def test_seeded_basejump_teams_have_their_people(
    empty_database: psycopg.Connection, endpoint: Endpoint
) -> None:
    """Each team has one owner, who invited into it; nobody but its people sees it."""
    seeded = seed(empty_database, endpoint, "basejump", 50)

    teams = """
        select count(*) from basejump.accounts a join basejump.account_user m
            on m.account_id = a.id and m.user_id = a.primary_owner_user_id and m.account_role = 'owner'
        where not a.personal_account"""
    assert seeded.one(teams) == 10
    assert seeded.one("select count(*) from basejump.account_user") == 100
    inviters = """
        select count(*) from basejump.invitations i join basejump.accounts a on a.id = i.account_id
        where i.invited_by_user_id = a.primary_owner_user_id and i.account_name = a.name"""
    assert seeded.one(inviters) == 10
    user = seeded.one("select id from auth.users order by id limit 1")
    with acting_as(empty_database, user):
        assert seeded.one("select count(*) from basejump.accounts") == 2


def test_a_seeded_member_sees_one_team(empty_database: psycopg.Connection, endpoint: Endpoint) -> None:
    """Under row level security a seeded user sees the five people of one team, and that team."""
    seeded = seed(empty_database, endpoint, "makerkit", 50)
    user = seeded.one("select user_id from accounts_memberships where account_role = 'member' limit 1")

    with acting_as(empty_database, user):
        assert seeded.one("select count(*) from accounts where not is_personal_account") == 1
        assert seeded.one("select count(*) from accounts where is_personal_account") == 5
        assert seeded.one("select count(*) from subscriptions") == 1
