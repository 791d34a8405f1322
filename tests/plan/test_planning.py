"""Tests of plan.planning and plan.seed_plan."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from small_catalog import Names, after_insert, catalog, column, function, primary, reference, table, unique

from pytest_supaseed.errors import PlanError, UsageError
from pytest_supaseed.plan.planning import make_plan
from pytest_supaseed.plan.recipes import team_members, teams
from pytest_supaseed.plan.seed_plan import SeedPlan, SeedRequest

if TYPE_CHECKING:
    from pytest_supaseed.catalog.model import Catalog, Table


def _supabase() -> tuple[Catalog, Names, Table, Table]:
    users = table("users", schema="auth", triggers=(after_insert("handle_new_user"),))
    identities = table(
        "identities", column("user_id", "uuid"), schema="auth", foreign_keys=(reference("user_id", users),)
    )
    profiles = table("profiles", foreign_keys=(reference("id", users),))
    found = catalog(
        users,
        identities,
        profiles,
        functions=(function("handle_new_user", "insert into public.profiles (id) values (new.id)"),),
    )
    return found, Names(found, users=users, identities=identities), users, profiles


def test_rows_made_by_triggers_are_adopted() -> None:
    """A table that a trigger of the users fills is planned after them, with their number."""
    found, names, _users, profiles = _supabase()

    plan = make_plan(found, "supabase", names, SeedRequest(users=7))

    (part,) = plan.parts_of(profiles)
    assert (part.rows, part.adopted_from) == (7, "auth.users")
    assert [each.table.name for each in plan.tables][-1] == "profiles"


def test_no_users_means_an_empty_plan() -> None:
    """users=0 asks for the schema alone: nothing is planned."""
    found, names, _users, _profiles = _supabase()

    assert make_plan(found, "supabase", names, SeedRequest(users=0)).tables == ()


def test_tables_that_migrations_filled_are_kept() -> None:
    """Reference data of a migration is left as it is, and said."""
    roles = table("roles")
    found = catalog(roles)

    plan = make_plan(found, "postgres", Names(found), SeedRequest(users=5), existing={roles.oid: 2})

    assert plan.tables == ()
    assert plan.unplanned[0].reason == "kept: 2 rows that are there"


def test_exact_rows_win() -> None:
    """rows={...} gives exactly the number asked for, also for a table that migrations filled."""
    roles, pets = table("roles"), table("pets")
    found = catalog(roles, pets)
    request = SeedRequest(users=5, rows={"roles": 3, "pets": 200})

    plan = make_plan(found, "postgres", Names(found), request, existing={roles.oid: 2})

    assert {part.table.name: part.rows for part in plan.tables} == {"pets": 200, "roles": 3}


def test_negative_rows_are_refused() -> None:
    """A negative number of rows is an error that names the table and the number."""
    found = catalog(table("pets"))

    with pytest.raises(UsageError, match=r"'pets': -1.*0 or more"):
        make_plan(found, "postgres", Names(found), SeedRequest(rows={"pets": -1}))


def test_one_to_one_tables_hold_no_more_rows_than_their_parents() -> None:
    """A unique foreign key caps the rows at the number of parents."""
    owners = table("owners")
    passports = table(
        "passports",
        column("owner_id", "uuid"),
        unique_keys=(primary("owner_id"),),
        foreign_keys=(reference("owner_id", owners),),
    )
    found = catalog(owners, passports)

    plan = make_plan(
        found, "postgres", Names(found), SeedRequest(users=5, rows={"owners": 3, "passports": 9})
    )

    assert plan.parts_of(passports)[0].rows == 3


def test_required_table_without_a_parent_fails_the_plan() -> None:
    """Users that need a row of a table without rows are an error that names the key, not a silent gap."""
    flags = table("flags", schema="vault")
    users = table(
        "users", column("flag_id", "uuid"), schema="auth", foreign_keys=(reference("flag_id", flags),)
    )
    found = catalog(users, flags)

    with pytest.raises(PlanError, match=r"auth\.users cannot be filled: flag_id_fkey needs a row of vault"):
        make_plan(found, "supabase", Names(found, users=users), SeedRequest(users=5))


def test_circle_of_keys_that_are_not_null_is_planned_together() -> None:
    """Such tables are planned like others, and the plan names the group."""
    plain = table("a", column("b_id", "uuid"))
    b = table("b", column("a_id", "uuid"), foreign_keys=(reference("a_id", plain),))
    a = replace(plain, foreign_keys=(reference("b_id", b),))
    found = catalog(a, b)

    plan = make_plan(found, "postgres", Names(found), SeedRequest(users=5))

    assert plan.together == (frozenset({a.oid, b.oid}),)
    assert [part.rows for part in plan.tables] == [5, 5]


def test_only_tables_that_need_an_empty_one_are_left_out() -> None:
    """A platform table that nobody fills takes with it what needs it, by name; nullable keys stay NULL."""
    objects = table("objects", schema="storage")
    needy = table("needy", column("object_id", "uuid"), foreign_keys=(reference("object_id", objects),))
    child = table("child", column("needy_id", "uuid"), foreign_keys=(reference("needy_id", needy),))
    free = table(
        "free", column("object_id", "uuid", not_null=False), foreign_keys=(reference("object_id", objects),)
    )
    found = catalog(objects, needy, child, free)

    plan = make_plan(found, "postgres", Names(found), SeedRequest(users=5))

    assert [part.table.name for part in plan.tables] == ["free"]
    assert {each.table.name: each.reason for each in plan.unplanned} == {
        "needy": "not filled: object_id_fkey needs a row of storage.objects, which has none and gets none",
        "child": "not filled: needy_id_fkey needs a row of public.needy, which is not filled itself",
    }


def test_tables_get_as_many_rows_as_they_can_hold() -> None:
    """A key over a parent and a flag caps the rows, the plan says why, and children count on what is left."""
    owners = table("owners")
    flags = table(
        "flags",
        column("owner_id", "uuid"),
        column("is_on", "bool"),
        unique_keys=(primary("owner_id", "is_on"), unique("owner_id", "is_on")),
        foreign_keys=(reference("owner_id", owners),),
    )
    found = catalog(owners, flags)

    plan = make_plan(found, "postgres", Names(found), SeedRequest(users=5, rows={"flags": 100}))

    assert plan.parts_of(flags)[0].rows == 10
    assert plan.notes == ("public.flags gets 10 of 100 rows: unique key pkey holds no more: owner_id, is_on",)


def test_plan_is_printable_and_digestible() -> None:
    """A plan prints a line per part, and its digest changes with the seed and nothing else."""
    found, names, _users, _profiles = _supabase()

    def plan(seed: str) -> SeedPlan:
        return make_plan(found, "supabase", names, SeedRequest(users=1200, seed=seed))

    assert plan("a").describe()[0].strip() == "1,200 rows  users -> auth.users  by users"
    assert plan("a").digest() == plan("a").digest()
    assert plan("a").digest() != plan("b").digest()


@pytest.mark.parametrize("users", [1, 4, 5, 6, 7, 50])
def test_everybody_is_in_a_team(users: int) -> None:
    """Owners and members together are exactly the users, for any number of users."""
    assert teams(users) + team_members(users) == users
    assert teams(users) >= 1


def test_schemas_of_the_platform_are_told_from_a_projects_own() -> None:
    """An `auth.users` that neither looks like Supabase's nor stands beside its functions is the project's."""
    mine = table("users", column("mail"), schema="auth")
    theirs = table("users", column("raw_app_meta_data", "jsonb"), schema="auth")
    tokens = table("tokens", schema="auth")
    uid = replace(function("uid", ""), schema="auth")
    asked = SeedRequest(users=5)

    def planned(found: Catalog) -> list[str]:
        return [part.table.name for part in make_plan(found, "postgres", Names(found), asked).tables]

    assert planned(catalog(mine, tokens)) == ["tokens", "users"]
    assert planned(catalog(theirs, tokens)) == []
    assert planned(catalog(mine, tokens, functions=(uid,))) == []
