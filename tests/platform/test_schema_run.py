"""Schema sources run as their authors mean them, on a real server, and errors say where and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from psycopg.pq import TransactionStatus
from schema_databases import Project, project_in_copy

from pytest_supaseed.errors import SchemaError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_supaseed.server.endpoint import Endpoint


@pytest.fixture
def project(endpoint: Endpoint, platform_database: str, tmp_path: Path) -> Iterator[Project]:
    """An empty project with a database of its own."""
    with project_in_copy(endpoint, platform_database, tmp_path) as project:
        yield project


@pytest.fixture(scope="module")
def failing(
    endpoint: Endpoint, platform_database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Project]:
    """A project for sources that fail, and leave nothing."""
    folder = tmp_path_factory.mktemp("failing")
    with project_in_copy(endpoint, platform_database, folder, "failing") as project:
        yield project


def failure(project: Project, *schema: Any) -> str:
    """What running the sources says."""
    with pytest.raises(SchemaError) as caught:
        project.run(*schema)
    assert project.owner.info.transaction_status == TransactionStatus.IDLE
    return str(caught.value)


def test_files_run_in_order_and_belong_to_the_owner(project: Project) -> None:
    """Statements are counted, files announced, and the owner owns what they make."""
    project.put(
        a="-- one\ncreate table t (a int);\n\n;\n", b="insert into t values (1); insert into t values (2)"
    )
    run = project.run()
    assert (run.statements, run.notes) == (3, ())
    assert project.seen == ["db/a.sql", "db/b.sql"]
    assert project.rows("select a from t order by a") == [1, 2]
    assert project.rows("select tableowner from pg_tables where tablename = 't'") == [project.owner.info.user]


def test_an_extension_is_moved_although_it_is_the_server_s(project: Project) -> None:
    """Migrations move, describe and drop extensions as the owner, which Supabase lets them."""
    project.put(
        a="""
            create extension hstore with schema public;
            alter extension hstore set schema extensions;
            comment on extension hstore is 'moved';
            create extension pg_trgm;
            drop extension pg_trgm;
        """
    )
    project.run()
    assert project.rows(
        "select e.extname || ' ' || n.nspname || ' ' || obj_description(e.oid, 'pg_extension')"
        " from pg_extension e join pg_namespace n on n.oid = e.extnamespace"
        " where e.extname in ('hstore', 'pg_trgm')"
    ) == ["hstore extensions moved"]


def test_a_file_is_all_or_nothing(project: Project) -> None:
    """An error in a file's middle leaves the files before it, and nothing of its own."""
    project.put(a="create table kept ();", b="create table lost ();\nselect 1/0;\ncreate table never ();")
    said = failure(project)
    assert "db/b.sql, line 2: division by zero." in said
    assert project.rows("select relname from pg_class where relname in ('kept', 'lost', 'never')") == ["kept"]


def test_an_error_says_where_what_and_why(project: Project) -> None:
    """File, line within the statement, the statement, and Postgres's own words."""
    project.put(a="-- é\n\ncreate view v as\n  select 1,\n         nope\n  from pg_class;\n")
    said = failure(project)
    assert 'db/a.sql, line 5: column "nope" does not exist.' in said
    assert "the statement of line 3: create view v as\n" in said
    assert "SQLSTATE: 42703" in said


