"""Tests of catalog.serialize: a catalog survives being stored, and foreign text is refused."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_catalog import after_insert, catalog, column, function, reference, table, unique

from pytest_supaseed.catalog.introspect import introspect
from pytest_supaseed.catalog.model import Catalog
from pytest_supaseed.errors import CatalogError

if TYPE_CHECKING:
    import psycopg

SCRIPT = """
create extension btree_gist;
create type mood as enum ('zen', 'Größe', 'a "b"', E'two\nlines');
create type pair as (a mood, b mood[]);
create domain smaller as numeric(6,2) check (value > 0) default 1 not null;
create table parent (id int primary key, name text unique check (name <> ''));
create table t (
    id bigint generated always as identity primary key, parent_id int references parent on delete cascade,
    pair pair, pairs pair[], s smaller, during tsrange, twice int generated always as (1 + 1) stored,
    exclude using gist (parent_id with =, during with &&)
);
create table part (k int) partition by range (k);
create table part_0 partition of part default;
create function touch() returns trigger language plpgsql as 'begin return new; end';
create trigger touched before insert on t for each row execute function touch();
create policy own on t using (id > 0);
comment on table t is 'E = mc²';
"""


def _small() -> Catalog:
    users = table("users", column("email"), unique_keys=(unique("email"),))
    posts = table("posts", column("user_id", "uuid"), foreign_keys=(reference("user_id", users),))
    return catalog(
        users, replace(posts, triggers=(after_insert("f"),)), functions=(function("f", "begin end"),)
    )


def test_round_trip_of_a_real_catalog(empty_database: psycopg.Connection) -> None:
    """Every field comes back equal, OIDs included, and types that were shared are shared again."""
    empty_database.execute(SCRIPT)
    found = introspect(empty_database)

    copy = Catalog.from_json(found.to_json())

    assert copy == found
    for mine, theirs in zip(copy.tables, found.tables, strict=True):
        for item in fields(mine):
            assert getattr(mine, item.name) == getattr(theirs, item.name), item.name
    assert copy.digest() == found.digest()
    pair = copy.tables[-1].by_name["pair"].type
    assert copy.tables[-1].by_name["pairs"].type.element is pair


@given(st.lists(st.text(st.characters(codec="utf-8"), min_size=1), unique=True, max_size=5))
def test_round_trip_of_any_name(names: list[str]) -> None:
    """Whatever tables and columns are called, and whatever a default says, they come back equal."""
    found = catalog(*(table(name, *(column(other, default=other) for other in names)) for name in names))

    copy = Catalog.from_json(found.to_json())

    assert copy == found
    assert copy.digest() == found.digest()


def test_text_is_the_same_each_time() -> None:
    """Storing the same catalog twice gives the same text, and storing its copy too."""
    found = _small()

    assert found.to_json() == found.to_json() == Catalog.from_json(found.to_json()).to_json()


@pytest.mark.parametrize("text", ["", "{", "null", "[]", '{"shape": {}}', '"catalog"'])
def test_what_is_no_catalog_is_refused(text: str) -> None:
    """A damaged or foreign text is an error that says what to do, never half a catalog."""
    with pytest.raises(CatalogError, match="read from the database again"):
        Catalog.from_json(text)


def test_another_release_is_refused() -> None:
    """A text whose fields are not the model's is refused, however well it would fit by position."""
    data = json.loads(_small().to_json())
    data["shape"]["Table"][1:3] = ["name", "schema"]

    with pytest.raises(CatalogError, match="another release"):
        Catalog.from_json(json.dumps(data))
