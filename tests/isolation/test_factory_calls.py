"""Tests of isolation.factory_rows: strategies, sequences, chance, and what `class Meta` adds."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import factory
import factory.random
import pytest
from factory_databases import database
from setup_factories import OwnedSetupFactory, SetupFactory, UserFactory

from pytest_supaseed import MappingError, Parent, TableFactory, UsageError

if TYPE_CHECKING:
    from pytest_supaseed.isolation.seed_session import SeedSession
    from pytest_supaseed.isolation.seeded_database import SeededDatabase


def test_create_returns_what_the_database_filled_in(db: SeededDatabase) -> None:
    """Key, default and generated column are in the row, and the row is in the table."""
    row = SetupFactory(title="Camp")
    assert (row.title, row.shout, row.status, row.meta) == ("Camp", "CAMP", "draft", {})
    assert db.rows("setups", id=row.id)[0].title == "Camp"
    assert row.account_id in {user.id for user in db.users}


def test_create_batch_writes_all(db: SeededDatabase) -> None:
    """A batch over a chunk's border is complete and numbered."""
    before = db.count("setups")
    rows = SetupFactory.create_batch(1005)
    assert db.count("setups") == before + 1005
    assert [row.title for row in rows] == [f"Setup {before + n}" for n in range(1005)]


def test_build_and_stub_need_no_database(db: SeededDatabase) -> None:
    """They leave the database alone, and references are None."""
    before = db.count("setups")
    built = SetupFactory.build(title="x")
    assert (built.title, built.user) == ("x", None)
    assert [row.title for row in SetupFactory.build_batch(2, title="y")] == ["y", "y"]
    assert SetupFactory.stub(title="z").title == "z"
    assert OwnedSetupFactory.build().user.email.startswith("reader")
    assert db.count("setups") == before


def test_generate_and_the_default_strategy(db: SeededDatabase) -> None:
    """`Meta.strategy`, `generate` and `simple_generate` choose the strategy, as factory_boy says."""

    class Built(SetupFactory):
        class Meta:
            strategy = factory.BUILD_STRATEGY

    before = db.count("setups")
    assert Built(title="b").title == "b"
    assert SetupFactory.generate(factory.STUB_STRATEGY, title="s").title == "s"
    assert db.count("setups") == before
    assert SetupFactory.simple_generate(create=True, title="c").id
    assert len(SetupFactory.simple_generate_batch(create=True, size=2)) == 2
    assert db.count("setups") == before + 3


def test_numbers_go_on_from_the_rows_that_are_there(db: SeededDatabase) -> None:
    """So that they meet no planned row, in whatever order tests run."""
    there = db.count("setups")
    assert [SetupFactory().title, SetupFactory().title] == [f"Setup {there}", f"Setup {there + 1}"]
    assert OwnedSetupFactory().title == f"Setup {there + 2}"


def test_reset_sequence(db: SeededDatabase) -> None:
    """A factory can be told where to go on, for itself and those that share its sequence."""
    SetupFactory.reset_sequence(100)
    assert [row.title for row in SetupFactory.create_batch(2)] == ["Setup 100", "Setup 101"]
    assert OwnedSetupFactory().title == "Setup 102"
    SetupFactory.reset_sequence()
    assert SetupFactory().title == "Setup 0"
    assert SetupFactory(__sequence=7).title == "Setup 7"
    with pytest.raises(ValueError, match="descendant"):
        OwnedSetupFactory.reset_sequence(1)


def test_setup_next_sequence(db: SeededDatabase) -> None:
    """A factory's own first number counts."""

    class From500(TableFactory):
        class Meta:
            table = "setups"

        title = factory.Sequence(str)

        @classmethod
        def _setup_next_sequence(cls) -> int:
            return 500

    assert [row.title for row in From500.create_batch(2)] == ["500", "501"]
    assert From500().title == "502"


def test_the_same_test_makes_the_same_rows(opened: SeedSession) -> None:
    """Chance, Faker, parents made along the way: all of it is the same again, in batches and alone."""

    class Chance(OwnedSetupFactory):
        title = factory.Faker("word")
        price = factory.LazyFunction(lambda: random.randrange(1000))

    made: list[list[object]] = []
    for test in ("one", "one", "two"):
        random.seed(len(made))
        with database(opened, test):
            rows = [*UserFactory.create_batch(2), *Chance.create_batch(2)]
            made.append([(row.get("name"), row.get("title"), row.get("price")) for row in rows])
    assert made[0] == made[1] != made[2]


def test_reseed_random_governs_what_is_built(db: SeededDatabase) -> None:
    """`build` follows factory_boy's own state, which making rows leaves alone."""
    factory.random.reseed_random(5)
    first = UserFactory.build().name
    factory.random.reseed_random(5)
    UserFactory.create_batch(3)
    OwnedSetupFactory()
    assert UserFactory.build().name == first


