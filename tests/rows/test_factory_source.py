"""The printed factories: Python that compiles, can be imported, and makes rows that Postgres takes."""

from __future__ import annotations

import ast
import sys
from contextlib import contextmanager
from dataclasses import replace
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from small_catalog import Names, catalog, column, reference, table, unique

from pytest_supaseed.isolation.seed_session import Project, open_session
from pytest_supaseed.options import resolve_options
from pytest_supaseed.plan.planning import make_plan
from pytest_supaseed.plan.seed_plan import SeedRequest
from pytest_supaseed.platform.bundled import BUNDLED
from pytest_supaseed.rows.columns import meta_of
from pytest_supaseed.rows.factories import TableFactory, table_of
from pytest_supaseed.rows.factory_source import class_names, factory_source, field_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_supaseed.isolation.seeded_database import SeededDatabase
    from pytest_supaseed.options import Options
    from pytest_supaseed.server.endpoint import Endpoint

SCHEMAS = Path(__file__).parents[1] / "conformance" / "schemas"
CONFORMANCE = (
    "checks_of_arrays_and_dates",
    "checks_of_one_number",
    "checks_of_several_columns",
    "checks_of_text",
    "composite_keys",
    "exclusions",
    "generated_columns",
    "identity_and_sequences",
    "keys_of_a_unique_column",
    "keys_that_share_the_tenant",
    "many_to_many",
    "names_that_two_schemas_share",
    "odd_identifiers",
    "polymorphic_and_soft_deleted",
    "tree_of_itself",
    "types_of_numbers",
    "types_of_text_and_bits",
    "types_of_the_schema",
    "unique_expressions",
    "unique_partial",
)
ONE_FOR_EACH_USER = frozenset({"auth.identities", "public.profiles"})
"""Tables whose rows are made along with each user."""
MEMBERSHIPS = frozenset({"public.accounts_memberships", "basejump.account_user"})


def options(**values: Any) -> Options:
    """The default options, some of them changed."""
    return replace(resolve_options({}, {}), users=10, **values)


@contextmanager
def printed(
    endpoint: Endpoint, root: Path, asked: Options, users: int
) -> Iterator[tuple[SeededDatabase, list[type[TableFactory]]]]:
    """A database for `users` users, and the factories that are printed for ten, imported from a file."""
    with open_session(endpoint, Project(root, asked, asked.schema), run="source", on_wait=print) as session:
        names = session.table_map()
        source = factory_source(session.plan(names), session.schema().catalog)
        dataset = session.dataset_for(replace(asked, users=users))
        with session.clone(dataset, test="printed") as database:
            yield database, list(imported(root, source))


