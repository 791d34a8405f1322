"""What roles a cluster lacks, decided from values, and then done for real with roles of the test's own."""

from __future__ import annotations

import secrets
import threading
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg import sql

from pytest_supaseed.errors import EndpointError
from pytest_supaseed.platform import bootstrap
from pytest_supaseed.platform.bootstrap import ensure_roles, install_platform
from pytest_supaseed.platform.roles import (
    API_ROLES,
    OWNER_ADMINISTERS,
    OWNER_ATTRIBUTES,
    OWNER_BELONGS_TO,
    PLATFORM_MEMBERSHIPS,
    PLATFORM_ROLES,
    Cluster,
    Membership,
    RoleChanges,
    plan_roles,
)
from pytest_supaseed.server.databases import create_database, drop_database, maintenance_connection

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_supaseed.server.endpoint import Endpoint

SUPERUSER = frozenset({"superuser", "login", "createdb", "createrole"})
VERSIONS = pytest.mark.parametrize("version", [140012, 150018, 160004, 180006])


def _cluster(version: int, login: str, attributes: frozenset[str], **roles: frozenset[str]) -> Cluster:
    return Cluster(
        server_version=version,
        login=login,
        attributes={login: attributes, **roles},
        memberships=frozenset(),
        administered=frozenset(),
    )


def _complete(version: int, login: str, attributes: frozenset[str], owner: str = "postgres") -> Cluster:
    """A cluster that has everything."""
    roles = {role.name: role.attributes for role in PLATFORM_ROLES}
    owned = {Membership(role, owner) for role in OWNER_BELONGS_TO}
    return Cluster(
        server_version=version,
        login=login,
        attributes={**roles, owner: OWNER_ATTRIBUTES, login: attributes},
        memberships=frozenset({*PLATFORM_MEMBERSHIPS, *owned}),
        administered=frozenset(Membership(role, owner) for role in OWNER_ADMINISTERS),
    )


def _statements(changes: RoleChanges) -> list[str]:
    return [statement.as_string(None) for statement in changes.statements]


@VERSIONS
def test_a_superuser_makes_every_role_of_an_empty_cluster(version: int) -> None:
    """All roles and the owner, with all attributes, and nothing to tell."""
    changes = plan_roles(_cluster(version, "admin", SUPERUSER), "postgres")
    statements = _statements(changes)
    assert 'create role "anon" ;' in statements
    assert 'create role "service_role" bypassrls;' in statements
    assert 'create role "postgres" bypassrls createdb createrole login replication;' in statements
    assert sum(line.startswith("create role") for line in statements) == len(PLATFORM_ROLES) + 1
    assert (changes.notes, changes.out_of_reach) == ((), ())


@pytest.mark.parametrize(("version", "option"), [(150018, ""), (160004, " with admin option")])
def test_the_owner_may_hand_the_api_roles_on(version: int, option: str) -> None:
    """Before 16 CREATEROLE is enough for that; from then on the admin option is what counts."""
    statements = _statements(plan_roles(_cluster(version, "admin", SUPERUSER), "postgres"))
    assert f'grant "authenticated" to "postgres"{option};' in statements
    assert 'grant "supabase_auth_admin" to "postgres";' in statements


@VERSIONS
def test_a_complete_cluster_is_left_alone(version: int) -> None:
    """A second run changes nothing."""
    changes = plan_roles(_complete(version, "admin", SUPERUSER), "postgres")
    assert changes == RoleChanges(statements=(), notes=(), out_of_reach=())


def test_roles_of_others_keep_their_attributes() -> None:
    """A role that was there lacks what it lacks, and that is said; the owner alone gets what it needs."""
    cluster = _complete(150018, "admin", SUPERUSER)
    poorer = {"service_role": frozenset[str](), "postgres": frozenset({"login"})}
    changes = plan_roles(replace(cluster, attributes={**cluster.attributes, **poorer}), "postgres")
    assert _statements(changes) == ['alter role "postgres" bypassrls createdb createrole replication;']
    assert changes.notes == (
        "role service_role exists on this server without BYPASSRLS; it was left as it is",
    )


