"""Tests of mapping.guesses: what a name may be guessed to stand for, and above all what it may not."""

from __future__ import annotations

from dataclasses import replace
from timeit import timeit
from typing import TYPE_CHECKING

import pytest
from kit_catalogs import make, supabase
from small_catalog import column, reference, table

from pytest_supaseed.catalog.model import TableKind
from pytest_supaseed.errors import GuessedNameWarning, MappingError
from pytest_supaseed.mapping.framework import Candidate, Framework
from pytest_supaseed.mapping.guesses import Guesses
from pytest_supaseed.mapping.known_frameworks import POSTGRES
from pytest_supaseed.mapping.logical_tables import KNOWN, LOGICAL_TABLES
from pytest_supaseed.mapping.table_map import TableMap, build_table_map

if TYPE_CHECKING:
    from pytest_supaseed.catalog.model import Catalog, Column, Table
    from pytest_supaseed.mapping.name_lookup import Resolution

CONTENT = (column("title"), column("description"), column("user_id", "uuid"), column("setup_type_id", "uuid"))
POST = (column("title"), column("content"), column("author_id", "uuid"), column("slug"))


def users_and(name: str, *columns: Column, others: tuple[Table, ...] = ()) -> Catalog:
    """A table `users`, and one that refers to it by its third column."""
    users = table("users", column("email"), column("name"))
    return make(users, referring(name, users, *columns), *others)


def referring(name: str, users: Table, *columns: Column) -> Table:
    """A table that refers to users by its third column."""
    return table(name, *columns, foreign_keys=(reference(columns[2].name, users),))


def quiet_map(catalog: Catalog, framework: str = "postgres") -> tuple[TableMap, list[Resolution]]:
    """The table map of a catalog, and what it guesses when it is asked."""
    said: list[Resolution] = []
    return build_table_map(catalog, framework, on_guess=said.append), said


@pytest.mark.parametrize("name", ["app_setups", "tbl_setups", "AppSetup", "setup", "Setups", "t_setup"])
def test_a_name_that_differs_in_form_alone_is_guessed(name: str) -> None:
    """Prefix, plural and case: the columns and the foreign key agree, and nothing else comes near."""
    table_map, said = quiet_map(users_and(name, *CONTENT))

    assert table_map.resolve("setups").name == name
    assert [(found.logical, found.table, found.source) for found in said] == [("setups", name, "guess")]
    assert "4 of 4 usual columns, foreign keys agree" in said[0].note
    assert table_map.column("setups", "name") == "title"


def test_another_name_that_frameworks_have_is_guessed() -> None:
    """With a prefix too: `app_base_templates` are `setup_types`."""
    catalog = make(table("app_base_templates", column("name"), column("category"), column("description")))

    assert quiet_map(catalog)[0].resolve("setup_types").name == "app_base_templates"


def test_the_prefix_of_a_whole_schema_is_seen() -> None:
    """`acme_posts` among `acme_users` and `acme_tags` are `posts`; alone they are not."""
    others = (table("acme_tags", column("label")), table("acme_likes", column("at")))

    assert quiet_map(users_and("acme_posts", *POST, others=others))[0].resolve("posts").name == "acme_posts"
    assert not quiet_map(users_and("acme_posts", *POST))[0].has("posts")


def test_posts_are_not_setups() -> None:
    """The original turned the one into the other, whatever was there."""
    table_map, said = quiet_map(users_and("posts", *CONTENT))

    assert table_map.resolve("posts").name == "posts"
    assert not table_map.has("setups")
    assert said == []


@pytest.mark.parametrize("name", ["user_roles", "account_settings", "app_user_roles", "user_accounts_log"])
def test_whatever_holds_a_word_is_not_the_thing(name: str) -> None:
    """The original turned every name with `user` or `account` in it into `accounts`."""
    columns = (column("name"), column("email"), column("owner_id", "uuid"), column("slug"))
    table_map, said = quiet_map(users_and(name, *columns, column("is_personal_account", "bool")))

    assert not table_map.has("accounts")
    assert table_map.resolve("users").name == "users"
    assert said == []


def test_a_name_alone_never_suffices() -> None:
    """`app_orders` of something else are not the orders that factories make."""
    catalog = make(table("app_orders", column("rank"), column("monk")))
    table_map, said = quiet_map(catalog)

    assert not table_map.has("orders")
    with pytest.raises(MappingError) as caught:
        table_map.resolve("orders")
    assert said == []
    assert (
        "public.app_orders: the name is alike behind 'app', 0 of 4 usual columns, no foreign key agrees;"
        " not taken: that is 0.47, and 0.75 would be enough"
    ) in caught.value.looked_at


def test_less_than_half_of_the_columns_is_another_thing() -> None:
    """An account of money has a name and an owner too."""
    columns = (column("name"), column("balance"), column("user_id", "uuid"), column("currency"))

    assert not quiet_map(users_and("Account", *columns))[0].has("accounts")


