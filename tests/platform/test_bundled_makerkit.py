"""Tests of platform.bundled: the rules of the MakerKit look-alike hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import pytest
from bundled_databases import acting_as, add_user, load_bundled, one, with_platform
from psycopg import errors

from pytest_supaseed.catalog.introspect import introspect

if TYPE_CHECKING:
    from pytest_supaseed.server.endpoint import Endpoint


@pytest.fixture
def makerkit(empty_database: psycopg.Connection, endpoint: Endpoint) -> psycopg.Connection:
    """A database with the MakerKit look-alike."""
    return load_bundled(with_platform(empty_database, endpoint), "makerkit")


def _team(connection: psycopg.Connection, owner: object, name: str = "Summit") -> object:
    team = one(
        connection,
        "insert into accounts (primary_owner_user_id, name) values (%s, %s) returning id",
        owner,
        name,
    )
    _join(connection, owner, team, "owner")
    return team


def _join(connection: psycopg.Connection, user: object, team: object, role: str = "member") -> None:
    connection.execute("insert into accounts_memberships values (%s, %s, %s)", (user, team, role))


def test_makerkit_has_the_kits_tables_and_roles(makerkit: psycopg.Connection) -> None:
    """The 13 tables of the kit are there, with one row of settings and two roles."""
    catalog = introspect(makerkit)
    kit = (
        "accounts accounts_memberships billing_customers config invitations nonces notifications order_items"
        " orders role_permissions roles subscription_items subscriptions"
    )

    assert all(catalog.find("public", name) for name in kit.split())
    assert makerkit.execute("select name, hierarchy_level from roles order by 2").fetchall() == [
        ("owner", 1),
        ("member", 2),
    ]
    assert one(makerkit, "select count(*) from config") == 1
    assert one(makerkit, "select count(*) from role_permissions where role = 'owner'") == 5


def test_a_new_user_has_a_personal_account(makerkit: psycopg.Connection) -> None:
    """The trigger names it after the metadata, else the address, and it is as old as the user."""
    named = add_user(makerkit, "ada@example.com", "Ada Lovelace")
    add_user(makerkit, "grace@example.com")

    query = "select id, name, slug, is_personal_account, created_at::date::text from accounts order by email"
    ada, grace = makerkit.execute(query).fetchall()
    assert ada == (named, "Ada Lovelace", None, True, "2025-03-01")
    assert grace[1] == "grace"
    with pytest.raises(errors.UniqueViolation, match="unique_personal_account"):
        makerkit.execute(
            "insert into accounts (primary_owner_user_id, name, is_personal_account) values (%s, 'x', true)",
            (named,),
        )


@pytest.mark.parametrize(
    ("name", "slug"),
    [("Café  Ünïcorn & Söhne!", "cafe-unicorn-sohne"), ("東京", ""), ("Summit", "summit-2")],
)
def test_a_team_gets_its_slug_from_its_name(makerkit: psycopg.Connection, name: str, slug: str) -> None:
    """Accents go, other letters become hyphens, and a slug that is taken gets a number."""
    owner = add_user(makerkit, "ada@example.com")
    _team(makerkit, owner)
    _team(makerkit, owner)

    team = _team(makerkit, owner, name)

    assert one(makerkit, "select slug from accounts where id = %s", team) == slug


def test_rules_that_nobody_gets_round(makerkit: psycopg.Connection) -> None:
    """Slugs of personal accounts, memberships, owners, invitations: each refusal is the kit's own."""
    owner, member = add_user(makerkit, "ada@example.com"), add_user(makerkit, "grace@example.com")
    team = _team(makerkit, owner)
    _join(makerkit, member, team)

    with pytest.raises(errors.CheckViolation, match="accounts_slug_null_if_personal_account_true"):
        makerkit.execute("update accounts set slug = 'ada' where id = %s", (owner,))
    with pytest.raises(errors.CheckViolation, match="Only the account_role can be updated"):
        makerkit.execute("update accounts_memberships set account_role = account_role")
    with pytest.raises(errors.CheckViolation, match="primary account owner"):
        makerkit.execute("delete from accounts_memberships where user_id = %s", (owner,))
    with pytest.raises(errors.CheckViolation, match="must be a team account"):
        makerkit.execute(
            "insert into invitations (email, account_id, invited_by, role, invite_token)"
            " values ('x@example.com', %s, %s, 'member', 't')",
            (owner, owner),
        )


