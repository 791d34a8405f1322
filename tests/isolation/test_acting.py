"""Tests of isolation.acting and claims: connections that act as users under row-level security."""

from __future__ import annotations

import asyncio
import json
import uuid
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import jwt
import psycopg
import pytest

from pytest_supaseed.errors import UsageError
from pytest_supaseed.isolation.claims import Persona, bare_persona, user_persona
from pytest_supaseed.isolation.seed_session import Project, open_session
from pytest_supaseed.options import LOCAL_JWT_SECRET, resolve_options

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_supaseed.isolation.seed_session import SeedSession
    from pytest_supaseed.isolation.seeded_database import SeededDatabase
    from pytest_supaseed.server.endpoint import Endpoint


@pytest.fixture(scope="module")
def kit(endpoint: Endpoint, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SeedSession]:
    """A session on the bundled MakerKit look-alike."""
    options = replace(resolve_options({}, {}), framework="makerkit", users=10)
    project = Project(tmp_path_factory.mktemp("kit"), options, None)
    with open_session(endpoint, project, run="acting", on_wait=lambda _: None) as opened:
        yield opened


@pytest.fixture
def database(kit: SeedSession) -> Iterator[SeededDatabase]:
    """A test's database."""
    table_map = kit.table_map()
    with kit.clone(kit.dataset(table_map, kit.plan(table_map)), test="test_acting") as found:
        yield found


def one(connection: psycopg.Connection[Any], query: str) -> Any:
    """The only value of a query."""
    row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return row[0]


def test_a_user_sees_their_own(database: SeededDatabase) -> None:
    """Role and user id are those of a signed-in user, and the kit's policies show the user's own account."""
    user = database.users[0]
    with database.acting_as(user) as connection:
        assert one(connection, "select current_user") == "authenticated"
        assert one(connection, "select auth.uid()") == user.id
        own = (
            "select id from public.accounts where primary_owner_user_id = auth.uid() and is_personal_account"
        )
        assert one(connection, own) == user.id
        seen = one(connection, "select count(*) from public.accounts")
    assert 1 <= seen < database.count("accounts")


