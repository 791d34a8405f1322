"""What one would write without us: factory_boy classes with Faker, and inserts by `executemany`."""

from __future__ import annotations

import random
import time
from datetime import UTC
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

import factory
import factory.random

from benchmarks.bench_database import Took

if TYPE_CHECKING:
    from benchmarks.bench_database import Bench

INSERT_PERSON = (
    "insert into people (id, email, full_name, created_at, bio, age, is_active)"
    " values (%(id)s, %(email)s, %(full_name)s, %(created_at)s, %(bio)s, %(age)s, %(is_active)s)"
)
INSERT_POST = (
    "insert into posts (id, person_id, title, created_at)"
    " values (%(id)s, %(person_id)s, %(title)s, %(created_at)s)"
)


class PersonFactory(factory.DictFactory):  # type: ignore[misc]  # factory_boy is untyped
    """A row of `people`."""

    id = factory.LazyFunction(lambda: UUID(int=random.getrandbits(128), version=4))
    email = factory.Sequence(lambda number: f"person.{number}@example.com")
    full_name = factory.Faker("name")
    created_at = factory.Faker("date_time_this_year", tzinfo=UTC)
    bio = factory.Faker("sentence")
    age = factory.Faker("random_int", min=18, max=99)
    is_active = factory.Faker("boolean")


class PostFactory(factory.DictFactory):  # type: ignore[misc]  # factory_boy is untyped
    """A row of `posts`; whose it is, the caller says."""

    id = factory.LazyFunction(lambda: UUID(int=random.getrandbits(128), version=4))
    person_id = None
    title = factory.Faker("sentence")
    created_at = factory.Faker("date_time_this_year", tzinfo=UTC)


def create_inserting(bench: Bench, rows: int) -> Took:
    """Make so many people and as many posts by `create_batch`, each row inserted when it is made.

    That is what factory_boy's own factories of SQLAlchemy and Django do; everything is one transaction here.
    """
    with bench.clone() as name, bench.connection(name) as connection:
        begun, worked = time.perf_counter(), time.process_time()

        class Person(PersonFactory):
            @classmethod
            def _create(cls, model_class: type, *args: Any, **kwargs: Any) -> Any:
                connection.execute(INSERT_PERSON, kwargs)
                return super()._create(model_class, *args, **kwargs)

        class Post(PostFactory):
            @classmethod
            def _create(cls, model_class: type, *args: Any, **kwargs: Any) -> Any:
                connection.execute(INSERT_POST, kwargs)
                return super()._create(model_class, *args, **kwargs)

        with connection.transaction():
            made = cast("Any", Person).create_batch(rows)
            parents = factory.Iterator([person["id"] for person in made])
            cast("Any", Post).create_batch(rows, person_id=parents)
        return Took(time.perf_counter() - begun, time.process_time() - worked)


def create_then_insert(bench: Bench, rows: int) -> Took:
    """The same rows made by `create_batch`, and then inserted together by `executemany`."""
    people, posts = cast("Any", PersonFactory), cast("Any", PostFactory)
    with bench.clone() as name, bench.connection(name) as connection:
        begun, worked = time.perf_counter(), time.process_time()
        with connection.transaction(), connection.cursor() as cursor:
            made = people.create_batch(rows)
            cursor.executemany(INSERT_PERSON, made)
            parents = factory.Iterator([person["id"] for person in made])
            cursor.executemany(INSERT_POST, posts.create_batch(rows, person_id=parents))
        return Took(time.perf_counter() - begun, time.process_time() - worked)
