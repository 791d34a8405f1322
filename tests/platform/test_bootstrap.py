"""A fresh database with the platform is what a Supabase project's first migration finds."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from platform_databases import one_value

from pytest_supaseed.platform.bootstrap import install_platform, platform_digest
from pytest_supaseed.platform.extensions import ExtensionInstaller

if TYPE_CHECKING:
    from pytest_supaseed.server.endpoint import Endpoint

API_ROLES = ("anon", "authenticated", "service_role")
USER = "11111111-1111-4111-8111-111111111111"


def _claims(connection: psycopg.Connection, **claims: Any) -> None:
    connection.execute("select set_config('request.jwt.claims', %s, true)", (json.dumps(claims),))


def test_what_is_not_set_is_null(owner: psycopg.Connection) -> None:
    """Without a JWT, nobody calls: uid, role, email and jwt are NULL and raise nothing."""
    row = owner.execute("select auth.uid(), auth.role(), auth.email(), auth.jwt()").fetchone()
    assert row == (None, None, None, None)


@pytest.mark.parametrize("setting", ["request.jwt.claims", "request.jwt.claim.sub", "request.jwt.claim"])
def test_an_empty_setting_is_null(owner: psycopg.Connection, setting: str) -> None:
    """After a transaction with `set local`, Postgres leaves '' behind: that is nobody, and no JSON error."""
    owner.execute("select set_config(%s, '', true)", (setting,))
    row = owner.execute("select auth.uid(), auth.role(), auth.email(), auth.jwt()").fetchone()
    assert row == (None, None, None, None)


def test_claims_as_json_are_read(owner: psycopg.Connection) -> None:
    """What newer PostgREST sets."""
    _claims(owner, sub=USER, role="authenticated", email="ada@example.com", aal="aal2")
    row = owner.execute(
        "select auth.uid()::text, auth.role(), auth.email(), auth.jwt() ->> 'aal', auth.uid() is null"
    ).fetchone()
    assert row == (USER, "authenticated", "ada@example.com", "aal2", False)


def test_single_claims_are_read_first(owner: psycopg.Connection) -> None:
    """What older PostgREST sets goes before the JSON."""
    _claims(owner, sub="22222222-2222-4222-8222-222222222222", role="anon", email="no@example.com")
    for name, value in (("sub", USER), ("role", "authenticated"), ("email", "ada@example.com")):
        owner.execute("select set_config(%s, %s, true)", (f"request.jwt.claim.{name}", value))
    row = owner.execute("select auth.uid()::text, auth.role(), auth.email()").fetchone()
    assert row == (USER, "authenticated", "ada@example.com")


def test_the_owner_is_no_superuser(owner: psycopg.Connection, plain_owner: None) -> None:
    """As on Supabase: it passes over RLS, makes roles and databases, and is no superuser."""
    row = owner.execute(
        "select rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles"
        " where rolname = current_user"
    ).fetchone()
    assert row == ("postgres", False, True, True, True)


def test_the_owners_search_path_holds_extensions(owner: psycopg.Connection, plain_owner: None) -> None:
    """Functions of extensions are found without their schema, in every database of the cluster."""
    assert one_value(owner, "show search_path") == '"$user", public, extensions'
    assert one_value(owner, "select uuid_nil()::text") == "00000000-0000-0000-0000-000000000000"
    assert one_value(owner, "select encode(digest('', 'sha256'), 'hex')").startswith("e3b0c442")


@pytest.mark.parametrize("role", API_ROLES)
def test_a_table_made_by_the_owner_is_open_to_the_api(owner: psycopg.Connection, role: str) -> None:
    """By default privileges: tables, sequences and functions in `public`; row level security is the guard."""
    owner.execute(
        "create table public.notes (id serial primary key, body text);"
        "create function public.answer() returns int language sql return 42;"
        "revoke execute on function public.answer() from public"
    )
    owner.execute("select set_config('role', %s, true)", (role,))
    owner.execute("insert into public.notes (body) values ('mine')")
    owner.execute("update public.notes set body = 'ours'")
    owner.execute("delete from public.notes")
    assert one_value(owner, "select public.answer()") == 42


def test_row_level_security_binds_users_and_not_the_service(owner: psycopg.Connection) -> None:
    """Authenticated sees its own row, anon none, service_role all."""
    owner.execute(
        "create table public.notes (user_id uuid);"
        "alter table public.notes enable row level security;"
        "create policy own on public.notes for select to authenticated using (user_id = auth.uid())"
    )
    owner.execute("insert into public.notes values (%s), (gen_random_uuid())", (USER,))
    _claims(owner, sub=USER, role="authenticated")
    seen = {}
    for role in API_ROLES:
        owner.execute("select set_config('role', %s, true)", (role,))
        seen[role] = one_value(owner, "select count(*) from public.notes")
        owner.execute("reset role")
    assert seen == {"anon": 0, "authenticated": 1, "service_role": 2}


@pytest.mark.parametrize("role", API_ROLES)
def test_the_api_may_not_read_users(owner: psycopg.Connection, role: str) -> None:
    """Not even service_role has a privilege on auth.users."""
    owner.execute("select set_config('role', %s, true)", (role,))
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        owner.execute("select from auth.users")


@pytest.mark.parametrize("role", API_ROLES)
def test_the_api_may_ask_who_calls(owner: psycopg.Connection, role: str) -> None:
    """Policies call auth.uid() as the caller."""
    owner.execute("select set_config('role', %s, true)", (role,))
    _claims(owner, sub=USER)
    assert str(one_value(owner, "select auth.uid()")) == USER


def test_the_owner_may_build_on_users(owner: psycopg.Connection) -> None:
    """Foreign keys to auth.users, triggers on it, rows in it: what every kit's first migration does."""
    owner.execute(
        "create table public.profiles (id uuid primary key references auth.users on delete cascade);"
        "create function public.handle_new_user() returns trigger language plpgsql security definer"
        " set search_path = '' as $$begin insert into public.profiles values (new.id); return new; end$$;"
        "create trigger on_auth_user_created after insert on auth.users"
        " for each row execute function public.handle_new_user()"
    )
    owner.execute("insert into auth.users (id, email) values (%s, 'ada@example.com')", (USER,))
    assert str(one_value(owner, "select id from public.profiles")) == USER
    owner.execute("delete from auth.users")
    assert one_value(owner, "select count(*) from public.profiles") == 0


