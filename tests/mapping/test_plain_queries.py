"""Tests of mapping.plain_queries: references to tables are replaced, and nothing else is touched."""

from __future__ import annotations

from timeit import timeit
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kit_catalogs import make, makerkit
from psycopg import sql
from small_catalog import table

from pytest_supaseed.catalog.introspect import introspect
from pytest_supaseed.errors import MappingError
from pytest_supaseed.mapping.plain_queries import translate
from pytest_supaseed.mapping.table_map import build_table_map

if TYPE_CHECKING:
    import psycopg

MAP = build_table_map(
    makerkit("", table('odd "one"'), table("Größe"), table("Caps"), table("100%s"), table("gear")),
    "makerkit",
    tables={"app.things": '"Caps"', "share": '"100%s"', "Mixed": '"Caps"'},
)
TEMPLATES = '"public"."base_templates"'
USERS = '"auth"."users"'


def _translated(statement: str) -> str:
    return translate(statement, MAP)


def _with_names(statement: str) -> str:
    """`[t]` is setup_types's table and its alias, `[T]` the table alone, `[u]` that of users."""
    alias = f"{TEMPLATES} as setup_types"
    return statement.replace("[t]", alias).replace("[T]", TEMPLATES).replace("[u]", USERS)


def _logical(statement: str) -> str:
    return statement.replace("[t]", "setup_types").replace("[T]", "setup_types").replace("[u]", "users")


