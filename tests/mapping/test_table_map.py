"""Tests of mapping.table_map: what a logical name stands for, and what is said when it stands for nothing."""

from __future__ import annotations

from dataclasses import replace
from timeit import timeit

import pytest
from kit_catalogs import basejump, home_grown, make, makerkit, makerkit_lite, supabase
from small_catalog import column, table

from pytest_supaseed.catalog.model import Catalog, TableKind
from pytest_supaseed.errors import MappingError, UsageError
from pytest_supaseed.mapping.table_map import TableMap, build_table_map

ODD = ('"quoted"', "a.b", "Größe", "two\nlines", "100%", "{x}", "select", " padded ")


def _posts() -> Catalog:
    return make(table("posts"), table("user_roles"), table("account_settings"), table("setups"))


@pytest.mark.parametrize(
    ("framework", "catalog", "expected"),
    [
        (
            "makerkit",
            makerkit(),
            {
                "users": "auth.users",
                "identities": "auth.identities",
                "accounts": "public.accounts",
                "memberships": "public.accounts_memberships",
                "setup_types": "public.base_templates",
                "setups": "public.setups",
            },
        ),
        ("makerkit-lite", makerkit_lite(), {"users": "auth.users", "accounts": "public.accounts"}),
        (
            "basejump",
            basejump(),
            {
                "users": "auth.users",
                "accounts": "basejump.accounts",
                "memberships": "basejump.account_user",
            },
        ),
        ("postgres", make(table("users")), {"users": "public.users"}),
        ("postgres", make(table("user")), {"users": "public.user"}),
        ("postgres", make(table("accounts", column("email"))), {"users": "public.accounts"}),
        ("postgres", make(table("profiles", column("email"))), {"users": "public.profiles"}),
    ],
)
def test_logical_names_of_a_framework(framework: str, catalog: Catalog, expected: dict[str, str]) -> None:
    """One logical name stands for each framework's own table."""
    table_map = build_table_map(catalog, framework)

    assert {name: table_map.resolve(name).qualified for name in expected} == expected
    assert {found.logical: f"{found.schema}.{found.table}" for found in table_map.resolutions} | expected == {
        found.logical: f"{found.schema}.{found.table}" for found in table_map.resolutions
    }


def test_a_ledger_of_accounts_is_not_taken_for_users() -> None:
    """A table of another name stands for users only where it has an e-mail column."""
    table_map = build_table_map(make(table("accounts", column("balance"))), "postgres")

    assert not table_map.has("users")
    with pytest.raises(MappingError, match=r"public\.accounts, which has no column email"):
        table_map.resolve("users")


@pytest.mark.parametrize("framework", ["makerkit", "supabase", "postgres"])
@pytest.mark.parametrize("name", ["posts", "user_roles", "account_settings", "setups"])
def test_an_exact_name_is_never_translated_away(framework: str, name: str) -> None:
    """A table that exists is what its name means, whatever its name resembles."""
    assert build_table_map(_posts(), framework).resolve(name).qualified == f"public.{name}"


def test_an_exact_name_wins_over_the_framework() -> None:
    """Where the schema has a table of the logical name, the framework's translation is not used."""
    table_map = build_table_map(makerkit("", table("setup_types"), table("memberships")), "makerkit")

    assert table_map.resolve("setup_types").name == "setup_types"
    assert table_map.resolve("base_templates").name == "base_templates"
    assert table_map.resolve("memberships").name == "memberships"


def test_users_of_the_platform_come_before_a_table_of_that_name() -> None:
    """On Supabase `users` are those who log in; the project's own table is named with its schema."""
    table_map = build_table_map(supabase(table("users", column("full_name"))), "supabase")
    users = next(found for found in table_map.resolutions if found.logical == "users")

    assert table_map.resolve("users").qualified == "auth.users"
    assert table_map.resolve("public.users").qualified == "public.users"
    assert str(users) == "users -> auth.users (framework, public.users exists too)"


def test_configured_names_come_first() -> None:
    """What the user says counts before the framework and before an exact name, without a word of warning."""
    catalog = makerkit("", table("kinds"), table("setup_types"))
    table_map = build_table_map(
        catalog,
        "makerkit",
        tables={"setup_types": "public.kinds", "people": '"auth"."users"', "kinds": "kinds"},
    )
    by_logical = {found.logical: found for found in table_map.resolutions}

    assert table_map.resolve("setup_types").name == "kinds"
    assert table_map.resolve("people").qualified == "auth.users"
    assert table_map.resolve("kinds").name == "kinds"
    assert {by_logical[name].source for name in ("setup_types", "people", "kinds")} == {"configured"}
    assert {by_logical[name].note for name in ("setup_types", "people", "kinds")} == {""}
    assert table_map.logical_names(table_map.resolve("kinds")) == ("setup_types", "kinds")


