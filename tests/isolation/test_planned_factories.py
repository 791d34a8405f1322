"""Factories that the configuration names, in a seeded dataset: their fields, their errors, the digest."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest
from factory_databases import database, session

from pytest_supaseed import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytest_supaseed.isolation.seeded_database import SeededDatabase
    from pytest_supaseed.server.endpoint import Endpoint

    Seeded = Callable[..., Any]

HEAD = """
import factory
import random
from pytest_supaseed import Parent, TableFactory
"""
_numbers = count(1)


@pytest.fixture
def seeded(endpoint: Endpoint, tmp_path: Path) -> Iterator[Seeded]:
    """Opens a database that is seeded with the factories of a module; its text is given."""

    @contextmanager
    def opened(text: str, **flags: str) -> Iterator[SeededDatabase]:
        module = f"planned_{next(_numbers)}"
        (tmp_path / f"{module}.py").write_text(HEAD + text, encoding="utf-8")
        with session(endpoint, tmp_path, factories=module, **flags) as found, database(found) as made:
            try:
                yield made
            finally:
                found._store.forget(made._dataset.name)

    yield opened
    for name in [name for name in sys.modules if name.startswith("planned_")]:
        del sys.modules[name]


def test_fields_of_every_kind(seeded: Seeded) -> None:
    """Evaluated in columns, the rest derived; what a check asks for besides is filled."""
    text = """
class SetupFactory(TableFactory):
    class Meta:
        table = "setups"
        exclude = ("number",)

    class Params:
        loud = factory.Trait(title="LOUD")

    number = factory.Sequence(lambda n: n)
    title = factory.LazyAttribute(lambda row: f"Setup {row.number}")
    user = Parent("users")
    kind = Parent("kinds")
    status = "published"
    price = factory.LazyFunction(lambda: random.randrange(100))
    tags = factory.LazyAttribute(lambda row: [str(row.user.id)])
"""
    with seeded(text) as db:
        rows = list(db.rows("setups"))
        assert [row.title for row in rows] == [f"Setup {n}" for n in range(len(rows))]
        assert all(row.published_at and row.kind_id is not None for row in rows)
        assert all(row.tags == [str(row.account_id)] for row in rows)
        assert len(rows) == 12
        assert not db.report.shortfalls


def test_row_by_row_where_columns_will_not_do(seeded: Seeded) -> None:
    """Maybe, Dict, List and SubFactory, which refers to planned rows; declarations of ours among them."""
    text = """
from pytest_supaseed.rows.declarations import FromRow, OneOf

class UserFactory(TableFactory):
    class Meta:
        table = "users"
    name = factory.Iterator(["Ann", "Ben", "Cid", "Dee"])

class SetupFactory(TableFactory):
    price = factory.Maybe("cheap", yes_declaration=OneOf([1, 2]), no_declaration=100)
    cheap = factory.Sequence(lambda n: n % 2 == 0)
    title = FromRow(lambda row, index: f"{index} at {row.price}")
    tags = factory.List([factory.SelfAttribute("..title")])
    user = factory.SubFactory(UserFactory)
    class Meta:
        table = "setups"
        exclude = ("cheap",)
"""
    with seeded(text) as db:
        assert [part.note for part in db.report.shortfalls] == []
        rows = list(db.rows("setups"))
        assert {row.price for row in rows[::2]} <= {1, 2}
        assert {row.price for row in rows[1::2]} == {100}
        assert [row.title for row in rows] == [f"{n} at {int(row.price)}" for n, row in enumerate(rows)]
        assert all(row.tags == [row.title] for row in rows)
        users = {row.id: row.name for row in db.rows("users")}
        assert {users[row.account_id] for row in rows} <= {"Ann", "Ben", "Cid", "Dee"}
        assert len(users) == 4
        assert not db.report.shortfalls


def test_create_goes_on_where_the_plan_ended(seeded: Seeded) -> None:
    """`create` by the table's name uses the same factory, hooks included; numbers meet no planned row."""
    text = """
CALLED = []

class KindFactory(TableFactory):
    class Meta:
        table = "kinds"
    name = factory.Sequence(lambda n: f"kind {n}")

    @factory.post_generation
    def told(self, create, extracted, **more):
        CALLED.append(self.name)
"""
    with seeded(text) as db:
        planned = db.count("kinds")
        row = db.create("kinds")
        assert row.name == f"kind {planned}"
        module: Any = sys.modules[type(row).__module__]
        assert [row.name] == module.CALLED


