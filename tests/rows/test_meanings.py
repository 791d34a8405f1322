"""Tests of rows.meanings, rows.column_meanings and rows.subject_meanings: the tables fit together."""

from __future__ import annotations

from collections import Counter

import pytest
from text_rows import chunk_of

from pytest_supaseed.rows.column_meanings import BY_PHRASE, PHRASES
from pytest_supaseed.rows.meanings import GATHERED, MEANINGS
from pytest_supaseed.rows.subject_meanings import BY_SUBJECT

MADE_ELSEWHERE = {"slug", "password", "identifier"}


def test_each_meaning_has_one_name() -> None:
    """No two modules give a meaning the same name."""
    assert [name for name, count in Counter(name for name, _ in GATHERED).items() if count > 1] == []


def test_what_columns_are_called_is_known() -> None:
    """Every meaning that a phrase or a subject leads to exists, and each word has one for the rest."""
    named = {*BY_PHRASE.values(), *(name for by in BY_SUBJECT.values() for name in by.values())}

    assert named - set(MEANINGS) == MADE_ELSEWHERE & named
    assert all("" in by_subject for by_subject in BY_SUBJECT.values())
    assert all(BY_PHRASE)


@pytest.mark.parametrize("name", [name for name, meaning in MEANINGS.items() if meaning.numbered])
@pytest.mark.parametrize("length", [None, 80])
def test_what_holds_the_rows_number_is_distinct(name: str, length: int | None) -> None:
    """Where a declaration says that its values differ, three thousand rows share none."""
    producer = MEANINGS[name].declaration("", length, None)
    made = [text for k in range(3) for text in chunk_of({"x": producer}, number=k, count=1000).column("x")]

    assert producer.distinct
    assert len(set(made)) == 3000
    assert not MEANINGS[name].declaration("", 30, None).distinct


def test_no_phrase_means_two_things() -> None:
    """Each phrase stands under one meaning: the order of the table decides nothing."""
    meanings: dict[tuple[str, ...], set[str]] = {}
    for phrase, meaning in PHRASES:
        meanings.setdefault(phrase, set()).add(meaning)

    assert [phrase for phrase, found in meanings.items() if len(found) > 1] == []


@pytest.mark.parametrize("name", MEANINGS)
def test_every_meaning_fits_any_length(name: str) -> None:
    """Each meaning gives a text that is not empty, as short as the column asks, the same text twice."""
    for length in (None, *range(1, 31)):
        producer = MEANINGS[name].declaration("", length, None)
        made = chunk_of({"x": producer}, count=30).column("x")
        assert all(isinstance(text, str) and text.strip() == text != "" for text in made), (length, made)
        assert length is None or max(len(str(text)) for text in made) <= length
        assert list(made) == list(chunk_of({"x": producer}, count=30).column("x"))