@pytest.mark.parametrize(
    ("text", "advised"),
    [
        ("select * from later;", "is later made by a later file?"),
        ("create table nowhere.t ();", "create schema if not exists nowhere"),
        ("create table t (a citext);", 'create extension if not exists "citext"'),
        ("create table t (a nothing);", "make nothing before it is used"),
        ("grant all on schema public to nobody_here;", "create role nobody_here"),
        ("set search_path = ''; select uuid_generate_v4();", "write extensions.uuid_generate_v4"),
        ("select missing_function(1);", "write its schema before its name"),
        ("create event trigger e on ddl_command_end execute function f();", "no superuser"),
        ("create table t (); create table t ();", "does another source make t too?"),
        ("create tabel t ();", "is it newer than this server?"),
        (
            "begin; create index concurrently on pg_class (oid); commit;",
            "move it out of the file's own `begin`",
        ),
        (
            "create type e as enum ('a'); begin; alter type e add value 'b'; select 'b'::e; commit;",
            "commit between adding the value and using it",
        ),
        ("do $$ begin create extension no_such_extension; end $$;", "outside of any `do` or function"),
        ("create extension no_such_extension;", '= "skip"'),
        ("create database supaseed_never;", "take it out of the schema"),
        ("alter system set work_mem = '8MB';", "take it out of the schema"),
        ("copy pg_class to stdout;", "take it out of the schema"),
        ("\\connect other\n", "without --create"),
        ("\\i missing.sql\n", "from the root folder"),
        ("\\gexec\n", "take it out"),
        ("\\set name value\n", "write the value"),
        ("\\encoding latin1\n", "save the file as UTF-8"),
        ("begin; select 1;", "leave `begin` out"),
        ("select 'open", "close it"),
    ],
)
def test_common_errors_come_with_advice(failing: Project, text: str, advised: str) -> None:
    """What goes wrong often says what to do."""
    failing.put(a=text)
    said = failure(failing)
    assert said.startswith(("db/a.sql, line 1: ", "db/a.sql begins", "db/a.sql ends"))
    assert advised in said.partition("what to do:")[2]


def test_an_error_at_commit_is_the_files_too(project: Project) -> None:
    """A constraint that is checked at the end of the file's transaction is reported by that file."""
    project.put(
        a="create table t (a int primary key, b int references t deferrable initially deferred);\n"
        "insert into t values (1, 2);\n-- the end\n"
    )
    assert "db/a.sql, line 2: insert or update on table" in failure(project)
    assert project.rows("select to_regclass('public.t')") == [None]


@pytest.mark.parametrize(
    "text",
    [
        """
        create table t (a int);
        create index concurrently i on t (a);
        drop index concurrently i;
        vacuum t;
        reindex table concurrently t;
        insert into t values (1);
        """,
        """
        create type e as enum ('a');
        create table t (a e);
        alter type e add value 'b';
        insert into t values ('b');
        """,
        """
        create table t (a int);
        create procedure p() language plpgsql as $$ begin insert into t values (1); commit; end $$;
        call p();
        """,
        "create table t (a int); do $$ begin insert into t values (1); commit; end $$;",
        """
        begin;
        create table t (a int);
        savepoint s;
        insert into t values (1);
        insert into t values (2);
        rollback to s;
        insert into t values (3);
        rollback to s;
        insert into t values (4);
        commit;
        """,
        "create table t (a int); begin; drop table t; rollback; insert into t values (1);",
        "create table t (a int); rollback; insert into t values (1); commit;",
        "begin; create table t (a int); commit and chain; insert into t values (1); end;",
    ],
)
def test_statements_that_cannot_be_in_our_transaction(project: Project, text: str) -> None:
    """They run outside of it, and what the file says of transactions is heeded."""
    project.put(a=text)
    project.run()
    assert project.rows("select count(*) from t") == [1]


def test_settings_end_with_their_file(project: Project) -> None:
    """No file feels the search path, role, or timeouts of the one before it; the owner's own stay."""
    project.owner.execute("create schema mine")
    project.put(
        a="select set_config('search_path', '', false); set statement_timeout = '9s'; set role anon;",
        b="create table t as select current_user::text as who, current_setting('statement_timeout') as time;",
    )
    project.run()
    assert project.rows("select who || ' ' || time from public.t") == [f"{project.owner.info.user} 0"]
    assert "extensions" in str(project.owner.execute("show search_path").fetchone())


