"""Users who are no ordinary ones, on each bundled kit: as GoTrue writes them, with sessions and factors."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from bundled_databases import load_bundled, with_platform
from login_databases import KitDatabase, seed_here, seed_kit
from user_databases import OwnDatabase, lost

from pytest_supaseed.errors import UsageError
from pytest_supaseed.logins import KINDS, Logins
from pytest_supaseed.plan.seed_plan import SeedRequest
from pytest_supaseed.platform.bundled import BUNDLED
from pytest_supaseed.rows.one_time_codes import TOTP_SECRET

if TYPE_CHECKING:
    import psycopg

    from pytest_supaseed.server.endpoint import Endpoint

IN_TEAMS = "custom-role"
"""A kind that takes roles that are the project's own to add."""

USERS = {
    "phone": """email is null and phone ~ '^1[0-9]{3}55501[0-9]{2}$' and phone_confirmed_at is not null
        and email_confirmed_at is null and confirmed_at is not null and encrypted_password <> ''
        and raw_app_meta_data ->> 'provider' = 'phone'""",
    "anonymous": """is_anonymous and email is null and phone is null and encrypted_password = ''
        and raw_app_meta_data = '{}' and raw_user_meta_data = '{}' and not is_sso_user""",
    "sso": """is_sso_user and email is not null and encrypted_password = ''
        and raw_app_meta_data ->> 'provider' like 'sso:%'""",
    "unconfirmed": """email is not null and email_confirmed_at is null and confirmed_at is null
        and last_sign_in_at is null and confirmation_sent_at is not null""",
    "banned": "banned_until > now() + interval '10 years' and email_confirmed_at is not null",
    "deleted": """deleted_at is not null and email ~ '^[A-Za-z0-9_-]{43}$' and encrypted_password = ''
        and length(phone) = 15 and raw_user_meta_data = '{}' and raw_app_meta_data = '{}'""",
    "signed-in": "exists (select from auth.sessions s where s.user_id = users.id and aal = 'aal1')",
    "mfa": "exists (select from auth.sessions s where s.user_id = users.id and aal = 'aal2')",
    "super-admin": "raw_app_meta_data ->> 'role' = 'super-admin'",
}
"""What is so of users of a kind; of ordinary ones it is not."""

STRAYS = {
    "what GoTrue cannot read as NULL": """select count(*) from auth.users where num_nulls(
        instance_id, aud, role, encrypted_password, confirmation_token, recovery_token,
        email_change_token_new, email_change_token_current, email_change, phone_change,
        phone_change_token, reauthentication_token, raw_app_meta_data, raw_user_meta_data,
        is_super_admin, created_at, updated_at) > 0""",
    "users whom nobody knows": """select count(*) from auth.users u where not is_anonymous
        and not exists (select from auth.identities i where i.user_id = u.id)""",
    "anonymous users whom somebody knows": """select count(*) from auth.users u
        join auth.identities i on i.user_id = u.id where is_anonymous""",
    "identities of another provider than the user's": """select count(*) from auth.identities i
        join auth.users u on u.id = i.user_id
        where deleted_at is null and provider <> raw_app_meta_data ->> 'provider'""",
    "identities that say other than the user": """select count(*) from auth.identities i
        join auth.users u on u.id = i.user_id
        where deleted_at is null and (
            coalesce(identity_data ->> 'email', '') <> coalesce(u.email, '')
            or coalesce(identity_data ->> 'phone', '') <> coalesce(u.phone, '')
            or (identity_data ->> 'email_verified')::boolean <> (email_confirmed_at is not null)
            or (identity_data ->> 'phone_verified')::boolean <> (phone_confirmed_at is not null))""",
    "deleted users who are still known": """select count(*) from auth.identities i
        join auth.users u on u.id = i.user_id where deleted_at is not null
        and (identity_data <> '{}' or provider_id = u.id::text)""",
    "single sign-on by nobody": """select count(*) from auth.users where is_sso_user and not exists (
        select from auth.sso_providers p where raw_app_meta_data ->> 'provider' = 'sso:' || p.id)""",
    "factors that GoTrue cannot read": """select count(*) from auth.mfa_factors where num_nulls(
        friendly_name, secret, created_at, updated_at) > 0
        or (factor_type, status) <> ('totp', 'verified')""",
    "sessions that GoTrue cannot read": """select count(*) from auth.sessions where num_nulls(
        created_at, updated_at, aal) > 0""",
    "sessions of a level that their factor does not give": """select count(*) from auth.sessions s
        left join auth.mfa_factors f on f.id = s.factor_id and f.user_id = s.user_id
        where (s.aal = 'aal2') <> (f.id is not null)""",
    "sessions without a token that is in force": """select count(*) from auth.sessions s where 1 <> (
        select count(*) from auth.refresh_tokens t where t.session_id = s.id and not revoked
        and t.user_id = s.user_id::text and num_nulls(token, created_at, updated_at, instance_id) = 0)""",
    "sessions whose methods are not those of their level": """select count(*) from auth.sessions s where (
        select array_agg(authentication_method order by authentication_method)
        from auth.mfa_amr_claims c where c.session_id = s.id
        ) <> case aal when 'aal2' then array['password', 'totp'] else array['password'] end""",
    "sessions older than their users": """select count(*) from auth.sessions s
        join auth.users u on u.id = s.user_id where s.created_at < u.created_at""",
}
"""What there must be none of."""