def test_a_superuser_is_never_demoted_nor_altered() -> None:
    """An owner that is a superuser stays one, gets no memberships, and that is said."""
    cluster = _complete(150018, "admin", SUPERUSER)
    attributes = {**cluster.attributes, "postgres": frozenset({"superuser"})}
    changes = plan_roles(replace(cluster, attributes=attributes, memberships=cluster.memberships), "postgres")
    assert changes.statements == ()
    assert changes.notes == (
        "role postgres is a superuser on this server and stays one: no grant and no policy stops it",
    )


def test_where_the_login_is_superuser_and_owner_the_difference_is_said() -> None:
    """A server whose `postgres` is the superuser and the login: it is used as it is."""
    changes = plan_roles(_cluster(150018, "postgres", SUPERUSER), "postgres")
    assert not any('role "postgres"' in line or 'to "postgres"' in line for line in _statements(changes))
    assert "migrations run as postgres, which is a superuser on this server" in changes.notes[0]
    assert changes.notes[1].startswith("created on this server: roles anon, authenticated, service_role")


def test_before_16_createrole_hands_on_no_bypassrls() -> None:
    """The role is made without it, and the lack is said."""
    login = frozenset({"login", "createrole", "createdb", "bypassrls"})
    changes = plan_roles(_cluster(150018, "app", login), "app")
    assert 'create role "service_role" ;' in _statements(changes)
    assert "role service_role lacks BYPASSRLS: app may not give it" in changes.notes


def test_from_16_on_createrole_hands_on_what_it_has() -> None:
    """BYPASSRLS where the login has it, REPLICATION where it has not: only the second is missed."""
    login = frozenset({"login", "createrole", "createdb", "bypassrls"})
    changes = plan_roles(_cluster(160004, "app", login), "app")
    assert 'create role "service_role" bypassrls;' in _statements(changes)
    assert "role supabase_replication_admin lacks REPLICATION: app may not give it" in changes.notes


def test_from_16_on_roles_of_others_are_granted_by_who_administers_them() -> None:
    """A login with CREATEROLE may not act as a role that somebody else made, and that is said."""
    login = frozenset({"login", "createrole", "createdb", "bypassrls", "replication"})
    made_by_others = dict.fromkeys(API_ROLES, frozenset[str]())
    made_by_others["service_role"] = frozenset({"bypassrls"})
    cluster = _cluster(160004, "app", login, **made_by_others)
    changes = plan_roles(cluster, "app")
    assert 'grant "anon" to "app";' not in _statements(changes)
    assert (
        "app may not act as anon, authenticated, service_role: a superuser has to grant it" in changes.notes
    )
    administered = frozenset(Membership(role, "app") for role in API_ROLES)
    allowed = plan_roles(replace(cluster, administered=administered), "app")
    assert 'grant "anon" to "app";' in _statements(allowed)
    before = plan_roles(replace(cluster, server_version=150018), "app")
    assert 'grant "anon" to "app";' in _statements(before)


def test_a_plain_login_cannot_have_roles_that_are_missing() -> None:
    """They are named, and nothing is tried."""
    changes = plan_roles(_cluster(150018, "app", frozenset({"login", "createdb"})), "app")
    assert changes.statements == ()
    assert changes.out_of_reach == tuple(role.name for role in PLATFORM_ROLES)


@VERSIONS
def test_a_plain_login_makes_do_with_roles_that_are_there(version: int) -> None:
    """Nothing is tried, nothing is out of reach, and what it may not do is said."""
    changes = plan_roles(_complete(version, "app", frozenset({"login", "createdb"})), "app")
    assert (changes.statements, changes.out_of_reach) == ((), ())
    assert changes.notes == (
        "migrations run as app, which lacks BYPASSRLS here; on Supabase `postgres` has it",
        "app may not act as anon, authenticated, service_role: a superuser has to grant it",
    )


