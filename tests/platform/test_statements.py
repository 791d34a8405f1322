"""SQL text is split where psql splits it, and nothing of it is lost."""

from __future__ import annotations

import io
import tracemalloc
from itertools import chain, repeat
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_supaseed.errors import SchemaError
from pytest_supaseed.platform.statements import COPY_CHUNK, PsqlCommand, Statement, StatementReader

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def reader_of(text: str, *, standard_strings: bool = True) -> StatementReader:
    """A reader of a text."""
    return StatementReader(io.StringIO(text, newline="\n"), name="a.sql", standard_strings=standard_strings)


def read_all(reader: StatementReader) -> int:
    """Read a source to its end, data and all; return its size."""
    return sum(len(item.text) + sum(map(len, reader.copy_data())) for item in reader)


def bodies(text: str, *, standard_strings: bool = True) -> list[str]:
    """The statements of a text, without what stands between them."""
    return [item.body for item in reader_of(text, standard_strings=standard_strings) if item.body]


@pytest.mark.parametrize(
    "statement",
    [
        "select 'a;b'",
        "select 'it''s;'",
        r"select 'a\', ''';'",
        r"select E'a\';b'",
        r"select e'\\', ';'",
        "select E'a'\n  -- and on;\n  'b\\';c'",
        "select U&'d\\0061t;' uescape '\\'",
        "select B'1;', X'f;', N'n;'",
        r"select date'2020;\'",
        r"select somename'ends in e;\'",
        'select "a;b", "c""d;"',
        "select $$a;b$$",
        "select $tag$ ; $$ ; $other$ ; $tag$",
        "select $ä$ ; $ä$",
        "select foo$bar$baz, 1",
        "select $1, a$1",
        "select 1 -- not; here\n, 2",
        "select 1 /* not; /* here; */ nor; here */ , 2",
        "select 1 -/* minus; */- 2 / 3",
        "create rule r as on insert to t do (select 1; select 2)",
        "create function f() returns int begin atomic select 1; select case when true then 2 end; end",
        "CREATE OR REPLACE PROCEDURE p(a int DEFAULT (1)) BEGIN ATOMIC INSERT INTO t VALUES (a); END",
        "create function begin() returns int language sql as 'select 1;'",
        "create table t (begin int, a text default ';')",
        "select 'over\ntwo; lines'",
        "select 'with\r\ncarriage; returns'\r\n",
        "do $do$ begin perform 1; end $do$",
    ],
)
def test_a_semicolon_inside_does_not_end_a_statement(statement: str) -> None:
    """Quotes, comments, parentheses and bodies keep their semicolons."""
    assert bodies(f"{statement};select 2;") == [f"{statement};", "select 2;"]


def test_ordinary_begin_and_end_are_statements() -> None:
    """`begin` opens a body in a routine alone; a transaction is three statements."""
    assert bodies("begin; select 1; end;") == ["begin;", "select 1;", "end;"]
    assert bodies("create table t (a int); select case when true then 1 end;") == [
        "create table t (a int);",
        "select case when true then 1 end;",
    ]


def test_backslashes_escape_where_the_server_says_so() -> None:
    """Old dumps set `standard_conforming_strings` off, and mean it."""
    text = r"select 'a\'; b';" + "\n"
    assert bodies(text, standard_strings=False) == [r"select 'a\'; b';"]
    reader = reader_of("set standard_conforming_strings = off;\n" + text)
    seen = []
    for item in reader:
        seen.append(item.body)
        reader.standard_strings = False
    assert r"select 'a\'; b';" in seen


def test_an_escaped_string_does_not_go_on_in_the_same_line() -> None:
    """Two literals side by side are no continuation: the second is a plain one."""
    assert bodies("select E'a' 'b\\'; select 1;") == ["select E'a' 'b\\';", "select 1;"]


def test_lines_are_counted_from_the_first_token() -> None:
    """A statement's line is where it starts, not where the comment before it does."""
    text = "-- one\n\nselect 1; /* two\n*/ select\n  2;\n\n\nselect 3"
    found = [(item.first_line, item.body) for item in reader_of(text) if item.body]
    assert found == [(3, "select 1;"), (4, "select\n  2;"), (8, "select 3")]


def test_a_position_gives_its_line() -> None:
    """Postgres counts characters of what it was sent; that leads back to the file's line."""
    (statement,) = reader_of("-- é\n\nselect\n  1,\n  wrong;")
    position = statement.body.index("wrong") + 1
    assert statement.line_of(statement.offset + position) == 5


def test_the_last_statement_needs_no_semicolon() -> None:
    """As in psql, the end of the file ends it."""
    assert bodies("select 1;\nselect 2\n") == ["select 1;", "select 2\n"]


def test_blanks_and_comments_alone_are_no_statement() -> None:
    """What holds no token has no body."""
    assert bodies("  \n-- nothing\n/* at all */\n") == []
    assert bodies(";;") == [";", ";"]


COPY = "-- data\ncopy t (a, b) from stdin; -- here it comes\n1\ta;b\n2\t'\n\\N\t\\\\.\n\\.\nselect 'after';\n"


