"""The roles of a Supabase cluster: what is missing, and the statements that add it. No connection here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from psycopg import sql

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

CREATEROLE_NEEDS_ITS_OWN_ATTRIBUTES = 160000
"""From here on a role with CREATEROLE may hand on BYPASSRLS, REPLICATION and CREATEDB if it has them itself;
before, only a superuser hands on the first two, and CREATEDB is free."""

ADMIN_OPTION_MATTERS = 160000
"""From here on CREATEROLE alone does not let `grant authenticated to my_role` pass: the admin option does."""

API_ROLES = ("anon", "authenticated", "service_role")


@dataclass(frozen=True, slots=True)
class Role:
    """A role and the attributes that it has beyond a plain `create role`."""

    name: str
    attributes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Membership:
    """`member` may act as `role`."""

    role: str
    member: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """What is there: roles with their attributes, memberships, and who is asking.

    Attributes:
        attributes: per role, of `login superuser createdb createrole bypassrls replication noinherit`.
        memberships: those by which the member may `set role`.
        administered: those that carry the admin option.
    """

    server_version: int
    login: str
    attributes: Mapping[str, frozenset[str]]
    memberships: frozenset[Membership]
    administered: frozenset[Membership]

    @property
    def login_is_superuser(self) -> bool:
        """May the asking login do everything."""
        return "superuser" in self.attributes[self.login]

    @property
    def login_makes_roles(self) -> bool:
        """May the asking login create roles."""
        return bool(self.attributes[self.login] & {"superuser", "createrole"})


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleChanges:
    """What to run, in order; what to tell; and which roles can be had in no way."""

    statements: tuple[sql.Composed, ...]
    notes: tuple[str, ...]
    out_of_reach: tuple[str, ...]


def _role(name: str, attributes: str = "") -> Role:
    return Role(name, frozenset(attributes.split()))


PLATFORM_ROLES = (
    _role("anon"),
    _role("authenticated"),
    _role("service_role", "bypassrls"),
    _role("authenticator", "login noinherit"),
    _role("supabase_admin", "createdb createrole bypassrls replication"),
    _role("supabase_auth_admin", "login noinherit createrole"),
    _role("supabase_storage_admin", "login noinherit createrole"),
    _role("supabase_realtime_admin", "noinherit"),
    _role("supabase_functions_admin", "login noinherit createrole"),
    _role("supabase_replication_admin", "login replication"),
    _role("supabase_read_only_user", "login bypassrls"),
    _role("dashboard_user", "createdb createrole replication"),
    _role("pgbouncer", "login"),
    _role("pgsodium_keyiduser"),
    _role("pgsodium_keyholder"),
    _role("pgsodium_keymaker"),
)

PLATFORM_MEMBERSHIPS = (
    *(Membership(role, "authenticator") for role in API_ROLES),
    Membership("authenticator", "supabase_storage_admin"),
    Membership("pg_read_all_data", "supabase_read_only_user"),
    Membership("pgsodium_keyiduser", "pgsodium_keyholder"),
    Membership("pgsodium_keyholder", "pgsodium_keymaker"),
    Membership("pgsodium_keyholder", "service_role"),
)

OWNER_ADMINISTERS = (*API_ROLES, "authenticator", "pg_monitor", "pg_read_all_data", "pg_signal_backend")
OWNER_BELONGS_TO = (
    *OWNER_ADMINISTERS,
    "supabase_auth_admin",
    "supabase_storage_admin",
    "supabase_realtime_admin",
    "supabase_functions_admin",
    "pgsodium_keyiduser",
    "pgsodium_keyholder",
    "pgsodium_keymaker",
)

OWNER_ATTRIBUTES = frozenset({"login", "createdb", "createrole", "bypassrls", "replication"})


def plan_roles(cluster: Cluster, owner: str) -> RoleChanges:
    """Decide how the cluster gets the platform's roles.

    A role that is there keeps its attributes, and what it lacks is told. Only an owner other than the login
    gets what it lacks. No superuser is demoted.
    """
    wanted = PLATFORM_ROLES if owner == cluster.login else (*PLATFORM_ROLES, Role(owner, OWNER_ATTRIBUTES))
    missing = tuple(role for role in wanted if role.name not in cluster.attributes)
    if missing and not cluster.login_makes_roles:
        names = tuple(role.name for role in missing)
        return RoleChanges(statements=(), notes=(), out_of_reach=names)
    return RoleChanges(
        statements=(
            *(_create(role, _grantable(cluster, role)) for role in missing),
            *_completions(cluster, owner),
            *_grants(cluster, owner),
        ),
        notes=tuple(_notes(cluster, missing, wanted, owner)),
        out_of_reach=(),
    )


def _grantable(cluster: Cluster, role: Role) -> frozenset[str]:
    if cluster.login_is_superuser:
        return role.attributes
    free = {"login", "noinherit", "createrole"}
    if cluster.server_version >= CREATEROLE_NEEDS_ITS_OWN_ATTRIBUTES:
        return role.attributes & (free | cluster.attributes[cluster.login])
    return role.attributes & (free | {"createdb"})


def _completions(cluster: Cluster, owner: str) -> Iterator[sql.Composed]:
    if owner != cluster.login and cluster.login_is_superuser:
        lacking = _lacking(cluster, Role(owner, OWNER_ATTRIBUTES))
        if lacking:
            yield _alter(owner, lacking)


def _lacking(cluster: Cluster, role: Role) -> frozenset[str]:
    """What an existing role should have and has not; a superuser has everything."""
    present = cluster.attributes.get(role.name, frozenset({"superuser"}))
    return frozenset() if "superuser" in present else role.attributes - present - {"noinherit"}


def _grants(cluster: Cluster, owner: str) -> Iterator[sql.Composed]:
    for membership in PLATFORM_MEMBERSHIPS:
        if membership not in cluster.memberships and _may_grant(cluster, membership):
            yield _grant(membership, with_admin=False)
    if "superuser" in cluster.attributes.get(owner, frozenset()):
        return
    for role in OWNER_BELONGS_TO:
        membership = Membership(role, owner)
        with_admin = (
            cluster.server_version >= ADMIN_OPTION_MATTERS
            and role in OWNER_ADMINISTERS
            and cluster.login_is_superuser
        )
        held = membership in cluster.memberships and (not with_admin or membership in cluster.administered)
        if not held and _may_grant(cluster, membership):
            yield _grant(membership, with_admin=with_admin)


def _may_grant(cluster: Cluster, membership: Membership) -> bool:
    """A role that somebody else made is granted on by who administers it; before 16 CREATEROLE is enough.

    Postgres refuses circles, and a server that is not ours may have one the other way round.
    """
    if _acts_as(cluster, membership.role, membership.member):
        return False
    if cluster.login_is_superuser or Membership(membership.role, cluster.login) in cluster.administered:
        return True
    ours = membership.role not in cluster.attributes
    return cluster.login_makes_roles and (ours or cluster.server_version < ADMIN_OPTION_MATTERS)


def _acts_as(cluster: Cluster, member: str, role: str) -> bool:
    """May `member` act as `role`, be it through others."""
    reached, waiting = {member}, [member]
    while waiting:
        current = waiting.pop()
        for found in cluster.memberships:
            if found.member == current and found.role not in reached:
                reached.add(found.role)
                waiting.append(found.role)
    return role in reached


def _notes(
    cluster: Cluster, missing: tuple[Role, ...], wanted: tuple[Role, ...], owner: str
) -> Iterator[str]:
    if cluster.login == owner:
        yield from _owner_notes(cluster, owner)
        if missing:
            yield "created on this server: roles " + ", ".join(role.name for role in missing)
    elif "superuser" in cluster.attributes.get(owner, frozenset()):
        yield f"role {owner} is a superuser on this server and stays one: no grant and no policy stops it"
    for role in missing:
        if refused := role.attributes - _grantable(cluster, role):
            yield f"role {role.name} lacks {_words(refused)}: {cluster.login} may not give it"
    for role in wanted:
        lacking = _lacking(cluster, role)
        if lacking and role.name != owner:
            yield f"role {role.name} exists on this server without {_words(lacking)}; it was left as it is"


def _owner_notes(cluster: Cluster, owner: str) -> Iterator[str]:
    if cluster.login_is_superuser:
        yield (
            f"migrations run as {owner}, which is a superuser on this server; on Supabase it is none,"
            " so a missing grant or policy may go unnoticed here"
        )
    elif "bypassrls" not in cluster.attributes[owner]:
        yield f"migrations run as {owner}, which lacks BYPASSRLS here; on Supabase `postgres` has it"
    if not cluster.login_is_superuser:
        barred = [
            role
            for role in API_ROLES
            if Membership(role, owner) not in cluster.memberships
            and not _may_grant(cluster, Membership(role, owner))
        ]
        if barred:
            yield f"{owner} may not act as {', '.join(barred)}: a superuser has to grant it"


def _words(attributes: frozenset[str]) -> str:
    return ", ".join(sorted(attribute.upper() for attribute in attributes))


def _create(role: Role, attributes: frozenset[str]) -> sql.Composed:
    return sql.SQL("create role {} {};").format(sql.Identifier(role.name), _keywords(attributes))


def _alter(name: str, attributes: frozenset[str]) -> sql.Composed:
    return sql.SQL("alter role {} {};").format(sql.Identifier(name), _keywords(attributes))


def _keywords(attributes: frozenset[str]) -> sql.Composed:
    words: list[sql.Composable] = [sql.SQL(word) for word in sorted(attributes)]
    return sql.SQL(" ").join(words)


def _grant(membership: Membership, *, with_admin: bool) -> sql.Composed:
    option = sql.SQL(" with admin option;") if with_admin else sql.SQL(";")
    return sql.SQL("grant {} to {}{}").format(
        sql.Identifier(membership.role), sql.Identifier(membership.member), option
    )
