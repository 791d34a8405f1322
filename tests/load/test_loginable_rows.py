"""Users who can log in: nothing is NULL that GoTrue reads as never NULL, on new tables and older ones."""

from __future__ import annotations

from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any

import bcrypt
import psycopg
import pytest
from bundled_databases import one
from login_databases import KitDatabase, seed_kit

from pytest_supaseed.logins import DEFAULT_PASSWORD, Logins
from pytest_supaseed.plan.seed_plan import SeedRequest
from pytest_supaseed.rows.passwords import SALTS
from pytest_supaseed.server.binaries import find_local
from pytest_supaseed.server.clusters import running_cluster

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_supaseed.server.endpoint import Endpoint

TOKENS = (
    "confirmation_token",
    "recovery_token",
    "email_change_token_new",
    "email_change_token_current",
    "email_change",
    "phone_change",
    "phone_change_token",
    "reauthentication_token",
)
"""Columns that GoTrue reads into Go strings, which cannot hold a NULL."""

USERS = {
    "instance_id = '00000000-0000-0000-0000-000000000000'": "logins look for this instance",
    "aud = 'authenticated'": "logins look for this audience",
    "role = 'authenticated'": "the token's role",
    "email is not null and email = lower(email)": "addresses are looked up in lower case",
    "encrypted_password ~ '^[$]2[ab][$](0[5-9]|10)[$].{53}$'": "bcrypt, of a cost that is not made anew",
    "email_confirmed_at is not null": "an address that is not confirmed does not log in",
    "confirmed_at = email_confirmed_at": "generated",
    "created_at is not null and updated_at >= created_at": "read into Go times",
    "is_super_admin is false": "read into a Go bool",
    "is_sso_user is false": "users of single sign-on have no password",
    "is_anonymous is false": "nor have anonymous ones",
    "email_change_confirm_status = 0": "read into a Go int",
    """raw_app_meta_data = '{"provider": "email", "providers": ["email"]}'""": "who vouches for the user",
    "raw_user_meta_data ->> 'name' <> ''": "what the user says",
    "banned_until is null and deleted_at is null": "such users do not log in",
    "phone is null": "unique, and NULL where there is none",
    **{f"{column} = ''": "a NULL answers every login with a database error" for column in TOKENS},
}
"""What has to hold of each row of auth.users, and why."""

IDENTITIES = {
    "provider = 'email'": "by what the user signs in",
    "provider_id = user_id::text": "for e-mail addresses, the user's own id",
    "i.email = (select u.email from auth.users u where u.id = i.user_id)": "sign-up asks here for duplicates",
    "identity_data ->> 'sub' = user_id::text": "whose identity it is",
    "(identity_data ->> 'email_verified')::boolean": "the address is confirmed",
    "not (identity_data ->> 'phone_verified')::boolean": "there is no number",
    "i.created_at is not null and i.updated_at is not null": "read into Go times",
    "i.id is not null": "its own key",
}
"""What has to hold of each row of auth.identities, and why."""

OLDER_COLUMNS = (
    "is_anonymous",
    "is_sso_user",
    "deleted_at",
    "reauthentication_token",
    "reauthentication_sent_at",
    "email_change_confirm_status",
    "email_change_token_current",
    "banned_until",
)
"""Columns of auth.users that GoTrue added from 2021 to 2023."""

OLDER = (
    "reset role",
    *(f"alter table auth.users drop column {name} cascade" for name in OLDER_COLUMNS),
    "drop table auth.identities",
    """create table auth.identities (
        id text not null, user_id uuid not null references auth.users on delete cascade,
        identity_data jsonb not null, provider text not null, last_sign_in_at timestamptz,
        created_at timestamptz, updated_at timestamptz, primary key (provider, id))""",
    "grant all on auth.identities to postgres",
    "set role postgres",
)
"""The tables as they were: an identity's key was the provider's."""


@pytest.fixture(params=["makerkit", "supabase"])
def newest(
    request: pytest.FixtureRequest, empty_database: psycopg.Connection, endpoint: Endpoint
) -> KitDatabase:
    """Ordinary users, on the tables that GoTrue's last migration leaves behind."""
    return seed_kit(empty_database, endpoint, request.param, SeedRequest(users=12))


