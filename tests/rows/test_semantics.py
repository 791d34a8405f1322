"""Tests of rows.semantics: text columns as a whole."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from text_rows import chunk_of, text_chunk, text_rows, texts

from pytest_supaseed.errors import UsageError
from pytest_supaseed.rows.semantics import text_declaration

EVERYTHING = (
    "id name first_name email phone company website domain street city state zip country currency title slug "
    "description body status priority file_name mime_type avatar_url webhook_url repo_url url image host ip "
    "user_agent token sku locale tz color notes created_by contact_email support_email billing_email "
    "reply_to blah blub external_id password_hash html markdown"
)
RESERVED = re.compile(r"(?:[a-z0-9-]+\.)*(?:example\.(?:com|org|net)|test|example)")
TABLES = ["users", "orders", "companies", "posts", "media", "zorbs"]


def unreserved(text: str) -> list[str]:
    """The hosts and mail domains that a text names outside of what RFC 2606 reserves."""
    hosts = re.findall(r"(?:://|@)([\w.-]+\w)", text)
    return [host for host in hosts if not RESERVED.fullmatch(host)]


def test_the_scan_sees_what_is_not_reserved() -> None:
    """The scan used below finds real hosts, and those that only look reserved."""
    assert unreserved("see https://acme.com/x or a@b.org") == ["acme.com", "b.org"]
    assert unreserved("https://example.com.evil.io a@notexample.com x@mail.example") == [
        "example.com.evil.io",
        "notexample.com",
    ]


@pytest.mark.parametrize("length", [None, 10, 25, 60])
@pytest.mark.parametrize("table", TABLES)
def test_every_host_is_reserved(table: str, length: int | None) -> None:
    """No column of any table names a host or a mail domain that somebody could own."""
    chunk = text_chunk(table, EVERYTHING, length=length)

    texts = [str(text) for name in EVERYTHING.split() for text in chunk.column(name)]
    assert [text for text in texts if unreserved(text)] == []


@pytest.mark.parametrize("table", TABLES)
def test_the_same_bytes_twice_chunk_by_chunk(table: str) -> None:
    """A chunk made again, alone, and in another order of columns holds the same rows."""
    for number in (0, 3):
        first = text_chunk(table, EVERYTHING, number=number)
        again = text_chunk(table, EVERYTHING, number=number)
        backwards = reversed(EVERYTHING.split())
        assert {name: list(first.column(name)) for name in EVERYTHING.split()} == {
            name: list(again.column(name)) for name in backwards
        }


def test_another_seed_gives_other_rows() -> None:
    """Two seeds share no more rows than chance allows."""
    one, other = (
        chunk_of({"name": text_declaration("users", "name")}, seed=seed).column("name") for seed in ("a", "b")
    )

    assert sum(a == b for a, b in zip(one, other, strict=True)) < 3


@pytest.mark.parametrize("length", range(1, 31))
def test_texts_fit_and_are_not_cut(length: int) -> None:
    """No text is longer than its column; what has an at sign or a scheme is a whole address."""
    for row in zip(*(texts("users", name, length=length) for name in EVERYTHING.split()), strict=True):
        for text in row:
            assert 0 < len(text) <= length
            assert "@" not in text or re.fullmatch(r"[\w.]+@[\w.-]+\.(com|org|net|test|example)", text)
            assert "://" not in text or re.fullmatch(
                r"https?://[\w.-]+\.(com|org|net|test|example)(/.*)?", text
            )


@pytest.mark.parametrize(
    ("known", "pattern"),
    [
        ({}, r".+[.?]"),
        ({"position": 2}, r"[A-Z]\w+ \w+"),
        ({"type_name": "citext"}, r"[A-Z]\w+ \w+"),
        ({"length": 2}, r"[A-Z][A-Z2-9]"),
        ({"length": 8}, r"[a-z]+"),
        ({"length": 30}, r"[A-Z]\w+ \w+"),
        ({"comment": "contact phone"}, r"\+\d+"),
    ],
)
def test_shape_speaks_where_the_name_does_not(known: dict[str, Any], pattern: str) -> None:
    """A column whose name says nothing is told from its comment, length, type and place."""
    assert all(re.fullmatch(pattern, text) for text in texts("zorbs", "blah", **known))


def test_odd_names_are_no_error() -> None:
    """Names without a letter that we know, empty or in another script, still get text."""
    for name in ("", "_", "123", "名前", 'a b%c"d\n', "x" * 63):
        assert all(chunk_of({name: text_declaration(name, name)}, count=3).column(name))


def test_an_unknown_locale_is_said() -> None:
    """A locale that Faker lacks is an error that names it."""
    with pytest.raises(UsageError, match="qq_QQ"):
        text_rows("users", "name", locale="qq_QQ")[0].name  # noqa: B018  # the read makes the column


def test_twelve_columns_are_fast() -> None:
    """Two thousand rows of 12 text columns take well under a second: no Faker call per value."""
    columns = "first_name last_name email phone company street city zip country title slug description"
    begun = time.process_time()
    for number in (0, 1):
        text_chunk("customers", columns, count=1000, number=number).column("slug")
        chunk = text_chunk("customers", columns, count=1000, number=number)
        for name in columns.split():
            chunk.column(name)

    assert time.process_time() - begun < 1
