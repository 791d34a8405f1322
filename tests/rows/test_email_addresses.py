"""Tests of rows.email_addresses: any chunk alone has the addresses that it has among the others."""

from __future__ import annotations

from typing import Any

import pytest
from small_catalog import column, table

from pytest_supaseed.email_pattern import DEFAULT_ADDRESSES, Addresses, email_pattern
from pytest_supaseed.plan.seed_plan import TablePlan
from pytest_supaseed.rows.email_addresses import EmailAddress
from pytest_supaseed.rows.part_source import PartSource
from pytest_supaseed.rows.people import PersonPart
from pytest_supaseed.rows.slugs import slugify

PEOPLE = table("people", column("email"), column("first_name"), column("last_name"))


def source(rows: int, addresses: Addresses = DEFAULT_ADDRESSES, **options: Any) -> PartSource:
    """Rows of people with addresses."""
    producers = {
        "first_name": PersonPart("first_name"),
        "last_name": PersonPart("last_name"),
        "email": EmailAddress(),
    }
    part = TablePlan(PEOPLE, "people", "", rows, "auto")
    no_parents: Any = None
    return PartSource(part, producers, tuple(producers), no_parents, seed="s", addresses=addresses, **options)


@pytest.mark.parametrize("locale", ["en_US", "ja_JP", "pl_PL"])
def test_the_default_pattern(locale: str) -> None:
    """First and last name in plain letters, and the row's number from 1."""
    for number, (first, last, email) in enumerate(source(1500, locale=locale).all_rows(), start=1):
        plain = [slugify(str(name), "") or "user" for name in (first, last)]
        assert email == f"{'.'.join(plain)}.{number}@example.com"


def test_numbers_go_on_after_those_in_use() -> None:
    """Wherever the rows of the run begin."""
    addresses = DEFAULT_ADDRESSES.beside(70, frozenset())
    numbers = [str(row[2]).split(".")[2] for row in source(3, addresses, base=5000).all_rows()]
    assert numbers == ["71@example", "72@example", "73@example"]


@pytest.mark.parametrize("base", [0, 3000])
def test_a_number_is_added_where_it_has_to_be(base: int) -> None:
    """By rows before and by those in use; a later chunk needs none of the earlier ones to be made first."""
    addresses = Addresses(email_pattern("{first}.{last}@a.test"))
    bare = [
        f"{slugify(str(row[0]), '')}.{slugify(str(row[1]), '')}@a.test"
        for row in source(3000, base=base).all_rows()
    ]
    taken = frozenset({bare[5], bare[2500]})
    whole = [str(row[2]) for row in source(3000, addresses.beside(9, taken), base=base).all_rows()]
    seen = set(taken)
    for number, (plain, email) in enumerate(zip(bare, whole, strict=True), start=10):
        mailbox, _, domain = plain.partition("@")
        assert email == (f"{mailbox}.{number}@{domain}" if plain in seen else plain)
        seen.add(plain)
    assert len(set(whole)) == 3000
    alone = source(3000, addresses.beside(9, taken), base=base)
    assert [row[2] for row in alone.chunk(base // 1000 + 2)] == whole[2000:]
