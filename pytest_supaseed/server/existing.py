"""Servers that run already: named by a URL, or by a process fixture of pytest-postgresql."""

from __future__ import annotations

import hashlib
import hmac
from contextlib import contextmanager
from dataclasses import dataclass, replace
from ipaddress import ip_address
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.rows import tuple_row

from pytest_supaseed.errors import EndpointError, UsageError
from pytest_supaseed.server.endpoint import OLDEST_VERSION, Endpoint, EndpointKind
from pytest_supaseed.server.poolers import refuse_shared_sessions, refuse_transaction_port, shares_sessions
from pytest_supaseed.server.scram import verifier_matches
from pytest_supaseed.server.settled_sessions import settle
from pytest_supaseed.server.writability import refuse_unwritable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

OWNER = "postgres"
"""The role that migrations run as on Supabase."""

CONNECT_SECONDS = 10
"""How long a server may take to answer, where the URL does not say `connect_timeout`."""

_ADDRESS = frozenset({"host", "hostaddr", "port", "user", "password", "dbname"})


@dataclass(frozen=True, slots=True)
class RoleFacts:
    """What decides who owns the databases: the login, and the role `postgres` where there is one."""

    login: str
    login_is_superuser: bool
    owner_exists: bool
    owner_is_superuser: bool
    owner_verifier: str | None


def endpoint_from_url(url: str, *, source: str, allow_remote: bool) -> Endpoint:
    """Connect to a server once and return what it is.

    Args:
        url: a `postgresql://` URL or a libpq connection string.
        source: who said it, for messages: `--supaseed-url`.
        allow_remote: whether it may be on another machine.

    Raises:
        UsageError: the URL is none.
        EndpointError: the server is remote, cannot be reached, refuses the login, or is too old.
    """
    given = _parse(url, source)
    _refuse_remote(given, source, allow_remote=allow_remote)
    _refuse_pooled(given, source)
    return _describe(given, source, kind="existing")


@contextmanager
def read_only_connection(url: str, *, source: str, allow_remote: bool) -> Iterator[psycopg.Connection]:
    """Give a connection to the very database of a URL, in which Postgres refuses every write.

    A standby and a pooler in transaction mode serve as well: nothing outlives a transaction.

    Args:
        url: a `postgresql://` URL or a libpq connection string.
        source: who said it, for messages: `--url`.
        allow_remote: whether it may be on another machine.

    Raises:
        UsageError: the URL is none.
        EndpointError: the server is remote, cannot be reached, refuses the login, or is too old.
    """
    given = _parse(url, source)
    _refuse_remote(given, source, allow_remote=allow_remote)
    with _connected(given, source) as connection:
        _refuse_old(connection, source)
        if not shares_sessions(connection, lambda: _connected(given, source)):
            settle(connection)  # where it is shared, others would have it too
        connection.autocommit = False
        connection.read_only = True
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.prepare_threshold = None
        yield connection


@contextmanager
def own_connection(url: str, *, source: str, allow_remote: bool) -> Iterator[psycopg.Connection]:
    """Give an autocommit connection to the very database of a URL, to write into it.

    Args:
        url: a `postgresql://` URL or a libpq connection string.
        source: who said it, for messages: `--url`.
        allow_remote: whether it may be on another machine.

    Raises:
        UsageError: the URL is none.
        EndpointError: the server is remote, cannot be reached, refuses the login or writes, is too old, or
            is a pooler that shares a session among many.
    """
    given = _parse(url, source)
    _refuse_remote(given, source, allow_remote=allow_remote)
    _refuse_pooled(given, source)
    with _connected(given, source) as connection:
        _refuse_old(connection, source)
        refuse_shared_sessions(connection, source, lambda: _connected(given, source))
        refuse_unwritable(connection, source)
        settle(connection)
        yield connection


