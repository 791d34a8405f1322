"""Rows counted by parent in the plan: which key is meant, how many rows that makes, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from small_catalog import Names, after_insert, catalog, column, function, reference, table, unique

from pytest_supaseed.errors import UsageError
from pytest_supaseed.option_values import PerParent
from pytest_supaseed.plan.planning import make_plan
from pytest_supaseed.plan.seed_plan import SeedPlan, SeedRequest

if TYPE_CHECKING:
    from pytest_supaseed.catalog.model import Table

USERS = table("users")
TEAMS = table("teams")
SETUPS = table("setups", column("user_id", "uuid"), foreign_keys=(reference("user_id", USERS),))
MAIL = table(
    "mail",
    column("sender_id", "uuid"),
    column("reader_id", "uuid"),
    foreign_keys=(reference("sender_id", USERS), reference("reader_id", USERS)),
)
_NODES = table("nodes", column("parent_id", "uuid", not_null=False))
NODES = replace(_NODES, foreign_keys=(reference("parent_id", _NODES),))


def plan(rows: dict[str, int | PerParent], *tables: Table, seed: str = "s", users: int = 20) -> SeedPlan:
    """The plan of some tables."""
    found = catalog(*tables)
    return make_plan(found, "postgres", Names(found), SeedRequest(users=users, seed=seed, rows=rows))


def test_the_plan_knows_the_number_of_rows() -> None:
    """It is printed, the same each time, another one for another seed, and part of the digest."""
    asked: dict[str, int | PerParent] = {"setups": PerParent("users", 1, 5), "users": 300}
    found = plan(asked, USERS, SETUPS)

    (part,) = found.parts_of(SETUPS)
    assert 300 < part.rows < 1500
    assert found.describe()[-1].endswith("1 to 5 per users")
    assert plan(asked, USERS, SETUPS).digest() == found.digest()
    assert plan(asked, USERS, SETUPS, seed="t").parts_of(SETUPS)[0].rows != part.rows
    plain = plan({"setups": part.rows, "users": 300}, USERS, SETUPS)
    assert plain.digest() != found.digest()


def test_plain_numbers_stay_exact() -> None:
    """A number in all is what it was."""
    assert plan({"setups": 200}, USERS, SETUPS).parts_of(SETUPS)[0].rows == 200


def test_a_column_says_which_key_is_meant() -> None:
    """Both keys can be named, and make different data."""
    by = {
        name: plan({"mail": PerParent("users", 2, 2, name)}, USERS, MAIL)
        for name in ("sender_id", "reader_id")
    }

    assert {name: found.parts_of(MAIL)[0].rows for name, found in by.items()} == {
        "sender_id": 40,
        "reader_id": 40,
    }
    assert by["sender_id"].digest() != by["reader_id"].digest()


def test_no_parents_no_children() -> None:
    """Zero per parent, and parents of which there are none."""
    assert plan({"setups": PerParent("users", 0, 0)}, USERS, SETUPS).parts_of(SETUPS)[0].rows == 0
    nullable = table(
        "loose", column("team_id", "uuid", not_null=False), foreign_keys=(reference("team_id", TEAMS),)
    )
    found = plan({"loose": PerParent("teams", 1, 5), "teams": 0}, TEAMS, nullable)
    assert found.parts_of(nullable)[0].rows == 0


def test_a_one_to_one_key_leaves_room_for_one() -> None:
    """What a unique key cuts is said in the plan."""
    single = replace(SETUPS, unique_keys=(*SETUPS.unique_keys, unique("user_id")))
    found = plan({"setups": PerParent("users", 2, 4)}, USERS, single)

    (part,) = found.parts_of(single)
    assert part.rows == 20
    assert "its unique keys hold no more than 1 per users" in part.note


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (PerParent("teams", 1, 5), "public.setups has no foreign key to public.teams"),
        (PerParent("nobody", 1, 5), "there is no such table"),
        (PerParent("setups", 1, 5), "the rows of a table cannot be counted by its own"),
        (PerParent("users", 1, 5, "title"), "'title' is no column of one of its keys"),
    ],
)
def test_a_wrong_parent_is_refused(asked: PerParent, said: str) -> None:
    """The message names both tables, the reason, and the parents that there are."""
    with pytest.raises(UsageError) as caught:
        plan({"setups": asked}, USERS, TEAMS, SETUPS)

    message = str(caught.value)
    assert message.startswith(f"rows of 'setups' per '{asked.table}': {said}")
    assert "user" in message.split("what there is: ")[1]


def test_one_table_by_two_names_is_refused() -> None:
    """Which of the two would count is not for us to say."""
    found = catalog(USERS, SETUPS)
    request = SeedRequest(rows={"setups": PerParent("users", 1, 2), "trips": 5})
    with pytest.raises(UsageError, match="names one table twice, as 'setups' and as 'trips'"):
        make_plan(found, "postgres", Names(found, trips=SETUPS), request)


def test_several_keys_are_listed() -> None:
    """Where it is not clear which key is meant, all are named, and how to choose."""
    with pytest.raises(UsageError) as caught:
        plan({"mail": PerParent("users", 1, 5)}, USERS, MAIL)

    message = str(caught.value)
    assert "what there is: sender_id" in message
    assert "what there is: reader_id" in message
    assert "\"by\": 'sender_id'" in message


def test_the_key_that_every_row_needs_is_meant() -> None:
    """One key is required, the other may be NULL: no need to ask."""
    columns = tuple(
        replace(found, not_null=False) if found.name == "reader_id" else found for found in MAIL.columns
    )
    loose = replace(MAIL, columns=columns)
    (part,) = plan({"mail": PerParent("users", 2, 2)}, USERS, loose).parts_of(loose)

    assert part.children is not None
    assert part.children.key.columns == ("sender_id",)


def test_a_self_reference_is_refused() -> None:
    """A table's rows cannot be counted by rows that are counted themselves."""
    with pytest.raises(UsageError, match="cannot be counted by its own"):
        plan({"nodes": PerParent("nodes", 1, 2)}, NODES)