def test_migrations_may_hand_out_the_database_and_schemas(owner: psycopg.Connection) -> None:
    """What kits do to narrow defaults down: revoke on the database, on public, and grant to API roles."""
    owner.execute(
        "revoke all on schema public from public, anon;"
        "grant usage on schema public to anon;"
        "alter default privileges in schema public revoke execute on functions from anon;"
        "create schema kit; grant usage on schema kit to authenticated, service_role"
    )
    name = owner.info.dbname
    owner.execute(f'revoke connect on database "{name}" from public')
    assert one_value(owner, "select has_schema_privilege('authenticated', 'kit', 'usage')")


def test_tables_can_be_published(owner: psycopg.Connection) -> None:
    """supabase_realtime is there, and the owner adds tables to it."""
    owner.execute("create table public.notes (id int primary key)")
    owner.execute("alter publication supabase_realtime add table public.notes")
    assert one_value(owner, "select tablename from pg_publication_tables") == "notes"


def test_a_trigger_may_broadcast(owner: psycopg.Connection) -> None:
    """What realtime would send is a row of realtime.messages."""
    owner.execute("select realtime.send('{\"a\": 1}', 'made', 'room:1', false)")
    row = owner.execute(
        "select payload ->> 'a', event, topic, private, extension from realtime.messages"
    ).fetchone()
    assert row == ("1", "made", "room:1", False, "broadcast")
    assert one_value(owner, "select realtime.topic()") == "room:1"


def test_a_changed_row_may_be_broadcast(owner: psycopg.Connection) -> None:
    """realtime.broadcast_changes in a trigger: record, old record, operation, table and schema."""
    owner.execute(
        "create table public.notes (id int);"
        "create function public.tell() returns trigger language plpgsql as $$begin"
        " perform realtime.broadcast_changes("
        "  'notes', tg_op, tg_op, tg_table_name, tg_table_schema, new, old);"
        " return null; end$$;"
        "create trigger tell after insert on public.notes for each row execute function public.tell();"
        "insert into public.notes values (7)"
    )
    payload = one_value(owner, "select payload from realtime.messages")
    assert (payload["record"], payload["old_record"]) == ({"id": 7}, None)
    assert (payload["operation"], payload["schema"], payload["table"]) == ("INSERT", "public", "notes")


