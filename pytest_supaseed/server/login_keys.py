"""Logging in by the keys of a password: from libpq 18 on, half of what opening a connection takes is saved.

To hash the password is what a client needs most of the time for, 2.5 ms at 4,096 rounds, and the keys are the
same each time. Other clients get the password, and do without.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg.rows import tuple_row

from pytest_supaseed.server.scram import LoginKeys, derive_keys

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_supaseed.server.endpoint import Endpoint

FIRST_LIBPQ = 180000
"""The libpq that takes keys, as `psycopg.pq.version` tells it."""
_OTHER_LOGIN = frozenset({"user", "password", "host", "hostaddr", "port", "service", "passfile", "conninfo"})
"""Parameters of a connection to which the keys need not belong."""


def read_owner_keys(registry: psycopg.Connection, endpoint: Endpoint) -> LoginKeys | None:
    """Return the keys by which the owner logs in; None where libpq takes none, or the server does not tell.

    Args:
        registry: a connection of `endpoint.user`.
        endpoint: the server.
    """
    if not endpoint.is_superuser or endpoint.owner_password is None or psycopg.pq.version() < FIRST_LIBPQ:
        return None
    with registry.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(
            "select rolpassword from pg_catalog.pg_authid where rolname = %s", (endpoint.owner,)
        ).fetchone()
    return None if row is None else derive_keys(row[0], endpoint.owner_password)


def with_keys(conninfo: str, keys: LoginKeys | None, parameters: Mapping[str, Any]) -> str:
    """Return a connection string with keys beside the password, but where parameters are of another login."""
    if keys is None or _OTHER_LOGIN & parameters.keys():
        return conninfo
    return make_conninfo(conninfo, scram_client_key=keys.client, scram_server_key=keys.server)
