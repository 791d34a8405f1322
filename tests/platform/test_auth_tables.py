"""The tables of auth have the columns, defaults, keys and generated values that GoTrue's migrations leave."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from described_columns import described_columns

if TYPE_CHECKING:
    from collections.abc import Mapping

COLUMNS: Mapping[str, str] = {
    "users": """
        instance_id id! aud role email encrypted_password email_confirmed_at invited_at confirmation_token
        confirmation_sent_at recovery_token recovery_sent_at email_change_token_new email_change
        email_change_sent_at last_sign_in_at raw_app_meta_data raw_user_meta_data is_super_admin created_at
        updated_at phone phone_confirmed_at phone_change='' phone_change_token='' phone_change_sent_at
        confirmed_at:= email_change_token_current='' email_change_confirm_status=0 banned_until
        reauthentication_token='' reauthentication_sent_at is_sso_user!=false deleted_at is_anonymous!=false
    """,
    "identities": """
        provider_id! user_id! identity_data! provider! last_sign_in_at created_at updated_at email:=
        id!=gen_random_uuid()
    """,
    "sessions": """
        id! user_id! created_at updated_at factor_id aal not_after refreshed_at user_agent ip tag
        oauth_client_id refresh_token_hmac_key refresh_token_counter scopes
    """,
    "mfa_factors": """
        id! user_id! friendly_name factor_type! status! created_at! updated_at! secret phone
        last_challenged_at web_authn_credential web_authn_aaguid last_webauthn_challenge_data
    """,
}
OTHERS = {
    "audit_log_entries", "custom_oauth_providers", "flow_state", "instances", "mfa_amr_claims",
    "mfa_challenges", "oauth_authorizations", "oauth_client_states", "oauth_clients", "oauth_consents",
    "one_time_tokens", "refresh_tokens", "saml_providers", "saml_relay_states", "schema_migrations",
    "sso_domains", "sso_providers", "webauthn_challenges", "webauthn_credentials",
}  # fmt: skip
USER = "11111111-1111-4111-8111-111111111111"


@pytest.mark.parametrize("table", COLUMNS)
def test_columns_defaults_and_not_null(owner: psycopg.Connection, table: str) -> None:
    """All columns in GoTrue's order, no more and no fewer."""
    assert described_columns(owner, f"auth.{table}") == COLUMNS[table].split()


def test_no_table_is_missing(owner: psycopg.Connection) -> None:
    """Every table that GoTrue has today."""
    found = owner.execute("select tablename from pg_tables where schemaname = 'auth'").fetchall()
    assert {name for (name,) in found} == {*COLUMNS, *OTHERS}


def test_enums_have_their_words(owner: psycopg.Connection) -> None:
    """The words that factories choose from."""
    found = owner.execute(
        "select enum_range(null::auth.factor_type)::text[], enum_range(null::auth.factor_status)::text[],"
        " enum_range(null::auth.aal_level)::text[]"
    ).fetchone()
    assert found == (["totp", "webauthn", "phone"], ["unverified", "verified"], ["aal1", "aal2", "aal3"])


def _insert_user(connection: psycopg.Connection, **values: Any) -> None:
    columns = ", ".join(values)
    places = ", ".join(f"%({name})s" for name in values)
    connection.execute(
        f"insert into auth.users (id, {columns}) values (gen_random_uuid(), {places})",  # noqa: S608
        values,
    )


def test_one_address_has_one_user(owner: psycopg.Connection) -> None:
    """An address is unique among users who are not of single sign-on."""
    _insert_user(owner, email="ada@example.com")
    with pytest.raises(psycopg.errors.UniqueViolation, match="users_email_partial_key"):
        _insert_user(owner, email="ada@example.com")


def test_single_sign_on_shares_addresses(owner: psycopg.Connection) -> None:
    """Two companies may know the same person."""
    for is_sso in (False, True, True):
        _insert_user(owner, email="ada@example.com", is_sso_user=is_sso)
    row = owner.execute("select count(*) from auth.users").fetchone()
    assert row == (3,)


def test_phones_are_unique(owner: psycopg.Connection) -> None:
    """Whoever signs in by phone is found by it."""
    _insert_user(owner, phone="491700000000")
    with pytest.raises(psycopg.errors.UniqueViolation, match="users_phone_key"):
        _insert_user(owner, phone="491700000000")


def test_a_user_is_confirmed_by_mail_or_phone(owner: psycopg.Connection) -> None:
    """confirmed_at is generated: the earlier of the two; nobody writes it."""
    _insert_user(owner, email_confirmed_at="2024-02-02", phone_confirmed_at="2024-01-01")
    row = owner.execute("select confirmed_at = phone_confirmed_at from auth.users").fetchone()
    assert row == (True,)
    with pytest.raises(psycopg.errors.GeneratedAlways):
        _insert_user(owner, confirmed_at="2024-01-01")


def test_an_identitys_address_is_that_of_its_data(owner: psycopg.Connection) -> None:
    """identities.email is generated, in lower case; provider and its id are unique together."""
    owner.execute("insert into auth.users (id) values (%s)", (USER,))
    insert = (
        "insert into auth.identities (provider_id, user_id, provider, identity_data)"
        " values (%s, %s, 'email', '{\"email\": \"Ada@Example.com\"}') returning email"
    )
    assert owner.execute(insert, (USER, USER)).fetchone() == ("ada@example.com",)
    with pytest.raises(psycopg.errors.UniqueViolation, match="identities_provider_id_provider_unique"):
        owner.execute(insert, (USER, USER))


def test_what_belongs_to_a_user_goes_with_it(owner: psycopg.Connection) -> None:
    """Identities, sessions, refresh tokens, factors and one-time tokens are deleted with their user."""
    owner.execute("insert into auth.users (id) values (%s)", (USER,))
    owner.execute(
        "insert into auth.identities (provider_id, user_id, provider, identity_data)"
        " values ('a', %(id)s, 'a', '{}');"
        "insert into auth.sessions (id, user_id) values (%(id)s, %(id)s);"
        "insert into auth.refresh_tokens (session_id) values (%(id)s);"
        "insert into auth.mfa_factors (id, user_id, factor_type, status, created_at, updated_at)"
        " values (%(id)s, %(id)s, 'totp', 'verified', now(), now());"
        "insert into auth.one_time_tokens (id, user_id, token_type, token_hash, relates_to)"
        " values (%(id)s, %(id)s, 'recovery_token', 'x', 'y');".replace("%(id)s", f"'{USER}'")
    )
    owner.execute("delete from auth.users")
    row = owner.execute(
        "select (select count(*) from auth.identities) + (select count(*) from auth.sessions)"
        " + (select count(*) from auth.refresh_tokens) + (select count(*) from auth.mfa_factors)"
        " + (select count(*) from auth.one_time_tokens)"
    ).fetchone()
    assert row == (0,)


def test_two_open_tokens_are_never_the_same(owner: psycopg.Connection) -> None:
    """A recovery token is unique; the empty one is no token, and any number of users have it."""
    for _ in range(2):
        _insert_user(owner, recovery_token="", confirmation_token="")
    _insert_user(owner, recovery_token="abc")
    with pytest.raises(psycopg.errors.UniqueViolation, match="recovery_token_idx"):
        _insert_user(owner, recovery_token="abc")
