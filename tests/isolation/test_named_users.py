"""Users by name, and users of some kind that a test makes: found, and acted as."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import bcrypt
import factory
import pytest

from pytest_supaseed import TableFactory
from pytest_supaseed.errors import PlanError, SupaseedError, UsageError
from pytest_supaseed.factories import UserFactory
from pytest_supaseed.isolation.seed_session import Project, SeedSession, open_session
from pytest_supaseed.logins import PERSONAS, Logins
from pytest_supaseed.options import resolve_options
from pytest_supaseed.platform.bundled import bundled_schema
from pytest_supaseed.rows.user_kinds import with_kinds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytest_supaseed.isolation.seeded_database import SeededDatabase
    from pytest_supaseed.server.endpoint import Endpoint

STANDARD = {"super-admin": 1, "custom-role": 1}


@dataclass(frozen=True)
class Opened:
    """A session, and its databases."""

    session: SeedSession

    @contextmanager
    def database(self, framework: str, **options: Any) -> Iterator[SeededDatabase]:
        """A database of ten users of a kit."""
        asked = replace(resolve_options({}, {}), framework=framework, password="open sesame", **options)
        with self.session.clone(self.session.dataset_for(asked), test="named") as found:
            yield found


@pytest.fixture(scope="module")
def opened(endpoint: Endpoint, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    """A session without a schema of its own: the kits' look-alikes."""
    project = Project(tmp_path_factory.mktemp("project"), resolve_options({}, {}), None)
    with open_session(endpoint, project, run="named users", on_wait=lambda _why: None) as session:
        yield Opened(session)


@pytest.fixture(scope="module")
def makerkit(opened: Opened) -> Iterator[SeededDatabase]:
    """MakerKit with all standard users."""
    with opened.database("makerkit", user_kinds=STANDARD, personas=True) as found:
        yield found


def _role(database: SeededDatabase, user: object) -> object:
    row: Any = database.execute(
        "select account_role from {memberships} m join {accounts} a on a.id = m.account_id"
        " where m.user_id = %s and not a.is_personal_account",
        [user],
    ).fetchone()
    return row[0]


def test_roles_are_names(makerkit: SeededDatabase) -> None:
    """The owner owns the first team, the member is in it: each has the role of that name in one team."""
    names = ("owner", "member", "custom-role")
    users = {name: makerkit.users[name] for name in names}

    assert {name: _role(makerkit, user.id) for name, user in users.items()} == dict(
        zip(names, names, strict=True)
    )
    teams = [makerkit.rows("memberships", user_id=users[name].id)[0].account_id for name in names]
    assert len(set(teams)) == 1
    assert makerkit.rows("accounts", id=teams[0])[0].primary_owner_user_id == users["owner"].id
    assert users["owner"] == makerkit.users["owner"]
    assert makerkit.count("roles", name="custom-role", hierarchy_level=4) == 1


def test_the_super_admin_needs_the_second_factor(makerkit: SeededDatabase) -> None:
    """At aal1 the kit's MFA policies show nothing; at aal2 a super-admin sees every account."""
    admin = makerkit.users["super-admin"]
    accounts = makerkit.count("accounts")

    assert admin.raw_app_meta_data["role"] == "super-admin"
    with makerkit.acting_as(admin) as connection:
        assert connection.execute("select count(*) from accounts").fetchone() == (0,)
    with makerkit.acting_as(admin, aal="aal2") as connection:
        assert connection.execute("select count(*) from accounts").fetchone() == (accounts,)
    with makerkit.acting_as(makerkit.users["owner"], aal="aal2") as connection:
        assert connection.execute("select count(*) from accounts").fetchone() != (accounts,)


def test_personas_are_names_and_said(makerkit: SeededDatabase) -> None:
    """Each persona is found by its name and says it; a role of that name would come first."""
    assert [makerkit.users[name].persona for name in PERSONAS] == list(PERSONAS)
    assert {user.persona for user in makerkit.users} == set(PERSONAS)


