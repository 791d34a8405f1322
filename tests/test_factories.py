"""Tests of the public factories: rows on every kit, in the words of the domain, to use and to extend."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from inner_project import InnerProject

import pytest_supaseed.factories as built_in
from pytest_supaseed.factories import GearFactory, SetupFactory, UserFactory
from pytest_supaseed.rows.business_domains import business_domain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_supaseed.rows.factories import TableFactory
    from pytest_supaseed.server.endpoint import Endpoint

FACTORIES = [getattr(built_in, name) for name in built_in.__all__ if name != "TableFactory"]

KITS = """
import factory
import pytest

import pytest_supaseed.factories as built_in
from pytest_supaseed.errors import MappingError

FACTORIES = [
    getattr(built_in, name)
    for name in built_in.__all__
    # Every seeded user has a profile and a team: tests say of whom another one is.
    if name
    not in {
        "TableFactory",
        "MembershipFactory",
        "MemberFactory",
        "OwnerFactory",
        "IdentityFactory",
        "ProfileFactory",
    }
]


class OwnGear(built_in.GearFactory):
    class Meta:
        planned = False

    nmae = "a slip of the pen"


def made(database):
    found = [one for one in FACTORIES if database.table_map.has(one._meta.table)]
    for one in found:
        before = database.count(one._meta.table)
        one()
        one.create_batch(2)
        assert database.count(one._meta.table) == before + 3, one
    return {one.__name__ for one in found}


@pytest.mark.supaseed(framework="makerkit", domain="outdoor")
def test_makerkit(supaseed_db):
    assert made(supaseed_db) >= {"UserFactory", "GearFactory", "OrderFactory", "InvitationFactory"}
    user, account = built_in.UserFactory(), built_in.AccountFactory()
    assert account.is_personal_account is False and account.slug
    member = built_in.MembershipFactory(user_id=user.id, account_id=account.id)
    assert member.account_role == "member"
    assert "Topographic map" in {row.name for row in supaseed_db.rows("gear")}
    assert supaseed_db.count("gear", name="Tarp") == 0


def test_a_field_of_ones_own_is_not_lenient(supaseed_db):
    with pytest.raises(MappingError, match="nmae"):
        OwnGear()


@pytest.mark.supaseed(framework="basejump", domain="saas")
def test_basejump(supaseed_db):
    assert made(supaseed_db) >= {"UserFactory", "AccountFactory", "SubscriptionFactory"}
    plans = {row.plan_name for row in supaseed_db.rows("subscriptions")}
    assert plans <= {"free", "starter", "team", "business", "enterprise"} and "free" in plans


@pytest.mark.supaseed(framework="basejump")
def test_basejump_without_a_domain(supaseed_db):
    assert "pro" in {row.plan_name for row in supaseed_db.rows("subscriptions")}
"""


@pytest.fixture
def project(
    pytester: pytest.Pytester, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> Iterator[InnerProject]:
    """A project without a schema of its own."""
    made = InnerProject(pytester, endpoint, monkeypatch)
    (pytester.path / "schema.sql").unlink()
    yield made
    made.forget()


def test_rows_on_the_kits(project: InnerProject) -> None:
    """Each factory whose table there is makes rows; words are the domain's; datasets of domains are apart."""
    project.write("pyproject.toml", '[tool.supaseed]\nframework = "makerkit"\nusers = 10\n')
    project.write("test_kits.py", KITS)

    project.passes(passed=4)


@pytest.mark.parametrize("one", FACTORIES, ids=lambda one: one.__name__)
def test_built_without_a_database(one: type[TableFactory]) -> None:
    """`build` needs no database, and what helps others is no part of the row."""
    row = one.build()

    assert row
    assert not [name for name in row if name.startswith("chosen_")]


def test_type_checkers_see_the_same_names() -> None:
    """The stub beside the module declares what the module exports."""
    stub = Path(built_in.__file__).with_suffix(".pyi").read_text(encoding="utf-8")
    classes = set(re.findall(r"^class (\w+)\(", stub, re.MULTILINE))

    assert {*classes, "TableFactory"} == set(built_in.__all__)


def test_they_can_be_extended() -> None:
    """A subclass overrides fields, and those that follow from them follow."""

    class Winter(SetupFactory):
        title = "Winter trip"

    assert Winter.build()["slug"].startswith("winter-trip-")
    assert UserFactory.build(first_name="Ada", last_name="King")["email"].startswith("ada.king.")


def test_gear_costs_what_its_kind_costs() -> None:
    """Prices lie in the range of the piece."""
    ranges = {piece.name: (piece.low, piece.high) for piece in business_domain("generic").gear}

    for row in GearFactory.build_batch(14):
        low, high = ranges[row["name"].removesuffix(" 2")]
        assert low <= row["price"] <= high
