"""Names of clones: they say whose a database is, and that it may be dropped, which a test can undo."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psycopg import sql
from psycopg.rows import tuple_row

from pytest_supaseed.server.databases import drop_database, list_databases, unmark_template

if TYPE_CHECKING:
    from collections.abc import Mapping

    import psycopg


def oid_of(connection: psycopg.Connection, name: str) -> int:
    """Return the OID of a database that is there."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        row: Any = cursor.execute(
            "select oid::int8 from pg_catalog.pg_database where datname = %s", (name,)
        ).fetchone()
    return int(row[0])


def reclaim(registry: psycopg.Connection, made: Mapping[int, str]) -> None:
    """Give renamed databases of ours their names back, and let those be dropped that became templates.

    By its name alone nobody would know it, and it would stay for good.

    Args:
        registry: a connection to the registry, in autocommit mode.
        made: the name that each was made under, by its OID.
    """
    query = (
        "select oid::int8, datname::text, datistemplate from pg_catalog.pg_database"
        " where oid = any(%s::int8[]::oid[])"
    )
    with registry.cursor(row_factory=tuple_row) as cursor:
        found = cursor.execute(query, (list(made),)).fetchall()
    for oid, name, is_template in found:
        if is_template:
            unmark_template(registry, name)
        if name != made[oid]:
            _rename(registry, name, made[oid])


def _rename(registry: psycopg.Connection, name: str, own: str) -> None:
    if own in list_databases(registry, own):
        drop_database(registry, own)  # made under our name meanwhile, with which it would go anyway
    registry.execute(
        "select pg_catalog.pg_terminate_backend(pid, 1000) from pg_catalog.pg_stat_activity"
        " where datname = %s",
        (name,),
    )
    registry.execute(
        sql.SQL("alter database {} rename to {}").format(sql.Identifier(name), sql.Identifier(own))
    )