def test_an_unknown_name_lists_those_that_there_are(makerkit: SeededDatabase) -> None:
    """The error says the names, the roles, and what to ask for."""
    with pytest.raises(UsageError, match="No user is called 'boss'") as unknown:
        makerkit.users["boss"]
    assert "custom-role, member, owner, super-admin, casual, expert, creator, admin, power" in str(
        unknown.value
    )
    with pytest.raises(UsageError, match=r"user-kinds=banned=1"):
        makerkit.users["banned"]


def test_without_asking_there_are_owner_and_member(opened: Opened) -> None:
    """The names of roles need no option; the others say which one they need, and nobody has a persona."""
    with opened.database("makerkit") as database:
        assert _role(database, database.users["owner"].id) == "owner"
        assert database.users["owner"].persona is None
        for name, said in (("admin", "roles of members: member, owner"), ("power", "--supaseed-personas")):
            with pytest.raises(UsageError, match=said):
                database.users[name]


def test_a_role_of_the_project_is_a_name(opened: Opened) -> None:
    """A role that a test gives somebody is a name at once: memberships are asked, not remembered."""
    with opened.database("makerkit") as database:
        database.execute("insert into roles values ('admin', 3)")
        database.execute(
            "update {memberships} set account_role = 'admin' where user_id = %s",
            [database.users["member"].id],
        )
        promoted = database.users["admin"]

        assert _role(database, promoted.id) == "admin"
        assert database.users["member"].id != promoted.id


@pytest.mark.parametrize("framework", ["basejump", "supabase", "makerkit-lite"])
def test_other_kits_have_the_names_that_they_can(opened: Opened, framework: str) -> None:
    """Basejump has both roles; where there are no teams, the first two users stand for them."""
    with opened.database(framework) as database:
        owner, member = database.users["owner"], database.users["member"]

        assert owner.id != member.id
        with pytest.raises(UsageError, match=r"roles of members: member, owner|has no teams"):
            database.users["admin"]
        if framework == "basejump":
            team = database.rows("memberships", user_id=member.id, account_role="member")[0].account_id
            assert database.rows("accounts", id=team)[0].primary_owner_user_id == owner.id


@pytest.mark.parametrize(
    ("framework", "kinds", "said"),
    [
        ("basejump", {"custom-role": 1}, "account_user: owner, member"),
        ("supabase", {"custom-role": 1}, "no roles in teams"),
        ("supabase", {"banned": 8}, "room for 7"),
        ("postgres", {"banned": 1}, "no auth.users|no schema"),
    ],
)
def test_kinds_that_cannot_be_are_errors(
    opened: Opened, framework: str, kinds: dict[str, int], said: str
) -> None:
    """A role that the schema cannot have, more users than there are, a schema without Supabase's users."""
    with pytest.raises(SupaseedError, match=said), opened.database(framework, user_kinds=kinds):
        pass


MADE: dict[str, Callable[[SeededDatabase], Any]] = {
    "create": lambda database: database.create("users", mfa_user=True, banned_user=True),
    "factory": lambda _database: UserFactory(mfa_user=True, banned_user=True),
    "batch": lambda _database: UserFactory.create_batch(3, mfa_user=True, banned_user=True)[2],
}


@pytest.mark.parametrize("how", MADE)
def test_a_test_makes_users_of_any_kind(makerkit: SeededDatabase, how: str) -> None:
    """By `create` or the built-in factory: the user, the identity, factor, session and token."""
    user = MADE[how](makerkit)
    where = {"user_id": user.id}

    assert user.banned_until > user.created_at
    assert bcrypt.checkpw(b"open sesame", user.encrypted_password.encode())
    assert [row.email for row in makerkit.rows("identities", **where)] == [user.email]
    assert [row.status for row in makerkit.rows("auth.mfa_factors", **where)] == ["verified"]
    session = makerkit.rows("auth.sessions", **where)[0]
    assert (session.aal, session.factor_id) == ("aal2", makerkit.rows("auth.mfa_factors", **where)[0].id)
    assert [row.user_id for row in makerkit.rows("auth.refresh_tokens", session_id=session.id)] == [
        str(user.id)
    ]
    methods = {
        row.authentication_method for row in makerkit.rows("auth.mfa_amr_claims", session_id=session.id)
    }
    assert methods == {"password", "totp"}


