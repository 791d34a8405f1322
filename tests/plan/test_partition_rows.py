"""Tests of plan.partition_rows."""

from __future__ import annotations

from dataclasses import replace

from small_catalog import catalog, column, primary, reference, table

from pytest_supaseed.catalog.model import Table, TableKind
from pytest_supaseed.plan.partition_rows import divided, holders_of_rows, with_holders, with_placed_values

PHOTOS = table("photos")
ROOT = replace(
    table("labels", column("kind"), column("photo_id", "uuid"), unique_keys=(primary("kind", "photo_id"),)),
    kind=TableKind.PARTITIONED,
    partition_key="LIST (kind)",
)


def partition(name: str, bound: str) -> Table:
    """A partition of the root."""
    made = replace(ROOT, name=name, oid=ROOT.oid + len(name) * 1000, kind=TableKind.TABLE, partition_key=None)
    return replace(made, is_partition=True, parent_oids=(ROOT.oid,), partition_bound=bound)


def test_rows_go_where_there_is_a_partition() -> None:
    """The values that partitions list are a check of the whole table."""
    found = catalog(ROOT, partition("a", "FOR VALUES IN ('x', 'y')"), partition("bb", "FOR VALUES IN ('z')"))

    check = with_placed_values(ROOT, found).checks[-1]
    assert (check.expression, check.columns) == ("(kind = ANY (ARRAY['x', 'y', 'z']))", ("kind",))


def test_a_default_partition_takes_all() -> None:
    """Nothing is said of a table with a default partition, or without any."""
    assert with_placed_values(ROOT, catalog(ROOT, partition("a", "DEFAULT"))) == ROOT
    assert with_placed_values(ROOT, catalog(ROOT)) == ROOT
    assert divided(ROOT, catalog(ROOT)) == ()


def test_partitions_with_keys_of_their_own_are_filled_one_by_one() -> None:
    """A key on one partition divides the table; without one it is filled as a whole."""
    plain, other = partition("a", "FOR VALUES IN ('x')"), partition("bb", "FOR VALUES IN ('z')")
    keyed = replace(plain, foreign_keys=(reference("photo_id", PHOTOS),))

    assert divided(ROOT, catalog(ROOT, plain, other)) == ()
    parts = divided(ROOT, catalog(ROOT, keyed, other))
    assert [part.name for part in parts] == ["a", "bb"]
    assert [part.checks[-1].expression for part in parts] == [
        "(kind = ANY (ARRAY['x']))",
        "(kind = ANY (ARRAY['z']))",
    ]


def test_who_holds_whose_rows() -> None:
    """A partition's rows come with its table, and a divided table's with its partitions."""
    part = partition("a", "FOR VALUES IN ('x')")
    found = catalog(ROOT, part)

    assert holders_of_rows(found, {ROOT.oid}) == {part.oid: (ROOT.oid,)}
    assert holders_of_rows(found, {part.oid}) == {ROOT.oid: (part.oid,)}
    assert with_holders({part.oid: 7}, {ROOT.oid: (part.oid,)}) == {part.oid: 7, ROOT.oid: 7}
