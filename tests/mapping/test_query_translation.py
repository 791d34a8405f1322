"""Tests of mapping.query_translation: placeholders are replaced, and nothing else is touched."""

from __future__ import annotations

from timeit import timeit
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kit_catalogs import make, makerkit
from psycopg import sql
from small_catalog import table

from pytest_supaseed.catalog.introspect import introspect
from pytest_supaseed.errors import MappingError
from pytest_supaseed.mapping.query_translation import translate_placeholders
from pytest_supaseed.mapping.table_map import build_table_map

if TYPE_CHECKING:
    import psycopg

MAP = build_table_map(makerkit("", table('odd "one"'), table("Größe"), table("a$b")), "makerkit")
TEMPLATES = '"public"."base_templates"'


def _translated(statement: str) -> str:
    return translate_placeholders(statement, MAP).as_string(None)


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("table {setup_types}", f"table {TEMPLATES}"),
        ("{setup_types}", TEMPLATES),
        ("{ setup_types }", TEMPLATES),
        ("{setup_types}{users}", f'{TEMPLATES}"auth"."users"'),
        ("{setup_types}.id", f"{TEMPLATES}.id"),
        ("{public.base_templates}", TEMPLATES),
        ('{"public"."base_templates"}', TEMPLATES),
        ('{"odd ""one"""}', '"public"."odd ""one"""'),
        ("{Größe} {a$b}", '"public"."Größe" "public"."a$b"'),
        ("{{}} {{users}}", "{} {users}"),
        ("{{{users}}}", '{"auth"."users"}'),
        ("", ""),
        ("select 1", "select 1"),
        ("where a = %s and b = %(b)s and c like '%%{x}'", "where a = %s and b = %(b)s and c like '%%{x}'"),
    ],
)
def test_placeholders(statement: str, expected: str) -> None:
    """Names, qualified and quoted ones, double braces and parameters come out as they should."""
    assert _translated(statement) == expected


@pytest.mark.parametrize(
    "literal",
    [
        """'{"a": 1}'""",
        "'{users}'",
        "'{{1,2},{3,4}}'",
        "'it''s {users}'",
        r"'back\' || {setup_types} || '{users}'".replace("{setup_types}", "1"),
        r"E'it\'s {users}'",
        r"e'a''{users}\\'",
        '"{users}"',
        '"a ""{users}"""',
        "$${users}$$",
        "$body$ {users} $$ {x} $other$ $body$",
        "$ünï$ {users} $ünï$",
        "-- {users}",
        "/* {users} /* {nested} */ {x} */",
        "/* it's */ 'a {b}'",
        "U&'\\0061 {users}'",
        "'unclosed {users}",
        "/* unclosed {users}",
        "$$ unclosed {users}",
        '"unclosed {users}',
    ],
)
def test_literals_and_comments_stay_byte_for_byte(literal: str) -> None:
    """Inside of strings, quoted identifiers, dollar quotes and comments a brace is a brace."""
    before = "select {setup_types}, "

    assert _translated(before + literal) == before.replace("{setup_types}", TEMPLATES) + literal


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("-- it's\n{users}", '-- it\'s\n"auth"."users"'),
        ("-- it's\r{users}", '-- it\'s\r"auth"."users"'),
        ("/* /* */ ' */ {users}", '/* /* */ \' */ "auth"."users"'),
        ("'a' {users} 'b'", "'a' \"auth\".\"users\" 'b'"),
        (r"'\' {users} 'b'", "'\\' \"auth\".\"users\" 'b'"),
        ("name'x' {users}", 'name\'x\' "auth"."users"'),
        (r"true'\' {users} ''", "true'\\' \"auth\".\"users\" ''"),
        ("$1 {users} $1", '$1 "auth"."users" $1'),
        ("a$b$ {users} $b$", 'a$b$ "auth"."users" $b$'),
        ("$a$ $b$ $a$ {users}", '$a$ $b$ $a$ "auth"."users"'),
    ],
)
def test_code_after_a_literal_is_code_again(statement: str, expected: str) -> None:
    """Where a literal or comment ends is told as Postgres tells it."""
    assert _translated(statement) == expected