def endpoint_from_process(process: Any, *, name: str) -> Endpoint:
    """Return the endpoint that a process fixture of pytest-postgresql runs.

    Args:
        process: the fixture's value: its `host`, `port`, `user` and `password` are read.
        name: the fixture's name, for messages.

    Raises:
        EndpointError: the value is no such process, or the server cannot be used.
    """
    missing = [part for part in ("host", "port", "user") if not hasattr(process, part)]
    if missing:
        raise EndpointError(
            f"The fixture {name} is no process fixture of pytest-postgresql: its value, a"
            f" {type(process).__name__}, has no {', '.join(missing)}.",
            remedies=[
                f"{name} = pytest_postgresql.factories.postgresql_proc() in conftest.py",
                "leave the option `postgresql` out to use a server of our own",
            ],
        )
    given = {"host": str(process.host), "port": str(process.port), "user": str(process.user)}
    if getattr(process, "password", None):
        given["password"] = str(process.password)
    found = _describe({**given, "dbname": "postgres"}, f"the fixture {name}", kind="fixture")
    return replace(found, title=f"Postgres {found.version} of the fixture {name}")


def _parse(url: str, source: str) -> dict[str, str]:
    scheme, separator, rest = url.partition("://")
    plain = f"postgresql://{rest}" if separator and scheme.startswith("postgresql+") else url
    try:
        found = {key: str(value) for key, value in conninfo_to_dict(plain).items()}
    except psycopg.ProgrammingError as error:
        raise _no_url(source, str(error).strip()) from None
    for port in filter(None, found.get("port", "").split(",")):
        if not port.isdecimal():
            raise _no_url(source, f"{port!r} is no port")
    return found


def _no_url(source: str, why: str) -> UsageError:
    return UsageError(
        f"{source} is no URL of a Postgres server: {why}.",
        remedies=["write it as postgresql://user:password@host:port/database"],
    )


def _refuse_remote(given: Mapping[str, str], source: str, *, allow_remote: bool) -> None:
    remote = [host for host in _hosts(given) if not _is_local(host)]
    if remote and not allow_remote:
        raise EndpointError(
            f"{source} names a server on another machine, {', '.join(remote)}: it might be production.",
            looked_at=[f"{source}: {_shown(given)}"],
            remedies=[
                f"if it is a test server, say {_remote_flag(source)} (SUPASEED_ALLOW_REMOTE=true)",
                "leave the URL out to use a server of our own",
            ],
        )


def _refuse_pooled(given: Mapping[str, str], source: str) -> None:
    """By the port, on another machine; whatever is on this one is asked."""
    if not all(map(_is_local, _hosts(given))):
        refuse_transaction_port(given, source)


def _hosts(given: Mapping[str, str]) -> list[str]:
    return [host for host in (given.get("hostaddr") or given.get("host") or "localhost").split(",") if host]


def shown_url(url: str) -> str:
    """Return a URL, or connection string, as a shell takes it, without its password.

    Args:
        url: what was given; it is a URL of a server.
    """
    import shlex

    return shlex.quote(_shown(_parse(url, "--url")))


def _remote_flag(source: str) -> str:
    """The flag's name on the command line that the URL was given on."""
    return "--allow-remote" if source == "--url" else "--supaseed-allow-remote"


def _is_local(host: str) -> bool:
    """A socket's folder, this machine's name for itself, or a loopback address."""
    if host.startswith(("/", "@")) or host.lower() == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _shown(given: Mapping[str, str]) -> str:
    """The connection parameters without what is secret."""
    return make_conninfo("", **{key: value for key, value in given.items() if "password" not in key})


def _describe(given: Mapping[str, str], source: str, *, kind: EndpointKind) -> Endpoint:
    with _connected(given, source) as connection:
        return _endpoint(connection, given, source, kind)


def _connected(given: Mapping[str, str], source: str) -> psycopg.Connection:
    parameters: dict[str, Any] = {"connect_timeout": str(CONNECT_SECONDS), **given}
    try:
        return psycopg.connect("", **parameters, autocommit=True)
    except psycopg.OperationalError as error:
        raise _unreachable(given, source, error) from None


