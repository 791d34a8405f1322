"""Databases with the platform and a bundled schema, and people who act in them."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from psycopg import sql

from pytest_supaseed.platform.bootstrap import ensure_roles, install_platform
from pytest_supaseed.platform.bundled import bundled_schema
from pytest_supaseed.platform.extensions import ExtensionInstaller

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import psycopg

    from pytest_supaseed.server.endpoint import Endpoint


def with_platform(
    connection: psycopg.Connection, endpoint: Endpoint, *, extensions: Mapping[str, str] | None = None
) -> psycopg.Connection:
    """Lay the platform in an empty database; return the connection, which acts as the owner from now on."""
    owner = endpoint.owner
    ensure_roles(connection, owner=owner, owner_password=endpoint.owner_password or "")
    connection.execute(
        sql.SQL("alter database {} owner to {}").format(
            sql.Identifier(connection.info.dbname), sql.Identifier(owner)
        )
    )
    installer = ExtensionInstaller(connection, owner=owner, overrides=extensions)
    install_platform(connection, owner=owner, extensions=installer)
    connection.execute(sql.SQL("set role {}").format(sql.Identifier(owner)))
    connection.execute('set search_path = "$user", public, extensions')
    return connection


def load_bundled(connection: psycopg.Connection, framework: str) -> psycopg.Connection:
    """Run a bundled schema's files in order."""
    for path in sorted(bundled_schema(framework).glob("*.sql")):
        connection.execute(path.read_bytes())
    return connection


def add_user(connection: psycopg.Connection, email: str, name: str | None = None) -> Any:
    """Insert a user and return the id."""
    metadata = json.dumps({} if name is None else {"name": name})
    return one(
        connection,
        "insert into auth.users (id, email, raw_user_meta_data, created_at)"
        " values (gen_random_uuid(), %s, %s, '2025-03-01 12:00+00') returning id",
        email,
        metadata,
    )


@contextmanager
def acting_as(
    connection: psycopg.Connection, user: Any, *, aal: str | None = "aal1", role: str = "authenticated"
) -> Iterator[None]:
    """Let the block act as an API role with a user's claims; what it writes is kept."""
    claims = {"sub": str(user), "role": role} | ({} if aal is None else {"aal": aal})
    with connection.transaction():
        connection.execute("select set_config('request.jwt.claims', %s, true)", (json.dumps(claims),))
        connection.execute(sql.SQL("set local role {}").format(sql.Identifier(role)))
        yield


def one(connection: psycopg.Connection, query: str, *parameters: object) -> Any:
    """The single value of a query."""
    row = connection.execute(query.encode(), parameters or None).fetchone()
    assert row is not None
    return row[0]
