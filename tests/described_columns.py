"""A table's columns in short: `name`, `!` where NOT NULL, `=` and the default, or `:=` where generated."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import psycopg


def described_columns(connection: psycopg.Connection, table: str) -> list[str]:
    """The columns of a table in order, each as one word."""
    found = connection.execute(
        "select a.attname || case when a.attnotnull then '!' else '' end || case"
        "  when a.attgenerated <> '' then ':='"
        "  when d.oid is null then ''"
        "  else '=' || regexp_replace(pg_get_expr(d.adbin, d.adrelid), '^(''[^'']*'')::.*$', '\\1') end"
        " from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum"
        " where a.attrelid = %s::regclass and a.attnum > 0 and not a.attisdropped order by a.attnum",
        (table,),
    )
    return [line for (line,) in found]
