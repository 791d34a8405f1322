"""Tests of rows.files: name, extension, media type, path and URL of one file; links."""

from __future__ import annotations

import pytest
from text_rows import text_rows

from pytest_supaseed.rows.files import FORMATS

COLUMNS = "file_name extension mime_type file_path file_url"


@pytest.mark.parametrize(
    ("table", "sort"), [("attachments", "file"), ("photos", "image"), ("videos", "video"), ("songs", "audio")]
)
def test_the_columns_of_a_file_agree(table: str, sort: str) -> None:
    """Extension and media type belong together, path and URL end with the name, the sort is the table's."""
    for row in text_rows(table, COLUMNS):
        assert (row.extension, row.mime_type) in FORMATS[sort]
        assert row.file_name.endswith(f".{row.extension}")
        assert row.file_path.endswith(row.file_name)
        assert row.file_url == f"https://files.example.com/{row.file_path}"


def test_pictures_of_different_roles_are_different_files() -> None:
    """An avatar is not the cover; both are pictures."""
    rows = text_rows("profiles", "avatar_url cover_url image_url image_2_url")

    assert all(len({row.avatar_url, row.cover_url, row.image_url}) == 3 for row in rows)
    assert all(row.avatar_url.endswith((".jpg", ".png", ".webp")) for row in rows)


def test_links_differ_from_row_to_row() -> None:
    """A link holds the row's number: a unique column of links needs no help."""
    assert len({row.url for row in text_rows("bookmarks", "url", count=500)}) == 500