def test_an_extension_goes_to_the_schema_that_was_just_made(project: Project) -> None:
    """Also inside the file's own transaction, which goes on after it."""
    project.put(
        a="create schema foo; create extension citext schema foo; create table t (c foo.citext);",
        b="""
        begin;
        create schema bar;
        create extension if not exists "ltree" with schema bar cascade;
        create table u (l bar.ltree);
        commit;
        """,
    )
    run = project.run()
    made = project.rows("select extname from pg_extension where extname in ('citext', 'ltree') order by 1")
    assert made == ["citext", "ltree"]
    assert [decision.action for decision in run.extensions] == ["install", "install"]


def test_what_stands_in_cannot_be_altered_and_need_not_be(project: Project) -> None:
    """`drop`, `comment on` and `alter` of a stub are passed over; of what is real they run."""
    project.put(
        a="""
        drop extension if exists "pg_net";
        create extension pg_net;
        comment on extension pg_net is 'x';
        alter extension pg_net set schema public;
        create extension citext with schema extensions;
        drop extension if exists pg_net, citext cascade;
        create extension pg_net;
        create extension hstore with schema public;
        comment on extension hstore is 'mine';
        select net.http_get('https://example.com');
        """
    )
    project.run()
    assert project.rows("select extname from pg_extension where extname in ('citext', 'hstore')") == [
        "hstore"
    ]


def test_an_index_on_a_vector_needs_no_parameters_of_its_own(project: Project) -> None:
    """Where vector is a stub, its index is made without what tunes it."""
    project.overrides["vector"] = "stub"
    project.put(
        a="create extension vector with schema extensions;\n"
        "create table docs (id int, embedding extensions.vector(3));\n"
        "create index docs_index on docs using hnsw (embedding extensions.vector_cosine_ops) with (m = 16);\n"
        "create index concurrently docs_other on docs using ivfflat (embedding extensions.vector_l2_ops)"
        " with (lists = 100);\n"
    )
    project.run()
    assert project.rows("select count(*) from pg_indexes where tablename = 'docs'") == [2]


def test_copy_data_of_every_format(project: Project) -> None:
    """Text with tabs and escapes, CSV with quotes, line ends of Windows, a mark at the file's start."""
    project.put(
        a="\ufeffcreate table t (a int, b text);\r\ncopy t from stdin;\r\n1\tx;y\r\n2\t\\N\r\n\\.\r\n",
        b='copy t (a, b) from stdin with (format csv, header);\na,b\n3,"two\nlines;"\n4,"a ""quote"""\n\\.\n'
        "insert into t values (5, 'after');\n",
    )
    run = project.run()
    assert run.statements == 4
    assert project.rows("select b from t order by a") == ["x;y", None, "two\nlines;", 'a "quote"', "after"]


def test_bad_copy_data_is_found_by_its_line(project: Project) -> None:
    """The line of the data in the file, not of the statement."""
    project.put(a="create table t (a int);\n\ncopy t from stdin;\n1\n2\nthree\n\\.\n")
    assert 'db/a.sql, line 6: invalid input syntax for type integer: "three".' in failure(project)


def test_text_that_is_no_utf8_is_said(project: Project) -> None:
    """By file, line and byte; other kinds of files by what they are."""
    path = project.root / "a.sql"
    for body, said in (
        (b"select 1;\nselect '\xe9';\n", "a.sql, line 2: its byte 9, 0xe9, is not UTF-8"),
        ("select 1;".encode("utf-16"), "a.sql is UTF-16"),
        (b"PGDMP\x01\x0e", "a.sql is an archive of pg_dump"),
        (b"\x1f\x8b\x08", "a.sql is compressed by gzip"),
        (b"select 1;\n\x00", "a.sql, line 2 holds a zero byte"),
    ):
        path.write_bytes(body)
        assert said in failure(project, "a.sql")