def test_a_webhook_trigger_is_noted(owner: psycopg.Connection) -> None:
    """supabase_functions.http_request writes down which trigger called it, and nothing leaves."""
    owner.execute(
        "create table public.notes (id int);"
        "create trigger hook after insert on public.notes for each row execute function"
        " supabase_functions.http_request('http://localhost', 'POST', '{}', '{}', '1000');"
        "insert into public.notes values (1)"
    )
    row = owner.execute(
        "select hook_name, hook_table_id::regclass::text from supabase_functions.hooks"
    ).fetchone()
    assert row == ("hook", "notes")


def test_graphql_says_that_it_is_not_enabled(owner: psycopg.Connection) -> None:
    """The endpoint of the API is there, for every API role."""
    owner.execute("set local role anon")
    answer = one_value(owner, "select graphql_public.graphql(query => '{ accounts { id } }')")
    assert answer == {"errors": [{"message": "pg_graphql is not enabled in this database"}]}


def test_migrations_that_ran_can_be_noted(owner: psycopg.Connection) -> None:
    """The table of the Supabase CLI."""
    owner.execute(
        "insert into supabase_migrations.schema_migrations (version, statements, name)"
        " values ('20240101000000', '{select 1}', 'first')"
    )
    assert one_value(owner, "select name from supabase_migrations.schema_migrations") == "first"


def test_secrets_are_kept(owner: psycopg.Connection) -> None:
    """vault.create_secret, update_secret and decrypted_secrets, as owner and as service_role."""
    key = one_value(owner, "select vault.create_secret('swordfish', 'password', 'of the bank')")
    owner.execute("select vault.update_secret(%s, 'shark')", (key,))
    owner.execute("set local role service_role")
    row = owner.execute("select decrypted_secret, name, description from vault.decrypted_secrets").fetchone()
    assert row == ("shark", "password", "of the bank")
    owner.execute("reset role; set local role authenticated")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        owner.execute("select from vault.secrets")


def test_objects_belong_to_the_platforms_own_roles(login: psycopg.Connection, plain_owner: None) -> None:
    """As on Supabase, so that what the owner may not do there it may not do here."""
    found = login.execute(
        "select n.nspname, array_agg(distinct r.rolname::text) from pg_class c"
        " join pg_namespace n on n.oid = c.relnamespace join pg_roles r on r.oid = c.relowner"
        " where n.nspname in ('auth', 'storage', 'realtime') group by 1 order by 1"
    ).fetchall()
    assert found == [
        ("auth", ["supabase_auth_admin"]),
        ("realtime", ["supabase_realtime_admin"]),
        ("storage", ["supabase_storage_admin"]),
    ]


def test_a_copy_of_the_database_is_as_good(
    endpoint: Endpoint, platform_database: str, owner: psycopg.Connection
) -> None:
    """The database's own grants and settings, which a copy leaves out, hold nothing of the platform."""
    if endpoint.owner == endpoint.user:
        pytest.skip("on this server the database says what the owner's role would")
    row = owner.execute(
        "select d.datacl, (select count(*) from pg_db_role_setting where setdatabase = d.oid)"
        " from pg_database d where d.datname = current_database()"
    ).fetchone()
    assert row == (None, 0)


def test_a_database_that_is_not_fresh_is_left_as_it_was(endpoint: Endpoint, platform_database: str) -> None:
    """A second install fails at once and changes nothing."""
    with psycopg.connect(endpoint.conninfo(platform_database), autocommit=True) as connection:
        before = one_value(connection, "select count(*) from pg_class")
        with pytest.raises(psycopg.errors.DuplicateSchema):
            install_platform(connection, owner=endpoint.owner)
        assert one_value(connection, "select count(*) from pg_class") == before


def test_the_two_extensions_that_all_have_are_recorded(
    endpoint: Endpoint, platform_database: str, empty_database: psycopg.Connection
) -> None:
    """The caller's installer learns what became of uuid-ossp and pgcrypto, and no notes are due."""
    installer = ExtensionInstaller(empty_database, owner=endpoint.owner)
    install_platform(empty_database, owner=endpoint.owner, extensions=installer)
    assert [decision.name for decision in installer.decisions] == ["uuid-ossp", "pgcrypto"]


def test_the_digest_is_of_everything_and_stable() -> None:
    """A template's name must not change from call to call; version first, then a SHA-256."""
    assert platform_digest() == platform_digest()
    assert re.fullmatch(r"\d+-[0-9a-f]{64}", platform_digest())
