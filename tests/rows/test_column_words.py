"""Tests of rows.column_words: the words of names."""

from __future__ import annotations

import pytest

from pytest_supaseed.rows.column_words import singular, subjects_of, words_of


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("first_name", "first name"),
        ("firstName", "first name"),
        ("FirstName", "first name"),
        ("firstname", "first name"),
        ("fname", "first name"),
        ("HTMLBody", "html body"),
        ("userID", "user id"),
        ("addr2", "address 2"),
        ("e_mail", "email"),
        ("E-Mail", "email"),
        ("zip", "postcode"),
        ("shipping-Tel", "shipping phone"),
        ("", ""),
        ("Größe2", "größe 2"),
        ("größe", "größe"),
    ],
)
def test_names_fall_into_words(name: str, words: str) -> None:
    """Underscores, capitals, digits and abbreviations are understood; odd letters break nothing."""
    assert words_of(name) == tuple(words.split())


@pytest.mark.parametrize(
    ("plural", "expected"),
    [
        ("orders", "order"),
        ("companies", "company"),
        ("addresses", "address"),
        ("boxes", "box"),
        ("courses", "course"),
        ("people", "person"),
        ("status", "status"),
        ("statuses", "status"),
        ("news", "news"),
        ("glass", "glass"),
        ("bus", "bus"),
    ],
)
def test_plurals_have_a_singular(plural: str, expected: str) -> None:
    """The plurals that tables are called by are understood, and words on -s that are none are kept."""
    assert singular(plural) == expected


def test_the_last_word_of_a_table_is_its_subject() -> None:
    """A row of user_profiles is a profile first and a user second."""
    assert subjects_of("user_profiles") == ("profile", "user")