@pytest.mark.parametrize(
    "statement",
    [
        "select * from [t]",
        "select s.* from [T] s join [u] as u on u.id = s.id",
        "select setup_types.name, setup_types.* from [t], [u] where users.id = setup_types.id",
        "select row_to_json(setup_types), (setup_types).name from [t] for update of setup_types skip locked",
        "select * from ([t] join [u] on true) as j natural join [t] left join gear using (id)",
        "select array(select id from [t]), exists (select from [u]), x = any(array(select 1 from gear))",
        "select * from [T] as s(a, b), generate_series(1, 2) g, unnest(array[1]) with ordinality as n",
        "select * from [t], lateral (select * from [u] where users.id = setup_types.id) l",
        "select * from [u], lateral setup_types(users.id) as f(x int)",
        "select * from only [t] tablesample system (10) where a in (select 1 from [u])",
        "select setup_types from users_of(1) as setup_types, [u]",
        "select users as setup_types, a.setup_types, b.users from gear a, gear b, [u]",
        "select * into temp fresh from [t]",
        "select extract(epoch from users.at), trim(both from b), a is distinct from users.b from [u]",
        "select 1 from [t] union all (select 2 from [u] order by 1 limit 1) except table [T]",
        "select count(*) filter (where true) over w from [t] window w as (order by users) limit %s",
        "insert into [t] (name, users) values (%s, default) returning setup_types.id",
        "insert into [t] (id) overriding system value select id from [u]",
        "insert into [T] as s (id) values (1) on conflict (id) do update set name = s.name || excluded.name",
        "insert into [t] default values",
        "update [t] set name = %(name)s, users = (select max(id) from [u]) where setup_types.id = 1",
        "update only [T] s set (a, b) = (select 1, 2) from [u] u where u.id = s.id returning s.*",
        "delete from [t] using [u] u, gear where u.id = setup_types.id returning *",
        "delete from [t] where current of some_cursor",
        "merge into [T] t using [u] as u on t.id = u.id when matched then update set name = u.name",
        "merge into [t] using gear on true when not matched then insert (id) values (setup_types.id)",
        "with gone as (delete from [t] returning *) insert into gear select * from gone",
        "truncate [T], [u] restart identity cascade",
        "truncate table [T]",
        "copy [T] (id, name) to stdout",
        "copy (select * from [t]) to stdout with (format csv)",
        "table [T]",
        "values ((select max(id) from [u]))",
        "explain (analyze, format json) select * from [t]",
        "explain analyze verbose delete from [t]",
        "select a -> 'b' ->> 'c', d @> %s, e %% 2, f <-> g, h ?| array['x'], ~5, i =-1 from [t]",
        "select i operator(pg_catalog.+) 1, a #>> '{b,c}', x at time zone 'utc' from [t]",
        "select interval '1 day', date 'today', null::setup_types, cast(a as users[]), b[1:2] from [t]",
        "select setups.id from setups; ",
        "select * from base_templates, public.base_templates, auth.users",
        "select * from pg_class c, pg_catalog.pg_namespace, information_schema.tables",
        "select now(), public.setup_types(1)",
        "",
        " -- nothing but a comment\n",
    ],
)
def test_references_are_replaced(statement: str) -> None:
    """Whatever the statement, its tables are replaced, columns go on meaning them, and all else stays."""
    assert _translated(_logical(statement)) == _with_names(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "with setup_types as (select 1) select * from setup_types",
        "with t as (select * from [t]), setup_types as (select 1) select * from setup_types",
        "with setup_types as (select * from [t]) select * from setup_types",
        "with recursive setup_types as (select 1 union select * from setup_types) table setup_types",
        "with recursive a as (select * from users), users as (select 1) select * from a",
        "select * from (with users as (select 1) select * from users) x, [u]",
        "with users as (select 1) insert into [u] select * from users",
        "with users as (select 1) update [u] set id = 1 from users u where u.id = 2",
        "with users as (select 1) select * from auth.users, users",
        'with "users" as (select 1) select * from USERS',
        "insert into [u] with users as (select 1) select * from users",
    ],
)
def test_common_table_expressions(statement: str) -> None:
    """A name that WITH gives hides the table where Postgres says so, and nowhere else."""
    before = statement.replace("[t]", "setup_types").replace("[u]", "users")

    assert _translated(before) == _with_names(statement)


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("select * from SETUP_Types", "select * from [T] as SETUP_Types"),
        ('select * from "setup_types"', 'select * from [T] as "setup_types"'),
        (r'select * from U&"setup\005ftypes"', r'select * from [T] as U&"setup\005ftypes"'),
        ("select * from setup_types * where true", "select * from [T] * as setup_types where true"),
        ("select * from setup_types/* t */s", "select * from [T]/* t */s"),
        ("select * from\n\tsetup_types--x\n\ts", "select * from\n\t[T]--x\n\ts"),
        ("select * from Mixed", 'select * from "public"."Caps" as Mixed'),
        ('select * from "Größe", "odd ""one"""', 'select * from "Größe", "odd ""one"""'),
        (
            "select app.things.id, things.x, app.things.* from app.things",
            'select things.id, things.x, things.* from "public"."Caps" as things',
        ),
        ("select * from share where id = %s", r'select * from "public".U&"100\0025s" as share where id = %s'),
    ],
)
def test_names(statement: str, expected: str) -> None:
    """Names fold as in Postgres; quoted, escaped and qualified ones are right, percent signs too."""
    translated = _translated(statement)

    assert translated.replace('U&"public"', '"public"') == _with_names(expected)
    assert _translated(translated) == translated


