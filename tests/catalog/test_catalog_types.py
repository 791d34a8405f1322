"""Tests of catalog.types on a real Postgres: every kind of type, and those that they are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pytest_supaseed.catalog.introspect import introspect
from pytest_supaseed.catalog.model import Type, TypeKind
from pytest_supaseed.catalog.types import TypeBook
from pytest_supaseed.errors import CatalogError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import psycopg

SCRIPT = """
create type mood as enum ('zen', 'angry');
alter type mood add value 'calm' before 'angry';
create type pair as (a numeric(6,2), b mood[]);
create type nested as (inner_pair pair, pairs pair[]);
create domain positive as int check (value > 0);
create domain small as positive default 7 constraint small_limit check (value < 100) not null;
create domain smaller as small;
create domain pairs as pair[] constraint filled check (cardinality(value) > 0);
create domain code as varchar(12);
create type floats as range (subtype = float8);
create table referred (id int, mood mood);
create table t (
    plain numeric(6,2), mood mood, moods mood[][], pair pair, nested nested, small small, smaller smaller,
    pairs pairs, code code, codes code[], floats floats, many_floats floatmultirange, spans int4multirange,
    at point, old int2vector, row_of referred, rows_of referred[], whole tsrange, doc xml
);
"""


@pytest.fixture
def types(empty_database: psycopg.Connection) -> Mapping[str, Type]:
    """The type of each column of the table above."""
    script = SCRIPT.replace("floatmultirange", "floats_multirange").replace(
        "type floats as range (subtype = float8)",
        "type floats as range (subtype = float8, multirange_type_name = floats_multirange)",
    )
    empty_database.execute(script.encode())
    table = introspect(empty_database).find("public", "t")
    assert table is not None
    return {name: column.type for name, column in table.by_name.items()}


def test_enums_in_their_order(types: Mapping[str, Type]) -> None:
    """Labels come in the enum's order, neither the alphabet's nor the order of their making."""
    assert (types["mood"].kind, types["mood"].labels) == (TypeKind.ENUM, ("zen", "calm", "angry"))
    assert types["mood"].qualified == "public.mood"


def test_arrays_and_what_only_looks_like_one(types: Mapping[str, Type]) -> None:
    """Arrays name their element; a point and an int2vector have elements and are plain values."""
    assert (types["moods"].kind, types["moods"].element) == (TypeKind.ARRAY, types["mood"])
    assert (types["codes"].kind, types["codes"].element) == (TypeKind.ARRAY, types["code"])
    assert [types[name].kind for name in ("at", "old", "doc", "plain")] == [TypeKind.BASE] * 4


def test_composites_within_composites(types: Mapping[str, Type]) -> None:
    """Attributes come in order with type and modifier, through arrays and nested composites."""
    pair, nested = types["pair"], types["nested"]

    assert pair.kind is TypeKind.COMPOSITE
    assert [(a.name, a.formatted_type) for a in pair.attributes] == [
        ("a", "numeric(6,2)"),
        ("b", "public.mood[]"),
    ]
    assert pair.attributes[0].modifier == 393222
    assert [a.type.kind for a in nested.attributes] == [TypeKind.COMPOSITE, TypeKind.ARRAY]
    assert nested.attributes[0].type is pair
    assert nested.attributes[1].type.element is pair


def test_row_types_of_tables(types: Mapping[str, Type]) -> None:
    """A column of a table's row type, or of an array of it, has the table's columns as attributes."""
    assert types["row_of"].kind is TypeKind.COMPOSITE
    assert [a.name for a in types["row_of"].attributes] == ["id", "mood"]
    assert types["rows_of"].element is types["row_of"]


def test_domains_over_domains(types: Mapping[str, Type]) -> None:
    """Each domain has its own checks, default and NOT NULL, and stands on its base."""
    smaller, small = types["smaller"], types["small"]
    positive = small.base

    assert (smaller.base, smaller.checks, smaller.default, smaller.not_null) == (small, (), "7", False)
    assert positive is not None
    assert [(c.name, c.expression) for c in small.checks] == [("small_limit", "((VALUE)::integer < 100)")]
    assert [(c.name, c.expression) for c in positive.checks] == [("positive_check", "(VALUE > 0)")]
    assert (small.default, small.not_null) == ("7", True)
    assert (smaller.rejects_null, positive.rejects_null) == (True, False)
    assert (smaller.storage.name, smaller.storage.kind) == ("int4", TypeKind.BASE)
    assert types["pairs"].storage.element is types["pair"]
    assert types["pairs"].checks[0].expression == "(cardinality(VALUE) > 0)"
    assert types["code"].base_modifier == 16


def test_ranges_and_multiranges(types: Mapping[str, Type]) -> None:
    """Built-in and own ranges and multiranges name what they are ranges of."""
    found = {
        name: (types[name].kind, types[name].subtype) for name in ("floats", "many_floats", "spans", "whole")
    }

    assert {name: (kind, subtype and subtype.name) for name, (kind, subtype) in found.items()} == {
        "floats": (TypeKind.RANGE, "float8"),
        "many_floats": (TypeKind.MULTIRANGE, "float8"),
        "spans": (TypeKind.MULTIRANGE, "int4"),
        "whole": (TypeKind.RANGE, "timestamp"),
    }


def test_a_domain_default_is_printed_for_any_search_path(empty_database: psycopg.Connection) -> None:
    """A default that names an object comes back qualified, even if it was written without its schema."""
    empty_database.execute(
        """
        create schema kit;
        set search_path = kit;
        create function token() returns text language sql as $$select 'x'$$;
        create domain secret as text default token();
        create table public.t (secret secret)
        """
    )

    table = introspect(empty_database).find("public", "t")

    assert table is not None
    assert table.columns[0].type.default == "kit.token()"


def test_many_enum_labels(empty_database: psycopg.Connection) -> None:
    """An enum of 20,000 labels, used by several columns, is read and kept once."""
    labels = ", ".join(f"'label {number}'" for number in range(20_000))
    empty_database.execute(f"create type big as enum ({labels}); create table t (a big, b big)".encode())

    first, second = introspect(empty_database).tables[0].columns

    assert len(first.type.labels) == 20_000
    assert first.type is second.type


def test_a_type_that_vanished_is_an_error() -> None:
    """A column whose type is gone, because another session dropped it meanwhile, is reported as that."""
    with pytest.raises(CatalogError, match="another session changed the schema"):
        TypeBook([], [], []).get(4711)
