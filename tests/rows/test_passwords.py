"""Tests of rows.passwords: hashes by which every seeded user can log in."""

from __future__ import annotations

import bcrypt
import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from text_rows import text_rows, texts

from pytest_supaseed.logins import DEFAULT_PASSWORD
from pytest_supaseed.rows.passwords import password_hash


def test_hashes_are_of_the_documented_password() -> None:
    """A text column called password_hash verifies against the password that the docs name."""
    hashes = texts("users", "password_hash", count=4)
    assert all(bcrypt.checkpw(DEFAULT_PASSWORD.encode(), made.encode()) for made in hashes)


def test_a_user_model_of_djangos() -> None:
    """Its password is hashed as Django's first hasher does: that takes this password, and no other."""
    hasher, columns = PBKDF2PasswordHasher(), "id password last_login username"
    made = {row.password for row in text_rows("accounts_person", columns, count=9, length=128)}
    assert len(made) > 1
    assert {one.partition("$")[0] for one in made} == {hasher.algorithm}
    assert all(hasher.verify(DEFAULT_PASSWORD, one) for one in made)
    assert not any(hasher.verify("other", one) for one in made)


@pytest.mark.parametrize(("columns", "length"), [("password username", 128), ("password last_login", 255)])
def test_other_tables_have_plain_hashes(columns: str, length: int) -> None:
    """A table that only resembles Django's is hashed as most others are."""
    (row,) = text_rows("users", columns, count=1, length=length)
    assert getattr(row, columns.split(maxsplit=1)[0]).startswith("$2a$05$")


def test_hashes_belong_to_the_seed() -> None:
    """The same seed and number give the same hash, another seed another one."""
    assert password_hash("a", 1) == password_hash("a", 1) != password_hash("b", 1)


def test_a_column_without_room_holds_a_token() -> None:
    """Half a hash would verify against nothing; a short column holds a whole token instead."""
    assert {len(made) for made in texts("users", "password", length=40)} == {32}