@pytest.fixture
def older(empty_database: psycopg.Connection, endpoint: Endpoint) -> KitDatabase:
    """Ordinary users, on older tables."""
    return seed_kit(empty_database, endpoint, "makerkit", SeedRequest(users=12), before=OLDER)


def _broken(seeded: KitDatabase, table: str, expectations: dict[str, str]) -> Iterator[str]:
    for expectation, why in expectations.items():
        broken = seeded.count(table, f"({expectation}) is not true")
        if broken:
            yield f"{table}: {expectation} ({why}): {broken} rows"


def _applies(expectation: str) -> bool:
    return not any(name in expectation for name in OLDER_COLUMNS)


def test_every_expectation_holds_on_the_newest_tables(newest: KitDatabase) -> None:
    """Nothing that GoTrue reads is NULL where it cannot be, and everybody is confirmed."""
    assert newest.one("select count(*) from auth.users") == 12
    assert newest.one("select count(*) from auth.identities") == 12
    assert list(_broken(newest, "auth.users", USERS)) == []
    assert list(_broken(newest, "auth.identities i", IDENTITIES)) == []


def test_every_expectation_holds_on_older_tables(older: KitDatabase) -> None:
    """Columns that are not there are not written, all others as on the newest; the key is the provider's."""
    users = {name: why for name, why in USERS.items() if _applies(name)}
    newer = ("provider_id =", "i.email")
    identities = {name: why for name, why in IDENTITIES.items() if not name.startswith(newer)}
    identities["i.id = user_id::text"] = "the provider's key was the identity's own"

    assert older.one("select count(*) from auth.users") == 12
    assert len(users) < len(USERS)
    assert list(_broken(older, "auth.users", users)) == []
    assert list(_broken(older, "auth.identities i", identities)) == []


@pytest.fixture(scope="module")
def crypt(tmp_path_factory: pytest.TempPathFactory) -> Iterator[psycopg.Connection]:
    """A database with the real pgcrypto, which servers in wheels lack."""
    found = find_local().found
    if found is None:
        pytest.skip("no installed Postgres: pgcrypto cannot be asked")
    cache = Path(mkdtemp(prefix="supaseed-test-", dir="/var/tmp"))  # the server's account enters it
    cache.chmod(0o755)
    said: list[str] = []
    try:
        asked: dict[str, Any] = {"storage": "auto", "control_path": None, "on_wait": said.append}
        with (
            running_cluster(found, cache=cache, **asked) as server,
            psycopg.connect(server.conninfo(), autocommit=True) as connection,
        ):
            connection.execute("create extension if not exists pgcrypto")
            yield connection
    finally:
        rmtree(cache)


def test_hashes_are_of_the_password(
    empty_database: psycopg.Connection, endpoint: Endpoint, crypt: psycopg.Connection
) -> None:
    """The library bcrypt and pgcrypto agree that each hash is of the password, and of no other."""
    seeded = seed_kit(empty_database, endpoint, "supabase", SeedRequest(users=40))
    hashes = {row["encrypted_password"] for row in seeded.rows("select encrypted_password from auth.users")}

    assert 1 < len(hashes) <= SALTS
    for made in hashes:
        assert bcrypt.checkpw(DEFAULT_PASSWORD.encode(), made.encode())
        assert not bcrypt.checkpw(b"password124", made.encode())
        assert one(crypt, "select crypt(%s, %s) = %s", DEFAULT_PASSWORD, made, made)
        assert not one(crypt, "select crypt(%s, %s) = %s", "password124", made, made)


def test_a_password_of_the_projects_own(
    empty_database: psycopg.Connection, endpoint: Endpoint, crypt: psycopg.Connection
) -> None:
    """Whatever its characters, up to the last of 72 bytes."""
    word = "Käse & 'Brot' " + "x" * 56 + "!"
    assert len(word.encode()) == 72
    seeded = seed_kit(empty_database, endpoint, "supabase", SeedRequest(users=2, logins=Logins(word)))
    made = seeded.one("select encrypted_password from auth.users limit 1")

    assert bcrypt.checkpw(word.encode(), made.encode())
    assert not bcrypt.checkpw(word.replace("!", "?").encode(), made.encode())
    assert one(crypt, "select crypt(%s, %s) = %s", word, made, made)