def test_columns_are_known_by_their_words() -> None:
    """As an ORM of JavaScript spells them."""
    columns = (column("role"), column("teamId", "uuid"), column("userId", "uuid"))

    assert quiet_map(users_and("Membership", *columns))[0].resolve("memberships").name == "Membership"


def test_of_two_that_are_as_likely_none_is_taken() -> None:
    """The error names both."""
    users = table("users", column("email"))
    table_map, _ = quiet_map(
        make(users, *(referring(name, users, *POST) for name in ("app_posts", "tbl_posts")))
    )

    assert not table_map.has("posts")
    with pytest.raises(MappingError) as caught:
        table_map.resolve("posts")
    shown = "\n".join(caught.value.looked_at)
    assert "not taken: public.tbl_posts is as likely" in shown
    assert "not taken: public.app_posts is as likely" in shown


@pytest.mark.parametrize(
    "change",
    [
        {"kind": TableKind.VIEW},
        {"kind": TableKind.MATERIALIZED_VIEW},
        {"is_partition": True},
        {"extension": "postgis"},
        {"schema": "storage"},
    ],
)
def test_what_holds_no_rows_of_ours_is_not_guessed(change: dict[str, object]) -> None:
    """Views, partitions, an extension's tables and the platform's are not meant."""
    users = table("users", column("email"))
    posts = replace(referring("app_posts", users, *POST), **change)  # type: ignore[arg-type]

    assert not quiet_map(make(users, posts))[0].has("posts")


def test_a_name_that_exists_is_never_guessed() -> None:
    """Even where several schemas have it, so that it is not clear which one is meant."""
    likely = table("app_posts", *POST)
    catalog = make(table("posts", schema="one"), table("posts", schema="two"), likely)

    with pytest.raises(MappingError, match="Several tables are called 'posts'"):
        quiet_map(catalog)[0].resolve("posts")


def test_platform_users_are_not_guessed_away() -> None:
    """On Supabase `users` are those who log in, and no warning is given."""
    catalog = supabase(table("app_users", column("email"), column("name"), column("password")))
    table_map, said = quiet_map(catalog, "supabase")

    assert table_map.resolve("users").qualified == "auth.users"
    assert said == []


def test_a_guess_is_said_once_as_a_warning() -> None:
    """It can be filtered by its class, says what was guessed and why, and what makes it sure."""
    table_map = build_table_map(users_and("app_posts", *POST), "postgres")

    with pytest.warns(GuessedNameWarning) as caught:
        table_map.resolve("posts")
    assert table_map.column("posts", "title") == "title"
    message = str(caught[0].message)
    assert message.startswith("'posts' was guessed to be the table public.app_posts: the name is alike")
    assert "--supaseed-map posts=public.app_posts" in message


def test_a_configured_name_is_not_guessed_and_not_warned_of() -> None:
    """What is said is not guessed (warnings are errors here)."""
    catalog = users_and("app_posts", *POST)
    table_map = build_table_map(catalog, "postgres", tables={"posts": "app_posts"})

    assert table_map.resolve("posts").name == "app_posts"


def test_guessing_can_be_switched_off() -> None:
    """Then the error says what would have been guessed; the switch travels with the map."""
    catalog = users_and("app_posts", *POST)
    table_map = build_table_map(catalog, "postgres", guessing=False)
    again = TableMap.from_json(table_map.to_json(), catalog)

    for found in (table_map, again):
        assert not found.has("posts")
        with pytest.raises(MappingError, match="not taken: names are not guessed here"):
            found.resolve("posts")


def test_what_only_a_plug_in_knows_is_guessed_by_its_columns() -> None:
    """A framework's own logical table has the columns that its candidates must have."""
    framework = Framework(
        "crm",
        "CRM",
        (),
        builds_on=POSTGRES,
        tables={"deals": (Candidate("public", "crm_deals", ("stage",)),)},
    )
    catalog = make(table("tbl_deal", column("stage")), table("app_deals", column("rank")))

    best = Guesses(catalog, framework).best("deals")
    assert best is not None
    assert best.table.name == "tbl_deal"
    assert Guesses(catalog, framework).best("invoices") is None


def test_every_usual_name_can_be_guessed() -> None:
    """Each logical table that factories speak of has columns to be known by, and parents that are known."""
    assert set(LOGICAL_TABLES) <= set(KNOWN)
    for name, known in KNOWN.items():
        assert len(known.columns) >= 2, name
        assert set(known.parents) <= set(KNOWN), name


def test_a_name_that_is_not_there_costs_nothing_when_asked_again() -> None:
    """Plans and factories ask for the same absent names over and over."""
    tables = [table(f"table_{number}", column("a")) for number in range(300)]
    table_map, _ = quiet_map(make(*tables))
    table_map.has("posts")

    assert timeit(lambda: table_map.has("posts"), number=1000) / 1000 < 50e-6
