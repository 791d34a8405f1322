"""A project's schema is found where it lies, and what is named and missing is said."""

from __future__ import annotations

import functools
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pytest_supaseed.errors import SchemaError
from pytest_supaseed.platform.schema_sources import SchemaSources, SqlFile, find_sources, names_supabase
from pytest_supaseed.platform.source_items import local_path

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty project, whose modules are forgotten afterwards."""
    before = set(sys.modules)
    yield tmp_path
    for name in set(sys.modules) - before:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.undo()


def put(root: Path, *names: str, text: str = "select 1;\n") -> None:
    """Write files."""
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def found(root: Path, *schema: object) -> SchemaSources:
    """What is found, which is something."""
    sources = find_sources(root, schema)  # type: ignore[arg-type]
    assert sources is not None
    return sources


def names(sources: SchemaSources) -> list[str]:
    """The files, in the order in which they run."""
    return [item.name for item in sources.items if isinstance(item, SqlFile)]


def make_tables(connection: object) -> None:
    """A schema source, for what is said of it."""


def test_nothing_said_and_nothing_there_is_none(root: Path) -> None:
    """Then a bundled schema may come in; an empty folder of migrations counts as none."""
    (root / "supabase/migrations").mkdir(parents=True)
    assert find_sources(root, ()) is None


def test_supabase_migrations_are_found_in_order(root: Path) -> None:
    """By the order of their names, folders within them left alone."""
    put(root, *(f"supabase/migrations/{name}.sql" for name in ("2_b", "10_c", "1_a", "old/0_z")))
    sources = found(root)
    assert names(sources) == [f"supabase/migrations/{name}.sql" for name in ("10_c", "1_a", "2_b")]
    assert sources.origin == "supabase/migrations, 3 files"


def test_names_that_supabase_passes_over_are_passed_over_and_said(root: Path) -> None:
    """What its own tool would not run does not run, and the reader is told."""
    put(
        root,
        *(f"supabase/migrations/{name}.sql" for name in ("20200101000000_init", "20250101000000_a", "draft")),
    )
    sources = found(root)
    assert names(sources) == ["supabase/migrations/20250101000000_a.sql"]
    assert ["20200101000000_init" in sources.notes[0], "draft.sql" in sources.notes[1]] == [True, True]


def test_a_folder_of_which_nothing_would_run_is_an_error(root: Path) -> None:
    """All names wrong is not the same as no migrations."""
    put(root, "supabase/migrations/a.sql")
    with pytest.raises(SchemaError, match=r"named <timestamp>_<name>\.sql") as caught:
        find_sources(root, ())
    assert 'schema = ["supabase/migrations/*.sql"]' in str(caught.value)


def test_an_app_of_a_monorepo_is_found(root: Path) -> None:
    """One app with migrations is the one."""
    put(root, "apps/web/supabase/migrations/1_a.sql", "apps/docs/README.sql")
    assert found(root).origin == "apps/web/supabase/migrations, 1 file"


def test_two_apps_are_not_guessed_between(root: Path) -> None:
    """The error names both, and the option that decides."""
    put(root, "apps/a/supabase/migrations/1_a.sql", "apps/b/supabase/migrations/1_a.sql")
    with pytest.raises(SchemaError, match="2 apps have migrations") as caught:
        find_sources(root, ())
    assert 'schema = ["apps/b/supabase/migrations"]' in str(caught.value)


def test_folders_files_patterns_and_functions_in_the_order_given(root: Path) -> None:
    """The list is the order; a pattern sorts what it matches, ** crosses folders."""
    put(root, "b/2.sql", "b/1.sql", "a.sql", "deep/x/2.sql", "deep/1.sql")
    put(root, "my_tables.py", text="def make(connection):\n    return ['select 1']\n")
    sources = found(root, "b", Path("a.sql"), "deep/**/*.sql", "my_tables:make", make_tables)
    assert names(sources) == ["b/1.sql", "b/2.sql", "a.sql", "deep/1.sql", "deep/x/2.sql"]
    assert [getattr(item, "__name__", "") for item in sources.items[-2:]] == ["make", "make_tables"]
    shown = "b + a.sql + deep/**/*.sql + my_tables:make + "
    assert sources.origin == f"{shown}{make_tables.__module__}:make_tables, 5 files"
    assert str(root) not in sys.path


def test_absolute_paths_and_patterns_are_taken(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A schema may lie outside of the project."""
    other = tmp_path_factory.mktemp("other")
    put(other, "1.sql", "2.sql")
    assert names(found(root, str(other / "*.sql"))) == [str(other / "1.sql"), str(other / "2.sql")]
    assert names(found(root, other)) == [str(other / "1.sql"), str(other / "2.sql")]


