"""Tests of load.partitions: partitioned tables without a place for a row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from seeded_schemas import seed_schema

if TYPE_CHECKING:
    import psycopg

NONE_YET = {
    "list": "create table logs (id int, kind text not null, primary key (id, kind)) partition by list (kind)",
    "range": "create table logs (id int primary key, kind text not null) partition by range (id)",
    "hash": "create table logs (id int primary key, kind text not null) partition by hash (id)",
    "two levels": """
        create table logs (is_new boolean not null, kind text not null) partition by list (is_new);
        create table logs_new partition of logs for values in (true) partition by list (kind);
        create table logs_old partition of logs for values in (false) partition by hash (kind);
    """,
}


@pytest.mark.parametrize("shape", NONE_YET)
def test_table_without_partition_gets_one(empty_database: psycopg.Connection, shape: str) -> None:
    """A partitioned table that has no partition yet is filled, and the notes say what was made."""
    seeded = seed_schema(empty_database, NONE_YET[shape])

    assert seeded.one("select count(*) from logs") == 20
    assert seeded.report.shortfalls == ()
    made = [note for note in seeded.report.notes if "_default was made" in note]
    assert len(made) == (2 if shape == "two levels" else 1)


def test_value_outside_all_partitions(empty_database: psycopg.Connection) -> None:
    """Rows that no partition takes go into a default one; those that one takes stay there."""
    seeded = seed_schema(
        empty_database,
        """
        create table logs (id int primary key, note text not null) partition by range (id);
        create table logs_first partition of logs for values from (1) to (11);
        create table logs_default (taken boolean);
        create table notes (id int primary key, log_id int not null references logs);
        """,
    )

    assert seeded.one("select count(*) from logs_first") == 10
    assert seeded.one("select count(*) from logs_default_2") == 10
    assert seeded.dangling() == {}


def test_hash_with_a_gap_is_reported(empty_database: psycopg.Connection) -> None:
    """By hash there is no default partition: rows without a place are replaced by others, and said."""
    seeded = seed_schema(
        empty_database,
        """
        create table logs (id int primary key) partition by hash (id);
        create table logs_0 partition of logs for values with (modulus 2, remainder 0);
        """,
    )

    part = seeded.part("logs")
    assert part.loaded == 20
    assert "no partition of relation" in part.reason


def test_long_names_are_cut(empty_database: psycopg.Connection) -> None:
    """A table whose name fills the 63 bytes gets a partition with a name that fits."""
    name = "ö" * 31
    seeded = seed_schema(empty_database, f'create table "{name}" (id int) partition by range (id)')

    assert seeded.one(f'select count(*) from "{name}"') == 20  # noqa: S608
