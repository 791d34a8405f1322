"""Tests of rows.companies: one company's name, domain, site and mailbox."""

from __future__ import annotations

import re

import pytest
from text_rows import chunk_of, text_rows

from pytest_supaseed.rows.companies import PARTS, CompanyPart
from pytest_supaseed.rows.slugs import slugify

COLUMNS = "name slug domain website email legal_name"


def test_the_columns_of_a_company_agree() -> None:
    """Slug, domain, website and mailbox of a row are made of the company's name."""
    for row in text_rows("companies", COLUMNS):
        assert row.slug == slugify(row.name)
        assert row.domain == f"{row.slug}.example"
        assert row.website == f"https://www.{row.domain}"
        assert row.email.endswith(f"@{row.domain}")
        assert row.legal_name.startswith(f"{row.name} ")


def test_a_company_beside_a_person() -> None:
    """A customer's company and its website agree, and are not the person's."""
    for row in text_rows("customers", "name email company_name website"):
        assert row.website == f"https://www.{slugify(row.company_name)}.example"
        assert row.email.startswith(slugify(row.name.split(" ")[0], ""))


def test_a_locale_gives_its_companies() -> None:
    """With a locale companies are named as there; their domains stay reserved."""
    rows = text_rows("companies", COLUMNS, locale="ja_JP")

    assert any(not row.name.isascii() for row in rows)
    assert all(re.fullmatch(r"[a-z0-9-]+\.example", row.domain) for row in rows)


@pytest.mark.parametrize("name", PARTS)
def test_factories_can_name_a_part(name: str) -> None:
    """Each part can be declared by its name, and gives a text."""
    assert all(text for text in chunk_of({"x": CompanyPart(name)}).column("x"))