def test_two_logical_names_may_share_a_table_and_names_may_swap() -> None:
    """Several names for one table are fine, and so are two tables that go by each other's name."""
    catalog = make(table("a"), table("b"))
    table_map = build_table_map(catalog, "postgres", tables={"a": "b", "b": "a", "c": "b"})

    assert [table_map.resolve(name).name for name in "abc"] == ["b", "a", "b"]


def test_configured_names_may_lead_on() -> None:
    """A target that is no table may be another configured name."""
    table_map = build_table_map(
        make(table("kinds")), "postgres", tables={"types": "setup_types", "setup_types": "kinds"}
    )

    assert table_map.resolve("types").name == "kinds"


@pytest.mark.parametrize(
    ("tables", "said"),
    [
        ({"a": "b", "b": "c", "c": "a"}, "circle: a -> b -> c -> a"),
        ({"a": "b", "b": "c", "c": "b"}, "circle: a -> b -> c -> b"),
        ({"a": "a"}, "configured as itself"),
        ({"a": "setup"}, "no such table"),
        ({"a": "public.setup"}, "public.setups: alike"),
        ({"a": "other.setups"}, "no such table"),
        ({"a": "seen"}, "public.seen, which is a view"),
        ({"a": "kept"}, "which is a materialized view"),
        ({"a": "twin"}, "one.twin"),
    ],
)
def test_a_wrong_target_is_an_error(tables: dict[str, str], said: str) -> None:
    """Circles, missing tables, views and unclear names are refused at once, with what is near."""
    catalog = make(
        table("setups"),
        replace(table("seen"), kind=TableKind.VIEW),
        replace(table("kept"), kind=TableKind.MATERIALIZED_VIEW),
        table("twin", schema="one"),
        table("twin", schema="two"),
    )

    with pytest.raises(MappingError) as caught:
        build_table_map(catalog, "postgres", tables=tables)

    assert said in str(caught.value)
    assert caught.value.remedies


@pytest.mark.parametrize(
    "tables",
    [
        {"setups": "a", '"setups"': "b"},
        {"public.setups": "a", 'public."setups"': "b"},
        {"": "a"},
        {"a": ""},
        {"a": "x.y.z"},
        {"a": '"unclosed'},
    ],
)
def test_what_is_no_name_or_said_twice_is_a_usage_error(tables: dict[str, str]) -> None:
    """One logical name twice, in whatever spelling, and names that are none are refused."""
    with pytest.raises(UsageError):
        build_table_map(make(table("a"), table("b")), "postgres", tables=tables)


def test_names_in_other_schemas() -> None:
    """A bare name finds the one table of another schema; of two, neither is chosen."""
    catalog = make(
        table("invoice", schema="billing"),
        table("item", schema="one"),
        table("item", schema="two"),
        replace(table("pick", schema="api"), kind=TableKind.VIEW),
        table("pick", schema="data"),
    )
    table_map = build_table_map(catalog, "postgres")

    assert table_map.resolve("invoice").qualified == "billing.invoice"
    assert table_map.resolve("pick").qualified == "data.pick"
    assert table_map.resolve("two.item").qualified == "two.item"
    with pytest.raises(MappingError, match="Several tables") as caught:
        table_map.resolve("item")
    assert caught.value.looked_at == ("one.item", "two.item")
    assert not table_map.has("item")


@pytest.mark.parametrize("name", ODD)
def test_any_name_resolves_as_it_is_and_quoted(name: str) -> None:
    """A table of whatever name is found by that name, quoted, and qualified and quoted."""
    quoted = '"' + name.replace('"', '""') + '"'
    catalog = make(table(name), table(name, schema=name))
    table_map = build_table_map(catalog, "postgres", tables={"mine": f"{quoted}.{quoted}"})

    assert table_map.resolve(quoted).qualified == f"public.{name}"
    assert table_map.resolve(f"{quoted}.{quoted}").qualified == f"{name}.{name}"
    assert table_map.resolve("mine").qualified == f"{name}.{name}"
    if name.strip() == name and not name.startswith('"'):
        assert table_map.resolve(name).qualified == f"public.{name}"


@pytest.mark.parametrize("name", ["", " ", "a.b.c", '"'])
def test_asking_for_what_is_no_name(name: str) -> None:
    """A text that cannot name a table is a mistake of usage, not a missing table."""
    table_map = build_table_map(make(), "postgres")

    with pytest.raises(UsageError):
        table_map.resolve(name)
    with pytest.raises(UsageError):
        table_map.has(name)


@pytest.mark.parametrize("name", ['"users""; drop"', '"a.b"."c""d"', '"users; drop table users;--"'])
def test_quotes_and_statements_in_a_name_are_but_a_name(name: str) -> None:
    """A quoted name may hold anything; where no table is called so, that is what is said."""
    table_map = build_table_map(make(table("users")), "postgres")

    assert not table_map.has(name)
    with pytest.raises(MappingError, match="No table of this database is called"):
        table_map.resolve(name)