def test_no_circle_of_memberships_is_asked_for() -> None:
    """Postgres refuses circles: an owner that an API role may act as is not granted that role."""
    cluster = _complete(150018, "admin", SUPERUSER)
    circle = (cluster.memberships - {Membership("anon", "postgres")}) | {Membership("postgres", "anon")}
    assert plan_roles(replace(cluster, memberships=circle), "postgres").statements == ()


@contextmanager
def _login(endpoint: Endpoint, attributes: str) -> Iterator[tuple[str, str]]:
    """A login of the test's own and a database that it owns: both names are the same."""
    name = f"supaseed_scratch_{secrets.token_hex(4)}"
    role = sql.Identifier(name)
    with maintenance_connection(endpoint) as maintenance:
        maintenance.execute(
            sql.SQL("create role {} login password {} " + attributes).format(role, sql.Literal(name))
        )
        try:
            create_database(maintenance, name, owner=name)
            place = f"host={endpoint.host} port={endpoint.port} user={name} password={name}"
            yield name, place
        finally:
            drop_database(maintenance, name)
            maintenance.execute(sql.SQL("drop owned by {}").format(role))
            maintenance.execute(sql.SQL("drop role {}").format(role))


def test_a_login_that_is_superuser_and_owner_has_the_platform(
    endpoint: Endpoint, platform_database: str
) -> None:
    """Done for real: the difference is said, and the database, not the role, says where extensions are."""
    with _login(endpoint, "superuser") as (name, place):
        with psycopg.connect(f"{place} dbname={name}", autocommit=True) as connection:
            notes = ensure_roles(connection, owner=name, owner_password="")
            notes += install_platform(connection, owner=name)
        assert any("is a superuser on this server" in note for note in notes)
        with psycopg.connect(f"{place} dbname={name}") as connection:
            row = connection.execute(
                "select current_setting('search_path'), uuid_nil(), (select rolconfig from pg_roles"
                " where rolname = current_user)"
            ).fetchone()
        assert row is not None
        assert row[0] == '"$user", public, extensions'
        assert row[2] is None


def test_a_login_with_createrole_has_the_platform(endpoint: Endpoint, platform_database: str) -> None:
    """Done for real: no superuser, roles made by somebody else; whatever it may not do is in the notes."""
    with _login(endpoint, "createrole createdb") as (name, place):
        with psycopg.connect(f"{place} dbname={name}", autocommit=True) as connection:
            notes = ensure_roles(connection, owner=name, owner_password="")
            notes += install_platform(connection, owner=name)
            connection.execute("create table public.mine (id int)")
            row = connection.execute(
                "select has_table_privilege('anon', 'public.mine', 'insert'),"
                " has_schema_privilege('authenticated', 'auth', 'usage'), auth.uid(), extensions.uuid_nil()"
            ).fetchone()
        assert row is not None
        assert row[:3] == (True, True, None)
        acts_as_others = any("may not act as anon" in note for note in notes)
        assert acts_as_others == (endpoint.major >= 16)
        assert any("lacks BYPASSRLS here" in note for note in notes)


def test_a_plain_login_has_the_platform_where_the_roles_are(
    endpoint: Endpoint, platform_database: str
) -> None:
    """Done for real: a login that may do nothing but own its database gets every table of the platform."""
    with _login(endpoint, "") as (name, place):
        with psycopg.connect(f"{place} dbname={name}", autocommit=True) as connection:
            ensure_roles(connection, owner=name, owner_password="")
            notes = install_platform(connection, owner=name)
            row = connection.execute("select count(*) from auth.users, storage.objects").fetchone()
        assert row == (0,)
        assert any("supabase_auth_admin owns nothing in this database" in note for note in notes)


