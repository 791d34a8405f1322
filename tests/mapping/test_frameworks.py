"""Tests of mapping.frameworks: what a schema is recognised as, and what is said of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from kit_catalogs import (
    AUTH_USERS,
    ROLES,
    UID,
    basejump,
    home_grown,
    in_schema,
    make,
    makerkit,
    makerkit_lite,
    makerkit_v1,
    supabase,
)
from small_catalog import column, function, table

from pytest_supaseed.errors import UsageError
from pytest_supaseed.mapping.frameworks import FRAMEWORKS, detect, framework_named

if TYPE_CHECKING:
    from pytest_supaseed.catalog.model import Catalog

WHOLE = [
    ("makerkit", makerkit()),
    ("makerkit-lite", makerkit_lite()),
    ("makerkit-v1", makerkit_v1()),
    ("basejump", basejump()),
    ("supabase", supabase()),
    ("postgres", home_grown()),
    ("postgres", make()),
]


@pytest.mark.parametrize(("name", "catalog"), WHOLE)
def test_a_whole_schema_is_recognised_for_certain(name: str, catalog: Catalog) -> None:
    """Each framework is recognised by its own marks, with full confidence and nothing against it."""
    found = detect(catalog)

    assert (found.framework, found.confidence, found.contradiction) == (name, 1.0, None)
    assert all(fact.holds for fact in found.evidence)


ACCOUNTS = table("accounts", column("name"), column("email"), column("picture_url"))


@pytest.mark.parametrize(
    ("expected", "catalog"),
    [
        ("postgres", make(ACCOUNTS)),
        ("supabase", supabase(ACCOUNTS)),
        ("supabase", supabase(replace(ACCOUNTS, name="profiles"), ACCOUNTS)),
        (
            "supabase",
            supabase(table("accounts", column("primary_owner_user_id"), column("is_personal_account"))),
        ),
        ("supabase", supabase(ACCOUNTS, schemas=("kit",))),
        ("supabase", makerkit_v1(role=column("role"))),
        ("postgres", make(AUTH_USERS, roles=ROLES)),
        ("postgres", make(AUTH_USERS, functions=(UID,))),
        ("postgres", make(functions=(UID,), roles=ROLES)),
    ],
)
def test_part_of_the_marks_is_not_enough(expected: str, catalog: Catalog) -> None:
    """An accounts table alone, a role alone, or a kit's schema without its tables prove nothing."""
    assert detect(catalog).framework == expected


def test_the_lite_kit_is_not_the_full_kit() -> None:
    """A schema with marks of both is the full kit: it has what the lite kit must not have."""
    both = makerkit()
    functions = (*both.functions, in_schema(function("new_user_created_setup", ""), "kit"))

    assert detect(replace(both, functions=functions)).framework == "makerkit"


@pytest.mark.parametrize(
    ("nearly", "catalog", "found", "missing"),
    [
        ("makerkit", makerkit("x_"), "function kit.setup_new_user", "public.accounts_memberships"),
        ("makerkit-lite", makerkit_lite("x_"), "function kit.new_user_created_setup", "public.accounts(id"),
        ("basejump", basejump("x_"), "function basejump.run_new_user_setup", "basejump.account_user"),
    ],
)
def test_renamed_tables_are_told(nearly: str, catalog: Catalog, found: str, missing: str) -> None:
    """A kit whose tables were renamed is no longer it; what was found of it and what not is said."""
    detection = detect(catalog)
    line = detection.describe()
    of_kit = {fact.label: fact.holds for fact in detection.evidence if fact.framework == nearly}

    assert detection.framework == "supabase"
    assert 0.4 < detection.confidence < 0.8
    assert of_kit[found]
    assert not any(holds for label, holds in of_kit.items() if label.startswith(missing))
    assert f"not {nearly}: found" in line
    assert line.index(found) < line.index("not found") < line.index(missing)
    assert f"{nearly}: found: {found}" in detection.lines()


def test_an_explicit_framework_wins_and_the_contradiction_is_said() -> None:
    """What the user names is used, and what the schema looks like instead, and by what, is said."""
    found = detect(makerkit(), explicit="basejump")

    assert (found.framework, found.explicit) == ("basejump", True)
    assert found.confidence < 0.5
    assert found.contradiction is not None
    assert "looks like makerkit" in found.contradiction
    assert "schema basejump" in found.contradiction
    assert found.contradiction in found.describe()


@pytest.mark.parametrize("name", ["makerkit", "supabase", "postgres", " MakerKit "])
def test_a_true_or_more_general_framework_contradicts_nothing(name: str) -> None:
    """MakerKit is a Supabase project in Postgres: to call it any of these is no mistake."""
    found = detect(makerkit(), explicit=name)

    assert found.framework == name.strip().lower()
    assert found.contradiction is None
    assert "asked for" in found.describe()


@pytest.mark.parametrize("name", ["makerkit_lite", "MAKERKIT-LITE"])
def test_names_are_forgiving(name: str) -> None:
    """Case and underscores do not matter in a framework's name."""
    assert framework_named(name).name == "makerkit-lite"


@pytest.mark.parametrize("name", ["maker-kit", "", "rails"])
def test_an_unknown_framework_is_an_error(name: str) -> None:
    """A name that is none is a usage error that lists all that there are."""
    with pytest.raises(UsageError) as caught:
        detect(make(), explicit=name)

    assert all(framework.name in str(caught.value) for framework in FRAMEWORKS)
    assert ("did you mean makerkit?" in str(caught.value)) is (name == "maker-kit")


def test_detection_is_one_line() -> None:
    """The description fits the summary: one line, framework first."""
    for _, catalog in WHOLE:
        line = detect(catalog).describe()
        assert "\n" not in line
        assert line.startswith(detect(catalog).framework)
