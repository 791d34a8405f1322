"""Teams of the kits: one owner each, members of every role, invitations and payments in every state."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from bundled_databases import with_platform
from login_databases import KitDatabase, seed_here, seed_kit

from pytest_supaseed.logins import Logins
from pytest_supaseed.plan.seed_plan import SeedRequest

if TYPE_CHECKING:
    from collections.abc import Iterator

    import psycopg

    from conftest import Maker
    from pytest_supaseed.server.endpoint import Endpoint

USERS = 50
"""Ten teams: enough for every state."""


@pytest.fixture(scope="module")
def makerkit(maker: Maker, endpoint: Endpoint) -> Iterator[KitDatabase]:
    """Ten teams of MakerKit, in which there are more roles than the kit's own."""
    roles = "insert into roles values ('admin', 3), ('viewer', 7)"
    with maker.database("teams_of_makerkit") as connection:
        yield seed_kit(connection, endpoint, "makerkit", SeedRequest(users=USERS), before=[roles])


@pytest.fixture(scope="module")
def basejump(maker: Maker, endpoint: Endpoint) -> Iterator[KitDatabase]:
    """Ten teams of Basejump."""
    with maker.database("teams_of_basejump") as connection:
        yield seed_kit(connection, endpoint, "basejump", SeedRequest(users=USERS))


def test_each_team_has_one_owner_and_every_role(makerkit: KitDatabase) -> None:
    """The owner's role is the primary owner's alone; members have all other roles, in every team."""
    shares = makerkit.shares("accounts_memberships", "account_role")
    strays = {
        "teams without exactly one owner": """select count(*) from accounts a where not is_personal_account
            and (select array_agg(user_id) from accounts_memberships m
                where m.account_id = a.id and account_role = 'owner')
                is distinct from array[primary_owner_user_id]""",
        "teams without every role": """select count(*) from accounts a where not is_personal_account
            and 4 > (select count(distinct account_role) from accounts_memberships m
                where m.account_id = a.id)""",
        "personal accounts with members": """select count(*) from accounts_memberships m
            join accounts a on a.id = m.account_id where is_personal_account""",
    }

    assert shares == {"owner": 10, "member": 14, "admin": 13, "viewer": 13}
    assert makerkit.strays(strays) == {}


def test_every_state_of_a_subscription_occurs(makerkit: KitDatabase) -> None:
    """Ten teams have all of the enum's labels, with times and a flag that agree with them."""
    strays = {
        "active ones that are not": """select count(*) from subscriptions
            where active <> (status in ('active', 'trialing'))""",
        "trials without their time": """select count(*) from subscriptions
            where (status = 'trialing')
                <> (trial_starts_at = period_starts_at and trial_ends_at = period_ends_at)
               or (status <> 'trialing' and num_nonnulls(trial_starts_at, trial_ends_at) > 0)""",
        "periods that do not follow": """select count(*) from subscriptions
            where period_starts_at < created_at or period_ends_at <= period_starts_at
               or updated_at < created_at""",
        "those who leave and have left": """select count(*) from subscriptions
            where cancel_at_period_end and status not in ('active', 'trialing')""",
    }

    assert set(makerkit.shares("subscriptions", "status")) == makerkit.labels("subscription_status")
    assert makerkit.strays(strays) == {}


def test_every_state_of_a_payment_occurs(makerkit: KitDatabase) -> None:
    """Orders are paid, to be paid, and refused; most are paid."""
    shares = makerkit.shares("orders", "status")

    assert set(shares) == makerkit.labels("payment_status")
    assert shares["succeeded"] > sum(shares.values()) / 2


def test_invitations_are_open_or_ran_out(makerkit: KitDatabase) -> None:
    """Half of them each, into teams, by their owners, of people who are no users."""
    strays = {
        "into personal accounts": """select count(*) from invitations i
            join accounts a on a.id = i.account_id
            where is_personal_account""",
        "by others than the owner": """select count(*) from invitations i
            join accounts a on a.id = i.account_id
            where invited_by <> primary_owner_user_id""",
        "of users": """select count(*) from invitations i
            join auth.users u on lower(u.email) = lower(i.email)""",
        "that end before they begin": "select count(*) from invitations where expires_at <= created_at",
    }

    assert makerkit.one("select count(*) from invitations where expires_at > now()") == 5
    assert makerkit.one("select count(*) from invitations where expires_at < now()") == 5
    assert makerkit.strays(strays) == {}


