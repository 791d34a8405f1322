"""The Supabase platform: its roles in the cluster, and everything else in one fresh database.

Roles are cluster-wide and made once; the rest is per database and travels with its copies. What does not
travel (settings by `alter database ... set`, grants on the database) is not used where the owner is a role
of ours: its `search_path` is set on the role.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from pytest_supaseed.errors import EndpointError
from pytest_supaseed.platform.extensions import ExtensionInstaller
from pytest_supaseed.platform.roles import Cluster, Membership, RoleChanges, plan_roles
from pytest_supaseed.platform.scripts import OWNER, digest_of, script
from pytest_supaseed.server.scram import make_verifier, verifier_matches

if TYPE_CHECKING:
    from collections.abc import Sequence

PLATFORM_VERSION = 1
"""Raised when what the Python side does with the SQL files changes."""

RACES = 5
"""Processes in different databases do not share the lock, and meet at most once per kind of statement."""

PARTS: tuple[tuple[str | None, tuple[str, ...]], ...] = (
    (None, ("schemas",)),
    ("supabase_auth_admin", ("auth_users", "auth_sessions", "auth_providers")),
    ("supabase_storage_admin", ("storage", "storage_uploads")),
    ("supabase_realtime_admin", ("realtime",)),
    (None, ("graphql", "webhooks", "publication")),
)
"""Which role owns what which files make; None is the login itself."""


def platform_digest() -> str:
    """A digest over everything that a platform database is made of: part of a template's name."""
    return f"{PLATFORM_VERSION}-{digest_of('sql', 'stubs', 'extension_files')}"


def ensure_roles(conn: psycopg.Connection, *, owner: str, owner_password: str) -> tuple[str, ...]:
    """Make the cluster-wide roles that Supabase migrations name. Idempotent, and safe between processes.

    Args:
        conn: a connection as the endpoint's login.
        owner: the role that migrations run as. Where it is the login itself, it is left as it is.
        owner_password: what it logs in with.

    Returns:
        What differs from Supabase on this server, one line each.

    Raises:
        EndpointError: roles are missing and the login may not create any.
    """
    for _ in range(RACES - 1):
        try:
            return _ensure_roles(conn, owner, owner_password)
        except (
            psycopg.errors.DuplicateObject,
            psycopg.errors.UniqueViolation,
            psycopg.errors.InternalError_,
        ):
            continue  # another process, in another database of this cluster, was faster: look again
    return _ensure_roles(conn, owner, owner_password)


def _ensure_roles(conn: psycopg.Connection, owner: str, owner_password: str) -> tuple[str, ...]:
    with conn.transaction():
        conn.execute("select pg_advisory_xact_lock(hashtext('pytest-supaseed'), hashtext('roles'))")
        cluster = _cluster(conn)
        changes = plan_roles(cluster, owner)
        if changes.out_of_reach:
            raise _no_roles(cluster, changes)
        refused = _apply(conn, changes.statements, all_at_once=cluster.login_is_superuser)
        if owner != cluster.login and cluster.login_is_superuser:
            _equip_owner(conn, owner, owner_password)
        return (*changes.notes, *refused)


def _cluster(conn: psycopg.Connection) -> Cluster:
    with conn.cursor(row_factory=dict_row) as cursor:
        found: Any = cursor.execute(script("sql/cluster_roles.sql", {})).fetchone()
    return Cluster(
        server_version=conn.info.server_version,
        login=found["login"],
        attributes={name: frozenset(words) for name, words in found["attributes"].items()},
        memberships=frozenset(Membership(*pair) for pair in found["usable"]),
        administered=frozenset(Membership(*pair) for pair in found["administered"]),
    )


def _no_roles(cluster: Cluster, changes: RoleChanges) -> EndpointError:
    roles = ", ".join(changes.out_of_reach)
    return EndpointError(
        f"The roles that Supabase migrations name are missing on this server, and {cluster.login}"
        " may not create roles.",
        looked_at=[f"pg_roles as {cluster.login}: no {roles}"],
        remedies=[
            f"let a superuser run: alter role {cluster.login} createrole",
            "use a login that may create roles, or leave --supaseed-url out to use the embedded server",
        ],
    )


def _apply(conn: psycopg.Connection, statements: Sequence[sql.Composed], *, all_at_once: bool) -> list[str]:
    if all_at_once:
        if statements:
            conn.execute(sql.SQL("\n").join(statements))
        return []
    refused = []
    for statement in statements:
        try:
            with conn.transaction():
                conn.execute(statement)
        except psycopg.errors.InsufficientPrivilege as error:
            refused.append(f"the server refused `{statement.as_string(conn)}`: {error.diag.message_primary}")
    return refused


def _equip_owner(conn: psycopg.Connection, owner: str, password: str) -> None:
    found = conn.execute(script("sql/owner_login.sql", {}), {"owner": owner}).fetchone()
    verifier, has_path, is_superuser = found or (None, False, False)
    if is_superuser:
        return
    if not verifier_matches(verifier, password):
        conn.execute(
            sql.SQL("alter role {} password {}").format(
                sql.Identifier(owner), sql.Literal(make_verifier(password))
            )
        )
    if not has_path:
        conn.execute(
            sql.SQL('alter role {} set search_path = "$user", public, extensions').format(
                sql.Identifier(owner)
            )
        )


def install_platform(
    conn: psycopg.Connection, *, owner: str, extensions: ExtensionInstaller | None = None
) -> tuple[str, ...]:
    """Make a fresh database what a Supabase project's first migration finds.

    Args:
        conn: a connection as the endpoint's login to a database that `owner` owns; `ensure_roles` has run.
        owner: the role that migrations run as.
        extensions: records what became of the two extensions that every project has (uuid-ossp and pgcrypto).

    Returns:
        What differs from Supabase in this database, one line each.

    Raises:
        psycopg.Error: the database is not fresh, or a privilege is missing that nothing stands in for.
    """
    installer = extensions or ExtensionInstaller(conn, owner=owner)
    notes: list[str] = []
    with conn.transaction():
        for role, files in PARTS:
            notes += _run_as(conn, role, files, owner)
        for name in ("uuid-ossp", "pgcrypto"):
            installer.create(name, schema="extensions", if_not_exists=True)
        conn.execute(script("stubs/supabase_vault.sql", {OWNER: owner}))
        _settle_search_path(conn, owner)
    return tuple(notes)


def _run_as(conn: psycopg.Connection, role: str | None, files: Sequence[str], owner: str) -> list[str]:
    text = sql.SQL("\n").join(script(f"sql/{name}.sql", {OWNER: owner}) for name in files)
    if role is None:
        conn.execute(text)
        return []
    try:
        with conn.transaction():
            conn.execute(sql.SQL("set local role {}").format(sql.Identifier(role)))
    except psycopg.errors.InsufficientPrivilege:
        conn.execute(text)
        return [f"{role} owns nothing in this database: the login may not act as it, and owns its objects"]
    conn.execute(text)
    conn.execute("reset role")
    return []


def _settle_search_path(conn: psycopg.Connection, owner: str) -> None:
    """Where the owner's own role must not be altered, the database says where extensions are."""
    if conn.info.user == owner:
        conn.execute(
            sql.SQL('alter database {} set search_path = "$user", public, extensions').format(
                sql.Identifier(conn.info.dbname)
            )
        )
