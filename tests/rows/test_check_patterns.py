"""Tests of rows.check_patterns: Postgres's patterns read by Python, and text written along them."""

from __future__ import annotations

import psycopg
import pytest
from psycopg import sql

from pytest_supaseed.plan.streams import Draws
from pytest_supaseed.rows.check_patterns import Digits, matching_text, python_pattern

PATTERNS = [
    "^[a-z]+$",
    r"^\d{3}-\d{4}$",
    "^[[:alpha:]][[:alnum:]_]*$",
    "^[^[:space:]@]+@[^[:space:]@]+$",
    r"^https?://[^\s/$.?#].[^\s]*$",
    "^(red|green|blue)[0-9]{0,2}$",
    r"^\+[1-9]\d{1,14}$",
    r"^v?(0|[1-9]\d*)\.(0|[1-9]\d*)$",
    "^[]a-]+$",
    r"^[\w.-]+$",
    "^[A-Z]{2}(-[A-Z0-9]{1,3})?$",
    r"^(/[a-z0-9_]+)+$",
    "^#([0-9a-f]{3}){1,2}$",
    r"\mword\M",
    "^a.c$",
    "^[^a-z]+$",
    "x|y",
    r"^(?:[a-f0-9]{2}:){5}[a-f0-9]{2}$",
    "^(25[0-5]|2[0-4][0-9]|1?[0-9]{1,2})(\\.[0-9]{1,3}){3}$",
    "^[&|~[]+$",
    "^[+--/]+$",
]


@pytest.mark.parametrize("operator", ["~", "~*"])
def test_written_text_matches_in_postgres(empty_database: psycopg.Connection, operator: str) -> None:
    """Text written along a pattern matches it in Postgres as in Python."""
    refused = []
    for pattern in PATTERNS:
        compiled = python_pattern(operator, pattern)
        texts = [matching_text(compiled, Draws(number)) for number in range(20)]
        assert all(compiled.search(text) for text in texts), pattern
        asked = sql.SQL("select bool_and(t {} %s) from unnest(%s::text[]) t").format(sql.SQL(operator))
        if empty_database.execute(asked, (pattern, texts)).fetchone() != (True,):
            refused.append((pattern, texts))

    assert not refused


def test_like_escapes_and_wildcards() -> None:
    """LIKE's wildcards stand for any text and any character, unless they are escaped."""
    assert python_pattern("~~", "a%z").search("a---z")
    assert not python_pattern("~~", "a\\%z").search("abz")
    assert python_pattern("~~", "a\\%z").search("a%z")
    assert python_pattern("~~*", "A_").search("ab")
    assert not python_pattern("~~", "a").search("a\n")


def test_dollar_is_the_very_end() -> None:
    """`$` does not match before a newline, as in Postgres and unlike in Python."""
    assert not python_pattern("~", "^a$").search("a\n")


def test_different_numbers_write_different_text() -> None:
    """Choices that spell a number give another text for each, as far as the pattern has texts."""
    pattern = python_pattern("~", "^[a-z]{3}$")

    texts = {matching_text(pattern, Digits(number)) for number in range(26**3)}

    assert len(texts) == 26**3