def test_basejump_has_the_same(basejump: KitDatabase) -> None:
    """Owners, both roles, every state of its own enum, and invitations within and beyond their day."""
    strays = {
        "teams without exactly one owner": """select count(*) from basejump.accounts a
            where not personal_account
            and (select array_agg(user_id) from basejump.account_user m
                where m.account_id = a.id and account_role = 'owner')
                is distinct from array[primary_owner_user_id]""",
        "teams without every role": """select count(*) from basejump.accounts a
            where not personal_account
            and 2 > (select count(distinct account_role) from basejump.account_user m
                where m.account_id = a.id)""",
        "ends that do not fit": """select count(*) from basejump.billing_subscriptions
            where (ended_at is null) <> (status not in ('canceled', 'incomplete_expired'))
               or (canceled_at is null) <> (status <> 'canceled')
               or (trial_start is null) <> (status <> 'trialing')
               or current_period_end <= current_period_start""",
    }
    states = basejump.shares("basejump.billing_subscriptions", "status")
    fresh = "created_at > now() - interval '24 hours'"

    assert set(states) == basejump.labels("basejump.subscription_status")
    assert basejump.strays(strays) == {}
    assert basejump.count("basejump.invitations", fresh) == 5
    assert basejump.count("basejump.invitations", f"not {fresh}") == 5
    types = basejump.shares("basejump.invitations", "invitation_type")
    assert set(types) == basejump.labels("basejump.invitation_type")


PLAIN = """
create table profiles (
  id uuid primary key references auth.users on delete cascade, full_name text not null, avatar_url text
);
create type plan_status as enum ('trialing', 'active', 'halted', 'canceled');
create table subscriptions (
  id text primary key, user_id uuid not null references profiles on delete cascade,
  status plan_status not null, created_at timestamptz not null default now(), canceled_at timestamptz
);
create table orders (
  id bigint generated always as identity primary key,
  user_id uuid not null references profiles on delete cascade,
  status text not null check (status in ('pending', 'succeeded', 'failed')), total_amount numeric not null
);
create table notifications (
  id bigint generated always as identity primary key,
  user_id uuid not null references profiles on delete cascade, body text not null, read_at timestamptz
);
"""


def test_a_plain_schema_has_its_counterparts(empty_database: psycopg.Connection, endpoint: Endpoint) -> None:
    """A profile for each user; subscriptions and orders in all states, notifications of many."""
    with_platform(empty_database, endpoint)
    seeded = seed_here(empty_database, endpoint, SeedRequest(users=40), before=[PLAIN])

    assert seeded.one("select count(*) from profiles join auth.users using (id)") == 40
    assert set(seeded.shares("subscriptions", "status")) == seeded.labels("plan_status")
    assert set(seeded.shares("orders", "status")) == {"pending", "succeeded", "failed"}
    assert (
        seeded.one("select count(*) from subscriptions where (canceled_at is null) <> (status <> 'canceled')")
        == 0
    )
    assert seeded.one("select count(distinct user_id) from notifications") > 10


def test_power_users_have_most(empty_database: psycopg.Connection, endpoint: Endpoint) -> None:
    """With personas, what users have made follows from who they are; in all it is as much as before."""
    request = SeedRequest(users=USERS, logins=Logins(personas=True))
    seeded = seed_kit(empty_database, endpoint, "supabase", request)
    query = """select raw_user_meta_data ->> 'persona' as persona, min(made), max(made), count(*)
        from auth.users u cross join lateral (select count(*) as made from setups s where s.user_id = u.id)
        group by 1"""
    found = {row["persona"]: (row["min"], row["max"], row["count"]) for row in seeded.rows(query)}

    assert found == {
        "casual": (1, 1, 10),
        "expert": (3, 3, 10),
        "creator": (4, 4, 10),
        "admin": (2, 2, 10),
        "power": (5, 5, 10),
    }
    assert seeded.one("select count(*) from setups") == 3 * USERS
    assert seeded.one("select count(*) from posts") == 2 * USERS