@pytest.mark.parametrize(
    "text",
    [
        "'from setup_types'",
        "'it''s from users'",
        r"'back\'",
        r"E'it\'s from users'",
        "$$ from users $$",
        "$a$ from users $$ ' $a$",
        "U&'from users'",
        "b'1' || x'F'",
        '"from users"',
        "/* from users /* nested ' */ from users */ 1",
        "1 -- from users ' \n",
        "1 /* unread \\ */",
    ],
)
def test_literals_and_comments_stay(text: str) -> None:
    """In literals, quoted names and comments nothing is a table, and after them everything is SQL again."""
    statement = _logical(f"select {text} from [u]")  # noqa: S608  # SQL is what is tested

    assert _translated(statement) == statement.removesuffix("users") + USERS


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("select * from\n  setups_types", "setups_types on line 2, column 3 of the statement: No table"),
        ("select * from public.setup_types", "public.setup_types on line 1, column 22"),
        ('select * from "Setup_types"', '"Setup_types" on line 1, column 15'),
        ('select * from "users""; drop table x"', "column 15 of the statement"),
        ("select 1;\nselect 2 from users", "2 statements, the second one from line 2, column 1 on"),
        ("select * from users; drop table users; --", "2 statements, the second one from line 1, column 22"),
        ("select * frm users", "cannot be read at line 1, column 14: 'users'"),
        ("select *\nfrom users where", "cannot be read at line 2, column 12: 'where'"),
        ("drop table users", "begins with 'drop'"),
        ("  do $$ begin end $$", "line 1, column 3"),
        ("create table t as select * from users", "begins with 'create'"),
        ("select ((1 from users", "cannot be read"),
        ("?", "cannot be read at line 1, column 1"),
        ("select * from {users}", "brace on line 1, column 15"),
        ("select 'a", "on line 1, column 8 of the statement is never closed"),
        ('select "a', "never closed"),
        ("select 1 /* a /* b */", "never closed"),
        ("select $a$ x", "never closed"),
        ("select " + "(" * 5000 + "1" + ")" * 5000, "cannot be read"),
    ],
)
def test_refusals(statement: str, said: str) -> None:
    """What cannot be read or resolved is refused, with its place and with what to do."""
    with pytest.raises(MappingError) as caught:
        _translated(statement)

    assert said in caught.value.summary
    assert caught.value.remedies


def test_the_nearest_names_are_said() -> None:
    """A name with a slip of the pen is not guessed at: what is near is listed."""
    with pytest.raises(MappingError) as caught:
        _translated("select * from setup_type")

    assert "setup_types" in str(caught.value)


_SPACES = st.sampled_from([" ", "\n", "\t ", " /* from users */ ", " -- from setup_types\n"])
_ALIASES = st.sampled_from(["", " a", " as b", ' as "users"', " setup_types"])
_TABLES: dict[str, tuple[str, bool]] = {
    "setup_types": (TEMPLATES, True),
    "SETUP_TYPES": (TEMPLATES, True),
    '"setup_types"': (TEMPLATES, True),
    "users": (USERS, False),
    "setups": ("setups", False),
    "auth.users": ("auth.users", False),
    "share": ('U&"public".U&"100\\0025s"', True),
    "app.things": ('"public"."Caps"', True),
    "pg_class": ("pg_class", False),
}
_EXPRESSIONS = st.sampled_from(
    [
        "1",
        "users",
        "'from setup_types'",
        "setup_types.name",
        "a.users ->> 'users'",
        "count(*)",
        "$$from users$$",
        "%s",
        "%(users)s::int %% 3",
        "E'\\' from users'",
        "extract(year from users)",
        "x is distinct from setup_types",
        '"users"',
    ]
)
Pair = tuple[str, str]
"""What is written, and what it becomes."""


@st.composite
def _table(draw: st.DrawFn) -> Pair:
    name = draw(st.sampled_from(sorted(_TABLES)))
    alias = draw(_ALIASES)
    actual, renamed = _TABLES[name]
    shown = name.removeprefix("app.")
    return name + alias, actual + (alias or (f" as {shown}" if renamed else ""))


@st.composite
def _select(draw: st.DrawFn, depth: int = 2) -> Pair:
    """A SELECT, perhaps with joins, subqueries in any place and a set operation."""
    space, expression = draw(_SPACES), draw(_EXPRESSIONS)
    sources = draw(st.lists(_source(depth), min_size=1, max_size=3))
    glue = draw(st.sampled_from([", ", " cross join ", " natural left join "]))
    before, after = (glue.join(part) for part in zip(*sources, strict=True))
    pairs = [f"select{space}{expression}{space}from{space}{text}" for text in (before, after)]
    if depth and draw(st.booleans()):
        inner = draw(_select(depth - 1))
        kind = draw(
            st.sampled_from([" where exists ({})", " where a in ({})", " union all {}", " except ({})"])
        )
        pairs = [text + kind.format(part) for text, part in zip(pairs, inner, strict=True)]
    return pairs[0], pairs[1]


def _source(depth: int) -> st.SearchStrategy[Pair]:
    if not depth:
        return _table()
    nested = _select(depth - 1).map(lambda pair: (f"({pair[0]}) as s", f"({pair[1]}) as s"))
    return st.one_of(
        _table(), nested, st.just(("generate_series(1, 2) users", "generate_series(1, 2) users"))
    )


