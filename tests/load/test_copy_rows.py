"""Tests of load.copy_rows."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

import psycopg
import pytest

from pytest_supaseed.catalog.introspect import introspect
from pytest_supaseed.load.binary_form import wire_oid
from pytest_supaseed.load.copy_rows import copy_rows

if TYPE_CHECKING:
    from pytest_supaseed.catalog.model import Table

_VALUES: dict[str, tuple[str, object]] = {
    "a_text": ("text", "x\t\\N\n'"),
    "a_varchar": ("varchar(9)", "Zoë"),
    "a_char": ("char(3)", "abc"),
    "a_uuid": ("uuid", UUID(int=7)),
    "a_small": ("smallint", -3),
    "an_int": ("integer", 2**31 - 1),
    "a_big": ("bigint", -(2**63)),
    "a_numeric": ("numeric(10,2)", Decimal("12345.67")),
    "a_real": ("real", 0.5),
    "a_double": ("double precision", 0.1),
    "a_bool": ("boolean", True),
    "a_date": ("date", date(2024, 2, 29)),
    "a_time": ("time", time(23, 59, 59)),
    "a_stamp": ("timestamp", datetime(2024, 2, 29, 1, 2, 3)),  # noqa: DTZ001  # the type has no zone
    "a_moment": ("timestamptz", datetime(2024, 2, 29, 1, 2, 3, tzinfo=UTC)),
    "some_json": ("jsonb", {"a": [1, None, "ü"]}),
    "old_json": ("json", {"a": {}}),
    "some_bytes": ("bytea", b"\x00\xff"),
    "a_mood": ("mood", "so so"),
    "a_domain": ("positive", 5),
    "a_null": ("integer", None),
}


def _table(connection: psycopg.Connection, name: str) -> Table:
    found = introspect(connection).find("public", name)
    assert found is not None
    return found


def _create(connection: psycopg.Connection, *extra: str) -> Table:
    connection.execute("create type mood as enum ('fine', 'so so')")
    connection.execute("create domain positive as integer check (value > 0)")
    columns = [f"{name} {kind}" for name, (kind, _value) in _VALUES.items()]
    connection.execute(f"create table everything ({', '.join([*columns, *extra])})")
    return _table(connection, "everything")


def test_every_binary_type_arrives_as_sent(empty_database: psycopg.Connection) -> None:
    """A value of each type that we send in binary form is read back unchanged, NULL included."""
    table = _create(empty_database)
    row = tuple(value for _kind, value in _VALUES.values())

    told: list[int] = []
    sent = copy_rows(empty_database, table, list(_VALUES), [[row], [row, row]], on_rows=told.append)

    assert (sent, told) == (3, [1, 3])
    assert all(wire_oid(column.type) for column in table.columns)
    assert empty_database.execute("select * from everything").fetchall() == [row] * 3


def test_types_without_a_binary_form_go_as_text(empty_database: psycopg.Connection) -> None:
    """One column of another type does not keep the table from being filled: text form takes its place."""
    table = _create(empty_database, "a_network inet", "some_tags text[]")
    row = (*(value for _kind, value in _VALUES.values()), "192.0.2.1", ["a", "b"])

    copy_rows(empty_database, table, [*_VALUES, "a_network", "some_tags"], [[row]], on_rows=lambda _: None)

    found = empty_database.execute("select *, host(a_network) from everything").fetchone()
    assert found is not None
    assert found[: len(_VALUES)] == row[: len(_VALUES)]
    assert found[-2:] == (["a", "b"], "192.0.2.1")


def test_refused_row_leaves_nothing(empty_database: psycopg.Connection) -> None:
    """A row that a constraint refuses undoes the whole COPY; the error names the constraint."""
    table = _create(empty_database)
    good = tuple(value for _kind, value in _VALUES.values())
    bad = tuple(-5 if name == "a_domain" else value for name, (_kind, value) in _VALUES.items())

    with pytest.raises(psycopg.errors.CheckViolation, match="positive_check"):
        copy_rows(empty_database, table, list(_VALUES), [[good, bad]], on_rows=lambda _: None)

    assert empty_database.execute("select count(*) from everything").fetchone() == (0,)


def test_names_are_quoted(empty_database: psycopg.Connection) -> None:
    """Tables and columns with quotes, percent signs and reserved words are written like any other."""
    empty_database.execute('create table "Odd ""table"" 100%" ("select" text, "a""b%s" int)')
    table = _table(empty_database, 'Odd "table" 100%')

    copy_rows(empty_database, table, ["select", 'a"b%s'], [[("x", 1)]], on_rows=lambda _: None)

    assert empty_database.execute('select * from "Odd ""table"" 100%"').fetchall() == [("x", 1)]


def test_text_in_place_of_a_value_is_read_by_postgres(empty_database: psycopg.Connection) -> None:
    """A factory that gives a date as text in some chunk changes the form that is sent, and loses no row."""
    empty_database.execute("create table t (id int, day date, tags uuid[])")
    ident = UUID(int=7)
    chunks: list[list[tuple[object, ...]]] = [
        [(1, date(2026, 1, 1), [ident])],
        [(2, "2026-01-02", [str(ident)]), (3, date(2026, 1, 3), [])],
        [(4, None, None)],
    ]

    told: list[int] = []
    found = copy_rows(
        empty_database, _table(empty_database, "t"), ["id", "day", "tags"], chunks, on_rows=told.append
    )

    assert (found, told) == (4, [1, 3, 4])
    assert empty_database.execute("select id, day::text, tags::text from t order by id").fetchall() == [
        (1, "2026-01-01", f"{{{ident}}}"),
        (2, "2026-01-02", f"{{{ident}}}"),
        (3, "2026-01-03", "{}"),
        (4, None, None),
    ]


def test_column_that_nothing_is_sent_to_does_not_matter(empty_database: psycopg.Connection) -> None:
    """A column whose type has no receive function is left out without a failure: the table goes as text."""
    empty_database.execute("create table t (id int, rights aclitem)")

    assert (
        copy_rows(empty_database, _table(empty_database, "t"), ["id"], [[(1,)]], on_rows=lambda _: None) == 1
    )


def test_rows_that_a_trigger_drops_are_not_counted(empty_database: psycopg.Connection) -> None:
    """What is returned is what the table took, not what was sent."""
    empty_database.execute(
        """create table t (id int);
        create function odd_only() returns trigger language plpgsql as
            $$ begin return case when new.id % 2 = 1 then new end; end $$;
        create trigger odd_only before insert on t for each row execute function odd_only()"""
    )

    rows: list[tuple[object, ...]] = [(number,) for number in range(5)]
    assert copy_rows(empty_database, _table(empty_database, "t"), ["id"], [rows], on_rows=lambda _: None) == 2


def test_xml_stays_null_where_the_server_reads_none(empty_database: psycopg.Connection) -> None:
    """A nullable XML column costs no table its rows on a server that was built without libxml."""
    empty_database.execute("create table t (id int, note xml)")
    try:
        empty_database.execute("select '<a/>'::xml")
        expected = "<a/>"
    except psycopg.errors.FeatureNotSupported:
        expected = None

    copy_rows(
        empty_database, _table(empty_database, "t"), ["id", "note"], [[(1, "<a/>")]], on_rows=lambda _: None
    )

    assert empty_database.execute("select note::text from t").fetchall() == [(expected,)]
