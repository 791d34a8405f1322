"""Tests of isolation.factory_rows: each declaration of factory_boy, in rows that are made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import factory
import factory.random
import pytest
from setup_factories import ItemFactory, OwnedSetupFactory, SetupFactory, UserFactory

import pytest_supaseed as supaseed
from pytest_supaseed import PlanError, Row, TableFactory

if TYPE_CHECKING:
    from pytest_supaseed.isolation.seeded_database import SeededDatabase


def test_inheritance_and_abstract(db: SeededDatabase) -> None:
    """A subclass changes single fields; an abstract base makes nothing."""

    class Base(TableFactory):
        class Meta:
            abstract = True

        title = "of the base"

    class Derived(Base):
        class Meta:
            table = "setups"

    class Further(Derived):
        title = factory.LazyAttribute(lambda row: f"{row.status}!")
        status = "draft"

    assert (Derived().title, Further().title) == ("of the base", "draft!")
    with pytest.raises(factory.errors.FactoryError, match="abstract"):
        Base()


def test_params_and_traits(db: SeededDatabase) -> None:
    """Parameters are no columns; a trait changes fields where it is asked for."""

    class Priced(SetupFactory):
        class Params:
            cents = 250
            published = factory.Trait(status="published", published_at="2025-05-05T00:00:00Z")

        price = factory.LazyAttribute(lambda row: row.cents / 100)

    assert (Priced().price, Priced().status) == (2.5, "draft")
    assert (Priced(cents=900).price, Priced(published=True).status) == (9, "published")
    rows = Priced.create_batch(3, published=True)
    assert {row.published_at.year for row in rows} == {2025}


def test_lazy_function_iterator_and_self_attribute(db: SeededDatabase) -> None:
    """Each means what factory_boy's documentation says; an iterator begins anew in each test."""

    class Lazy(SetupFactory):
        title = factory.Iterator(["a", "b", "c"])
        price = factory.LazyFunction(lambda: 7)
        tags = factory.LazyAttributeSequence(lambda row, _n: [row.title])
        meta = factory.LazyAttribute(lambda row: {"price": row.price})

    assert [row.title for row in Lazy.create_batch(2)] == ["a", "b"]
    assert [Lazy().title, Lazy().title] == ["c", "a"]
    row = Lazy()
    assert (row.title, row.tags, row.meta) == ("b", ["b"], {"price": 7})


def test_an_iterator_that_ends(db: SeededDatabase) -> None:
    """One that does not cycle says so when it has no more."""

    class Short(SetupFactory):
        title = factory.Iterator(["a", "b"], cycle=False)

    with pytest.raises(PlanError, match="2 values for 3 rows"):
        Short.create_batch(3)


def test_maybe_dict_and_list(db: SeededDatabase) -> None:
    """Declarations that hold others are evaluated by factory_boy."""

    class Nested(SetupFactory):
        price = 5
        title = factory.Maybe("price", yes_declaration="dear", no_declaration="free")
        meta = factory.Dict({"title": factory.SelfAttribute("..title"), "n": factory.Sequence(int)})
        tags = factory.List([factory.SelfAttribute("..title"), "x"])

    row = Nested()
    assert (row.title, row.meta["title"], row.tags) == ("dear", "dear", ["dear", "x"])
    assert Nested(price=None).title == "free"


def test_transformer(db: SeededDatabase) -> None:
    """What is passed is transformed, unless it is forced."""

    class Loud(SetupFactory):
        title = factory.Transformer("camp", transform=str.upper)

    assert Loud().title == "CAMP"
    assert Loud(title="tent").title == "TENT"
    assert Loud(title=factory.Transformer.Force("tent")).title == "tent"


def test_faker_with_locale_and_provider(db: SeededDatabase) -> None:
    """A locale, arguments and a provider of one's own, in batches and row by row."""
    from faker.providers import BaseProvider

    class Tents(BaseProvider):
        def tent(self) -> str:
            return "two-person tent"

    factory.Faker.add_provider(Tents)

    class Named(SetupFactory):
        title = factory.Faker("tent")
        tags = factory.List([factory.Faker("last_name", locale="ja_JP")])

    class Plain(SetupFactory):
        title = factory.Faker("last_name", locale="ja_JP")

    assert Named().title == "two-person tent"
    assert all(not name.isascii() for name in [*Named().tags, *(row.title for row in Plain.create_batch(3))])


def test_sub_factory_makes_the_parent(db: SeededDatabase) -> None:
    """One parent for each row, whose key fills the foreign key, whatever its column is called."""
    before = db.count("users")
    rows = OwnedSetupFactory.create_batch(3, user__role="admin")
    assert db.count("users") == before + 3
    assert len({row.account_id for row in rows}) == 3
    assert (rows[0].user.id, rows[0].user.role) == (rows[0].account_id, "admin")
    assert all(db.rows("users", id=row.account_id)[0].role == "admin" for row in rows)


def test_sub_factory_knows_its_child(db: SeededDatabase) -> None:
    """`SelfAttribute("..x")` and `ContainerAttribute` look up from the parent."""

    class Owned(SetupFactory):
        user = factory.SubFactory(
            UserFactory,
            name=factory.SelfAttribute("..title"),
            email=factory.LazyAttribute(lambda row: f"{row.factory_parent.title}@example.com"),
        )

    row = Owned(title="camp")
    assert (row.user.name, row.user.email) == ("camp", "camp@example.com")


