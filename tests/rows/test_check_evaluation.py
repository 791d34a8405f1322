"""Tests of rows.check_parsing and rows.check_evaluation: our verdict is Postgres's."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

import psycopg
import pytest
from psycopg import sql
from psycopg.types.json import Jsonb

from pytest_supaseed.catalog.introspect import introspect
from pytest_supaseed.rows.check_domains import Role, column_facts
from pytest_supaseed.rows.check_evaluation import compile_check, evaluate
from pytest_supaseed.rows.check_expressions import (
    Column,
    Compare,
    Constant,
    Unknown,
    columns_of,
    is_understood,
)
from pytest_supaseed.rows.check_logic import CANNOT_TELL
from pytest_supaseed.rows.check_parsing import parse_check

if TYPE_CHECKING:
    from collections.abc import Iterator

TYPES = {
    "i": "integer", "j": "smallint", "n": "numeric(10,2)", "f": "double precision", "t": "text",
    "u": "varchar(40)", "c": "char(4)", "b": "boolean", "d": "date", "ts": "timestamp", "tz": "timestamptz",
    "tz2": "timestamptz", "tm": "time", "js": "jsonb", "a": "text[]", "ai": "integer[]", "by": "bytea",
    "iv": "interval", "k": "kind", "g": "uuid",
}  # fmt: skip
VALUES: dict[str, list[Any]] = {
    "i": [0, 1, 2, -7, 100, None, 5, 12],
    "j": [1, 0, None, -1, 3, 12, 7],
    "n": [Decimal("0.00"), Decimal("9.99"), Decimal("-3.50"), None, Decimal(100), Decimal("0.50")],
    "f": [0.0, 0.5, None, -2.25, 1e6, 90.0, -180.0],
    "t": ["", "abc", "a-b-c", "Abc", None, " x ", "user@example.com", "#0f766e", "2024", "zzzz", "a_b", "x%"],
    "u": ["draft", "ABC-123", None, "", "https://example.com/a", "Zoë", "+15550100", "abc"],
    "c": ["ab", "abcd", None, "EUR", ""],
    "b": [True, False, None],
    "d": [date(2024, 2, 29), date(1999, 12, 31), None, date(2030, 1, 1)],
    "ts": [datetime.fromisoformat("2024-02-29T12:30:15.25"), datetime.fromisoformat("2024-01-01"), None],
    "tz": [datetime(2024, 2, 29, 12, tzinfo=UTC), None, datetime(2024, 7, 1, 23, 59, tzinfo=UTC)],
    "tz2": [datetime(2024, 3, 31, 12, tzinfo=UTC), datetime(2024, 2, 1, tzinfo=UTC), None],
    "tm": [time(9), time(23, 59, 59), None, time(0)],
    "js": [
        {},
        {"a": 1},
        [],
        [1, 2, 3],
        None,
        {"a": {"b": "x"}, "c": None},
        "text",
        7,
        {"a": True, "t": ["p"]},
    ],
    "a": [[], ["a"], ["a", "b"], None, ["x", "y", "z"], ["b", None], ["b c", "", "null", 'x"\\']],
    "ai": [[1, 2, 3], [], None, [7]],
    "by": [b"", b"\x00" * 32, None, b"abc"],
    "iv": [timedelta(days=7), timedelta(), None, timedelta(hours=-2), timedelta(days=40)],
    "k": ["red", "green", None],
    "g": [UUID(int=7), None, UUID(int=0)],
}
"""Cycles of different lengths, so that rows combine the values in many ways."""
EXPRESSIONS = """
i > 0
i >= 1 and i <= 12
i between j and 100
i = j
i <> j
i in (1, 2, 5)
i not in (1, 2)
i = any(ai)
i <> all(ai)
i + j > 3 and i - j < 50
i * j <= 12
i / 2 = 1
i % 2 = 0
mod(i, 5) = 2
abs(i) < 10
-i < 5
i is null
i is not null
i is distinct from j
i is not distinct from j
n >= 0
n > 0 and n < 100.5
n::integer = 10
round(n, 1) = n
floor(n) = n
n * i >= 0
n / 3 > 1
n = i
f >= -90 and f <= 90
f between -180 and 180
f = n::float8
i::numeric >= n
t <> ''
t = 'abc'
t in ('abc', 'x')
t not in ('abc', 'x')
u = t
u::text = any (array['draft', 'abc']::text[])
length(t) > 2
char_length(u) <= 5
octet_length(u) = 4
length(btrim(t)) > 0
btrim(t) = t
trim(both from t) <> ''
ltrim(t) = t and rtrim(t) <> ''
lower(t) = t
upper(u) = u
t ~ '^[a-z]+$'
t !~ '^[a-z]+$'
t ~* '^ABC$'
t !~* 'b'
u ~ '^[A-Z]{3}-\\d+$'
u ~ '^[[:alpha:]]+$'
u ~ '^https?://[^\\s]+$'
u ~ '^\\+[1-9]\\d{1,14}$'
t ~ '^#[0-9a-fA-F]{6}$'
t ~ '^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$'
t ~ '\\m[a-z]+\\M'
t ~ '^[]a-]+$'
t ~ '^\\d{4}$'
t like 'a%'
t not like '%b%'
t ilike 'AB%'
t like 'a\\_b'
t like '_b_'
t similar to '(abc|zzzz)'
t similar to 'a%'
t ~ any (array['^a', '^z'])
t like any (array['a%', 'z%'])
t not like all (array['a%', 'z%'])
t !~ all (array['a', 'z'])
not (t ~ all (array['a', 'z']))
t !~ any (array['a', 'z'])
c = 'ab'
c in ('EUR', 'abcd')
length(c) = 3
c::text = 'EUR'
c ~ '^[A-Z]+$'
c ~ '^[a-z]{4}$'
c like 'ab%'
c like 'ab'
c::text ~ '^[A-Z]+$'
b
not b
b is true
b is not true
b is false
b is not false
b is unknown
b = (i > 0)
b <> (i > 0)
b = true
b or i > 3
not (b and i > 3)
(b is null) = (i is null)
(b is null) <> (i is null)
(b is not null)::integer + (i is not null)::integer + (t is not null)::integer = 2
num_nonnulls(i, t, b) = 2
num_nulls(i, t, b) <= 1
(i, t) is null
(i, t) is not null
not ((i, t) is null)
case when b then i is not null else t is not null end
case u when 'draft' then i > 0 when 'abc' then false end
case when i > 0 then 1 else 0 end + case when b then 1 else 0 end = 1
coalesce(i, 0) >= 0
coalesce(t, u) <> ''
nullif(t, '') is not null
greatest(i, j) > 2
least(i, j) < 1
d >= '2000-01-01'
d > '2000-01-01' and d < '2025-01-01'
d <= current_date
d < tz
tz < tz2
tz <= tz2 and tz > '2000-01-01'
tz2 > tz + interval '1 day'
tz2 >= tz + interval '1 month'
tz2 - tz > interval '10 days'
tz2 - tz <= '1 mon'::interval
tz::date = '2024-02-29'
tz <= now()
tz > now()
d + 7 > '2024-03-01'
d - 30 < '2024-02-01'
d - '1999-12-31'::date > 100
d + interval '1 year' > '2025-01-01'
d < now() - interval '18 years'
extract(year from d) >= 2000
extract(dow from d) in (4, 5)
extract(epoch from tz2 - tz) > 0
extract(isodow from d) < 6
date_part('month', d) = 2
extract(minute from ts) = 0
extract(epoch from ts) % 60 = 0
extract(day from iv) = 7
date_trunc('day', ts) = ts
date_trunc('month', d) = d
ts >= '2024-02-01 00:00:00'
ts < 'infinity'
tm >= '09:00' and tm < '17:30'
tm - '01:00'::time > '00:30'::interval
iv > '0'
iv >= '1 mon'
iv < interval '1 day'
iv + interval '1 day' > '2 days'
age(d, '1990-01-15'::date) > '30 years'
js ? 'a'
not (js ? 'a')
js ?& array['a', 'c']
js ?| array['x', 't']
js -> 'a' = '1'
js ->> 'a' is not null
js ->> 'c' is null
js -> 'c' is not null
js -> 0 = '1'
(js ->> 'a')::text = '1'
js #>> '{a,b}' = 'x'
js #> '{a}' is null
js @> '{"a": 1}'
js @> '{}'
js <@ '{"a": 1, "b": 2}'
js = '{}'
js <> '[]'
jsonb_typeof(js) = 'object'
jsonb_typeof(js) in ('array', 'string')
jsonb_typeof(js -> 'a') = 'number'
jsonb_typeof(js -> 'c') = 'null'
case when jsonb_typeof(js) = 'array' then jsonb_array_length(js) < 3 else true end
case when jsonb_typeof(js) = 'object' then js - 'a' = '{}' else false end
cardinality(a) > 0
cardinality(a) <= 2
array_length(a, 1) > 1
array_length(a, 1) is null
a <@ array['a', 'b']
a @> array['a']
a && array['x', 'b']
a = '{}'
a <> '{}'
'a' = any(a)
'a' <> all(a)
array_position(a, null) is null
a[1] = 'a'
ai[2] > 1
ai <@ array[1, 2, 3, 4]
a::text ~ '^[{]a,'
a::text = '{}'
a::text like '%"%'
ai::text = '{1,2,3}'
a::text = '{"b c","","null","x\\"\\\\"}'
octet_length(by) = 32
length(by) <= 3
by = '\\x616263'
k = 'red'
k in ('red', 'green')
k <> 'green' or i > 0
k is distinct from 'red'
g <> '00000000-0000-0000-0000-000000000000'
g = '00000000-0000-0000-0000-000000000007'
i > 0 or t = 'abc' or (n is null and b)
i > 0 and t <> '' and not (n > 5)
(u = 'draft' and tz is null) or (u <> 'draft' and tz is not null)
left(t, 1) = 'a'
right(t, 2) = 'bc'
substring(t, 1, 2) = 'ab'
substr(t, 2) <> ''
position('@' in t) > 1
strpos(t, '-') = 0
starts_with(t, 'a')
t || u <> ''
t || '-' || i::text = 'abc-1'
concat(t, u) <> ''
t is null or t = lower(t)
reverse(t) = 'cba'
t collate "C" = 'abc'
i operator(pg_catalog.>) 3
ts = (tz at time zone 'UTC')
"""
ROWS = 61


def rows() -> list[dict[str, Any]]:
    """Rows that cycle through the values of each column."""
    return [{name: found[index % len(found)] for name, found in VALUES.items()} for index in range(ROWS)]


@pytest.fixture
def facts(empty_database: psycopg.Connection) -> psycopg.Connection:
    """A database with the rows, and a table with each expression as a check that nobody has to pass."""
    connection = empty_database
    connection.execute("set time zone 'UTC'")
    connection.execute("create type kind as enum ('red', 'green')")
    columns = ", ".join(f"{name} {kind}" for name, kind in TYPES.items())
    connection.execute(f"create table facts (row_number integer, {columns})")
    with connection.cursor() as cursor:
        cursor.executemany(
            sql.SQL("insert into facts values ({})").format(
                sql.SQL(", ").join(sql.Placeholder() * (1 + len(TYPES)))
            ),
            [[number, *_sent(row)] for number, row in enumerate(rows())],
        )
    return connection


def _sent(row: dict[str, Any]) -> Iterator[Any]:
    for name, value in row.items():
        yield Jsonb(value) if name == "js" and value is not None else value


def test_verdicts_are_those_of_postgres(facts: psycopg.Connection) -> None:
    """Over all expressions and rows, what we say is what Postgres says; we are seldom in doubt."""
    for number, text in enumerate(EXPRESSIONS.strip().splitlines()):
        facts.execute(f"alter table facts add constraint c{number} check ({text}) not valid")
    table = introspect(facts).find("public", "facts")
    assert table is not None
    types = {column.name: column_facts(table, column, Role.FREE).evaluated_type for column in table.columns}
    checks = {check.name: check.expression for check in table.checks}
    verdicts = sql.SQL(", ").join(sql.SQL(text) for text in checks.values())
    told = facts.execute(sql.SQL("select {} from facts order by row_number").format(verdicts)).fetchall()
    moment = facts.execute("select now()").fetchall()[0][0]

    wrong, doubts = [], set()
    for row, expected in zip(rows(), told, strict=True):
        for text, verdict in zip(checks.values(), expected, strict=True):
            ours = evaluate(parse_check(text), row, types=types, now=moment)
            if ours is CANNOT_TELL:
                doubts.add(text)
            elif ours is not verdict:
                wrong.append(
                    (text, {name: row[name] for name in columns_of(parse_check(text))}, verdict, ours)
                )

    assert not {text: found for text, *found in wrong}
    assert doubts == {"((u)::text ~ '^[[:alpha:]]+$'::text)", "(EXTRACT(day FROM iv) = (7)::numeric)"}


def test_what_is_not_understood_is_named() -> None:
    """A call of the schema's own function is unknown, with the columns that it reads; the rest is used."""
    found = parse_check("((a > 3) AND public.is_valid(b, 'x'::text))")

    assert not is_understood(found)
    assert columns_of(found) == {"a", "b"}
    assert evaluate(found, {"a": 1, "b": 1}) is False
    assert evaluate(found, {"a": 5, "b": 1}) is CANNOT_TELL


def test_text_that_cannot_be_read_is_unknown() -> None:
    """Text that is no expression at all raises nothing."""
    assert isinstance(parse_check("((a <~~~> 3"), Unknown)


def test_operators_are_recognised_qualified() -> None:
    """`OPERATOR(pg_catalog.=)`, as printed where an extension has its own, is the plain operator."""
    assert parse_check("(a OPERATOR(pg_catalog.=) 3)") == Compare("=", Column("a"), Constant(3))
    assert parse_check("(a = 'OPERATOR(x.=)'::text)") == Compare(
        "=", Column("a"), Constant("OPERATOR(x.=)", "text")
    )


def test_the_clock_may_stand_anywhere_in_ten_years() -> None:
    """A row is valid when generated and when tested later: `now()` is not one instant."""
    past, soon = datetime(2025, 12, 31, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    far = datetime(2040, 1, 1, tzinfo=UTC)
    before, after = compile_check(parse_check("(x <= now())")), compile_check(parse_check("(x > now())"))

    assert [before({"x": x}) for x in (past, soon, far, None)] == [True, False, False, True]
    assert [after({"x": x}) for x in (past, soon, far, None)] == [False, False, True, True]