def test_what_a_server_refuses_is_told_and_the_rest_is_done(
    endpoint: Endpoint, platform_database: str
) -> None:
    """A hosted server may refuse more than its catalog says: each statement stands for itself."""
    statements = [
        sql.SQL("alter role {} superuser;").format(sql.Identifier("anon")),
        sql.SQL("set application_name = {};").format(sql.Literal("went on")),
    ]
    with (
        _login(endpoint, "") as (name, place),
        psycopg.connect(f"{place} dbname={name}", autocommit=True) as connection,
    ):
        refused = bootstrap._apply(connection, statements, all_at_once=False)
        row = connection.execute("show application_name").fetchone()
    assert row == ("went on",)
    assert len(refused) == 1
    assert refused[0].startswith('the server refused `alter role "anon" superuser;`: ')


def test_missing_roles_that_cannot_be_made_are_an_error(
    endpoint: Endpoint, platform_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message names the roles, the login, and the statement that helps."""
    monkeypatch.setattr(
        "pytest_supaseed.platform.roles.PLATFORM_ROLES",
        (*PLATFORM_ROLES, replace(PLATFORM_ROLES[0], name="supaseed_absent_role")),
    )
    with (
        _login(endpoint, "") as (name, place),
        psycopg.connect(f"{place} dbname={name}", autocommit=True) as connection,
        pytest.raises(EndpointError) as caught,
    ):
        ensure_roles(connection, owner=name, owner_password="")
    assert caught.value.looked_at == (f"pg_roles as {name}: no supaseed_absent_role",)
    assert f"alter role {name} createrole" in caught.value.remedies[0]


def test_roles_are_made_once_by_two_at_the_same_time(
    endpoint: Endpoint, plain_owner: None, empty_database: psycopg.Connection
) -> None:
    """Two connections, in two databases so that no lock is shared, ask for one owner: both succeed."""
    databases = [endpoint.conninfo(), endpoint.conninfo(empty_database.info.dbname)]
    for _ in range(5):
        name = f"supaseed_scratch_{secrets.token_hex(4)}"
        barrier = threading.Barrier(len(databases))
        failures: list[BaseException] = []
        threads = [
            threading.Thread(target=_ask_for_roles, args=(place, name, barrier, failures))
            for place in databases
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        row = empty_database.execute("select count(*) from pg_roles where rolname = %s", (name,)).fetchone()
        empty_database.execute(sql.SQL("drop role if exists {}").format(sql.Identifier(name)))
        assert failures == []
        assert row == (1,)


def _ask_for_roles(
    conninfo: str, owner: str, barrier: threading.Barrier, failures: list[BaseException]
) -> None:
    try:
        with psycopg.connect(conninfo, autocommit=True) as connection:
            barrier.wait(10)
            ensure_roles(connection, owner=owner, owner_password="swordfish")
    except Exception as error:  # noqa: BLE001  # whatever it is, the test tells it
        failures.append(error)


def test_an_owner_of_ours_logs_in_and_is_not_written_to_again(
    endpoint: Endpoint, plain_owner: None, empty_database: psycopg.Connection
) -> None:
    """The password that was given works, and asking again leaves the role's row as it was."""
    name = f"supaseed_scratch_{secrets.token_hex(4)}"
    query = "select xmin::text, rolsuper from pg_authid where rolname = %s"
    try:
        ensure_roles(empty_database, owner=name, owner_password="swordfish")
        before = empty_database.execute(query, (name,)).fetchone()
        assert ensure_roles(empty_database, owner=name, owner_password="swordfish") == ()
        assert empty_database.execute(query, (name,)).fetchone() == before
        assert before is not None
        assert before[1] is False
        place = f"host={endpoint.host} port={endpoint.port} user={name} password=swordfish"
        with psycopg.connect(f"{place} dbname={empty_database.info.dbname}") as connection:
            row = connection.execute("select current_setting('search_path')").fetchone()
        assert row == ('"$user", public, extensions',)
    finally:
        empty_database.execute(sql.SQL("drop role if exists {}").format(sql.Identifier(name)))
