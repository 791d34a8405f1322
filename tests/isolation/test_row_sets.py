"""Tests of isolation.row_sets: rows as a sequence, read when asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from psycopg.pq import TransactionStatus

from pytest_supaseed.catalog.introspect import introspect
from pytest_supaseed.errors import MappingError
from pytest_supaseed.isolation.row_sets import PAGE, RowSet, SeededUsers
from pytest_supaseed.mapping.table_map import TableMap, build_table_map

if TYPE_CHECKING:
    import psycopg

SCHEMA = """
    create table users (id int primary key, email text, city text);
    insert into users select n, 'User' || n || '@Example.com', case when n % 2 = 0 then 'Bonn' end
      from generate_series(1, 1203) as n;
    create table pairs (b text, a int, note text, primary key (a, b));
    insert into pairs select chr(97 + n % 3), n / 3, 'n' || n from generate_series(0, 1499) as n;
    create table loose ("Odd name" int);
    insert into loose select n from generate_series(1, 1100) as n;
"""


def status_of(connection: psycopg.Connection) -> TransactionStatus:
    """What libpq says of the connection's transaction."""
    return connection.info.transaction_status


@pytest.fixture
def table_map(empty_database: psycopg.Connection) -> TableMap:
    """The map of three tables: a plain key, a composite key, no key."""
    empty_database.execute(SCHEMA)
    return build_table_map(
        introspect(empty_database),
        "postgres",
        columns={"users": {"town": "city"}},
        tables={"people": "users"},
    )


def test_it_behaves_like_a_list(empty_database: psycopg.Connection, table_map: TableMap) -> None:
    """Length, indexes from both ends, slices of every kind: as with the list of its rows."""
    rows = RowSet(empty_database, table_map, "users", {})
    plain = list(range(1, 1204))
    assert len(rows) == 1203
    assert [row.id for row in rows] == plain
    assert [rows[0].id, rows[-1].id, rows[700].id, rows[-1203].id] == [1, 1203, 701, 1]
    for part in (
        slice(3),
        slice(-3, None),
        slice(5, 50, 7),
        slice(None, None, -400),
        slice(9, 2),
        slice(2000, None),
    ):
        assert [row.id for row in rows[part]] == plain[part]


@pytest.mark.parametrize("index", [1203, -1204])
def test_an_index_beyond_the_end(empty_database: psycopg.Connection, table_map: TableMap, index: int) -> None:
    """It is an IndexError that says how many there are."""
    with pytest.raises(IndexError, match="1203 rows"):
        RowSet(empty_database, table_map, "users", {})[index]


def test_pages_meet_without_gap(empty_database: psycopg.Connection, table_map: TableMap) -> None:
    """A composite key and a table without one are read over several pages, each row once."""
    pairs = [(row.a, row.b) for row in RowSet(empty_database, table_map, "pairs", {})]
    loose = [row["Odd name"] for row in RowSet(empty_database, table_map, "loose", {})]
    assert pairs == sorted(pairs)
    assert len(set(pairs)) == 1500 > 2 * PAGE
    assert loose == list(range(1, 1101))
    assert "ctid" not in RowSet(empty_database, table_map, "loose", {})[0]


def test_values_choose_rows(empty_database: psycopg.Connection, table_map: TableMap) -> None:
    """By logical and actual column; None asks for NULL; `where` narrows further."""
    rows = RowSet(empty_database, table_map, "people", {"town": "Bonn"})
    assert len(rows) == 601
    assert [row.id for row in rows.where(id=4)] == [4]
    assert len(RowSet(empty_database, table_map, "users", {"city": None})) == 602
    assert rows[0].town == rows[0].city == "Bonn"


def test_an_empty_set_is_false(empty_database: psycopg.Connection, table_map: TableMap) -> None:
    """`assert rows` says whether there are any, without counting."""
    assert RowSet(empty_database, table_map, "users", {})
    assert not RowSet(empty_database, table_map, "users", {"city": "Rome"})


def test_an_unknown_column_is_named(empty_database: psycopg.Connection, table_map: TableMap) -> None:
    """A mistyped column is an error, not an empty result."""
    with pytest.raises(MappingError, match="emial"):
        RowSet(empty_database, table_map, "users", {"emial": "x"})


def test_it_is_alive(empty_database: psycopg.Connection, table_map: TableMap) -> None:
    """What changed since is seen: nothing is kept."""
    rows = RowSet(empty_database, table_map, "users", {})
    empty_database.execute("delete from users where id > 10")
    assert len(rows) == 10
    assert "10 of public.users" in repr(rows)


def test_a_user_is_found_by_address(empty_database: psycopg.Connection, table_map: TableMap) -> None:
    """Whatever the case, as sign-in does it; nobody is a KeyError."""
    users = SeededUsers(empty_database, table_map)
    assert users.by_email("USER7@example.COM").id == 7
    with pytest.raises(KeyError, match=r"nobody@example\.com"):
        users.by_email("nobody@example.com")


def test_reading_leaves_no_transaction_open(empty_database: psycopg.Connection, table_map: TableMap) -> None:
    """Another connection can change the table while the test's own one has only read it."""
    empty_database.autocommit = False
    rows = RowSet(empty_database, table_map, "users", {})
    assert (len(rows), rows[0].id, len(list(rows))) == (1203, 1, 1203)
    assert status_of(empty_database) is TransactionStatus.IDLE
    empty_database.execute("delete from users where id = 1")
    assert len(rows) == 1202
    assert status_of(empty_database) is TransactionStatus.INTRANS
    empty_database.rollback()