def imported(folder: Path, source: str) -> Iterator[type[TableFactory]]:
    """Write a module, import it as a user would, and give the factories that it defines, in order."""
    assert "pytest_supaseed.rows" not in source, "it imports what is private"
    path = folder / "printed_factories.py"
    path.write_text(source, encoding="utf-8")
    spec = spec_from_file_location("printed_factories", path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules["printed_factories"] = module
    try:
        spec.loader.exec_module(module)
    finally:
        del sys.modules["printed_factories"]
    for node in ast.parse(source).body:
        if isinstance(node, ast.ClassDef):
            yield getattr(module, node.name)


def create_all(
    database: SeededDatabase, factories: list[type[TableFactory]], *, but: frozenset[str] = frozenset()
) -> dict[str, int]:
    """Make five rows by each factory, and commit them, deferred constraints included; count them by table."""
    wanted = [factory for factory in factories if table_of(factory) not in but]
    made = {table_of(factory): len(factory.create_batch(5)) for factory in wanted}
    database.connection.execute("set constraints all immediate")
    database.connection.commit()
    return made


@pytest.mark.parametrize("framework", BUNDLED)
def test_bundled_schemas_take_their_rows(endpoint: Endpoint, tmp_path: Path, framework: str) -> None:
    """Beside the seeded rows five more by each printed factory, every constraint holding."""
    with printed(endpoint, tmp_path, options(framework=framework), 10) as (database, factories):
        names = [table_of(factory) for factory in factories]
        before = {name: database.count(name) for name in names}
        made = create_all(database, factories, but=ONE_FOR_EACH_USER | MEMBERSHIPS)
        assert len(made) >= 5
        assert set(made.values()) == {5}
        assert all(database.count(name) >= before[name] + 5 for name in made)
        assert all(database.count(name) == before[name] + 5 for name in ONE_FOR_EACH_USER & set(names))


@pytest.mark.parametrize("framework", ["makerkit", "basejump"])
def test_a_user_joins_a_team(endpoint: Endpoint, tmp_path: Path, framework: str) -> None:
    """Which user is in which team, a test says itself; the printed factory fills the rest."""
    with printed(endpoint, tmp_path, options(framework=framework), 10) as (database, factories):
        by_table = {table_of(factory): factory for factory in factories}
        (membership,) = (factory for name, factory in by_table.items() if name in MEMBERSHIPS)
        teams = by_table["public.accounts" if framework == "makerkit" else "basejump.accounts"]
        user, team = by_table["auth.users"](), teams()
        assert membership(user_id=user.id, account_id=team.id)["user_id"] == user.id
        database.connection.commit()


@pytest.mark.parametrize("schema", CONFORMANCE)
def test_difficult_schemas_take_their_rows(endpoint: Endpoint, tmp_path: Path, schema: str) -> None:
    """Five rows by each printed factory in a schema without any, every constraint holding."""
    asked = options(schema=(str(SCHEMAS / f"{schema}.sql"),))
    with printed(endpoint, tmp_path, asked, 0) as (database, factories):
        made = create_all(database, factories)
        assert len(made) == len(factories) >= 1
        assert set(made.values()) == {5}


@pytest.mark.parametrize(
    ("schema", "full"),
    [("circle_with_a_nullable_edge", frozenset()), ("everything_at_once", frozenset({"Sales.members"}))],
)
def test_circles_take_their_rows(
    endpoint: Endpoint, tmp_path: Path, schema: str, full: frozenset[str]
) -> None:
    """Where tables need each other, five rows beside those that are there; a full table takes no more."""
    asked = options(schema=(str(SCHEMAS / f"{schema}.sql"),))
    with printed(endpoint, tmp_path, asked, 10) as (database, factories):
        made = create_all(database, factories, but=full)
        assert len(made) == len(factories) - len(full) >= 2
        assert set(made.values()) == {5}


def names_for(*tables: tuple[str, str]) -> list[str]:
    """The class names of tables of these schemas and names."""
    found = [table(name, schema=schema) for schema, name in tables]
    return list(class_names(found, taken={"UserFactory"}).values())


@pytest.mark.parametrize(
    ("tables", "names"),
    [
        ([("public", "order_items")], ["OrderItemsFactory"]),
        ([("public", "user")], ["PublicUserFactory"]),
        (
            [("a", "posts"), ("b", "posts"), ("b", "Posts")],
            ["PostsFactory", "BPostsFactory", "BPosts2Factory"],
        ),
        ([("public", "2fa codes")], ["Table2faCodesFactory"]),
        ([("public", "straße"), ("public", "été")], ["StraßeFactory", "ÉtéFactory"]),
        ([("public", "\uff46oo"), ("public", "foo")], ["FooFactory", "PublicFooFactory"]),
        ([("a", "%-;"), ("a", "%")], ["AFactory", "A2Factory"]),
        ([("public", "class")], ["ClassFactory"]),
    ],
)
def test_classes_have_names_of_their_own(tables: list[tuple[str, str]], names: list[str]) -> None:
    """Valid, each but once also after Python's normalisation, and none that hides an import."""
    found = names_for(*tables)
    assert len(set(found)) == len(found)
    assert all(name.isidentifier() for name in found)
    assert found == names


SMALL = table(
    "order",
    column("class", "text", not_null=False),
    column("a__b", "text", not_null=False),
    column("create", "text", not_null=False),
    column("two\nlines", "text", not_null=False, default="now()"),
    column("price", "int4"),
    column("state", "text", default="'open'::text"),
)


def small_source(*tables: Any) -> str:
    """The source for a catalog of these tables."""
    found = catalog(*tables)
    plan = make_plan(found, "postgres", Names(found), SeedRequest(users=2))
    return factory_source(plan, found)


def test_awkward_names_are_fields_all_the_same(tmp_path: Path) -> None:
    """What Python or factory_boy would misread goes by another name, which `Meta.columns` explains."""
    source = small_source(SMALL)
    (made,) = imported(tmp_path, source)
    columns = {"class_": "class", "a_b": "a__b", "create_": "create", "two_lines": "two\nlines"}
    assert meta_of(made).columns == columns
    assert {*columns, "price"} <= vars(made).keys()
    assert not {"a__b", "state"} & vars(made).keys()
    assert "    # state: its default: 'open'::text" in source


@pytest.mark.parametrize(
    ("columns", "fields"),
    [
        (["id", "größe"], ["id", "größe"]),
        (["class", "class_"], ["class_2", "class_"]),
        (["a b", "a-b", "a_b"], ["a_b_2", "a_b_3", "a_b"]),
        (["%", "1st", "Meta"], ["column", "column_1st", "Meta_"]),
        (["_create", "__init__", "build"], ["create_", "init", "build_"]),
        (["\uff46oo", "foo"], ["oo", "foo"]),
    ],
)
def test_fields_have_names_of_their_own(columns: list[str], fields: list[str]) -> None:
    """Each column has one field, which no other one has and which is a name in Python."""
    found = field_names(columns)
    assert [found[name] for name in columns] == fields
    assert all(name.isidentifier() for name in fields)


def test_a_column_is_spelled_or_left_to_the_derivation() -> None:
    """The words of factory_boy where they do, `Derived()` where nothing else asks, else the reason."""
    parent = table("teams", column("name"))
    child = table(
        "players",
        column("team_id", "uuid"),
        column("email"),
        column("nick", not_null=False),
        column("goals", "int4"),
        column("extra", "jsonb", not_null=False),
        unique_keys=(unique("email"),),
        foreign_keys=(reference("team_id", parent),),
    )
    source = small_source(parent, child)
    assert '    team_id = Parent("public.teams")' in source
    assert '    email = factory.Sequence(lambda n: f"user{n + 1}@example.com")' in source
    assert '    goals = factory.Faker("pyint", min_value=' in source
    assert "    extra = Derived()  # jsonb" in source
    assert "    # id: derived: has to differ, by pkey" in source
    assert "from pytest_supaseed import Derived, Parent, TableFactory" in source