def test_a_visitor_sees_nothing_and_the_service_role_everything(database: SeededDatabase) -> None:
    """`anon` has no right to the kit's accounts, and `service_role` passes by the policies."""
    with (
        database.acting_as_anon() as visitor,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        visitor.execute("select * from public.accounts")
    with database.acting_as_service_role() as service:
        assert one(service, "select count(*) from public.accounts") == database.count("accounts")
        assert one(service, "select auth.role()") == "service_role"


def test_it_lasts_over_transactions(database: SeededDatabase) -> None:
    """After a commit, a rollback and `reset all` it is still the same user."""
    user = database.users[1]
    with database.acting_as(user) as connection:
        for end in ("commit", "rollback", "reset all", "reset role"):
            assert one(connection, "select auth.uid()") == user.id
            connection.execute(end.encode())
        assert one(connection, "select current_user") == "authenticated"


def test_nothing_is_left_over(database: SeededDatabase) -> None:
    """The test's own connection is the owner's before, meanwhile and after."""
    with database.acting_as(database.users[0]):
        assert one(database.connection, "select current_user") == database.connection.info.user
    assert one(database.connection, "select auth.uid()") is None


def test_blocks_stand_inside_each_other(database: SeededDatabase) -> None:
    """Each has a connection of its own; one and the same cannot be entered twice."""
    first, second = database.users[:2]
    acting = database.acting_as(first)
    with acting as outer, database.acting_as(second) as inner:
        assert one(outer, "select auth.uid()") == first.id
        assert one(inner, "select auth.uid()") == second.id
        with pytest.raises(UsageError, match="already, in a block"):
            acting.__enter__()
    with acting as again:
        assert one(again, "select auth.uid()") == first.id


def test_a_block_commits_as_psycopg_does(database: SeededDatabase) -> None:
    """What a user wrote is there after a block that ended well, and gone after one that did not."""
    user = database.users[0]
    rename = b"update public.accounts set name = %s where id = auth.uid()"
    with database.acting_as(user) as connection:
        assert connection.execute(rename, ("Kept",)).rowcount == 1
    with suppress(ZeroDivisionError), database.acting_as(user) as connection:
        connection.execute(rename, ("Lost",))
        raise ZeroDivisionError
    assert database.rows("accounts", id=user.id)[0].name == "Kept"


def test_the_second_factor_is_a_claim(database: SeededDatabase) -> None:
    """`aal` is what the kit's own functions read; so is the role of a super-admin."""
    user = database.users[0]
    admin = {"app_metadata": {"role": "super-admin"}}
    for aal, claims, expected in (("aal1", admin, False), ("aal2", {}, False), ("aal2", admin, True)):
        with database.acting_as(user, aal=aal, claims=claims) as connection:  # type: ignore[arg-type]
            assert one(connection, "select public.is_super_admin()") is expected


def test_older_settings_are_made_too(database: SeededDatabase) -> None:
    """`request.jwt.claim.sub` is what PostgREST before 9 set; policies of that time read it."""
    user = database.users[0]
    with database.acting_as(
        user, claims={"https://example.com/team": "a b", "team": "a \\ 'b'"}
    ) as connection:
        assert one(connection, "select current_setting('request.jwt.claim.sub')") == str(user.id)
        assert one(connection, "select current_setting('request.jwt.claim.email')") == user.email
        assert one(connection, "select current_setting('request.jwt.claim.team')") == "a \\ 'b'"
        claims = json.loads(one(connection, "select current_setting('request.jwt.claims')"))
    assert claims["https://example.com/team"] == "a b"
    assert claims["app_metadata"] == user.raw_app_meta_data


def test_asynchronous_blocks(database: SeededDatabase) -> None:
    """`async with` gives an asynchronous connection that acts so."""

    async def ask() -> Any:
        async with database.acting_as(database.users[2]) as connection:
            cursor = await connection.execute("select auth.uid()")
            return await cursor.fetchone()

    assert asyncio.run(ask()) == (database.users[2].id,)


def test_any_client_acts_by_the_url(database: SeededDatabase) -> None:
    """The URL and the connection string carry role and claims."""
    user = database.users[3]
    acting = database.acting_as(user)
    for way_in in (acting.url, acting.conninfo):
        with psycopg.connect(way_in) as connection:
            assert one(connection, "select auth.uid()") == user.id
            assert one(connection, "select current_user") == "authenticated"


def test_users_are_named_by_row_key_or_address(database: SeededDatabase) -> None:
    """And one that is not here is refused, whichever way it is named."""
    user = database.users[4]
    account = database.rows("accounts", id=user.id)[0]
    for named in (user, user.id, str(user.id), user.email.upper(), account):
        assert database.acting_as(named).claims["sub"] == str(user.id)
    for stranger in (uuid.uuid4(), "nobody@example.com", {"id": uuid.uuid4()}, "no key"):
        with pytest.raises(UsageError, match="has no user"):
            database.acting_as(stranger)


def test_uncommitted_changes_are_not_overlooked(database: SeededDatabase) -> None:
    """Who acts would not see them: the error says to commit; reading leaves no such trace."""
    database.execute("select 1")
    database.acting_as(database.users[0])
    database.execute("update {accounts} set name = 'x'")
    with pytest.raises(UsageError, match="not committed"):
        database.acting_as(database.users[0])
    database.connection.commit()
    database.acting_as(database.users[0])


def test_rows_that_a_test_creates_are_there_for_others(database: SeededDatabase) -> None:
    """`create` commits, unless a transaction is open on the connection."""
    team = database.create("accounts", name="Red", is_personal_account=False, slug="red")
    with database.connect() as other:
        assert one(other, "select count(*) from public.accounts where slug = 'red'") == 1
        database.execute("select 1")
        database.create("accounts", name="Blue", is_personal_account=False, slug="blue")
        assert one(other, "select count(*) from public.accounts where slug = 'blue'") == 0
    assert team.slug == "red"


def test_a_token_is_signed_with_the_secret(database: SeededDatabase) -> None:
    """It has the user's claims, is valid for an hour, and expired where that is asked for."""
    user = database.users[0]
    claims = jwt.decode(database.jwt_for(user), LOCAL_JWT_SECRET, ["HS256"], audience="authenticated")
    assert (claims["sub"], claims["email"], claims["role"]) == (str(user.id), user.email, "authenticated")
    assert claims["exp"] - claims["iat"] == 3600
    with pytest.raises(jwt.ExpiredSignatureError):
        jwt.decode(
            database.jwt_for(user, expires_in=-60), LOCAL_JWT_SECRET, ["HS256"], audience="authenticated"
        )


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"claims": {"x": object()}}, "cannot be written as JSON"),
        ({"claims": {"x": float("nan")}}, "cannot be written as JSON"),
        ({"claims": "no mapping"}, "allowed are claims by their names"),
        ({"claims": {1: "x"}}, "allowed are claims by their names"),
        ({"aal": "aal3"}, "aal='aal3'"),
        ({"role": "no_such_role"}, "No connection can act as"),
        ({"claims": {"x": "y" * 9000}}, "too large"),
    ],
)
def test_what_cannot_be_acted_is_refused(database: SeededDatabase, wrong: dict[str, Any], said: str) -> None:
    """Claims that are no JSON, too large ones, unknown levels and roles: the error says what is allowed."""
    with pytest.raises(UsageError, match=said), database.acting_as(database.users[0], **wrong):
        pass


def test_claims_of_a_plain_row() -> None:
    """A user of a table of the project's own has an id, and may have an address."""
    persona = user_persona({"id": 7, "email": "a@example.com"}, role="app")
    assert (persona.role, persona.claims["sub"], persona.claims["role"]) == ("app", "7", "app")
    assert persona.as_settings()["request.jwt.claim.sub"] == "7"
    assert bare_persona("anon").claims == {"role": "anon", "iss": "supabase"}
    assert Persona("app", {}, {"app.tenant": "a b"}).as_startup_options().endswith(r"-c app.tenant=a\ b")


def test_a_role_that_a_test_forgets_is_gone(kit: SeedSession) -> None:
    """A test that sets a role, or claims, and resets neither leaves nothing to the next one."""
    table_map = kit.table_map()
    dataset = kit.dataset(table_map, kit.plan(table_map))
    with kit.clone(dataset, test="first") as first:
        first.connection.execute("set role anon")
        first.connection.execute(
            'set request.jwt.claims = \'{"sub": "00000000-0000-0000-0000-000000000001"}\''
        )
        first.connection.commit()
    with kit.clone(dataset, test="second") as second:
        assert one(second.connection, "select current_user") == second.connection.info.user
        assert one(second.connection, "select auth.uid()") is None