def test_a_user_can_be_deleted_with_all_that_is_theirs(makerkit: psycopg.Connection) -> None:
    """Deleting the owner takes the team and its memberships along, and nobody else's account."""
    owner, member = add_user(makerkit, "ada@example.com"), add_user(makerkit, "grace@example.com")
    team = _team(makerkit, owner)
    _join(makerkit, member, team)

    makerkit.execute("delete from auth.users where id = %s", (owner,))

    assert makerkit.execute("select id from accounts").fetchall() == [(member,)]
    assert one(makerkit, "select count(*) from accounts_memberships") == 0


def test_a_member_sees_the_team_and_a_stranger_does_not(makerkit: psycopg.Connection) -> None:
    """Row level security by membership; without a level of assurance in the token nobody sees anything."""
    owner, member, stranger = (add_user(makerkit, f"{name}@example.com") for name in ("ada", "grace", "eve"))
    team = _team(makerkit, owner)
    _join(makerkit, member, team)

    def seen(user: object, aal: str | None = "aal1") -> set[object]:
        with acting_as(makerkit, user, aal=aal):
            return {account for (account,) in makerkit.execute("select id from accounts")}

    assert seen(member) == {owner, member, team}
    assert seen(stranger) == {stranger}
    assert seen(member, None) == set()
    with pytest.raises(errors.InsufficientPrivilege), acting_as(makerkit, member, role="anon"):
        makerkit.execute("select id from accounts")


def test_a_second_factor_must_be_used(makerkit: psycopg.Connection) -> None:
    """A verified factor makes aal1 too little, and aal2 enough."""
    user = add_user(makerkit, "ada@example.com")
    makerkit.execute(
        "insert into auth.mfa_factors (id, user_id, factor_type, status, created_at, updated_at)"
        " values (gen_random_uuid(), %s, 'totp', 'verified', now(), now())",
        (user,),
    )

    counts = []
    for aal in ("aal1", "aal2"):
        with acting_as(makerkit, user, aal=aal):
            counts.append(one(makerkit, "select count(*) from accounts"))
    assert counts == [0, 1]


def test_who_stands_above_whom(makerkit: psycopg.Connection) -> None:
    """The primary owner acts on members and on other owners; a member on nobody."""
    first, second, member = (add_user(makerkit, f"{name}@example.com") for name in ("ada", "grace", "eve"))
    team = _team(makerkit, first)
    _join(makerkit, second, team, "owner")
    _join(makerkit, member, team)

    def may_act(caller: object, target: object) -> object:
        with acting_as(makerkit, caller):
            return one(makerkit, "select can_action_account_member(%s, %s)", team, target)

    assert [may_act(first, second), may_act(first, member), may_act(second, member)] == [True] * 3
    assert [may_act(second, first), may_act(member, second), may_act(first, first)] == [False] * 3


def test_a_team_is_made_and_joined_by_the_kits_calls(makerkit: psycopg.Connection) -> None:
    """create_team_account, add_invitations_to_account, accept_invitation, get_account_members agree."""
    owner, guest = add_user(makerkit, "ada@example.com"), add_user(makerkit, "grace@example.com")
    with acting_as(makerkit, owner):
        team = one(makerkit, "select id from create_team_account('Summit Ltd')")
        token = one(
            makerkit,
            "select invite_token from add_invitations_to_account("
            "'summit-ltd', array[('grace@example.com', 'member')::invitation])",
        )
        assert one(makerkit, "select count(*) from get_account_invitations('summit-ltd')") == 1
    with acting_as(makerkit, guest, role="service_role"):
        assert one(makerkit, "select accept_invitation(%s, %s)", token, guest) == team
    with acting_as(makerkit, guest):
        found = makerkit.execute("select email, role from get_account_members('summit-ltd') order by 1")
        assert found.fetchall() == [("ada@example.com", "owner"), ("grace@example.com", "member")]
        assert one(makerkit, "select role from user_accounts") == "member"
        assert one(makerkit, "select name from user_account_workspace") == "grace"
        with pytest.raises(errors.InsufficientPrivilege), makerkit.transaction():
            makerkit.execute("select accept_invitation('again', %s)", (guest,))
    with acting_as(makerkit, owner, role="service_role"):
        makerkit.execute("select transfer_team_account_ownership(%s, %s)", (team, guest))
    assert one(makerkit, "select primary_owner_user_id from accounts where id = %s", team) == guest