def test_a_pattern_may_match_folders(root: Path) -> None:
    """Their files run, folder after folder."""
    put(root, "m/b/1.sql", "m/a/2.sql", "m/a/1.sql")
    assert names(found(root, "m/*")) == ["m/a/1.sql", "m/a/2.sql", "m/b/1.sql"]


def test_a_file_named_twice_runs_once(root: Path) -> None:
    """Two patterns that overlap are no reason to create a table twice; it is said."""
    put(root, "a/1.sql", "a/2.sql")
    sources = found(root, "a/2.sql", "a")
    assert names(sources) == ["a/2.sql", "a/1.sql"]
    assert sources.notes == ("a/2.sql is named twice; it runs once, where it is named first",)


@pytest.mark.parametrize(
    ("item", "said", "advised"),
    [
        ("migration", "migration, named by the option `schema`, does not exist", "did you mean migrations?"),
        (r"C:\Users\me\schema.sql", r"C:\\Users\\me\\schema\.sql, named by", "with /, which Windows takes"),
        ("db\new.sql", r"'db\\new\.sql', named by", "with /, which Windows takes as well"),
        ("D:schema.sql", "D:schema.sql, named by .* does not exist", "relative paths begin"),
        ("file:///C:/no%20where/x.sql", "C:/no where/x.sql, named by", "relative paths begin"),
        ("migrations/1_b.sql", "does not exist", "did you mean migrations/1_a.sql?"),
        ("db/*.sql", r"pattern db/\*\.sql of the option `schema` matches no file", "** crosses folders"),
        ("empty", r"no \.sql file in empty", "folders within a folder are not searched"),
        ("tables:mkae", "there is no mkae in tables", "did you mean make?"),
        ("tables:NAME", "is str, not a function", "name a function"),
        ("no_such:make", "there is no module no_such", "as it is imported"),
        ("broken:make", "cannot be imported: ZeroDivisionError", "python -c 'import broken'"),
        ("lost_import:make", "cannot be imported: ModuleNotFoundError", "python -c 'import lost_import'"),
        (3, "3 is no schema source", "give folders"),
    ],
)
def test_what_is_missing_is_said(root: Path, item: str, said: str, advised: str) -> None:
    """Each error names what was looked for, and what to do."""
    put(root, "migrations/1_a.sql")
    (root / "empty").mkdir()
    put(root, "tables.py", text="NAME = 'x'\ndef make(connection): ...\n")
    put(root, "broken.py", text="1 / 0\n")
    put(root, "lost_import.py", text="import no_such_package\n")
    with pytest.raises(SchemaError, match=said) as caught:
        find_sources(root, [item])
    assert advised in str(caught.value)


def test_the_digest_is_of_bytes_names_and_order(root: Path) -> None:
    """One byte, one name, or another order is another schema; another place is the same."""
    put(root, "one/a.sql", "one/b.sql", "two/one/a.sql", "two/one/b.sql")
    first = found(root, "one").digest()
    assert found(root / "two", "one").digest() == first
    assert found(root, "one/b.sql", "one/a.sql").digest() != first
    put(root, "one/b.sql", text="select 1;\r\n")
    assert found(root, "one").digest() != first
    put(root, "one/b.sql")
    assert found(root, "one").digest() == first
    (root / "one/b.sql").rename(root / "one/c.sql")
    assert found(root, "one").digest() != first


def test_the_digest_covers_what_a_file_includes(root: Path) -> None:
    r"""A change in a file that is included by \ir changes the schema, however deep, and in a circle too."""
    put(root, "db/all.sql", text="\\ir part.sql\n")
    put(root, "db/part.sql", text="\\i 'db/deep.sql'\n\\ir all.sql\n")
    put(root, "db/deep.sql")
    first = found(root, "db/all.sql").digest()
    put(root, "db/deep.sql", text="select 2;\n")
    assert found(root, "db/all.sql").digest() != first