def test_an_unknown_name_is_explained() -> None:
    """The error says where it was looked for, what is near and why that was not taken, and what to write."""
    with pytest.raises(MappingError) as caught:
        build_table_map(makerkit(), "makerkit").resolve("setupz")
    text = str(caught.value)

    assert "No table of this database is called 'setupz'" in text
    assert "public.setups: alike, and only exact names are taken" in text
    assert "MakerKit: has no logical table 'setupz'" in text
    assert '[tool.supaseed.tables] setupz = "schema.table"' in text


def test_the_framework_s_own_table_that_is_missing_is_named() -> None:
    """Where the framework would know the table but the schema lacks it, the error says which."""
    with pytest.raises(
        MappingError, match=r"'setup_types' may be public\.base_templates, which is not there"
    ):
        build_table_map(basejump(), "basejump").resolve("setup_types")


def test_columns() -> None:
    """Configured columns first, then the exact one, then what the framework calls it."""
    table_map = build_table_map(
        makerkit(), "makerkit", columns={"accounts": {"title": "name", "email": "picture_url"}}
    )

    assert table_map.column("accounts", "title") == "name"
    assert table_map.column("public.accounts", "title") == "name"
    assert table_map.column("accounts", "email") == "picture_url"
    assert table_map.column("accounts", "name") == "name"
    assert table_map.column("accounts", "owner_id") == "primary_owner_user_id"
    assert table_map.column("accounts", "avatar_url") == "picture_url"
    assert table_map.column("memberships", "role") == "account_role"
    assert table_map.column("public.accounts_memberships", "role") == "account_role"
    assert table_map.column("setups", "user_id") == "account_id"
    assert table_map.column("base_templates", "name") == "title"
    assert table_map.aliases("memberships") == {"role": "account_role", "team_id": "account_id"}
    assert table_map.aliases("accounts")["title"] == "name"


def test_columns_of_a_home_grown_schema() -> None:
    """Other table and column names than anyone else's are a matter of configuration."""
    table_map = build_table_map(
        home_grown(),
        "postgres",
        tables={"users": "member", "setup_types": "kit_template", "setups": "kit"},
        columns={"users": {"email": "mail"}, "setups": {"user_id": "member_id"}},
    )

    assert table_map.column("users", "email") == "mail"
    assert table_map.column("member", "email") == "mail"
    assert table_map.column("setups", "user_id") == "member_id"
    assert dict(table_map.aliases("users")) == {"email": "mail"}


def test_an_unknown_column_is_explained() -> None:
    """The error names the table, the columns like it, and what the framework would have called it."""
    table_map = build_table_map(makerkit(), "makerkit")

    with pytest.raises(MappingError) as caught:
        table_map.column("setups", "accountid")
    assert "columns like it: account_id" in str(caught.value)
    assert "[tool.supaseed.columns.setups] accountid" in str(caught.value)

    with pytest.raises(MappingError, match="none there: title"):
        table_map.column("setups", "name")
    with pytest.raises(MappingError, match=r"'memberships', which is public\.accounts_memberships,"):
        table_map.column("memberships", "colour")


def test_wrong_configured_columns_are_errors() -> None:
    """A configured column that is not there, or is configured twice, is refused at once."""
    with pytest.raises(MappingError, match="no column 'titel', configured for 'name'"):
        build_table_map(makerkit(), "makerkit", columns={"setup_types": {"name": "titel"}})
    with pytest.raises(MappingError, match="No table"):
        build_table_map(makerkit(), "makerkit", columns={"nowhere": {"name": "title"}})
    with pytest.raises(UsageError, match="configured twice"):
        build_table_map(
            makerkit(),
            "makerkit",
            columns={"accounts": {"label": "name"}, "public.accounts": {"label": "email"}},
        )


def test_stored_and_read_again() -> None:
    """A map survives being stored with its catalog: the same answers, and the same text again."""
    catalog = makerkit("", table('odd "name"', column("q")))
    stored = build_table_map(
        catalog, "makerkit", tables={"odd": '"odd ""name"""'}, columns={"odd": {"question": "q"}}
    )

    copy = TableMap.from_json(stored.to_json(), Catalog.from_json(catalog.to_json()))

    assert copy.framework == "makerkit"
    assert copy.resolutions == stored.resolutions
    assert copy.resolve("odd") == stored.resolve("odd")
    assert copy.column("odd", "question") == "q"
    assert copy.to_json() == stored.to_json()
    with pytest.raises(UsageError, match="cannot be read"):
        TableMap.from_json("[]", catalog)


def test_resolving_is_cheap_once_warm() -> None:
    """A name that was resolved before costs under 50 microseconds."""
    table_map = build_table_map(makerkit(), "makerkit")
    calls = 2000

    seconds = timeit(
        lambda: (table_map.resolve("setup_types"), table_map.column("setups", "user_id")), number=calls
    )

    assert seconds / calls < 50e-6
