"""Tests of platform.bundled: each schema loads as its owner, and its rules hold."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import psycopg
import pytest
from bundled_databases import acting_as, add_user, load_bundled, one, with_platform
from psycopg import errors

from pytest_supaseed.catalog.introspect import introspect
from pytest_supaseed.errors import SchemaError
from pytest_supaseed.platform.bundled import BUNDLED, bundled_schema

if TYPE_CHECKING:
    from pytest_supaseed.server.endpoint import Endpoint

STUBBED = {"uuid-ossp": "stub", "pgcrypto": "stub"}


def _loaded(connection: psycopg.Connection, endpoint: Endpoint, framework: str) -> psycopg.Connection:
    return load_bundled(with_platform(connection, endpoint), framework)


@pytest.fixture
def basejump(empty_database: psycopg.Connection, endpoint: Endpoint) -> psycopg.Connection:
    """A database with the Basejump look-alike."""
    return _loaded(empty_database, endpoint, "basejump")


@pytest.mark.parametrize("framework", BUNDLED)
def test_files_run_in_the_order_of_their_names(framework: str) -> None:
    """A bundled schema is a folder of numbered SQL files, none missing."""
    names = [path.name for path in sorted(bundled_schema(framework).glob("*.sql"))]

    assert names
    numbers = [re.fullmatch(r"(\d\d)_[a-z_]+\.sql", name) for name in names]
    assert [int(found[1]) for found in numbers if found] == list(range(1, len(names) + 1))


def test_an_unknown_framework_is_an_error_that_says_what_there_is() -> None:
    """Nothing is guessed: the error names every schema that is bundled."""
    with pytest.raises(SchemaError, match="'rails'") as caught:
        bundled_schema("rails")

    assert "makerkit, makerkit-lite, basejump, supabase" in str(caught.value)


@pytest.mark.parametrize("framework", BUNDLED)
@pytest.mark.parametrize("extensions", [{}, STUBBED], ids=["the server's extensions", "stubs"])
def test_it_loads_as_its_owner(
    empty_database: psycopg.Connection, endpoint: Endpoint, framework: str, extensions: dict[str, str]
) -> None:
    """With real extensions and without, each file runs as the owner, no superuser on servers of ours."""
    platform = with_platform(empty_database, endpoint, extensions=extensions)
    is_superuser = one(platform, "select usesuper from pg_user where usename = current_user")

    load_bundled(platform, framework)

    assert not is_superuser or endpoint.owner == endpoint.user
    owners = "select distinct tableowner::text from pg_tables where schemaname in ('public', 'basejump')"
    assert platform.execute(owners).fetchall() == [(endpoint.owner,)]


@pytest.mark.parametrize("framework", BUNDLED)
def test_every_table_is_guarded(
    empty_database: psycopg.Connection, endpoint: Endpoint, framework: str
) -> None:
    """Row level security is on everywhere, and each guarded table that people may read has a policy."""
    catalog = introspect(_loaded(empty_database, endpoint, framework))

    tables = [table for table in catalog.tables if table.schema in {"public", "basejump"}]
    guarded = {table.name for table in tables if table.row_security}
    ruled = {table.name for table in tables if table.policies}
    assert guarded == {table.name for table in tables if table.kind.value == "table"}
    assert guarded - ruled <= {"nonces"}


@pytest.mark.parametrize("framework", BUNDLED)
def test_reference_rows_carry_no_clock(
    empty_database: psycopg.Connection, endpoint: Endpoint, framework: str
) -> None:
    """What a bundled schema inserts is the same tomorrow: no stored instant is today's."""
    platform = _loaded(empty_database, endpoint, framework)

    stamped = (
        "select count(*) from storage.buckets where greatest(created_at, updated_at) > now() - interval '1 h'"
    )
    assert one(platform, stamped) == 0


def test_lite_gives_each_user_an_account_and_hides_the_others(
    empty_database: psycopg.Connection, endpoint: Endpoint
) -> None:
    """The lite kit: one account for each user, its address follows the user's, seen by that user only."""
    lite = _loaded(empty_database, endpoint, "makerkit-lite")
    user = add_user(lite, "ada@example.com", "Ada")
    add_user(lite, "grace@example.com")
    lite.execute("update auth.users set email = 'ada@example.org' where id = %s", (user,))

    with acting_as(lite, user):
        assert lite.execute("select name, email from accounts").fetchall() == [("Ada", "ada@example.org")]


def test_basejump_users_found_and_join_teams(basejump: psycopg.Connection) -> None:
    """Who makes a team owns it; an invitation names its maker, and works once."""
    owner, guest = add_user(basejump, "ada@example.com"), add_user(basejump, "grace@example.com")
    with acting_as(basejump, owner):
        team = one(basejump, "select create_account('Summit Ltd!', 'Summit') ->> 'account_id'")
        token = one(basejump, "select create_invitation(%s, 'member', 'one_time') ->> 'token'", team)
    assert one(basejump, "select slug from basejump.accounts where id = %s", team) == "summit-ltd-"
    invited = basejump.execute(
        "select invited_by_user_id, account_name, length(token) > 30 from basejump.invitations"
    )
    assert invited.fetchall() == [(owner, "Summit", True)]
    with acting_as(basejump, guest):
        assert one(basejump, "select accept_invitation(%s) ->> 'account_role'", token) == "member"
        assert one(basejump, "select json_array_length(get_accounts())") == 2
        with pytest.raises(errors.NoDataFound), basejump.transaction():
            basejump.execute("select accept_invitation(%s)", (token,))
        with pytest.raises(errors.InsufficientPrivilege, match="owners"), basejump.transaction():
            basejump.execute("select get_account_members(%s)", (team,))
    with acting_as(basejump, owner):
        assert one(basejump, "select json_array_length(get_account_members(%s))", team) == 2
        basejump.execute("select remove_account_member(%s, %s)", (team, guest))
        assert one(basejump, "select json_array_length(get_account_members(%s))", team) == 1


def test_basejump_keeps_the_users_of_accounts(basejump: psycopg.Connection) -> None:
    """As in Basejump, a user who owns an account cannot be deleted, and settings can be asked for."""
    user = add_user(basejump, "ada@example.com")

    with pytest.raises(errors.ForeignKeyViolation, match="accounts_primary_owner_user_id_fkey"):
        basejump.execute("delete from auth.users where id = %s", (user,))
    assert one(basejump, "select basejump.is_set('enable_team_accounts')") is True
    assert one(basejump, "select basejump.get_config() ->> 'billing_provider'") == "stripe"


def test_a_plain_project_gives_profiles(empty_database: psycopg.Connection, endpoint: Endpoint) -> None:
    """Each user has a profile with a user name of its own, even where addresses are short or alike."""
    plain = _loaded(empty_database, endpoint, "supabase")
    ada = add_user(plain, "ada@example.com", "Ada")
    add_user(plain, "ada@example.org")
    add_user(plain, "x@example.com")
    plain.execute(
        "insert into posts (author_id, title, slug, content, status, published_at)"
        " values (%s, 'One', 'one', 'text', 'published', now()), (%s, 'Two', 'two', 'text', 'draft', null)",
        (ada, ada),
    )

    names = [name for (name,) in plain.execute("select username from profiles order by length(username)")]
    assert names[0] == "ada"
    assert len(set(names)) == 3
    with acting_as(plain, ada, role="anon"):
        assert plain.execute("select slug from posts").fetchall() == [("one",)]