def made(name: object, *, default: object = 1) -> object:
    """A function that differs in what it is closed over."""

    def make(connection: object, given: object = default) -> list[object]:
        return [name, given]

    return make


class Maker:
    """A callable object that differs in what it holds."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, _: object) -> str:
        """A schema source."""
        return self.name

    def method(self, _: object) -> str:
        """Another one."""
        return self.name


@pytest.mark.parametrize(
    ("one", "same", "other"),
    [
        (made("a"), made("a"), made("b")),
        (made({"a": [1, {2, 3}]}), made({"a": [1, {3, 2}]}), made({"a": [1, {2, 4}]})),
        (made("a", default=2), made("a", default=2), made("a", default=3)),
        (made(made("a")), made(made("a")), made(made("b"))),
        (
            functools.partial(make_tables, 1),
            functools.partial(make_tables, 1),
            functools.partial(make_tables, 2),
        ),
        (Maker("a"), Maker("a"), Maker("b")),
        (Maker("a").method, Maker("a").method, Maker("b").method),
        (lambda _: "a", lambda _: "a", lambda _: "b"),
    ],
)
def test_the_digest_of_a_function_covers_its_constants(
    root: Path, one: object, same: object, other: object
) -> None:
    """Functions of one source differ by what they hold; equal ones are equal in every run."""
    assert found(root, one).digest() == found(root, same).digest()
    assert found(root, one).digest() != found(root, other).digest()


def test_the_digest_of_a_function_covers_its_module(root: Path) -> None:
    """What a function calls may stand anywhere in its module: the module's source counts."""
    source = "def make(connection):\n    return other()\n\ndef other():\n    return 'select 1'\n"
    put(root, "tables_one.py", text=source)
    first = found(root, "tables_one:make").digest()
    del sys.modules["tables_one"]
    put(root, "tables_one.py", text=source.replace("select 1", "select 22"))
    assert found(root, "tables_one:make").digest() != first


def test_a_function_that_holds_itself_has_a_digest(root: Path) -> None:
    """A circle ends."""
    held: list[object] = []

    def make(connection: object) -> None:
        held.append(make)

    held.append(make)
    assert len(found(root, make).digest()) == 64


@pytest.mark.parametrize(
    ("text", "needs"),
    [
        ("create table t (u uuid references auth.users);", True),
        ('select "auth"."uid"();', True),
        ("grant all on t to anon;", True),
        ("grant select on t to\n", False),
        ("create extension citext with schema extensions;", True),
        ("insert into storage.buckets values (1);", True),
        ("-- like auth.users\ncreate table authors (role text);", False),
        ("create schema auth; create table auth.things ();", False),
        ("CREATE TABLE IF NOT EXISTS auth.users (id uuid);\ngrant all on auth.users to app;", False),
        ("create domain auth.email as text;\ncreate table auth.users (mail auth.email);", False),
    ],
)
def test_what_needs_supabase(root: Path, text: str, needs: bool) -> None:  # noqa: FBT001  # a parameter
    """A schema that names what the platform brings gets the platform; a plain one stays plain."""
    put(root, "db/a.sql", text=text)
    assert names_supabase(found(root, "db")) is needs
    assert not names_supabase(found(root, make_tables))


def test_a_folder_of_supabase_needs_it(root: Path) -> None:
    """Whatever its migrations say."""
    put(root, "supabase/migrations/1_a.sql")
    assert names_supabase(found(root))


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("file:///srv/db/my%20schema.sql", "/srv/db/my schema.sql"),
        ("file:///C:/Users/me/schema.sql", "C:/Users/me/schema.sql"),
        ("file://localhost/srv/x.sql", "/srv/x.sql"),
        ("file://share/folder/x.sql", "//share/folder/x.sql"),
        (r"C:\Users\me\schema.sql", r"C:\Users\me\schema.sql"),
        ("db/*.sql", "db/*.sql"),
    ],
)
def test_a_file_by_its_url(text: str, path: str) -> None:
    """As editors and browsers give it, on Windows too; anything else is as it was written."""
    assert local_path(text) == path
