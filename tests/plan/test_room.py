"""Tests of plan.room."""

from __future__ import annotations

from dataclasses import replace

from small_catalog import column, primary, reference, table, unique

from pytest_supaseed.plan.room import room_of

OWNERS, PETS = table("owners"), table("pets")
TOTALS = {OWNERS.oid: 7, PETS.oid: 4}
KEYS = (reference("owner_id", OWNERS), reference("pet_id", PETS))
LINKS = (column("owner_id", "uuid"), column("pet_id", "uuid"))


def test_a_junction_holds_all_pairs() -> None:
    """A key of foreign keys alone bounds the rows by the product of the parents."""
    pairs = table("pairs", *LINKS, unique_keys=(primary("owner_id", "pet_id"),), foreign_keys=KEYS)

    room = room_of(pairs, TOTALS)

    assert room is not None
    assert (room.rows, room.reason) == (28, "unique key pkey holds no more: owner_id, pet_id")


def test_the_smallest_key_decides() -> None:
    """Of several keys the one that holds the fewest rows counts."""
    pairs = table("pairs", *LINKS, unique_keys=(unique("owner_id"), unique("pet_id")), foreign_keys=KEYS)

    room = room_of(pairs, TOTALS)

    assert room is not None
    assert room.rows == 4


def test_an_open_column_leaves_a_table_unbounded() -> None:
    """A key with a text in it never runs out, nor does one that may be NULL, nor a partial one."""
    named = table("named", *LINKS, column("name"), unique_keys=(unique("pet_id", "name"),), foreign_keys=KEYS)
    loose = column("pet_id", "uuid", not_null=False)
    nullable = table("nullable", loose, unique_keys=(unique("pet_id"),), foreign_keys=KEYS[1:])
    partial = replace(unique("pet_id"), predicate="(is_on)")
    some = table("some", *LINKS, unique_keys=(partial,), foreign_keys=KEYS)

    assert [room_of(each, TOTALS) for each in (named, nullable, some)] == [None, None, None]


def test_null_counts_where_the_key_says_so() -> None:
    """NULLS NOT DISTINCT bounds the rows of a nullable key too."""
    loose = column("pet_id", "uuid", not_null=False)
    strict = replace(unique("pet_id"), nulls_not_distinct=True)
    room = room_of(table("t", loose, unique_keys=(strict,), foreign_keys=KEYS[1:]), TOTALS)

    assert room is not None
    assert room.rows == 4
