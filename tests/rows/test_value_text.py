"""Tests of rows.value_text."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from psycopg.types.multirange import Multirange
from psycopg.types.range import Range
from slots import built_in

from pytest_supaseed.catalog.model import Type, TypeField, TypeKind
from pytest_supaseed.rows.value_text import value_text, wire_value

TEXT, JSONB, NUMERIC, DATE = map(built_in, ("text", "jsonb", "numeric", "date"))


def array(element: Type) -> Type:
    """The array type of an element."""
    return Type(0, "pg_catalog", f"_{element.name}", TypeKind.ARRAY, element=element)


def composite(**attributes: Type) -> Type:
    """A composite type."""
    fields = tuple(TypeField(name, kind, kind.name) for name, kind in attributes.items())
    return Type(0, "public", "made", TypeKind.COMPOSITE, attributes=fields)


def spanning(subtype: Type, kind: TypeKind = TypeKind.RANGE) -> Type:
    """A range type, or a multirange type."""
    return Type(0, "pg_catalog", "spanning", kind, subtype=subtype)


WORDS = replace(TEXT, name="words", kind=TypeKind.DOMAIN, base=array(TEXT))
MANY = spanning(NUMERIC, TypeKind.MULTIRANGE)
NESTED = composite(name=TEXT, inner=composite(tags=array(TEXT), price=NUMERIC))


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        (array(TEXT), ["a", 'say "x"', "b\\c", "NULL", "", None], r'{"a","say \"x\"","b\\c","NULL","",NULL}'),
        (array(NUMERIC), [[Decimal(1)], [Decimal("2.50")]], '{{"1"},{"2.50"}}'),
        (array(built_in("box")), ["(1,1),(0,0)", "(2,2),(1,1)"], '{"(1,1),(0,0)";"(2,2),(1,1)"}'),
        (array(JSONB), [{"a": [1]}, [1, 2]], r'{"{\"a\": [1]}","[1, 2]"}'),
        (array(WORDS), [["a"], ["b"]], r'{"{\"a\"}","{\"b\"}"}'),
        (array(built_in("bytea")), [b"\x00\xff"], r'{"\\x00ff"}'),
        (spanning(DATE), Range(date(2026, 1, 1), date(2026, 1, 9), "[)"), '["2026-01-01","2026-01-09")'),
        (spanning(NUMERIC), Range(None, Decimal(5), "(]"), '(,"5"]'),
        (spanning(NUMERIC), Range(empty=True), "empty"),
        (MANY, Multirange([Range(1, 2), Range(4, 5)]), '{["1","2"),["4","5")}'),
        (NESTED, {"name": "a,b", "inner": {"tags": ["x"], "price": None}}, r'("a,b","(\"{\\\"x\\\"}\",)")'),
        (composite(name=TEXT, price=NUMERIC), ("(x)", Decimal(1)), '("(x)","1")'),
        (JSONB, {"a": Decimal("1.5"), "at": date(2026, 1, 1)}, '{"a": 1.5, "at": "2026-01-01"}'),
        (JSONB, "plain", '"plain"'),
        (JSONB, '{"ready": 1}', '{"ready": 1}'),
        (built_in("vector"), [1.5, 2], "[1.5,2]"),
        (built_in("interval"), timedelta(days=1, seconds=5), "1 days 5 seconds 0 microseconds"),
        (built_in("bool"), True, "true"),
    ],
)  # fmt: skip
def test_values_are_written_as_postgres_reads_them(kind: Type, value: object, text: str) -> None:
    """Arrays, ranges, composites and JSON come out as the literals of Postgres, with every quote escaped."""
    assert value_text(kind, value) == text


def test_scalars_are_left_to_psycopg() -> None:
    """What psycopg sends well by itself is not turned into text."""
    moment = datetime(2026, 1, 1, tzinfo=UTC)

    assert wire_value(built_in("timestamptz"), moment) is moment
    assert wire_value(NUMERIC, None) is None
    assert wire_value(array(TEXT), "{a}") == "{a}"
    assert wire_value(replace(TEXT, schema="public", name="hstore"), {"a": None}) == '"a"=>NULL'