@pytest.mark.parametrize(
    "statement",
    [
        "select {",
        "select }",
        "select {}",
        "select {0}",
        "select {users.email.x}",
        "select {users!r}",
        "select {users:>10}",
        "select {users[0]}",
        "select {users.__class__.__init__}",
        'select {"a": 1}',
        "select {users; drop table x}",
        "select {users",
    ],
)
def test_any_other_brace_is_refused(statement: str) -> None:
    """Formats, attributes, indexes, JSON in code and injected text are errors, never evaluated."""
    with pytest.raises(MappingError, match=r"line 1 of the statement"):
        _translated(statement)


def test_an_unknown_name_says_where_it_stands() -> None:
    """A placeholder that does not resolve is reported with its line and the nearest names."""
    with pytest.raises(MappingError) as caught:
        _translated("select *\nfrom {setup_typs}")

    assert "{setup_typs} on line 2" in str(caught.value)
    assert "setup_types" in str(caught.value)
    with pytest.raises(MappingError, match=r"auth\.emails"):
        _translated("select * from {auth.emails}")


CODE = st.text(st.characters(exclude_characters="{}'\"$/-\\eE", codec="utf-8"), max_size=10).map(
    lambda text: f" {text} "
)
INSIDE = st.text(st.characters(exclude_characters="'\"$*/\\\n\r\x00", codec="utf-8"), max_size=10)
VERBATIM = st.one_of(
    CODE,
    INSIDE.map(lambda text: f"'{text}'"),
    INSIDE.map(lambda text: f"E'\\'{text}'"),
    INSIDE.map(lambda text: f'"{text}"'),
    INSIDE.map(lambda text: f"$q${text}$q$"),
    INSIDE.map(lambda text: f"--{text}\n"),
    INSIDE.map(lambda text: f"/*{text}*/"),
)
PLACEHOLDER = st.sampled_from([("{setup_types}", TEMPLATES), ("{users}", '"auth"."users"'), ("{{", "{")])


@given(st.lists(st.one_of(VERBATIM.map(lambda text: (text + " ", text + " ")), PLACEHOLDER)))
def test_only_placeholders_change(pieces: list[tuple[str, str]]) -> None:
    """However code, literals, comments and placeholders follow each other, only the last change."""
    statement = " ".join(before for before, _ in pieces)

    assert _translated(statement) == " ".join(after for _, after in pieces)


@pytest.mark.parametrize("name", ['a "b"', "100%s", "two\nlines", "Größe", "{braces}", "select", "it's"])
def test_postgres_reads_the_same_table(empty_database: psycopg.Connection, name: str) -> None:
    """A translated statement with parameters runs, whatever the actual table is called."""
    empty_database.execute(
        sql.SQL("create table {0} (id int, doc jsonb); insert into {0} values (1, {1})").format(
            sql.Identifier(name), sql.Literal('{"a": {"b": 1}}')
        )
    )
    quoted = '"' + name.replace('"', '""') + '"'
    table_map = build_table_map(introspect(empty_database), "postgres", tables={"things": quoted})
    statement = 'select id /* {x} */ from {things} where doc @> \'{"a": {"b": 1}}\' and id = %s -- {y}'

    found = empty_database.execute(translate_placeholders(statement, table_map), [1]).fetchall()

    assert found == [(1,)]


def test_each_map_has_its_own_answer() -> None:
    """The same statement under two maps gives two results, cached or not."""
    one = build_table_map(make(table("a"), table("b")), "postgres", tables={"t": "a"})
    two = build_table_map(make(table("a"), table("b")), "postgres", tables={"t": "b"})

    for _ in range(2):
        assert translate_placeholders("{t}", one).as_string(None) == '"public"."a"'
        assert translate_placeholders("{t}", two).as_string(None) == '"public"."b"'


def test_translating_is_cheap_once_warm() -> None:
    """A statement that was translated before costs under 50 microseconds."""
    statement = "select * from {setup_types} join {users} on true " * 50
    calls = 2000
    translate_placeholders(statement, MAP)

    assert timeit(lambda: translate_placeholders(statement, MAP), number=calls) / calls < 50e-6


def test_a_large_statement_takes_linear_time() -> None:
    """Two megabytes of literals and unclosed quotes are scanned in a moment."""
    statement = "select '" + "{x}''" * 400_000 + "', E'" + "\\'{y}" * 100_000

    assert timeit(lambda: translate_placeholders(statement, MAP), number=1) < 2.0
