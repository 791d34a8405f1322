"""Tests of isolation.factory_rows: a column goes by several names, and what a caller says of it counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import factory
import pytest
from factory_databases import database, session
from setup_factories import UserFactory

from pytest_supaseed import MappingError, Parent, TableFactory
from pytest_supaseed import factories as built_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_supaseed.isolation.seed_session import SeedSession
    from pytest_supaseed.isolation.seeded_database import SeededDatabase
    from pytest_supaseed.server.endpoint import Endpoint

NAMES = "tomes=setups,tomes.label=title,tomes.owner=account_id"


@pytest.fixture(scope="module")
def opened(endpoint: Endpoint, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SeedSession]:
    """A session in which `title` is also called `label`."""
    with session(endpoint, tmp_path_factory.mktemp("project"), map=NAMES) as found:
        yield found


@pytest.fixture
def db(opened: SeedSession, request: pytest.FixtureRequest) -> Iterator[SeededDatabase]:
    """A test's own database."""
    with database(opened, request.node.name) as found:
        yield found


class TomeFactory(TableFactory):
    """Declares a column by its own name."""

    class Meta:
        table = "tomes"

    title = factory.Sequence(lambda n: f"Tome {n}")
    meta = factory.LazyAttribute(lambda row: {"of": row.title})
    owner = Parent("users")


class LabelledFactory(TableFactory):
    """Declares it by another name."""

    class Meta:
        table = "tomes"

    label = factory.Sequence(lambda n: f"Label {n}")
    meta = factory.LazyAttribute(lambda row: {"of": row.label})


class OwnedFactory(TomeFactory):
    """Is evaluated row by row."""

    owner = factory.SubFactory(UserFactory)


@pytest.mark.parametrize("made_by", [TomeFactory, LabelledFactory, OwnedFactory])
@pytest.mark.parametrize("name", ["title", "label"])
def test_a_callers_value_replaces_the_declaration(
    db: SeededDatabase, made_by: type[TableFactory], name: str
) -> None:
    """By whichever name a column is declared, and by whichever it is given, what the caller gives counts."""
    rows: list[Any] = [made_by(**{name: "Mine"}), *made_by.create_batch(2, **{name: "Mine"})]

    assert [(row.title, row.label, row.meta) for row in rows] == [("Mine", "Mine", {"of": "Mine"})] * 3
    assert "Mine" not in made_by().title


@pytest.mark.parametrize("made_by", [TomeFactory, LabelledFactory, OwnedFactory])
def test_a_column_given_by_both_names_is_refused(db: SeededDatabase, made_by: type[TableFactory]) -> None:
    """Nobody can say which of two values was meant."""
    with pytest.raises(MappingError, match="one column"):
        made_by(title="One", label="Two")


def test_a_parent_by_another_name(db: SeededDatabase) -> None:
    """References are no exception."""
    user = db.users[1]

    assert TomeFactory(account_id=user.id).owner == user.id
    assert TomeFactory(owner=user).account_id == user.id


def test_factories_of_ours(db: SeededDatabase) -> None:
    """A name of theirs that the schema has otherwise is no field that gets lost."""

    class NamedFactory(built_in.SetupFactory):
        class Meta:
            planned = False

        name = factory.Sequence(lambda n: f"Named {n}")

    assert db.create("setups", name="Mine").title == "Mine"
    assert built_in.SetupFactory(name="Mine").title == "Mine"
    assert NamedFactory().title.startswith("Named ")
    assert NamedFactory(name="Mine").title == NamedFactory(title="Mine").title == "Mine"
