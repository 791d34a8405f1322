"""Tests of rows.people: one person's names, user name and addresses."""

from __future__ import annotations

import re

import pytest
from text_rows import chunk_of, text_rows

from pytest_supaseed.rows.people import PARTS, PersonPart
from pytest_supaseed.rows.slugs import slugify


def test_the_columns_of_a_person_agree() -> None:
    """First, last, full and user name, initials and address of a row are one person's."""
    for row in text_rows("users", "first_name lname full_name email user_name initials"):
        assert row.full_name == f"{row.first_name} {row.lname}"
        assert row.email.startswith(f"{slugify(row.first_name, '')}.{slugify(row.lname, '')}.")
        assert row.user_name.startswith(slugify(row.first_name, ""))
        assert row.initials == (row.first_name[0] + row.lname[0]).upper()


def test_addresses_are_reserved_plain_and_unique() -> None:
    """No two rows of a table share an address; each is ASCII and on a domain kept for examples."""
    emails = [row.email for number in (0, 1) for row in text_rows("u", "email", count=1000, number=number)]

    assert len(set(emails)) == 2000
    assert all(re.fullmatch(r"[a-z0-9.]+@example\.(com|org|net)", email) for email in emails)


def test_names_hold_letters_beyond_ascii_now_and_then() -> None:
    """Between one and thirty in a hundred full names have a letter that ASCII lacks."""
    names = [row.full_name for row in text_rows("users", "full_name", count=1000)]

    assert 10 < sum(not name.isascii() for name in names) < 300


def test_people_of_different_roles_differ() -> None:
    """A row's author is not its reviewer; the author's name and address are one person's."""
    rows = text_rows("posts", "author_name author_email reviewer_name created_by username")

    assert all(row.author_email.startswith(slugify(row.author_name.split(" ")[0], "")) for row in rows)
    assert sum(row.author_name == row.reviewer_name for row in rows) < 3
    assert sum(row.created_by == row.username for row in rows) < 3


def test_a_second_address_is_the_same_person_elsewhere() -> None:
    """`work_email` belongs to the person of `email` and is another address."""
    for row in text_rows("users", "email work_email email_2"):
        assert len({row.email, row.work_email, row.email_2}) == 3
        assert row.email.split("@")[0] == row.work_email.split("@")[0] == row.email_2.split("@")[0]
        assert row.work_email.endswith("@work.example")


@pytest.mark.parametrize("locale", ["de_DE", "ja_JP", "en_IN", "ar_AA", "fr_FR"])
def test_a_locale_gives_its_names(locale: str) -> None:
    """With a locale the names are Faker's for it, and addresses stay plain and reserved."""
    rows = text_rows("users", "first_name last_name full_name email", locale=locale)

    assert [row.first_name for row in rows] != [r.first_name for r in text_rows("users", "first_name")]
    assert all(
        row.full_name in {f"{row.first_name} {row.last_name}", f"{row.last_name} {row.first_name}"}
        for row in rows
    )
    assert all(row.full_name.startswith(row.first_name) is (locale != "ja_JP") for row in rows)
    assert all(re.fullmatch(r"[a-z0-9.]+@example\.(com|org|net)", row.email) for row in rows)
    again = text_rows("users", "full_name", locale=locale)
    assert [row.full_name for row in rows] == [row.full_name for row in again]


@pytest.mark.parametrize("name", PARTS)
def test_factories_can_name_a_part(name: str) -> None:
    """Each part can be declared by its name, and gives a text."""
    assert all(text for text in chunk_of({"x": PersonPart(name)}).column("x"))
