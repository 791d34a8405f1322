"""Settings of a database, which Postgres does not copy with it: `alter database ... set`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from psycopg import sql
from psycopg.rows import tuple_row

if TYPE_CHECKING:
    from collections.abc import Iterable

    import psycopg

_LISTS = frozenset(
    {"search_path", "temp_tablespaces", "session_preload_libraries", "local_preload_libraries"}
)


def database_settings(connection: psycopg.Connection) -> list[str]:
    """Return what `alter database ... set` set for all roles in the connection's database: `name=value`."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        rows = cursor.execute(
            "select unnest(s.setconfig) from pg_catalog.pg_db_role_setting as s"
            " join pg_catalog.pg_database as d on d.oid = s.setdatabase"
            " where d.datname = current_database() and s.setrole = 0 order by 1"
        ).fetchall()
    return [text for (text,) in rows]


def apply_settings(connection: psycopg.Connection, database: str, settings: Iterable[str]) -> None:
    """Give a database the settings that `database_settings` returned of another.

    Args:
        connection: in autocommit mode.
        database: its name.
        settings: as `name=value`.
    """
    for setting in settings:
        key, _, value = setting.partition("=")
        connection.execute(
            sql.SQL("alter database {} set {} = {}").format(
                sql.Identifier(database), sql.SQL(key), _setting_value(key, value)
            )
        )


def _setting_value(key: str, value: str) -> sql.Composable:
    """A value as `pg_db_role_setting` holds it; lists of names are there as they are written in SQL."""
    return sql.SQL(value) if key in _LISTS else sql.Literal(value)