@pytest.mark.parametrize(
    ("kind", "provider"),
    [
        ("phone", "phone"),
        ("sso", "sso:"),
        ("unconfirmed", "email"),
        ("deleted", "email"),
        ("anonymous", None),
    ],
)
def test_identities_of_users_that_a_test_makes(
    makerkit: SeededDatabase, kind: str, provider: str | None
) -> None:
    """They are of the provider by which the user signs in; nobody knows who is anonymous."""
    user = makerkit.create("users", **{f"{kind}_user": True})
    found = makerkit.rows("identities", user_id=user.id)

    assert len(found) == (provider is not None)
    if provider is not None:
        assert found[0].provider.startswith(provider)
        assert found[0].identity_data.get("email") == (None if kind == "deleted" else user.email)
    assert makerkit.count("auth.sessions", user_id=user.id) == 0


def test_a_factory_of_the_projects_own_has_to_know_the_kinds() -> None:
    """Kinds are traits of the built-in factory: one that does not extend it is told so."""

    class OwnFactory(TableFactory):
        class Meta:
            table = "users"
            planned = False

    with pytest.raises(PlanError, match="OwnFactory does not know how to make them"):
        with_kinds({}, OwnFactory, Logins(kinds={"banned": 1}), lambda _parameters: {})


THERE = """
insert into auth.users (id, email, aud, role, raw_user_meta_data, created_at)
select gen_random_uuid(), 'old.' || n || '@example.com', 'authenticated', 'authenticated',
  '{"name": "Old"}', '2024-05-01' from generate_series(1, 6) n;
"""


@pytest.mark.parametrize("strategy", ["existing", "hybrid"])
def test_users_that_were_there_have_names(
    endpoint: Endpoint, tmp_path: Path, strategy: Literal["existing", "hybrid"]
) -> None:
    """Roles are found in the memberships, whoever was there first; kinds among the new users."""
    (tmp_path / "there.sql").write_text(THERE, encoding="utf-8")
    options = replace(resolve_options({}, {}), framework="makerkit", user_strategy=strategy, users=20)
    if strategy == "hybrid":
        options = replace(options, user_kinds={"banned": 1})
    project = Project(tmp_path, options, [bundled_schema("makerkit"), "there.sql"])
    with (
        open_session(endpoint, project, run="names of who was there", on_wait=lambda _why: None) as session,
        session.clone(session.dataset_for(options), test="named") as database,
    ):
        users = {name: database.users[name] for name in ("owner", "member")}
        assert [_role(database, user.id) for user in users.values()] == ["owner", "member"]
        assert users["owner"].email.startswith("old.")
        if strategy == "existing":
            with pytest.raises(UsageError, match="says what new users are, and none are made"):
                session.dataset_for(replace(options, user_kinds={"banned": 1}))
        else:
            assert database.users["banned"].banned_until is not None


class ProudFactory(UserFactory):
    """A factory whose rows factory_boy evaluates one by one."""

    class Meta:
        planned = False

    @factory.post_generation  # type: ignore[untyped-decorator]  # factory_boy is untyped
    def boast(self, create: bool, extracted: object, **values: object) -> None:  # noqa: FBT001  # its signature
        """A hook, which no chunk can call."""


def test_rows_that_are_made_one_by_one_log_in_too(makerkit: SeededDatabase) -> None:
    """A factory with a hook has the password of the project, and its traits the rows that belong to them."""
    user = ProudFactory(mfa_user=True)

    assert bcrypt.checkpw(b"open sesame", user.encrypted_password.encode())
    assert makerkit.count("auth.mfa_factors", user_id=user.id) == 1
    assert makerkit.count("identities", user_id=user.id) == 1
