"""What `--only` and `--exclude` leave of a plan: decided without a database."""

from __future__ import annotations

from dataclasses import replace

import pytest
from small_catalog import Names, after_insert, catalog, column, function, reference, table

from pytest_supaseed.errors import UsageError
from pytest_supaseed.option_values import PerParent
from pytest_supaseed.plan.chosen_tables import TableChoice, choose_tables
from pytest_supaseed.plan.planning import make_plan
from pytest_supaseed.plan.seed_plan import SeedPlan, SeedRequest

PEOPLE = table("people", column("email"), triggers=(after_insert("make_profile"),))
PROFILES = table("profiles", column("nick"))
TEAMS = table("teams", column("title"))
MEMBERS = table(
    "members",
    column("team_id", "uuid"),
    column("person_id", "uuid"),
    foreign_keys=(reference("team_id", TEAMS), reference("person_id", PEOPLE)),
)
NOTES = table(
    "notes",
    column("member_id", "uuid"),
    column("team_id", "uuid", not_null=False),
    foreign_keys=(reference("member_id", MEMBERS), reference("team_id", TEAMS)),
)
MAKER = function("make_profile", "begin insert into profiles (id) values (new.id); return new; end")
CATALOG = catalog(PEOPLE, PROFILES, TEAMS, MEMBERS, NOTES, functions=(MAKER,))
NAMES = Names(CATALOG, crews=TEAMS)


def plan(**asked: int | PerParent) -> SeedPlan:
    """The plan of all tables."""
    return make_plan(CATALOG, "postgres", NAMES, SeedRequest(5, rows=asked))


def chosen(found: SeedPlan, only: str = "", exclude: str = "", asked: tuple[str, ...] = ()) -> SeedPlan:
    """What a choice leaves."""
    choice = TableChoice(tuple(only.split()), tuple(exclude.split()))
    return choose_tables(found, choice, CATALOG, NAMES, asked)


def rows(found: SeedPlan) -> dict[str, int]:
    """The rows that each table gets."""
    return {part.table.name: part.rows for part in found.tables}


def test_no_choice_changes_nothing() -> None:
    """The very same plan."""
    whole = plan()
    assert chosen(whole) is whole


def test_only_these() -> None:
    """By logical name or actual one; the others are said to be left out, and the rest keeps its numbers."""
    found = chosen(plan(teams=7), only="crews")
    assert rows(found) == {"teams": 7}
    assert {left.table.name: left.reason for left in found.unplanned} == dict.fromkeys(
        ["people", "profiles", "members", "notes"], "left out"
    )
    assert found.cut_keys == frozenset()


def test_not_these() -> None:
    """What nothing needs can be left out."""
    assert rows(chosen(plan(), exclude="notes")) == {"people": 5, "profiles": 5, "teams": 5, "members": 5}


def test_what_is_needed_is_named_with_the_whole_choice_that_would_do() -> None:
    """Parents of parents too; a key that may be NULL needs nobody."""
    with pytest.raises(UsageError) as raised:
        chosen(plan(), only="notes")
    said = str(raised.value)
    assert "public.notes would need rows of public.members: left out, and empty." in said
    assert "choose these as well: --only notes,public.members,public.people,public.teams" in said
    whole = chosen(plan(), only="notes public.members public.people public.teams".replace("public.", ""))
    assert set(rows(whole)) >= {"notes", "members", "people", "teams"}


def test_a_parent_with_rows_may_be_left_out() -> None:
    """What is there is referred to."""
    found = replace(plan(), existing={TEAMS.oid: 3})
    assert rows(chosen(found, exclude="crews"))["members"] == 5


def test_who_needs_what_is_excluded_is_named() -> None:
    """With both ways out."""
    with pytest.raises(UsageError) as raised:
        chosen(plan(), exclude="teams")
    said = str(raised.value)
    assert "public.members would need rows of public.teams" in said
    assert "--exclude teams,public.members" in said
    assert "do not leave out public.teams" in said


def test_a_name_that_a_shell_would_take_apart_is_quoted() -> None:
    """The remedy can be pasted."""
    odd = table("a b; rm", column("x"), foreign_keys=())
    child = table("child", column("odd_id", "uuid"), foreign_keys=(reference("odd_id", odd),))
    found = catalog(odd, child)
    whole = make_plan(found, "postgres", Names(found), SeedRequest(2))
    with pytest.raises(UsageError, match=r"--only 'child,public\.a b; rm'"):
        choose_tables(whole, TableChoice(("child",)), found, Names(found))


def test_rows_of_triggers_come_all_the_same() -> None:
    """They are said to; where the table that fires is left out, they do not come."""
    adopted = replace(
        plan(),
        tables=tuple(
            replace(part, adopted_from="public.people") if part.table is PROFILES else part
            for part in plan().tables
        ),
    )
    found = chosen(adopted, exclude="profiles")
    assert "public.profiles is left out, but triggers of public.people make its rows" in found.notes
    assert set(rows(chosen(adopted, only="teams"))) == {"teams"}


def test_rows_that_are_counted_by_a_parent_that_is_left_out() -> None:
    """Their number would follow from rows that do not come."""
    counted = plan(notes=PerParent("members", 2, 2))
    with pytest.raises(UsageError, match=r"public\.notes: rows per members -> public\.members"):
        chosen(counted, only="notes")


def test_contradictions_are_refused() -> None:
    """Rows of a table that is left out; nothing that is left."""
    with pytest.raises(UsageError, match="Rows of notes are asked for, and notes is left out"):
        chosen(plan(notes=9), exclude="notes", asked=("notes",))
    with pytest.raises(UsageError, match="Nothing is left to seed by --only teams and --exclude crews"):
        chosen(plan(), only="teams", exclude="crews")
