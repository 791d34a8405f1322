"""Tests of rows.words: titles, sentences, paragraphs, colours."""

from __future__ import annotations

import re

import pytest
from text_rows import text_rows, texts

from pytest_supaseed.rows.words import PARTS, compiled


def test_patterns_take_articles() -> None:
    """`a {noun}` becomes `an` before a vowel, with the capital that the pattern has."""
    found = compiled(("A {noun} like a {adjective} one",))[0]

    assert found.text == "%s like %s one"
    assert {"An account", "A bench"} <= set(found.slots[0])
    assert {"an amber", "a useful", "an honest"} <= set(found.slots[1])


@pytest.mark.parametrize(
    "column", ["description", "title", "message", "bio", "question", "content", "reason"]
)
def test_texts_are_filled_and_capitalised(column: str) -> None:
    """No slot stays open, each text starts with a capital letter and has no double space."""
    for text in texts("articles", column, count=300):
        assert not re.search(r"[{}%]|  ", text)
        assert text[0].isupper()


def test_sentences_vary() -> None:
    """A thousand rows have nearly a thousand descriptions."""
    assert len(set(texts("products", "description", count=1000))) > 850


def test_paragraphs_are_longer_than_sentences() -> None:
    """A body has several sentences, HTML and Markdown have their marks."""
    for row in text_rows("posts", "body body_html markdown excerpt"):
        assert row.body.count(".") >= 3
        assert row.body_html.startswith("<p>")
        assert row.body_html.endswith("</p>")
        assert row.markdown.startswith("## ")
        assert len(row.excerpt) < 120


def test_a_colours_name_and_value_agree() -> None:
    """The same colour has the same value in every row, as hex and as channels."""
    rows = text_rows("themes", "colour_name color rgb", count=200)

    assert len({(row.colour_name, row.color, row.rgb) for row in rows}) == len({row.color for row in rows})
    assert all(re.fullmatch(r"#[0-9a-f]{6}", row.color) for row in rows)
    red = int(rows[0].color[1:3], 16)
    assert rows[0].rgb.startswith(f"rgb({red}, ")


@pytest.mark.parametrize("length", [16, 20, 40])
def test_no_half_sentences(length: int) -> None:
    """Where a sentence does not fit, a phrase stands: what ends without a full stop has few words."""
    for text in texts("products", "description", length=length):
        assert text.endswith((".", "?")) or len(text.split()) <= 2


def test_every_part_is_known_by_its_name() -> None:
    """Each part has a short form for little room."""
    assert all(len(variants) >= 2 for variants in PARTS.values())
