"""What is read back is what a foreign key takes for a parent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seeded_schemas import seed_schema

from pytest_supaseed.load.stored_rows import count_rows, count_stored, key_reader

if TYPE_CHECKING:
    import psycopg

INHERITING = """
    create table vehicles (id int primary key, plate text not null);
    create table trucks (load int not null, primary key (id)) inherits (vehicles);
    create table trips (id int primary key, vehicle_id int not null references vehicles);
    insert into trucks (id, plate, load) values (1001, 'a', 1), (1002, 'b', 2);
    create table events (id int not null, day date not null, primary key (id, day)) partition by range (day);
    create table events_all partition of events default;
    insert into events values (1, '2026-01-01');  -- tables that migrations filled are left as they are
"""


def test_rows_of_tables_that_inherit_are_not_the_parents(empty_database: psycopg.Connection) -> None:
    """Keys and counts of a table leave out its children's rows, where they are asked for as its own."""
    seeded = seed_schema(empty_database, INHERITING, exact={"vehicles": 5})
    vehicles = seeded.catalog.by_qualified["public", "vehicles"]

    assert count_rows(empty_database, vehicles) == 5
    assert count_rows(empty_database, vehicles, with_children=True) == 5 + 2
    assert count_stored(empty_database, seeded.catalog)[vehicles.oid] == 5
    assert all(key < (1001,) for key in key_reader(empty_database)(vehicles, ("id",)))


def test_children_of_a_table_with_inheriting_ones_are_filled(empty_database: psycopg.Connection) -> None:
    """A table that refers to one from which others inherit refers to rows of that one."""
    seeded = seed_schema(empty_database, INHERITING)

    assert seeded.loaded() == {"vehicles": 20, "trips": 20}
    assert seeded.one("select count(*) from trips t join only vehicles v on v.id = t.vehicle_id") == 20


def test_rows_of_partitions_are_the_tables_own(empty_database: psycopg.Connection) -> None:
    """A partitioned table is counted by its partitions' rows."""
    seeded = seed_schema(empty_database, INHERITING)
    events = seeded.catalog.by_qualified["public", "events"]

    assert count_rows(empty_database, events) == 1
    assert len(key_reader(empty_database)(events, ("id", "day"))) == 1
