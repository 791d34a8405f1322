"""What a server of ours needs right after its start, before anybody uses it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql
from psycopg.rows import tuple_row

from pytest_supaseed.server.databases import PREFIX
from pytest_supaseed.server.memory_tablespace import TABLESPACE, location

if TYPE_CHECKING:
    from collections.abc import Iterator

KEPT = frozenset({"postgres", "template0", "template1"})


def prepare_server(conninfo: str, memory: Path | None) -> None:
    """Drop what the last run left that nobody can use, and give the server its tablespace in memory.

    Databases named `supaseed_*` on disk are kept. Any other belongs to a run that was killed, such as those
    that pytest-postgresql makes; and what was in memory is gone.

    Args:
        conninfo: a superuser's connection to a server that nobody else uses yet.
        memory: the folder for the tablespace; None for none.
    """
    with psycopg.connect(conninfo, autocommit=True) as connection:
        for name in list(_of_no_use(connection)):
            _drop(connection, name)
        _drop_tablespace(connection)
        if memory is not None:
            connection.execute(
                sql.SQL("create tablespace {} location {}").format(
                    sql.Identifier(TABLESPACE), sql.Literal(str(location(memory)))
                )
            )


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
    connection.execute(sql.SQL("alter database {} is_template false").format(sql.Identifier(name)))
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
