"""Tests of mapping.quoted_names: names as users write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_supaseed.errors import UsageError
from pytest_supaseed.mapping.quoted_names import split_name

NAMES = st.text(min_size=1, max_size=20)


def _quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("setups", (None, "setups")),
        ("public.setups", ("public", "setups")),
        (" public . setups ", ("public", "setups")),
        ('"My Table"', (None, "My Table")),
        ('kit."a.b"', ("kit", "a.b")),
        ('"a ""b"""."c"', ('a "b"', "c")),
        ("Größe", (None, "Größe")),
        ("User", (None, "User")),
    ],
)
def test_names(text: str, expected: tuple[str | None, str]) -> None:
    """Bare, qualified and quoted names are split as Postgres would, and keep their case."""
    assert split_name(text) == expected


@pytest.mark.parametrize("text", ["", " ", ".", "a.", ".a", "a.b.c", '"', '"a', 'a"', '""', 'a"b"', '"a"b'])
def test_what_is_no_name(text: str) -> None:
    """Empty parts, three parts and quotes that do not close are refused."""
    with pytest.raises(UsageError, match="is not the name of a table"):
        split_name(text)


@given(schema=NAMES, name=NAMES)
def test_quoting_keeps_any_name(schema: str, name: str) -> None:
    """Whatever a name consists of, quoted it comes back as it was."""
    assert split_name(f"{_quote(schema)}.{_quote(name)}") == (schema, name)
    assert split_name(_quote(name)) == (None, name)
