"""Keys of every shape in real databases: a small schema for each difficulty, with nothing configured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from key_shapes import SHAPES
from psycopg import sql
from psycopg.conninfo import make_conninfo
from small_catalog import Names

from pytest_supaseed.catalog.introspect import introspect
from pytest_supaseed.load.row_writes import RowRequest, create_rows
from pytest_supaseed.load.seed_run import seed_database
from pytest_supaseed.load.stored_rows import count_stored
from pytest_supaseed.plan.planning import make_plan
from pytest_supaseed.plan.seed_plan import SeedPlan, SeedRequest

if TYPE_CHECKING:
    import psycopg

    from pytest_supaseed.catalog.model import Catalog, ForeignKey, Table
    from pytest_supaseed.load.report import SeedReport

ROWS = 200


@dataclass(frozen=True)
class Seeded:
    """A seeded database, and what seeding it came to."""

    connection: psycopg.Connection
    catalog: Catalog
    report: SeedReport

    def all(self, query: str) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        return self.connection.execute(query.encode()).fetchall()

    def counts(self) -> dict[str, int]:
        """The rows of each table."""
        stored = count_stored(self.connection, self.catalog)
        return {table.qualified: stored.get(table.oid, 0) for table in self.catalog.tables}


def seed(connection: psycopg.Connection, schema: str, *, rows: int = ROWS) -> Seeded:
    """Create a schema and fill it."""
    connection.execute(schema.encode())
    catalog = introspect(connection)
    names = Names(catalog)
    existing = count_stored(connection, catalog)
    plan = make_plan(catalog, "postgres", names, SeedRequest(users=rows), existing=existing)
    conninfo = make_conninfo(connection.info.dsn, password=connection.info.password)
    report = seed_database(conninfo, catalog=catalog, table_map=names, plan=plan)
    return Seeded(connection, catalog, report)


def orphans(seeded: Seeded) -> dict[str, int]:
    """The rows of each foreign key that refer to no row, where there are any."""
    found = {
        f"{table.qualified} {key.name}": _orphans(seeded.connection, table, key)
        for table in seeded.catalog.tables
        for key in table.foreign_keys
    }
    return {name: count for name, count in found.items() if count}


def _orphans(connection: psycopg.Connection, table: Table, key: ForeignKey) -> int:
    pairs = [
        sql.SQL("c.{} = p.{}").format(sql.Identifier(mine), sql.Identifier(theirs))
        for mine, theirs in zip(key.columns, key.target_columns, strict=True)
    ]
    filled = [sql.SQL("c.{} is not null").format(sql.Identifier(name)) for name in key.columns]
    query = sql.SQL(
        "select count(*) from {table} c where {filled} and not exists (select from {target} p where {pairs})"
    ).format(
        table=sql.Identifier(table.schema, table.name),
        filled=sql.SQL(" and ").join(filled),
        target=sql.Identifier(key.target_schema, key.target_table),
        pairs=sql.SQL(" and ").join(pairs),
    )
    (count,) = connection.execute(query).fetchone() or (0,)
    return int(count)


@pytest.mark.parametrize("shape", SHAPES)
def test_every_table_is_filled(empty_database: psycopg.Connection, shape: str) -> None:
    """Each table of the shape holds the rows asked for, or all that its keys leave room for."""
    schema, fewer = SHAPES[shape]
    seeded = seed(empty_database, schema)

    assert [(part.qualified, part.note) for part in seeded.report.shortfalls] == []
    assert orphans(seeded) == {}
    counts = seeded.counts()
    assert counts == {name: fewer.get(name.removeprefix("public."), ROWS) for name in counts}


def test_the_same_rows_twice(
    empty_database: psycopg.Connection, another_database: psycopg.Connection
) -> None:
    """The rows of all shapes of tenants and junctions are the same in two databases."""
    shapes = [SHAPES["a primary key of overlapping keys"][0], SHAPES["junctions of two and three"][0]]
    digest = """select string_agg(md5(t::text), '' order by t::text) from order_customers t
        union all select string_agg(md5(t::text), '' order by t::text) from a_b_c t"""

    first, second = (seed(each, "".join(shapes)).all(digest) for each in (empty_database, another_database))

    assert first == second


def test_parents_that_a_trigger_makes_are_not_taken_twice(empty_database: psycopg.Connection) -> None:
    """A table of a kind whose BEFORE trigger makes the general row gets keys of its own."""
    seeded = seed(
        empty_database,
        """create table owners (id uuid primary key);
        create table animals (
            id text primary key, kind text not null, owner_id uuid not null references owners,
            unique (owner_id, id)
        );
        create table cats (
            id text primary key, owner_id uuid not null, name text not null,
            foreign key (owner_id, id) references animals (owner_id, id)
        );
        create function make_animal() returns trigger language plpgsql as $$
        begin
            insert into public.animals (id, kind, owner_id) values (new.id, 'cat', new.owner_id);
            return new;
        end $$;
        create trigger make_animal before insert on cats for each row execute function make_animal();""",
    )

    assert seeded.report.shortfalls == ()
    assert seeded.counts()["public.cats"] == ROWS


def test_rows_made_by_a_test_follow_what_it_passes(empty_database: psycopg.Connection) -> None:
    """A test that passes the tenant gets an order and a customer of that tenant, be it given as text."""
    seeded = seed(empty_database, SHAPES["keys that share the tenant"][0])
    ((tenant, _),) = seeded.all(
        "select tenant_id, count(*) from orders where customer_id is not null"
        " group by 1 order by 2 desc, 1 limit 1"
    )

    rows = create_rows(
        seeded.connection,
        catalog=seeded.catalog,
        table_map=Names(seeded.catalog),
        plan=SeedPlan((), "s", 0),
        request=RowRequest("shipments", 5, {"tenant_id": str(tenant)}, "s"),
    )

    assert {row["tenant_id"] for row in rows} == {tenant}
    assert orphans(seeded) == {}


def test_parents_have_children_of_uneven_number(empty_database: psycopg.Connection) -> None:
    """A few parents have many children and most have some: no lottery in which all are alike."""
    seeded = seed(
        empty_database,
        """create table parents (id serial primary key);
        create table children (id serial primary key, parent_id int not null references parents);""",
        rows=1000,
    )

    counts = [
        row[0] for row in seeded.all("select count(*) from children group by parent_id order by 1 desc")
    ]
    assert counts[0] >= 5 * counts[len(counts) // 2]
    assert len(counts) > 300


def test_trees_are_bounded(empty_database: psycopg.Connection) -> None:
    """No row has more than five ancestors, and there are several levels."""
    seeded = seed(
        empty_database,
        "create table nodes (id serial primary key, parent_id int references nodes);",
        rows=1000,
    )

    depths = seeded.all(
        """with recursive deep as (
            select id, 0 as depth from nodes where parent_id is null
            union all select n.id, depth + 1 from nodes n join deep d on n.parent_id = d.id
        ) select depth, count(*) from deep group by 1 order by 1"""
    )
    assert [depth for depth, _ in depths] == list(range(6))
    assert sum(count for _, count in depths) == 1000


def test_nullable_keys_to_tables_without_rows_stay_null(empty_database: psycopg.Connection) -> None:
    """A table that cannot be filled costs those that need it, not those that may do without."""
    seeded = seed(
        empty_database,
        """create table impossible (id serial primary key, check (id < 0 and id > 0));
        create table needy (id serial primary key, impossible_id int not null references impossible);
        create table free (id serial primary key, impossible_id int references impossible);""",
    )

    assert seeded.counts() == {"public.impossible": 0, "public.needy": 0, "public.free": ROWS}
    assert seeded.all("select count(*) from free where impossible_id is null") == [(ROWS,)]


def test_tables_before_those_whose_triggers_read_them(empty_database: psycopg.Connection) -> None:
    """A trigger that looks up a row, and one that inserts a child of a third table, find what they need."""
    seeded = seed(
        empty_database,
        """create table z_tiers (name text primary key);
        create table z_subscriptions (
            organization_id int primary key, tier text not null references z_tiers
        );
        create table organizations (id serial primary key);
        alter table z_subscriptions add foreign key (organization_id) references organizations;
        create function subscribe() returns trigger language plpgsql as $$
        begin
            insert into public.z_subscriptions (organization_id, tier)
            select new.id, name from public.z_tiers order by name limit 1;
            return new;
        end $$;
        create trigger subscribe after insert on organizations for each row execute function subscribe();""",
    )

    assert seeded.counts() == {
        "public.organizations": ROWS, "public.z_subscriptions": ROWS, "public.z_tiers": ROWS,
    }  # fmt: skip
