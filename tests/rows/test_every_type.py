"""Every type gets values, and they arrive through COPY and through INSERT."""

from __future__ import annotations

from typing import TYPE_CHECKING

import every_type
import pytest
from psycopg import sql
from psycopg.rows import tuple_row
from small_catalog import Names

from pytest_supaseed.catalog.introspect import introspect
from pytest_supaseed.load.binary_form import wire_oid
from pytest_supaseed.load.copy_rows import copy_rows, is_binary
from pytest_supaseed.load.row_writes import RowRequest, RowWriter
from pytest_supaseed.plan.seed_plan import SeedPlan

if TYPE_CHECKING:
    from collections.abc import Sequence

    import psycopg

ROWS = 300


def _counts(connection: psycopg.Connection, columns: Sequence[str]) -> dict[str, tuple[int, int]]:
    """How many values each column holds, and how many different ones."""
    one = sql.SQL("count({0}), count(distinct {0}::text)")
    query = sql.SQL("select {} from everything").format(
        sql.SQL(", ").join(one.format(sql.Identifier(name)) for name in columns)
    )
    with connection.cursor(row_factory=tuple_row) as cursor:
        found = cursor.execute(query).fetchone()
    assert found is not None
    return {name: found[2 * place : 2 * place + 2] for place, name in enumerate(columns)}


def test_every_type_arrives_by_copy(empty_database: psycopg.Connection) -> None:
    """A table with a column of every type of the server is filled whole, with values that differ."""
    catalog, table, types = every_type.make_table(empty_database)
    source = every_type.source_of(catalog, table, ROWS)

    assert every_type.fill(empty_database, table, source) == ROWS

    found = _counts(empty_database, list(types))
    assert [types[name] for name in types if name not in source.columns] == []
    assert [types[name] for name, (held, _) in found.items() if held != ROWS] == []
    assert [types[name] for name, (_, different) in found.items() if different < 2] == []


def test_values_are_reproducible(empty_database: psycopg.Connection) -> None:
    """Two sources of one seed give the same values of every type; another seed gives others."""
    catalog, table, _ = every_type.make_table(empty_database)
    made = [
        list(every_type.source_of(catalog, table, ROWS, seed=seed).all_rows()) for seed in ("a", "a", "b")
    ]

    assert repr(made[0]) == repr(made[1])
    assert repr(made[0]) != repr(made[2])


def test_every_type_arrives_by_insert(empty_database: psycopg.Connection) -> None:
    """Rows that a test makes one by one get a value of every type too."""
    catalog, _, types = every_type.make_table(empty_database)
    writer = RowWriter(empty_database, catalog, Names(catalog), SeedPlan((), "s", 0))

    rows = writer.create(RowRequest("everything", ROWS, {}, "s"))

    assert len(rows) == ROWS
    assert [
        types[name] for name, (held, _) in _counts(empty_database, list(types)).items() if held != ROWS
    ] == []


def test_binary_form_says_what_text_form_says(empty_database: psycopg.Connection) -> None:
    """Types that go in binary form are stored as the same values that text form stores."""
    catalog, table, types = every_type.make_table(empty_database)
    names = [name for name in types if wire_oid(table.by_name[name].type) is not None]
    listed = sql.SQL(", ").join(map(sql.Identifier, names))
    empty_database.execute(sql.SQL("create table binary_one as select {} from everything").format(listed))
    empty_database.execute(
        sql.SQL("create table text_one as select {}, null::aclitem as refuses_binary from everything").format(
            listed
        )
    )
    copies = introspect(empty_database)
    places = [list(types).index(name) for name in names]
    rows = [
        tuple(row[place] for place in places) for row in every_type.source_of(catalog, table, ROWS).chunk(0)
    ]
    stored = []
    for name in ("binary_one", "text_one"):
        target = copies.find("public", name)
        assert target is not None
        copy_rows(empty_database, target, names, [rows], on_rows=lambda _: None)
        query = sql.SQL("select array[{}] from {}").format(
            sql.SQL(", ").join(sql.SQL("{}::text").format(sql.Identifier(column)) for column in names),
            sql.Identifier(name),
        )
        stored.append(empty_database.execute(query).fetchall())

    assert len(stored[0]) == ROWS
    assert stored[0] == stored[1]


@pytest.mark.parametrize(
    ("kind", "condition"),
    [
        ("varchar(1)", "char_length(v) = 1"),
        ("char(3)", "octet_length(v) = 3 and v <> ''"),
        ("numeric(3,3)", "v > 0 and v < 1"),
        ("numeric(1)", "v between 0 and 9"),
        ("bit(1)", "v in (b'0', b'1')"),
        ("timestamp(0)", "v = date_trunc('second', v)"),
        ("int2", "v between 1 and 1000"),
        ("int4range", "not isempty(v) and lower(v) < upper(v) and lower_inc(v) and not upper_inc(v)"),
        ("tstzmultirange", "not isempty(v) and lower(v) < upper(v)"),
        ("text[]", "cardinality(v) between 1 and 4 and array_position(v, null) is null"),
        ("interval year to month", "v > '0' and v = date_trunc('month', v)"),
        (
            "inet",
            "v << '192.0.2.0/24' or v << '198.51.100.0/24' or v << '203.0.113.0/24' or v << '2001:db8::/32'",
        ),
        ("xid8", "v::text::int > 0"),
    ],
)
def test_values_keep_to_their_type(empty_database: psycopg.Connection, kind: str, condition: str) -> None:
    """Lengths, precisions and shapes are kept where they are narrow, and values in their usual bounds."""
    every_type.values_of(empty_database, f"create table things (v {kind} not null)")

    query = sql.SQL("select v::text from things where not ({})").format(sql.SQL(condition))
    assert empty_database.execute(query).fetchall() == []


def test_values_are_plain_python_values(empty_database: psycopg.Connection) -> None:
    """A check can be evaluated on what is generated: numbers, dates, lists, dicts; the rest is text."""
    found = every_type.values_of(
        empty_database,
        "create table things (a timestamptz not null, b numeric not null, c text[] not null, d jsonb"
        " not null, e daterange not null, f inet not null, g date not null, h bool not null, i bytea not"
        " null)",
        20,
    )

    assert {name: {type(value).__name__ for value in values} for name, values in found.items()} == {
        "a": {"datetime"},
        "b": {"Decimal"},
        "c": {"list"},
        "d": {"dict"},
        "e": {"Range"},
        "f": {"str"},
        "g": {"date"},
        "h": {"bool"},
        "i": {"bytes"},
    }
    assert all(value.tzinfo is not None for value in found["a"])


def test_one_odd_column_is_the_only_reason_for_text(empty_database: psycopg.Connection) -> None:
    """Arrays, ranges and intervals of built-in types go in binary form; one address makes it text."""
    catalog, table, types = every_type.make_table(empty_database)
    rows = every_type.source_of(catalog, table, 5).chunk(0)
    by_type = {kind: (table.by_name[name].type, place) for place, (name, kind) in enumerate(types.items())}

    def binary(*kinds: str) -> bool:
        chosen = [by_type[kind] for kind in kinds]
        return is_binary(
            [kind for kind, _ in chosen], [tuple(row[place] for _, place in chosen) for row in rows]
        )

    assert binary(
        "text[]", "numeric[]", "jsonb[]", "tstzrange", "int4multirange", "interval", "jsonb", "mood", "uuid[]"
    )
    assert not binary("text[]", "inet")
