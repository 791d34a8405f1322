"""Tests of rows.passwords: hashes by which every seeded user can log in."""

from __future__ import annotations

import bcrypt
from text_rows import texts

from pytest_supaseed.logins import DEFAULT_PASSWORD
from pytest_supaseed.rows.passwords import password_hash


def test_hashes_are_of_the_documented_password() -> None:
    """A text column called password_hash verifies against the password that the docs name."""
    hashes = texts("users", "password_hash", count=4)
    assert all(bcrypt.checkpw(DEFAULT_PASSWORD.encode(), made.encode()) for made in hashes)


def test_hashes_belong_to_the_seed() -> None:
    """The same seed and number give the same hash, another seed another one."""
    assert password_hash("a", 1) == password_hash("a", 1) != password_hash("b", 1)


def test_a_column_without_room_holds_a_token() -> None:
    """Half a hash would verify against nothing; a short column holds a whole token instead."""
    assert {len(made) for made in texts("users", "password", length=40)} == {32}
