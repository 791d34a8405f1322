"""Tests of rows.slug_columns: slugs that derive from their row's title or name."""

from __future__ import annotations

import re

import pytest
from text_rows import chunk_of, text_rows, texts

from pytest_supaseed.rows.declarations import Constant, OneOf
from pytest_supaseed.rows.semantics import text_declaration
from pytest_supaseed.rows.slugs import slugify


@pytest.mark.parametrize(("table", "title"), [("posts", "title"), ("products", "name"), ("Posts", "Title")])
def test_a_slug_derives_from_the_title(table: str, title: str) -> None:
    """The slug is the title's, be it called title or name, in whatever case."""
    for row in text_rows(table, f"slug {title}"):
        assert row.slug == slugify(getattr(row, title))


def test_a_slug_follows_a_title_of_the_users() -> None:
    """A title that a factory overrides has its own slug: nothing of the drawn one is left."""
    chunk = chunk_of({"slug": text_declaration("posts", "slug"), "title": OneOf(["My own", "Ça va?"])})

    assert set(chunk.column("slug")) == {"my-own", "ca-va"}


def test_a_prefixed_slug_belongs_to_the_prefixed_name() -> None:
    """`category_slug` is made of `category_name`, not of the row's own name."""
    for row in text_rows("products", "name slug category_name category_slug"):
        assert row.slug == slugify(row.name)
        assert row.category_slug == slugify(row.category_name)


@pytest.mark.parametrize("title", [None, "🎈", ""])
def test_a_title_without_letters_still_has_a_slug(title: str | None) -> None:
    """Where nothing of the title can stand in a slug, a code does."""
    chunk = chunk_of({"slug": text_declaration("posts", "slug"), "title": Constant(title)})

    assert all(re.fullmatch(r"[a-z0-9]{8}", str(slug)) for slug in chunk.column("slug"))


@pytest.mark.parametrize("length", [1, 3, 10, 30, None])
def test_a_slug_alone_is_one_all_the_same(length: int | None) -> None:
    """Without a title beside it a slug is made of a title of its own, and fits."""
    for slug in texts("posts", "slug", length=length):
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug)
        assert length is None or len(slug) <= length