def _kinds(framework: str) -> dict[str, int]:
    left_out = () if framework == "makerkit" else (IN_TEAMS,)
    return {kind: 2 for kind in KINDS if kind not in left_out}


@pytest.mark.parametrize("framework", BUNDLED)
def test_users_of_every_kind_are_valid(
    framework: str, empty_database: psycopg.Connection, endpoint: Endpoint
) -> None:
    """Two of each kind, nothing that GoTrue could not read, and no table short of a row."""
    request = SeedRequest(users=30, logins=Logins(kinds=_kinds(framework)))
    seeded = seed_kit(empty_database, endpoint, framework, request)

    assert [(part.qualified, part.note) for part in seeded.report.shortfalls] == []
    assert seeded.strays(STRAYS) == {}
    found = {kind: seeded.count("auth.users", so) for kind, so in USERS.items()}
    assert found == dict.fromkeys(USERS, 2) | {"mfa": 4}
    assert {row["secret"] for row in seeded.rows("select secret from auth.mfa_factors")} == {TOTP_SECRET}


def _rows(seeded: KitDatabase) -> list[str]:
    return [row["u"] for row in seeded.rows("select u::text from auth.users u order by created_at, id")]


def test_the_others_are_as_they_would_be_without_them(
    empty_database: psycopg.Connection, another_database: psycopg.Connection, endpoint: Endpoint
) -> None:
    """Who is of no kind has the same row, to the byte; who is of one keeps id and age."""
    plain = SeedRequest(users=20)
    special = replace(plain, logins=Logins(kinds={"phone": 1, "banned": 2, "anonymous": 1}))
    ordinary = _rows(seed_kit(empty_database, endpoint, "supabase", plain))
    mixed = _rows(seed_kit(another_database, endpoint, "supabase", special))

    assert len(set(ordinary) & set(mixed)) == 16
    assert [row.split(",")[1] for row in ordinary] == [row.split(",")[1] for row in mixed]


def test_a_kind_that_the_platform_does_not_know_is_an_error(
    empty_database: psycopg.Connection, endpoint: Endpoint
) -> None:
    """An older auth.users has no anonymous users, an older auth no sessions; both are said by name."""
    load_bundled(with_platform(empty_database, endpoint), "supabase")
    older = (
        "reset role",
        "alter table auth.users drop column is_anonymous",
        "drop table auth.mfa_factors cascade",
        "set role postgres",
    )
    for statement in older:
        empty_database.execute(statement.encode())

    for kind, lacks in (("anonymous", "auth.users.is_anonymous"), ("mfa", "auth.mfa_factors")):
        with pytest.raises(UsageError, match=f"no {lacks}"):
            seed_here(empty_database, endpoint, SeedRequest(users=9, logins=Logins(kinds={kind: 1})))


def test_beside_users_that_are_there(empty_database: psycopg.Connection, endpoint: Endpoint) -> None:
    """With `hybrid`, kinds are dealt out to new users alone, again and again; cleanup takes all of it."""
    database = OwnDatabase(
        load_bundled(with_platform(empty_database, endpoint), "makerkit"), owner=endpoint.owner
    )
    database.seed(7, "create", seed="first")
    before = database.rows()
    logins = Logins(kinds=dict.fromkeys(KINDS, 1))
    report = database.load(database.plan(40, seed="second", logins=logins))
    seeded = KitDatabase(empty_database, database.catalog, database.names, database.plan(40), report)

    assert [(part.qualified, part.note) for part in report.shortfalls] == []
    assert lost(before, database.rows()) == {}
    assert seeded.strays(STRAYS) == {}
    found = {kind: seeded.count("auth.users", so) for kind, so in USERS.items()}
    assert found == dict.fromkeys(USERS, 1) | {"mfa": 2}
    assert seeded.count("public.accounts_memberships", "account_role = 'custom-role'") == 1

    again = database.load(database.plan(80, seed="third", logins=logins))
    assert [(part.qualified, part.note) for part in again.shortfalls] == []
    assert seeded.strays(STRAYS) == {}
    found = {kind: seeded.count("auth.users", so) for kind, so in USERS.items()}
    assert found == dict.fromkeys(USERS, 2) | {"mfa": 4}
    assert seeded.count("public.accounts_memberships", "account_role = 'custom-role'") == 2

    database.clean()
    assert seeded.one("select count(*) from auth.sessions") == 0
    assert seeded.one("select count(*) from auth.users") == 0
