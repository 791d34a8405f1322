"""Tests of rows.domains."""

from __future__ import annotations

from dataclasses import replace

import pytest
from slots import built_in, slot

from pytest_supaseed.catalog.model import Column, Type, TypeKind
from pytest_supaseed.rows.domains import base_modifier, slot_of, takes_null, text_length, words

VARCHAR = built_in("varchar")
SHORT = Type(0, "public", "short", TypeKind.DOMAIN, base=VARCHAR, base_modifier=8)
SHORTER = Type(0, "public", "shorter", TypeKind.DOMAIN, base=SHORT, not_null=True)


def column(kind: Type, modifier: int = -1) -> Column:
    """A nullable column."""
    return Column(1, "Some Name", kind, kind.name, modifier)


def test_modifier_is_found_below_all_domains() -> None:
    """A domain over a domain over varchar(4) holds four characters."""
    assert base_modifier(SHORTER, -1) == 8
    assert text_length(column(SHORTER)) == 4
    assert text_length(column(VARCHAR, 9)) == 5
    assert text_length(column(VARCHAR)) is None
    assert text_length(column(built_in("name"))) == 63
    assert slot_of(column(SHORTER)).kind is VARCHAR


def test_domain_may_refuse_null() -> None:
    """A nullable column of a NOT NULL domain takes no NULL."""
    assert takes_null(column(SHORT))
    assert not takes_null(column(SHORTER))
    assert not takes_null(replace(column(SHORT), not_null=True))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("createdAt", "created_at"),
        ("Created At", "created_at"),
        ("HTTPStatusCode", "http_status_code"),
        ("_id", "id"),
        ("größe", "größe"),
    ],
)
def test_names_are_compared_in_words(name: str, expected: str) -> None:
    """Camel case, blanks and underscores make no difference to what a name says."""
    assert words(name) == expected


def test_elements_keep_the_modifier_and_lose_the_plural() -> None:
    """An element of `varchar(5)[] tags` is a `varchar(5)` that goes by `tag`."""
    array = replace(
        slot("varchar", "tags", modifier=9), kind=replace(VARCHAR, kind=TypeKind.ARRAY, element=VARCHAR)
    )
    element = array.element()

    assert element is not None
    assert (element.kind, element.modifier, element.name) == (VARCHAR, 9, "tag")
    assert slot("text").element() is None