def test_copy_data_is_handed_over() -> None:
    """The lines after COPY are data up to the one that ends them, whatever they hold."""
    reader = reader_of(COPY)
    seen = {item.body: "".join(reader.copy_data()) for item in reader if item.body}
    assert seen == {
        "copy t (a, b) from stdin; -- here it comes\n": "1\ta;b\n2\t'\n\\N\t\\\\.\n",
        "select 'after';": "",
    }


def test_copy_data_that_nobody_wants_is_passed_over() -> None:
    """A COPY statement that is not run takes its data with it, and lines are counted on."""
    found = [(item.first_line, item.body) for item in reader_of(COPY) if item.body]
    assert found[1] == (7, "select 'after';")


@pytest.mark.parametrize(
    "statement",
    [
        'COPY public.t ("from", b) FROM stdin;',
        "copy t from stdin with (format csv, header);",
        "copy /* from file */ t from\nstdin csv;",
    ],
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_copy_from_stdin_is_known_in_any_spelling(statement: str, line_end: str) -> None:
    """Also in CSV, and with the line ends of Windows."""
    reader = reader_of(line_end.join([statement, 'x,"y', 'z;"', "\\.", "select 1;"]))
    assert next(list(reader.copy_data()) for _ in reader) == [line_end.join(['x,"y', 'z;"', ""])]


@pytest.mark.parametrize(
    "statement",
    [
        "copy t from '/data/stdin';",
        "copy (select 'from stdin') to stdout;",
        "copy t to stdout;",
        "select 'copy';",
    ],
)
def test_other_copies_have_no_data(statement: str) -> None:
    """What follows them is SQL."""
    assert bodies(f"{statement}\nselect 1;") == [statement, "select 1;"]


def test_psql_commands_are_told_apart() -> None:
    """A line with a backslash is psql's, also where a quote stands in it."""
    items = list(reader_of("\\restrict ab'c\n-- x\n\\set ON_ERROR_STOP on\nselect 1;\n\\unrestrict ab'c"))
    commands = [item.body.strip() for item in items if isinstance(item, PsqlCommand)]
    assert commands == ["\\restrict ab'c", "\\set ON_ERROR_STOP on", "\\unrestrict ab'c"]
    assert [item.first_line for item in items if item.body] == [1, 3, 4, 5]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("select 1;\nselect 'a\n;", "inside what begins with ' in line 2"),
        ("select $x$ a", r"inside what begins with \$x\$ in line 1"),
        ("/* /* */ select 1;", r"inside what begins with /\* in line 1"),
        ("copy t from stdin;\n1\n", "the COPY in line 1"),
        ("select 1 \\gset\n", "gset stands inside a statement"),
    ],
)
def test_what_is_cut_off_is_an_error(text: str, said: str) -> None:
    """A file that ends in the middle is not run to its end as if nothing were missing."""
    with pytest.raises(SchemaError, match=said):
        read_all(reader_of(text))


LITERALS = st.one_of(
    st.text().map(lambda text: "'" + text.replace("'", "''") + "'"),
    st.text().map(lambda text: '"' + text.replace('"', '""') + '"'),
    st.text().map(lambda text: "E'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"),
    st.text()
    .filter(lambda text: "$q$" not in text and not text.endswith(("$", "$q")))
    .map("$q${}$q$".format),
    st.text().filter(lambda text: not {"*", "/"} & set(text)).map("/*{}*/".format),
    st.text(st.characters(exclude_characters="\n")).map("--{}\n".format),
)


@given(st.lists(st.lists(LITERALS, max_size=4), min_size=1, max_size=5))
def test_a_literal_never_splits(statements: list[list[str]]) -> None:
    """Whatever quotes and comments hold, there are as many statements as were written."""
    written = ["select " + " , ".join([*literals, "1"]) for literals in statements]
    found = bodies("".join(f"{statement};\n" for statement in written))
    assert found == [f"{statement};" for statement in written]


@given(st.text(alphabet="'\"$;-/*\\()\n\r eEabq1é", max_size=60))
def test_the_pieces_are_the_text(text: str) -> None:
    """No character is lost or made up, in any text that has an end."""
    pieces = _pieces(text)
    if pieces is not None:
        assert "".join(piece.text for piece in pieces) == text
        lines = [piece.line for piece in pieces]
        assert lines == [
            text[: sum(len(p.text) for p in pieces[:n])].count("\n") + 1 for n in range(len(pieces))
        ]


def _pieces(text: str) -> list[Statement] | None:
    try:
        return list(reader_of(text))
    except SchemaError:
        return None


def _peak_while_reading(lines: Iterable[str]) -> tuple[int, int]:
    tracemalloc.start()
    size = read_all(StatementReader(lines, name="big.sql"))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return size, peak


def _big_dump() -> Iterator[str]:
    rows = repeat("1\tsome text that a row may well hold; and more of it\n", 100_000)
    inserts = repeat("insert into t values (1, 'some text; that a row may hold');\n", 20_000)
    return chain(["copy t from stdin;\n"], rows, ["\\.\n"], inserts)


def test_memory_does_not_grow_with_the_source() -> None:
    """Six megabytes pass through a few chunks' worth of memory."""
    size, peak = _peak_while_reading(_big_dump())
    assert size > 6_000_000
    assert peak < 8 * COPY_CHUNK
