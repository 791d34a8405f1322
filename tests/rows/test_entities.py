"""Tests of rows.entities: what a row speaks of, and the columns that take a part of it."""

from __future__ import annotations

import pytest
from text_rows import chunk_of

from pytest_supaseed.errors import UsageError
from pytest_supaseed.plan.streams import Draws
from pytest_supaseed.rows.entities import CODE_LETTERS, Kind, PartOfEntity, code, entity
from pytest_supaseed.rows.local_words import local_of

NUMBER = Kind("number", lambda draws, index: (index, draws.below(10**6)))


def part(role: str = "", length: int | None = None) -> PartOfEntity:
    """A column that takes the drawn number, long or short."""
    long, short = (lambda row, _draws: f"number {row[1]:06}"), (lambda row, _draws: f"{row[0]}")
    return PartOfEntity(entity(NUMBER, role), (long, short), length)


def test_parts_of_one_entity_agree_whichever_columns_exist() -> None:
    """Columns of one role see the same entity; a further column changes none of them."""
    two = chunk_of({"a": part(), "b": part()})
    alone = chunk_of({"b": part()})

    assert two.column("a") == two.column("b") == alone.column("b")


def test_roles_are_entities_of_their_own() -> None:
    """The sender's number is not the recipient's."""
    chunk = chunk_of({"a": part("sender"), "b": part("recipient")})

    assert chunk.column("a") != chunk.column("b")


def test_rows_do_not_depend_on_how_many_are_made() -> None:
    """The first rows of a chunk are the same when it is made in part; another chunk has others."""
    few, many = chunk_of({"a": part()}, count=5), chunk_of({"a": part()}, count=50)

    assert list(few.column("a")) == list(many.column("a"))[:5]
    assert list(chunk_of({"a": part()}, number=1).column("a")) != list(many.column("a"))


def test_the_first_variant_that_fits_is_taken() -> None:
    """A column with less room takes the shorter form whole, and a code where no form fits."""
    assert chunk_of({"a": part(length=13)}).column("a")[20].startswith("number ")  # type: ignore[attr-defined]
    assert chunk_of({"a": part(length=12)}).column("a")[20] == "20"
    one = chunk_of({"a": part(length=1)}).column("a")
    assert [len(str(text)) for text in one] == [1] * 50


@pytest.mark.parametrize("length", [0, 1, 2, 8, 40])
def test_codes_have_their_length_and_no_vowels(length: int) -> None:
    """A code is as long as asked for, starts with a letter, and spells nothing."""
    made = code(Draws(1), length)

    assert len(made) == length
    assert set(made) <= set(CODE_LETTERS)
    assert made[:1].isalpha() is bool(length)
    assert not set("AEIOU") & set(CODE_LETTERS)


def test_an_unknown_locale_is_said() -> None:
    """A locale that Faker lacks is an error that names it, not an AttributeError."""
    with pytest.raises(UsageError, match="xx_YY"):
        local_of("xx_YY")