def test_composite_keys_and_trees(seeded: Seeded) -> None:
    """A relation fills all columns of its key, and a tree's parents are rows of its own."""
    text = """
class LineFactory(TableFactory):
    class Meta:
        table = "lines"
    order = Parent("orders")
    amount = 3

class CategoryFactory(TableFactory):
    class Meta:
        table = "categories"
    parent = Parent("categories")
    name = factory.Sequence(lambda n: f"c{n}")

class MessageFactory(TableFactory):
    class Meta:
        table = "messages"
    sender = Parent("users", index=lambda row, count: 0)
    recipient = Parent("users", index=lambda row, count: count - 1)
    body = "hello"
"""
    with seeded(text) as db:
        orders = {(row.tenant_id, row.number) for row in db.rows("orders")}
        assert {(row.order_tenant, row.order_number) for row in db.rows("lines")} <= orders
        assert any(row.parent_id for row in db.rows("categories"))
        assert all(row.sender_id != row.recipient_id for row in db.rows("messages"))
        assert {row.amount for row in db.rows("lines")} == {3}
        assert not db.report.shortfalls


def test_what_postgres_refuses_names_factory_and_field(seeded: Seeded) -> None:
    """What a factory declares wins; where it is wrong, the report says whose it is."""
    text = """
class SetupFactory(TableFactory):
    class Meta:
        table = "setups"
        columns = {"cost": "price"}
    cost = -5
"""
    with seeded(text) as db:
        (short,) = [part for part in db.report.shortfalls if part.table == "setups"]
        assert short.loaded == 0
        assert "SetupFactory: cost" in short.reason
        assert "SetupFactory: cost" in short.note


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ("titel = 'x'", ["no column 'titel', which SetupFactory declares", "'title'"]),
        ("title = factory.LazyFunction(lambda: 1 / 0)", ["SetupFactory.title", "ZeroDivisionError"]),
        ("account_id = 'nobody'", ["uuid"]),
        ("user = Parent('lines')", ["public.lines, to which public.setups has no foreign key"]),
    ],
)
def test_wrong_fields_cost_their_table(fields: str, said: list[str], seeded: Seeded) -> None:
    """The report says what was wrong, and the other tables are filled."""
    text = f'class SetupFactory(TableFactory):\n    class Meta:\n        table = "setups"\n    {fields}\n'
    with seeded(text) as db:
        notes = {part.table: f"{part.note} {part.remedy}" for part in db.report.shortfalls}
        assert all(one in notes["setups"] for one in said), notes
        assert db.count("users") == 4


def test_a_parent_with_values_is_refused(seeded: Seeded) -> None:
    """Rows of a plan refer to planned parents; a parent of its own for each row is for tests."""
    text = """
class UserFactory(TableFactory):
    class Meta:
        table = "users"

class SetupFactory(TableFactory):
    class Meta:
        table = "setups"
    user = factory.SubFactory(UserFactory, role="admin")
"""
    with seeded(text) as db:
        (short,) = [part for part in db.report.shortfalls if part.table == "setups"]
        assert "makes a parent with values of its own (role)" in short.reason


def test_the_module_is_part_of_the_digest(endpoint: Endpoint, tmp_path: Path) -> None:
    """Another text makes another dataset; the same one is found again."""
    names = []
    for text in ("# one", "# one", "# two"):
        body = 'class KindFactory(TableFactory):\n    class Meta:\n        table = "kinds"\n'
        (tmp_path / "planned_digest.py").write_text(f"{HEAD}{body}{text}\n", encoding="utf-8")
        sys.modules.pop("planned_digest", None)
        with session(endpoint, tmp_path, factories="planned_digest") as opened:
            table_map = opened.table_map()
            dataset = opened.dataset(table_map, opened.plan(table_map))
            names.append((dataset.name, dataset.built))
    sys.modules.pop("planned_digest")
    assert names[0][0] == names[1][0] != names[2][0]
    assert [built for _name, built in names] == [True, False, True]


class TestMakerkit:
    """A framework's recipe: its parts are the user's to make, over our own factories."""

    def test_a_users_factory_lies_over_ours(self, seeded: Seeded) -> None:
        """Users still have passwords and identities, teams their owners; what the factory says counts."""
        text = """
class UserFactory(TableFactory):
    class Meta:
        table = "users"
    email = factory.Sequence(lambda n: f"u{n}@example.org")

class TeamFactory(TableFactory):
    class Meta:
        table = "accounts"
    name = factory.Sequence(lambda n: f"Team {n}")
"""
        with seeded(text, framework="makerkit", users="6") as db:
            assert db.report.notes is not None
            users = db.users
            assert {user.email for user in users} == {f"u{n}@example.org" for n in range(6)}
            assert all(user.encrypted_password.startswith("$2") for user in users)
            assert db.count("identities") == 6
            teams = [row for row in db.rows("accounts") if not row.is_personal_account]
            assert {row.name for row in teams} == {"Team 0", "Team 1"}
            assert all(row.primary_owner_user_id for row in teams)

    def test_several_parts(self, seeded: Seeded) -> None:
        """A factory of a table that is filled in parts says which one it makes."""
        text = 'class MembershipFactory(TableFactory):\n    class Meta:\n        table = "memberships"\n'
        with (
            pytest.raises(UsageError, match=r"owners.*members") as caught,
            seeded(text, framework="makerkit"),
        ):
            pass
        assert "part = 'members'" in str(caught.value)
