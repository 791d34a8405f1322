"""Who runs the sources of a schema, who owns it in the end, and how it is handed over."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from psycopg import sql

from pytest_supaseed.platform.roles import PLATFORM_ROLES
from pytest_supaseed.platform.scripts import script
from pytest_supaseed.server.scram import FOR_RANDOM_PASSWORDS, make_verifier, verifier_matches

if TYPE_CHECKING:
    import psycopg

    from pytest_supaseed.server.endpoint import Endpoint

MIGRATOR = "supaseed_migrator"
"""A superuser on servers of ours. Not the server's own login: Postgres hands over nothing of that one."""


@dataclass(frozen=True)
class SchemaLogins:
    """Two views of a server: as who runs sources, and as whom tests log in.

    Attributes:
        endpoint: the server, with the schema's owner as its owner.
        migrator: the same, with the role that runs the sources as its owner.
        is_ours: whether the server is run by us, so that its roles are ours to make.
    """

    endpoint: Endpoint
    migrator: Endpoint
    is_ours: bool

    @property
    def hands_over(self) -> bool:
        """Whether what the sources make belongs to somebody else in the end."""
        return self.endpoint.owner != self.migrator.owner

    @property
    def kept_roles(self) -> frozenset[str]:
        """Roles of the server that no schema may alter."""
        platform = (role.name for role in PLATFORM_ROLES)
        return frozenset({*platform, self.endpoint.user, self.endpoint.owner, MIGRATOR})


def schema_logins(endpoint: Endpoint, *, platform: bool) -> SchemaLogins:
    """Decide who runs the sources of a schema and who owns it.

    With the platform both are the endpoint's owner, as on Supabase. Plain migrations are written for the
    rights of a superuser: on a server of ours they have them, and their work is handed to the owner; on
    another server they run as the login, whatever it may do, and belong to it.

    Args:
        endpoint: the server.
        platform: whether the schema is laid on the Supabase platform.
    """
    is_ours = endpoint.kind in {"embedded", "local"}
    if platform:
        return SchemaLogins(endpoint, endpoint, is_ours)
    if is_ours and endpoint.owner != endpoint.user:
        return SchemaLogins(endpoint, replace(endpoint, owner=MIGRATOR), is_ours)
    plain = replace(endpoint, owner=endpoint.user, owner_password=endpoint.password)
    return SchemaLogins(plain, plain, is_ours)


def ensure_migrator(registry: psycopg.Connection, password: str) -> None:
    """Make the role that runs plain migrations on a server of ours, or bring its password up to date.

    Args:
        registry: the connection of the endpoint's login that all processes use for this, a superuser.
        password: what it logs in with.
    """
    with registry.transaction():
        registry.execute("select pg_advisory_xact_lock(hashtext('pytest-supaseed'), hashtext('roles'))")
        found = registry.execute(script("sql/owner_login.sql", {}), {"owner": MIGRATOR}).fetchone()
        if found is not None and verifier_matches(found[0], password):
            return
        statement = "alter role {} superuser login password {}"
        if found is None:
            statement = "create role {} superuser login password {}"
        made = make_verifier(password, iterations=FOR_RANDOM_PASSWORDS)
        registry.execute(sql.SQL(statement).format(sql.Identifier(MIGRATOR), sql.Literal(made)))


def hand_over(login: psycopg.Connection, *, owner: str) -> None:
    """Give all that the migrator made in a database to its owner.

    What only a superuser may own (an event trigger, a wrapper of foreign data, a publication of all tables)
    goes to the login. Where a source gave tables to a role of its own, the owner becomes a member of that.

    Args:
        login: in autocommit mode, the endpoint's login, connected to the database.
        owner: who shall have it.
    """
    names = {"migrator": MIGRATOR, "owner": owner}
    with login.transaction():
        for kind, name in login.execute(script("sql/owned_by_superusers.sql", {}), names).fetchall():
            login.execute(
                sql.SQL("alter {} {} owner to {}").format(
                    _KINDS[kind], sql.Identifier(name), sql.Identifier(login.info.user)
                )
            )
        login.execute(
            sql.SQL("reassign owned by {} to {}").format(sql.Identifier(MIGRATOR), sql.Identifier(owner))
        )
        login.execute(script("sql/default_privileges.sql", {}), names)
        for (role,) in login.execute(script("sql/other_owners.sql", {}), names).fetchall():
            login.execute(sql.SQL("grant {} to {}").format(sql.Identifier(role), sql.Identifier(owner)))


_KINDS = {
    "event trigger": sql.SQL("event trigger"),
    "foreign data wrapper": sql.SQL("foreign data wrapper"),
    "publication": sql.SQL("publication"),
    "subscription": sql.SQL("subscription"),
}