def test_psql_commands_that_mean_nothing_here(project: Project) -> None:
    """What guards or shapes psql's session is passed over; files are included, in the same transaction."""
    project.put(
        a="\\restrict x'y\n\\set ON_ERROR_STOP on\n\\encoding UTF8\n\\echo it's on\ncreate table t (a int);\n"
        "\\ir more/b.sql\n\\i db/more/c.sql\n\\unrestrict x'y\n"
    )
    more = project.root / "db/more"
    more.mkdir()
    (more / "b.sql").write_text("insert into t values (1);\n\\ir 'c.sql'\n", encoding="utf-8")
    (more / "c.sql").write_text("insert into t values (2);", encoding="utf-8")
    assert project.run("db/a.sql").statements == 4
    assert project.rows("select a from t order by a") == [1, 2, 2]


def test_files_that_include_each_other_are_an_error(project: Project) -> None:
    """A circle is named, not run until memory ends."""
    project.put(a="\\ir b.sql\n", b="\\ir a.sql\n")
    assert "db/b.sql, line 1: \\ir a.sql includes a file that includes it." in failure(project, "db/a.sql")


def test_old_escapes_are_read_as_the_file_says(project: Project) -> None:
    """`standard_conforming_strings` moves where a literal ends, here as on the server."""
    project.owner.execute("create table t (b text)")
    if not _knows_old_strings(project.owner):
        pytest.skip("this server has no old strings any more")
    project.put(
        a="set standard_conforming_strings = off; set escape_string_warning = off;\n"
        "insert into t values ('it\\'s; one');\n"
    )
    project.run()
    assert project.rows("select b from t") == ["it's; one"]


def _knows_old_strings(connection: psycopg.Connection) -> bool:
    try:
        connection.execute("set standard_conforming_strings = off")
    except psycopg.Error:
        return False
    connection.execute("reset standard_conforming_strings")
    return True


def test_functions_make_tables_and_may_return_sql(project: Project) -> None:
    """A function gets the owner's connection; texts that it returns are split and run one by one."""

    def direct(connection: psycopg.Connection) -> None:
        connection.execute("create table t (a int)")

    def in_transaction(connection: psycopg.Connection) -> Any:
        connection.autocommit = False
        connection.execute("insert into t values (1)")
        yield "insert into t values (2); create index concurrently on t (a);"
        connection.execute("begin")
        connection.execute("insert into t values (3)")

    def one_text(_: psycopg.Connection) -> str:
        return "insert into t values (4);"

    run = project.run(direct, in_transaction, one_text)
    assert run.statements == 3
    assert project.rows("select a from t order by a") == [1, 2, 3, 4]
    assert project.owner.autocommit


def test_functions_that_fail_say_so(project: Project) -> None:
    """By name and line, with what they left undone."""

    def broken(connection: psycopg.Connection) -> None:
        connection.execute("create table t ()")
        connection.execute("begin")
        connection.execute("create table u ()")
        raise ValueError("no luck")

    def refused(connection: psycopg.Connection) -> None:
        connection.execute("select nope")

    def bad_text(_: psycopg.Connection) -> list[str]:
        return ["select 1;", "select\n nope"]

    def number(_: psycopg.Connection) -> int:
        return 3

    said = failure(project, broken)
    assert "broken failed: ValueError: no luck" in said
    assert 'raise ValueError("no luck")' in said
    assert project.rows("select to_regclass('u')") == [None]
    assert 'UndefinedColumn: column "nope"' in failure(project, refused)
    assert 'bad_text, text 2, line 2: column "nope" does not exist.' in failure(project, bad_text)
    assert "number returned int" in failure(project, number)


def test_a_server_that_goes_away_is_an_error_of_ours(project: Project) -> None:
    """No traceback of a driver, and the statement that it happened in."""
    project.put(a="select 1;\nselect pg_terminate_backend(pg_backend_pid());")
    with pytest.raises(SchemaError, match=r"db/a\.sql, line 2: terminating connection"):
        project.run()
