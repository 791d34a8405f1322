"""Tests of rows.slugs: text as plain ASCII."""

from __future__ import annotations

import pytest

from pytest_supaseed.rows.slugs import ascii_text, short_slug, slugify


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Søren Łukasz Groß", "soren-lukasz-gross"),
        ("Île-de-France", "ile-de-france"),
        ("O'Brien & Sons, Ltd.", "o-brien-sons-ltd"),
        ("  spaces  ", "spaces"),
        ("東京", "dong-jing"),
        ("Ελένη Παπαδοπούλου", "elene-papadopoulou"),
        ("Сергей", "sergei"),
        ("محمد", "mhmd"),
        ("🎈", ""),
        ("", ""),
    ],
)
def test_slugs_are_plain(text: str, slug: str) -> None:
    """Letters lose their marks, everything else becomes one separator."""
    assert slugify(text) == slug


def test_letters_without_likeness_are_left_out() -> None:
    """What has no sound is dropped, the rest stays as it was."""
    assert ascii_text("Æther 🎈 Ødegård") == "Aether  Odegard"


@pytest.mark.parametrize(
    ("length", "slug"),
    [
        (None, "the-quiet-harbour"),
        (17, "the-quiet-harbour"),
        (16, "the-quiet"),
        (9, "the-quiet"),
        (3, "the"),
        (2, "th"),
    ],
)
def test_short_slugs_end_with_a_whole_word(length: int | None, slug: str) -> None:
    """A slug is cut between words; only a first word that is too long is cut itself."""
    assert short_slug("The quiet harbour", length) == slug