def _endpoint(
    connection: psycopg.Connection, given: Mapping[str, str], source: str, kind: EndpointKind
) -> Endpoint:
    info = connection.info
    major, minor = divmod(info.server_version, 10000)
    _refuse_old(connection, source)
    refuse_shared_sessions(connection, source, lambda: _connected(given, source))
    refuse_unwritable(connection, source)
    facts = _role_facts(connection)
    owner, owner_password = choose_owner(facts, info.password)
    return Endpoint(
        kind=kind,
        host=given.get("host") or info.host,
        port=info.port,
        user=info.user,
        password=info.password or None,
        database=info.dbname,
        owner=owner,
        owner_password=owner_password,
        is_superuser=facts.login_is_superuser,
        version=f"{major}.{minor}",
        title=f"Postgres {major}.{minor} at {info.host}:{info.port}",
        parameters=MappingProxyType(
            {key: value for key, value in given.items() if key not in _ADDRESS or key == "hostaddr"}
        ),
    )


def _refuse_old(connection: psycopg.Connection, source: str) -> None:
    major, minor = divmod(connection.info.server_version, 10000)
    if major < OLDEST_VERSION:
        raise EndpointError(
            f"The server of {source} is Postgres {major}.{minor}; the oldest that works is {OLDEST_VERSION}.",
            looked_at=[f"server_version at {connection.info.host}:{connection.info.port}"],
            remedies=["use a newer server", "leave the URL out to use a server of our own"],
        )


def _role_facts(connection: psycopg.Connection) -> RoleFacts:
    superuser = connection.info.parameter_status("is_superuser") == "on"
    with connection.cursor(row_factory=tuple_row) as cursor:
        role = cursor.execute(
            "select rolsuper from pg_catalog.pg_roles where rolname = %s", (OWNER,)
        ).fetchone()
        verifier = (
            cursor.execute(
                "select rolpassword from pg_catalog.pg_authid where rolname = %s", (OWNER,)
            ).fetchone()
            if superuser
            else None
        )
    return RoleFacts(
        login=connection.info.user,
        login_is_superuser=superuser,
        owner_exists=role is not None,
        owner_is_superuser=bool(role and role[0]),
        owner_verifier=verifier[0] if verifier else None,
    )


def choose_owner(facts: RoleFacts, password: str) -> tuple[str, str | None]:
    """Return the role that owns the databases and runs migrations, and its password.

    On Supabase that is `postgres`, no superuser. It is used where it is ours: made by an earlier run, or
    missing and ours to make. One that somebody else made is left alone, and the login itself is the owner.
    """
    ours = hmac.digest(password.encode(), b"pytest-supaseed owner", hashlib.sha256).hex()
    if facts.login == OWNER or not facts.login_is_superuser:
        return facts.login, password or None
    if not facts.owner_exists:
        return OWNER, ours
    if not facts.owner_is_superuser and verifier_matches(facts.owner_verifier, ours):
        return OWNER, ours
    return facts.login, password or None


def _unreachable(given: Mapping[str, str], source: str, error: psycopg.OperationalError) -> EndpointError:
    said = " ".join(str(error).split())
    return EndpointError(
        f"The server of {source} cannot be used: {said}",
        looked_at=[f"{source}: {_shown(given)}"],
        remedies=[
            _remedy(said),
            "leave the URL out to use a server of our own (extra `embedded`)",
        ],
    )


_NOT_REACHED = (
    "refused",
    "timeout",
    "timed out",
    "unreachable",
    "translate host name",
    "resolve host",
    "No such file",
    "No route",
    "closed the connection",
    "reset by peer",
)
"""Of what libpq says by itself, in English: it was no server of Postgres's that answered."""


def _remedy(said: str) -> str:
    if "password" in said or "authentication" in said:
        return "correct the user and the password in the URL"
    if "permission denied" in said:
        return "grant CONNECT on the database to the user, or name another user"
    if "does not exist" in said:
        return "name a database that exists there, such as postgres"
    if "starting up" in said or "too many" in said:
        return "wait until the server takes connections, then run again"
    if any(words in said for words in _NOT_REACHED):
        return "start the server, or correct the host and port in the URL"
    return "the server was reached: correct in the URL what it speaks of"
