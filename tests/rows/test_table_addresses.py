"""Tests of rows.table_addresses."""

from __future__ import annotations

import copy
import pickle

import pytest
from small_catalog import catalog, table

from pytest_supaseed.rows.table_addresses import TableAddress, find_table

DOTTED, PLAIN = table("c.d", schema="a.b"), table("items")
CATALOG = catalog(DOTTED, PLAIN)


def test_addresses_are_exact() -> None:
    """A schema and a name with dots are found by their address, and read as text in messages."""
    address = TableAddress("a.b", "c.d")

    assert find_table(CATALOG, address) is DOTTED
    assert find_table(CATALOG, TableAddress("a", "b.c.d")) is None
    assert f"{address}" == "a.b.c.d"


@pytest.mark.parametrize(("name", "found"), [("a.b.c.d", DOTTED), ("public.items", PLAIN), ("items", None)])
def test_text_is_read_in_every_way(name: str, found: object) -> None:
    """Text is split at each dot until a table fits."""
    assert find_table(CATALOG, name) is found


def test_addresses_survive_copies() -> None:
    """Factories are copied and sent to workers; an address stays one."""
    address = TableAddress("a.b", "c.d")

    for other in (copy.deepcopy(address), pickle.loads(pickle.dumps(address))):  # noqa: S301  # our own bytes
        assert (other, other.schema, other.name) == (address, "a.b", "c.d")