def test_billing_is_written_and_written_again(makerkit: psycopg.Connection) -> None:
    """upsert_subscription and upsert_order make a customer once, and replace what they wrote before."""
    owner = add_user(makerkit, "ada@example.com")
    team = _team(makerkit, owner)
    subscribe = """
        select id from upsert_subscription(
            %s, 'cus_1', 'sub_1', %s, %s::subscription_status, 'stripe', false, 'usd',
            '2026-01-01', '2026-02-01', %s::jsonb
        )
    """
    item = '[{"id": "si_%s", "product_id": "p", "variant_id": "v%s", "type": "flat", "interval": "month"}]'
    with acting_as(makerkit, owner, role="service_role"):
        one(makerkit, subscribe, team, True, "active", item % (1, 1))  # noqa: FBT003
        assert one(makerkit, "select has_active_subscription(%s)", team) is True
        one(makerkit, subscribe, team, False, "canceled", item % (2, 2))  # noqa: FBT003
        one(
            makerkit,
            "select id from upsert_order(%s, 'cus_1', 'ord_1', 'pending', 'stripe', 10, 'usd', %s::jsonb)",
            team,
            '[{"id": "oi_1", "product_id": "p", "variant_id": "v", "price_amount": 10}]',
        )
    with acting_as(makerkit, owner):
        assert makerkit.execute("select status::text, active from subscriptions").fetchall() == [
            ("canceled", False)
        ]
        assert makerkit.execute("select id from subscription_items").fetchall() == [("si_2",)]
        assert makerkit.execute("select quantity from order_items").fetchall() == [(1,)]
        assert one(makerkit, "select count(*) from billing_customers") == 1


def test_a_nonce_works_once(makerkit: psycopg.Connection) -> None:
    """A token is taken once, for its purpose; a newer one puts the older out of use."""
    user = add_user(makerkit, "ada@example.com")
    older = one(makerkit, "select create_nonce(%s, 'reset')", user)
    token = one(makerkit, "select create_nonce(%s, 'reset')", user)

    verify = "select verify_nonce(%s, %s)"
    taken = [(older, "reset"), (token, "other"), (token, "reset"), (token, "reset")]
    assert [one(makerkit, verify, *each) for each in taken] == [False, False, True, False]
    assert one(makerkit, "select kit.cleanup_expired_nonces(interval '0')") == 2


def test_a_client_may_dismiss_a_notification_and_no_more(makerkit: psycopg.Connection) -> None:
    """Whatever else a client's update says is dropped."""
    user = add_user(makerkit, "ada@example.com")
    makerkit.execute("insert into notifications (account_id, body) values (%s, 'hello')", (user,))
    with acting_as(makerkit, user):
        makerkit.execute("update notifications set dismissed = true, body = 'changed'")

    assert makerkit.execute("select dismissed, body from notifications").fetchall() == [(True, "hello")]


def test_a_client_may_not_give_an_account_away(makerkit: psycopg.Connection) -> None:
    """The name may change, and moves the clock of the row; the owner may not."""
    user = add_user(makerkit, "ada@example.com")
    with acting_as(makerkit, user):
        makerkit.execute("update accounts set name = 'Ada L.'")
        with pytest.raises(errors.InsufficientPrivilege, match="permission"), makerkit.transaction():
            makerkit.execute("update accounts set email = 'other@example.com'")

    assert one(makerkit, "select updated_at > created_at from accounts") is True
