"""A table with a column of every type that a user may declare, for tests of values and of the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psycopg import sql
from small_catalog import Names, nothing_stored

from pytest_supaseed.catalog.introspect import introspect
from pytest_supaseed.load.copy_rows import copy_rows
from pytest_supaseed.plan.seed_plan import AUTO, SeedPlan, TablePlan
from pytest_supaseed.rows.columns import producer_of
from pytest_supaseed.rows.part_source import PartSource
from pytest_supaseed.rows.sources import PlanSources
from pytest_supaseed.rows.values import value_declaration

if TYPE_CHECKING:
    import psycopg

    from pytest_supaseed.catalog.model import Catalog, Table

UNWRITABLE = (
    "gtsvector", "pg_brin_bloom_summary", "pg_brin_minmax_multi_summary", "pg_dependencies", "pg_mcv_list",
    "pg_ndistinct", "pg_node_tree",
)  # fmt: skip
"""Types that no client can write: their input functions refuse everything."""
_EVERY_TYPE = """
    select format_type(oid, null), typarray <> 0 as has_array
    from pg_type
    where typnamespace = 'pg_catalog'::regnamespace and typtype in ('b', 'r', 'm') and typisdefined
        and not exists (select from pg_type element where element.typarray = pg_type.oid)
        and typname <> all(%s)
    order by typname
"""
MADE = """
    create type mood as enum ('calm', 'glad', 'sour, "quoted"', '');
    create domain price as numeric(8,2);
    create domain fair_price as price not null;
    create domain short as varchar(4);
    create domain words as text[];
    create type spot as (lat float8, lng float8, label varchar(5));
    create type trip as (
        "from" spot, via spot[], moods mood[], cost fair_price, note text, at tstzrange, meta jsonb
    );
    create type float_range as range (subtype = float8);
    create type text_range as range (subtype = text);
    create type time_range as range (subtype = time);
"""
MADE_COLUMNS = (
    "mood", "mood[]", "price", "fair_price", "fair_price[]", "short", "short[]", "words", "words[]",
    "spot", "spot[]", "trip", "trip[]", "float_range", "float_range[]", "text_range", "time_range",
    "float_multirange",
)  # fmt: skip
EXTREMES = (
    "varchar(1)", "varchar(2)[]", "char(1)", "char(3)", "char(2)[]", "numeric(3,3)", "numeric(1)",
    "numeric(38,18)", "numeric(2,2)[]", "bit(1)", "bit(9)", "bit(3)[]", "varbit(2)", "timestamp(0)",
    "timestamptz(0)", "time(0)", "timetz(2)", "timestamp(1)[]", "interval(0)", "interval year",
    "interval year to month", "interval day", "interval hour", "interval day to hour",
    "interval minute to second(2)", "int[][]", "text[3][3]",
)  # fmt: skip
EXTENSIONS = {
    "citext": ("citext", "citext[]"),
    "hstore": ("hstore", "hstore[]"),
    "ltree": ("ltree", "ltree[]", "lquery", "ltxtquery"),
    "vector": ("vector", "vector(3)", "vector(3)[]"),
    "cube": ("cube",),
    "seg": ("seg",),
    "isn": ("ean13", "isbn13", "isbn"),
    "intarray": ("query_int",),
}


def all_types(connection: psycopg.Connection) -> list[str]:
    """The types of this server, arrays, our own and those of its extensions among them, by SQL name."""
    found = connection.execute(_EVERY_TYPE, [list(UNWRITABLE)]).fetchall()
    names = [name for name, _ in found] + [f"{name}[]" for name, has_array in found if has_array]
    names += [*MADE_COLUMNS, *EXTREMES]
    if connection.info.server_version >= 150_000:  # the release with scales outside the precision
        names += ["numeric(2,-2)", "numeric(2,5)"]
    if not _has_xml(connection):
        names = [name for name in names if not name.startswith("xml")]
    available = {name for (name,) in connection.execute("select name from pg_available_extensions")}
    return names + [
        name for extension in sorted(EXTENSIONS.keys() & available) for name in EXTENSIONS[extension]
    ]


def _has_xml(connection: psycopg.Connection) -> bool:
    row = connection.execute("select count(*) from pg_proc where proname = 'xml_in'").fetchone()
    try:
        connection.execute("select '<a/>'::xml")
    except Exception:  # noqa: BLE001  # a server that was built without libxml says so
        return False
    return row is not None


def make_table(connection: psycopg.Connection) -> tuple[Catalog, Table, dict[str, str]]:
    """Create the table; return the catalog, the table, and the type of each column."""
    names = all_types(connection)
    available = {name for (name,) in connection.execute("select name from pg_available_extensions")}
    for extension in sorted(EXTENSIONS.keys() & available):
        connection.execute(sql.SQL("create extension if not exists {}").format(sql.Identifier(extension)))
    connection.execute(MADE)
    columns = {f"column_{number}": name for number, name in enumerate(names)}
    parts = [
        sql.SQL("{} {} not null").format(sql.Identifier(column), sql.SQL(name))
        for column, name in columns.items()
    ]
    connection.execute(sql.SQL("create table everything ({})").format(sql.SQL(", ").join(parts)))
    catalog = introspect(connection)
    table = catalog.find("public", "everything")
    assert table is not None
    return catalog, table, columns


def source_of(catalog: Catalog, table: Table, rows: int, *, seed: str = "s") -> PartSource:
    """The rows of a table, filled from types and names alone."""
    declared = {
        column.name: value_declaration(table, column) for column in table.columns if column.generated is None
    }
    producers = {name: producer_of(found) for name, found in declared.items() if found is not None}
    sources = PlanSources(SeedPlan((), seed, 0), catalog, Names(catalog), nothing_stored)
    part = TablePlan(table, table.qualified, "", rows, AUTO)
    return PartSource(part, producers, tuple(producers), sources, seed=seed)


def fill(connection: psycopg.Connection, table: Table, source: PartSource) -> int:
    """Copy all rows of a source."""
    chunks = (source.chunk(number) for number in source.chunk_numbers)
    return copy_rows(connection, table, source.columns, chunks, on_rows=lambda _rows: None)


def values_of(connection: psycopg.Connection, ddl: str, rows: int = 300) -> dict[str, list[Any]]:
    """The values that the columns of a new table `things` get, once Postgres took them all."""
    connection.execute(ddl)
    catalog = introspect(connection)
    table = catalog.find("public", "things")
    assert table is not None
    source = source_of(catalog, table, rows)
    assert fill(connection, table, source) == rows
    made = list(source.all_rows())
    return {name: [row[place] for row in made] for place, name in enumerate(source.columns)}