@st.composite
def _statement(draw: st.DrawFn) -> Pair:
    """A statement that reads or writes, perhaps after a WITH that hides a table's name."""
    query, target = draw(_select()), draw(_table().filter(lambda pair: " " not in pair[0]))
    forms = [
        "{query}",
        "insert into {target} {query}",
        "insert into {target} (users, setup_types) {query} returning users",
        "update {target} set users = ({query}) where setup_types = %s",
        "delete from {target} using ({query}) as q where true",
        "merge into {target} using ({query}) q on true when matched then delete",
        "with c as ({query}) select * from c, {target}",
        "with gear as (select 1) insert into {target} select * from gear",
        "explain {query};",
    ]
    form = draw(st.sampled_from(forms))
    before, after = (form.format(query=query[at], target=target[at]) for at in (0, 1))
    return before, after


@settings(max_examples=300, deadline=None)
@given(_statement())
def test_only_references_change(pair: Pair) -> None:
    """However a statement is put together, the references change, all else stays, the second time all."""
    before, after = pair
    translated = _translated(before)

    assert translated == after
    assert _translated(translated) == translated


_STATEMENTS = (
    "insert into kinds (name) values ('a'), ('b') returning kinds.id",
    "insert into kinds as k (name) values ('c') on conflict (name) do update set name = k.name",
    "update kinds set name = kinds.name || 'x' from memos m where m.kind_id = kinds.id",
    "delete from memos using kinds where memos.kind_id = kinds.id and kinds.name = %s",
    "select kinds, kinds.*, row_to_json(kinds) from only kinds for update of kinds",
    "select * from kinds * tablesample system (100) natural join memos",
    "with kinds as (select * from kinds) select count(*) from kinds, memos where memos.text like '%%m'",
    "explain (costs off) select * from kinds where name = %(name)s",
    "truncate memos, kinds",
)


@pytest.mark.parametrize("name", ['a "b"', "100%s", "two\nlines", "Größe", "select", "it's", "{x}"])
def test_postgres_runs_what_was_translated(empty_database: psycopg.Connection, name: str) -> None:
    """Statements with parameters run, whatever the actual table is called."""
    tables = (
        "create table public.{0} (id int generated always as identity primary key, name text unique);"
        "create table public.notes (id int, kind_id int references public.{0} (id), text text)"
    )
    empty_database.execute(sql.SQL(tables).format(sql.Identifier(name)))
    quoted = '"' + name.replace('"', '""') + '"'
    table_map = build_table_map(
        introspect(empty_database), "postgres", tables={"kinds": quoted, "memos": "notes"}
    )

    for statement in _STATEMENTS:
        values = {"name": "x"} if "%(" in statement else ["x"] if "%s" in statement else []
        empty_database.execute(translate(statement, table_map).encode(), values)

    count = empty_database.execute(translate("select count(*) from kinds", table_map).encode())
    assert count.fetchone() == (0,)


def test_each_map_has_its_own_answer() -> None:
    """The same statement under two maps gives two results, cached or not."""
    one = build_table_map(make(table("a"), table("b")), "postgres", tables={"t": "a"})
    two = build_table_map(make(table("a"), table("b")), "postgres", tables={"t": "b"})

    for _ in range(2):
        assert translate("table t", one) == 'table "public"."a"'
        assert translate("table t", two) == 'table "public"."b"'


def test_translating_is_cheap_once_warm() -> None:
    """A statement that was translated before costs under 50 microseconds."""
    statement = "select * from setup_types join users on true " + "cross join users " * 50
    calls = 2000
    _translated(statement)

    assert timeit(lambda: _translated(statement), number=calls) / calls < 50e-6


def test_long_literals_take_linear_time() -> None:
    """A megabyte in literals and comments, and thousands of rows, are read in a moment."""
    statement = "values " + ", ".join(["(1, '" + "from users '' " * 50 + "')"] * 1000)

    assert timeit(lambda: _translated(statement), number=1) < 5.0
