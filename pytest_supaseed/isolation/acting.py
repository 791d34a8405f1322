"""Connections that act as somebody under row-level security, as PostgREST's do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from pytest_supaseed.errors import UsageError
from pytest_supaseed.isolation.connection_ends import finish
from pytest_supaseed.server.login_keys import with_keys

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

    from pytest_supaseed.isolation.claims import Persona
    from pytest_supaseed.isolation.connection_ends import AnyConnection
    from pytest_supaseed.server.scram import LoginKeys


class Acting:
    """A connection that acts as somebody, for the length of a `with` or an `async with`.

    Role and claims are the session's startup options: they hold in every transaction, survive `rollback` and
    `reset all`, and go with the connection. The block commits when it ends well, as psycopg's own do.

    Args:
        conninfo: the login, which has to be a member of the role.
        persona: who is acted as.
        keys: by which our own connections log in, beside the password.
    """

    def __init__(self, conninfo: str, persona: Persona, keys: LoginKeys | None = None) -> None:
        self.persona = persona
        self._keys = keys
        known = conninfo_to_dict(conninfo)
        options = " ".join(filter(None, (str(known.get("options") or ""), persona.as_startup_options())))
        self._conninfo = make_conninfo(conninfo, options=options)
        self._connection: psycopg.Connection[Any] | None = None
        self._asynchronous: psycopg.AsyncConnection[Any] | None = None

    @property
    def claims(self) -> Mapping[str, Any]:
        """The claims."""
        return self.persona.claims

    @property
    def conninfo(self) -> str:
        """A libpq connection string by which any client acts so."""
        return self._conninfo

    @property
    def url(self) -> str:
        """A `postgresql://` URL by which any client acts so."""
        known = {name: str(value) for name, value in conninfo_to_dict(self._conninfo).items()}
        login = ":".join(quote(known.pop(part), safe="") for part in ("user", "password") if part in known)
        host, port, name = known.pop("host"), known.pop("port"), quote(known.pop("dbname"), safe="")
        if host.startswith("/"):
            known, place = {"host": host, "port": port, **known}, ""
        else:
            place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        query = "&".join(f"{key}={quote(value, safe='')}" for key, value in known.items())
        return f"postgresql://{login}@{place}/{name}?{query}"

    def __repr__(self) -> str:
        return f"<Acting as {self.persona.name}, role {self.persona.role}>"

    def connect(self, **parameters: Any) -> psycopg.Connection[Any]:
        """Open a connection that acts so.

        Args:
            parameters: of `psycopg.connect`, such as `autocommit=True`.

        Raises:
            UsageError: the role is not there, or the login may not act as it.
        """
        try:
            return psycopg.connect(with_keys(self._conninfo, self._keys, parameters), **parameters)
        except psycopg.OperationalError as error:
            raise _refused(self.persona, error) from error

    async def aconnect(self, **parameters: Any) -> psycopg.AsyncConnection[Any]:
        """Open an asynchronous connection that acts so; see `connect`."""
        try:
            return await psycopg.AsyncConnection.connect(
                with_keys(self._conninfo, self._keys, parameters), **parameters
            )
        except psycopg.OperationalError as error:
            raise _refused(self.persona, error) from error

    def __enter__(self) -> psycopg.Connection[Any]:
        self._refuse_nesting()
        self._connection = self.connect()
        return self._connection.__enter__()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.__exit__(kind, error, trace)

    async def __aenter__(self) -> psycopg.AsyncConnection[Any]:
        self._refuse_nesting()
        self._asynchronous = await self.aconnect()
        return await self._asynchronous.__aenter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        connection, self._asynchronous = self._asynchronous, None
        if connection is not None:
            await connection.__aexit__(kind, error, trace)

    @property
    def opened(self) -> list[AnyConnection]:
        """The connection of a block that has not ended."""
        return [one for one in (self._connection, self._asynchronous) if one is not None]

    def close(self) -> None:
        """Close the connection, in the middle of a block too; done for you after the test."""
        finish(self.opened)

    def _refuse_nesting(self) -> None:
        if self._connection is not None or self._asynchronous is not None:
            raise UsageError(
                f"This connection acts as {self.persona.name} already, in a block that has not ended.",
                remedies=["call acting_as once for each block: blocks may stand inside each other"],
            )


def _refused(persona: Persona, error: psycopg.OperationalError) -> UsageError:
    return UsageError(
        f"No connection can act as {persona.name}: {str(error).strip()}",
        looked_at=[f"role {persona.role}", f"claims: {', '.join(persona.claims)}"],
        remedies=[
            f"let the schema's owner be a member of it: grant {persona.role} to the owner",
            "name another role: acting_as(user, role=...)",
        ],
    )
