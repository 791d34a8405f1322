"""All of a database, as values: each row of each table, the system's own too, and what is told elsewhere.

It has more than `pg_dump` writes: the rows of the system catalogs themselves, OIDs and all, which are the
same in any two clones of one template. Left out is what is no part of a database's content: where and how a
table lies in files, what the planner believes of it, and the empty schemas of temporary tables.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, LiteralString

import psycopg
from psycopg import sql

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

PHYSICAL: Mapping[str, tuple[str, ...] | None] = {
    "pg_class": (
        "relfilenode",
        "relpages",
        "reltuples",
        "relallvisible",
        "relallfrozen",
        "relfrozenxid",
        "relminmxid",
        "relhasindex",  # "has (or recently had)": https://www.postgresql.org/docs/current/catalog-pg-class.html
    ),
    "pg_statistic": None,
    "pg_statistic_ext_data": None,
}
"""Columns of system catalogs that are left out; all of them where there are none."""

LONG = ("pg_aggregate", "pg_amproc", "pg_operator", "pg_proc", "pg_rewrite", "pg_type")
"""Catalogs whose text takes long to write: of what Postgres itself brings, who wrote a row and where it lies
is compared, which is the same in each clone as long as nobody wrote it again."""
FIRST_NORMAL_OID = 16384

TABLES: LiteralString = """
select n.nspname, c.relname, c.relkind::text,
    array(
        select a.attname::text from pg_attribute as a
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped order by a.attnum
    )
from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
where c.relkind in ('r', 'm', 'S') and not c.relisshared and n.nspname !~ '^pg_(toast|temp|toast_temp)'
order by 1, 2
"""

SHARED: Mapping[str, LiteralString] = {
    "pg_database": """
        select (to_jsonb(d) - '{oid,datname,datfrozenxid,datminmxid}'::text[])::text
        from pg_database as d where datname = current_database()""",
    "pg_db_role_setting": """
        select s.setrole::regrole || s.setconfig::text from pg_db_role_setting as s
        where s.setdatabase = (select oid from pg_database where datname = current_database())""",
    "pg_shdescription": """
        select description from pg_shdescription
        where objoid = (select oid from pg_database where datname = current_database())
            and classoid = 'pg_database'::regclass""",
    "pg_shdepend": """
        select (to_jsonb(s) - 'dbid')::text from pg_shdepend as s
        where s.dbid = (select oid from pg_database where datname = current_database())""",
    "pg_subscription": """
        select subname::text from pg_subscription
        where subdbid = (select oid from pg_database where datname = current_database())""",
    "pg_prepared_xacts": """
        select gid from pg_prepared_xacts where database = current_database()""",
    "pg_replication_slots": """
        select slot_name::text from pg_replication_slots where database = current_database()""",
    "pg_locks": """
        select l.locktype || l.mode || coalesce(l.relation::regclass::text, '') from pg_locks as l
        where l.database = (select oid from pg_database where datname = current_database())
            and l.pid <> pg_backend_pid()""",
}
"""What the catalogs that all databases share say of this one, and what outlives a session."""

SETTINGS: LiteralString = "set search_path = ''; set timezone = 'UTC'; set extra_float_digits = 3"

Parts = dict[str, sql.SQL | sql.Composed]
"""The parts of a database, and for each a query that gives one text for a row."""


@contextmanager
def dumping(conninfo: str) -> Iterator[psycopg.Connection]:
    """A superuser's connection that dumps are made by."""
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute(SETTINGS)
        yield connection


def parts_of(connection: psycopg.Connection) -> Parts:
    """Return the parts of a database: tables, those of the system, sequences, and what is told elsewhere."""
    parts: Parts = {name: sql.SQL(query) for name, query in SHARED.items()}
    for schema, name, kind, columns in connection.execute(TABLES).fetchall():
        query = _rows(schema, name, kind, columns)
        if query is not None:
            parts[f"{schema}.{name}"] = query
    return parts


def digest_query(parts: Parts) -> bytes:
    """Return the query for each part's name, number of rows and digest, in which order does not count."""
    return (
        sql.SQL(" union all ")
        .join(
            sql.SQL(
                "select {}, count(*), coalesce(sum(hashtextextended(line, 0)), 0) from ({}) as part (line)"
            ).format(sql.Literal(name), part)
            for name, part in parts.items()
        )
        .as_bytes()
    )


def lines_of(connection: psycopg.Connection, parts: Parts) -> dict[str, list[str]]:
    """Return the rows of parts, in order."""
    return {name: sorted(line for (line,) in connection.execute(part)) for name, part in parts.items()}


def _rows(schema: str, name: str, kind: str, columns: Sequence[str]) -> sql.Composed | None:
    source = sql.Identifier(schema, name)
    if kind == "S":
        return sql.SQL("select last_value::text || is_called from {}").format(source)
    if schema == "pg_catalog" and name in PHYSICAL:
        left_out = PHYSICAL[name]
        if left_out is None:
            return None
        shown = [sql.Identifier("o", column) for column in columns if column not in left_out]
        line = sql.SQL("row({})::text").format(sql.SQL(", ").join(shown))
    elif schema == "pg_catalog" and name in LONG:
        line = sql.SQL(
            "case when {0} < {1} then row({0}::int8, o.xmin, o.ctid)::text else (o.*)::text end"
        ).format(sql.Identifier("o", columns[0]), sql.Literal(FIRST_NORMAL_OID))
    else:
        line = sql.Composed([sql.SQL("(o.*)::text")])
    where = sql.SQL(" where nspname !~ '^pg_(toast_)?temp_'" if name == "pg_namespace" else "")
    return sql.SQL("select {} from only {} as o").format(line, source) + where