def test_unique_by(db: SeededDatabase) -> None:
    """A row that is there is returned, in a batch too; hooks still run for it."""

    class KindFactory(TableFactory):
        class Meta:
            table = "kinds"
            unique_by = ("name",)

        name = factory.Iterator(["tent", "van", "tent"])

    before = db.count("kinds")
    rows = KindFactory.create_batch(3)
    assert [row.name for row in rows] == ["tent", "van", "tent"]
    assert rows[0].id == rows[2].id
    assert KindFactory(name="van").id == rows[1].id
    assert db.count("kinds") == before + 2


def test_unique_by_a_parent(db: SeededDatabase) -> None:
    """A relation stands for the columns of its key."""

    class ProfileFactory(TableFactory):
        class Meta:
            table = "profiles"
            unique_by = ("user",)

        user = Parent("users")
        bio = "first"

    user = UserFactory()
    assert ProfileFactory(user=user) == ProfileFactory(user=user, bio="second")


def test_unique_by_what_is_no_field(db: SeededDatabase) -> None:
    """It is named, with the nearest columns."""

    class Wrong(SetupFactory):
        class Meta:
            unique_by = ("titel",)

    with pytest.raises(MappingError, match="titel") as caught:
        Wrong()
    assert "'title'" in str(caught.value)


def test_columns(db: SeededDatabase) -> None:
    """A field can fill a column of another name, and be read under both."""

    class Headed(TableFactory):
        class Meta:
            table = "setups"
            columns = {"headline": "title"}  # noqa: RUF012  # as factory_boy's `rename`

        headline = factory.Sequence(lambda n: f"H{n}")
        meta = factory.LazyAttribute(lambda row: {"is": row.headline})

    row = Headed()
    assert row.title == row.headline == row.meta["is"]
    assert Headed(headline="x").title == "x"


def test_several_databases(opened: SeedSession) -> None:
    """A factory names the one it writes to; the others write to the test's own."""

    class Archived(SetupFactory):
        class Meta:
            database = "archive"

    with database(opened, "main") as main:
        table_map = opened.table_map()
        dataset = opened.dataset(table_map, opened.plan(table_map))
        with pytest.raises(UsageError, match="'archive', and none"):
            Archived()
        with opened.clone(dataset, test="x", name="archive") as archive:
            Archived(title="old")
            SetupFactory(title="new")
            assert [archive.count("setups", title=one) for one in ("old", "new")] == [1, 0]
            assert [main.count("setups", title=one) for one in ("old", "new")] == [0, 1]


@pytest.mark.parametrize(
    ("option", "value"),
    [("table", 5), ("unique_by", "email"), ("columns", ["a"]), ("database", ""), ("tables", "x")],
)
def test_wrong_options(option: str, value: object) -> None:
    """They are refused where the class is defined."""
    with pytest.raises(TypeError, match=option):
        type("Wrong", (TableFactory,), {"Meta": type("Meta", (), {option: value})})


@pytest.mark.parametrize("made_by", [SetupFactory, OwnedSetupFactory], ids=["in columns", "row by row"])
def test_rows_are_committed_at_once(db: SeededDatabase, made_by: type) -> None:
    """Another connection sees them, and no transaction is left that would hold up an ALTER or TRUNCATE."""
    row = made_by(title="Seen")
    with db.connect() as application:
        found = application.execute("select title from setups where id = %s", (row.id,)).fetchone()
        application.execute("set lock_timeout = '2s'; truncate setups cascade")
    assert found == ("Seen",)


def test_rows_in_an_open_transaction_wait_for_its_end(db: SeededDatabase) -> None:
    """The test has begun it, and it is the test that commits."""
    db.connection.execute("select 1")
    row = SetupFactory(title="Mine")
    with db.connect() as application:
        asked = "select count(*) from setups where id = %s"
        assert application.execute(asked, (row.id,)).fetchone() == (0,)
        db.connection.commit()
        assert application.execute(asked, (row.id,)).fetchone() == (1,)


def test_an_application_goes_on_from_there(db: SeededDatabase) -> None:
    """Sequences stand behind the rows that a test has made: an insert without an id collides with none."""
    made: list[Any] = [db.create("setups"), SetupFactory(), *db.create_batch("setups", 3)]
    made.append(OwnedSetupFactory())
    with db.connect() as application:
        number = application.execute("select nextval(pg_get_serial_sequence('setups', 'id'))").fetchone()
    assert number == (max(row.id for row in made) + 1,)


def test_a_sequence_is_never_moved_back(db: SeededDatabase) -> None:
    """An application has drawn numbers whose rows are not there yet."""
    with db.connect() as application:
        last: Any = [
            application.execute("select nextval(pg_get_serial_sequence('setups', 'id'))").fetchone()
            for _ in range(10)
        ][-1]
        db.create("setups")
        after = application.execute("select nextval(pg_get_serial_sequence('setups', 'id'))").fetchone()
    assert after == (last[0] + 1,)
