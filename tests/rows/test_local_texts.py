"""Tests of rows.local_texts: titles, sentences and paragraphs in a language."""

from __future__ import annotations

import pytest
from text_rows import text_rows, texts

from pytest_supaseed.plan.streams import Draws
from pytest_supaseed.rows.local_texts import LOCAL_TEXTS
from pytest_supaseed.rows.local_words import local_of


def test_texts_are_in_the_language() -> None:
    """A German description is made of German sentences."""
    sentences = set(local_of("de_DE").sentences)

    assert set(texts("articles", "description", locale="de_DE")) <= sentences
    assert set(texts("articles", "title", locale="de_DE")) <= set(local_of("de_DE").titles)
    assert all(text.startswith("<p>") for text in texts("articles", "body_html", locale="de_DE"))


def test_slugs_are_of_the_local_title() -> None:
    """The title and its slug agree in every language."""
    rows = text_rows("articles", "title slug", locale="de_DE")

    assert all(row.slug.split("-")[0][:3] in row.title.lower().replace("ü", "u") or row.slug for row in rows)
    assert len({row.slug for row in rows}) > 10


@pytest.mark.parametrize("length", [3, 12, 40])
@pytest.mark.parametrize("locale", ["de_DE", "ja_JP", "th_TH"])
def test_texts_fit(length: int, locale: str) -> None:
    """Where there is little room, shorter forms are taken, and a code where none fits."""
    for column in ("title", "description", "name", "content"):
        assert max(map(len, texts("articles", column, locale=locale, length=length))) <= length


@pytest.mark.parametrize("name", LOCAL_TEXTS)
def test_every_part_gives_a_text(name: str) -> None:
    """Each of them, in each of its forms."""
    draws = Draws(2)

    assert all(variant(0, draws) for variant in LOCAL_TEXTS[name](local_of("fr_FR")))
