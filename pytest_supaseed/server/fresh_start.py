"""What a server of ours needs right after its start, before anybody uses it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql
from psycopg.rows import tuple_row

from pytest_supaseed.server.databases import PREFIX, unmark_template
from pytest_supaseed.server.memory_tablespace import TABLESPACE, location
from pytest_supaseed.server.scram import FOR_RANDOM_PASSWORDS, make_verifier, verifier_matches

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_supaseed.server.endpoint import Endpoint

KEPT = frozenset({"postgres", "template0", "template1"})


def prepare_server(endpoint: Endpoint, memory: Path | None) -> None:
    """Drop what the last run left that nobody can use, and give the server its tablespace in memory.

    Databases named `supaseed_*` on disk are kept. Any other belongs to a run that was killed, such as those
    that pytest-postgresql makes; and what was in memory is gone. Logins of superusers are made quick.

    Args:
        endpoint: a server that nobody else uses yet, whose login is a superuser.
        memory: the folder for the tablespace; None for none.
    """
    with psycopg.connect(endpoint.conninfo(), autocommit=True) as connection:
        _quicken_logins(connection, endpoint)
        for name in list(_of_no_use(connection)):
            _drop(connection, name)
        _drop_tablespace(connection)
        if memory is not None:
            connection.execute(
                sql.SQL("create tablespace {} location {}").format(
                    sql.Identifier(TABLESPACE), sql.Literal(str(location(memory)))
                )
            )


def _quicken_logins(connection: psycopg.Connection, endpoint: Endpoint) -> None:
    """Hash the superusers' passwords, which are random and ours, once and not 4,096 times.

    `initdb` and older releases of ours stored them at that price; the passwords stay. Those that anybody's
    application may log in with are left alone: not every driver takes fewer rounds.
    """
    ours = [password for password in (endpoint.password, endpoint.owner_password) if password]
    for role, verifier in _costly_superusers(connection):
        password = next((one for one in ours if verifier_matches(verifier, one)), None)
        if password is not None:
            made = make_verifier(password, iterations=FOR_RANDOM_PASSWORDS)
            connection.execute(
                sql.SQL("alter role {} password {}").format(sql.Identifier(role), sql.Literal(made))
            )


def _costly_superusers(connection: psycopg.Connection) -> list[tuple[str, str]]:
    """The superusers whose passwords are hashed oftener, with their verifiers."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        return cursor.execute(
            "select rolname, rolpassword from pg_catalog.pg_authid"
            " where rolsuper and rolpassword like 'SCRAM-SHA-256$%%'"
            " and not starts_with(rolpassword, %s) order by 1",
            (f"SCRAM-SHA-256${FOR_RANDOM_PASSWORDS}:",),
        ).fetchall()


def _of_no_use(connection: psycopg.Connection) -> Iterator[str]:
    with connection.cursor(row_factory=tuple_row) as cursor:
        found = cursor.execute(
            "select d.datname, t.spcname from pg_catalog.pg_database as d"
            " join pg_catalog.pg_tablespace as t on t.oid = d.dattablespace order by 1"
        )
        for name, tablespace in found:
            if tablespace == TABLESPACE or (name not in KEPT and not name.startswith(PREFIX)):
                yield name


def _drop(connection: psycopg.Connection, name: str) -> None:
    unmark_template(connection, name)
    connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


def _drop_tablespace(connection: psycopg.Connection) -> None:
    with connection.cursor(row_factory=tuple_row) as cursor:
        row = cursor.execute(
            "select pg_catalog.pg_tablespace_location(oid) from pg_catalog.pg_tablespace where spcname = %s",
            (TABLESPACE,),
        ).fetchone()
    if row is None:
        return
    connection.execute(sql.SQL("drop tablespace {}").format(sql.Identifier(TABLESPACE)))
    shutil.rmtree(Path(row[0]).parent, ignore_errors=True)