def test_parents_that_need_children_first_are_refused() -> None:
    """In a circle without a nullable key neither comes first."""
    eggs = table("eggs", column("hen_id", "uuid"))
    hens = table("hens", column("egg_id", "uuid"), foreign_keys=(reference("egg_id", eggs),))
    eggs = replace(eggs, foreign_keys=(reference("hen_id", hens),))
    with pytest.raises(UsageError, match="neither comes first"):
        plan({"hens": PerParent("eggs", 1, 2)}, eggs, hens)


def test_rows_that_are_not_ours_to_count_are_refused() -> None:
    """Those that triggers make, of which a user has exactly one, and in several parts."""
    accounts = table(
        "accounts",
        column("primary_owner_user_id", "uuid"),
        foreign_keys=(reference("primary_owner_user_id", USERS),),
    )
    users = replace(USERS, triggers=(after_insert("adds"),))
    found = catalog(
        users, accounts, functions=(function("adds", "insert into accounts (id) values (new.id);"),)
    )
    names = Names(found, users=users, accounts=accounts)
    asked = SeedRequest(users=5, rows={"accounts": PerParent("users", 1, 2)})

    with pytest.raises(UsageError, match=r"triggers of public\.users make its rows"):
        make_plan(found, "makerkit", names, asked)


@pytest.mark.parametrize(("low", "high"), [(3, 2), (-1, 2), (True, 2), (1, 2.5), ("1", 2)])
def test_numbers_of_children_are_numbers(low: int, high: int) -> None:
    """Whole, not negative, the fewest first."""
    with pytest.raises(ValueError):  # noqa: PT011  # the option's reader says what is wrong
        PerParent("users", low, high)