def test_sub_factory_of_our_own(db: SeededDatabase) -> None:
    """A factory of declarations of ours, which fill columns, makes single parents too."""
    from pytest_supaseed.rows.content import SetupTypeFactory

    class KindFactory(SetupTypeFactory):
        class Meta:
            table = "kinds"

    class Kinded(SetupFactory):
        kind = factory.SubFactory(KindFactory)

    first, second = Kinded(), Kinded()
    assert first.kind_id != second.kind_id
    assert db.rows("kinds", id=first.kind_id)[0].name == first.kind.name


def test_related_factories(db: SeededDatabase) -> None:
    """Children are made after the row and refer to it."""

    class WithItems(SetupFactory):
        first = factory.RelatedFactory(ItemFactory, factory_related_name="setup", label="first")
        more = factory.RelatedFactoryList(ItemFactory, factory_related_name="setup", size=2)

    rows = WithItems.create_batch(2)
    labels = [item.label for row in rows for item in db.rows("items", setup_id=row.id)]
    assert sorted(labels) == ["first", "first", "tent", "tent", "tent", "tent"]
    overridden = WithItems(first__label="mine", more__label="theirs")
    assert {item.label for item in db.rows("items", setup_id=overridden.id)} == {"mine", "theirs"}


def test_post_generation_gets_the_row(db: SeededDatabase) -> None:
    """Hooks get the stored row and what was passed; the row that comes back shows what they wrote."""
    seen: list[object] = []

    class Hooked(SetupFactory):
        @factory.post_generation  # type: ignore[untyped-decorator]
        def stamp(self: Row, create: bool, extracted: str | None, **more: object) -> None:  # noqa: FBT001
            seen.append((self.get("id"), create, extracted, more))
            if create:
                db.execute("update {setups} set price = 3 where id = %s", [self["id"]])

    row = Hooked(stamp="x", stamp__y=1)
    assert seen == [(row.id, True, "x", {"y": 1})]
    assert row.price == 3
    Hooked.build()
    assert seen[1:] == [(None, False, None, {})]


def test_method_calls_and_a_row_class_of_ones_own(db: SeededDatabase) -> None:
    """`Meta.model` is a Row with methods, which PostGenerationMethodCall calls."""
    called: list[str] = []

    class Setup(Row):
        def note(self, text: str) -> None:
            called.append(f"{self.title}: {text}")

    class Noted(SetupFactory):
        class Meta:
            model = Setup

        noted = factory.PostGenerationMethodCall("note", "made")

    assert isinstance(Noted(title="a"), Setup)
    Noted(title="b", noted="again")
    assert called == ["a: made", "b: again"]
    with pytest.raises(TypeError, match="is a Row"):
        type("Wrong", (SetupFactory,), {"Meta": type("Meta", (), {"model": dict})})


def test_hooks_of_the_class(db: SeededDatabase) -> None:
    """`_create`, `_adjust_kwargs` and `_after_postgeneration` are called as factory_boy calls them."""
    after: list[object] = []

    class Adjusted(SetupFactory):
        @classmethod
        def _adjust_kwargs(cls, **kwargs: Any) -> Any:
            return {**kwargs, "title": kwargs["title"].upper()}

        @classmethod
        def _create(cls, model_class: type, *args: Any, **kwargs: Any) -> Any:
            return super()._create(model_class, *args, **{**kwargs, "price": 9})

        @classmethod
        def _after_postgeneration(cls, instance: Any, create: bool, results: Any = None) -> None:  # noqa: FBT001, ARG003
            after.append((instance.title, create))

    (row,) = Adjusted.create_batch(1, title="camp")
    assert (row.title, row.price, after) == ("CAMP", 9, [("CAMP", True)])


def test_exclude_and_rename(db: SeededDatabase) -> None:
    """`Meta.exclude` and `Meta.rename` are factory_boy's own, and hold in batches too."""

    class Headed(TableFactory):
        class Meta:
            table = "setups"
            exclude = ("helper",)
            rename = {"headline": "title"}  # noqa: RUF012  # factory_boy's own form

        headline = factory.LazyAttribute(lambda row: row.helper * 2)
        helper = "ab"

    assert [row.title for row in Headed.create_batch(2)] == ["abab", "abab"]


def test_derived_fields_in_rows_that_are_evaluated_singly(db: SeededDatabase) -> None:
    """`Derived()` is the derived value where factory_boy evaluates each row, too, and nothing in `build`."""

    class Tagged(OwnedSetupFactory):
        price = supaseed.Derived()
        published_at = factory.Maybe("is_published", "2025-05-05T00:00:00Z", supaseed.Derived())

        class Params:
            is_published = False

    class Adjusted(SetupFactory):
        price = supaseed.Derived()

        @classmethod
        def _adjust_kwargs(cls, **kwargs: Any) -> Any:
            return {**kwargs, "title": f"{kwargs['title']}!"}

    rows: list[Any] = [*(Tagged() for _ in range(4)), *Adjusted.create_batch(4), *Adjusted.create_batch(4)]
    assert all(row.price is None or row.price >= 0 for row in rows)
    assert len({row.price for row in rows}) > len(rows) // 2
    assert rows[-1].title.endswith("!")
    assert Tagged(is_published=True).published_at.year == 2025
    assert "price" not in Tagged.build()
