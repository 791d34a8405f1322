"""How tables are called on a page."""

from __future__ import annotations

import pytest
from report_pages import table

from pytest_supaseed.reporting.pages.names import ShownNames, shortened


def test_the_schema_that_most_tables_are_in_goes_without_saying() -> None:
    """Others are named; a dot in a name changes nothing."""
    tables = [table("users", "auth"), table("teams"), table("a.b")]
    names = ShownNames(tables, "d0-")
    assert [names.short(one.name) for one in tables] == ["auth.users", "teams", "a.b"]
    assert [names.anchor(one.name) for one in tables] == ["d0-t0", "d0-t1", "d0-t2"]


def test_a_table_that_is_not_there_has_no_link() -> None:
    """A bare name leads nowhere, and breaks nothing."""
    names = ShownNames([table("teams")], "")
    assert str(names.link("public.teams")) == '<a href="#t0"><bdi>teams</bdi></a>'
    assert str(names.link("other.<b>")) == "<bdi>other.&lt;b&gt;</bdi>"


@pytest.mark.parametrize(
    ("name", "width", "shown"),
    [("abcde", 5, "abcde"), ("abcdef", 5, "ab\u2026ef"), ("abcdefg", 6, "abc\u2026fg")],
)
def test_long_names_lose_their_middle(name: str, width: int, shown: str) -> None:
    """Table names differ at their ends."""
    assert shortened(name, width) == shown
