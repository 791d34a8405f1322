"""Tests of name_map: what is configured to stand for what, and who has the last word."""

from __future__ import annotations

import pytest

from pytest_supaseed.name_map import NameMap, names_from_text, names_from_toml


@pytest.mark.parametrize(
    ("text", "tables", "columns"),
    [
        ("setup_types=base_templates", {"setup_types": "base_templates"}, {}),
        (" a = b , c = public.d ", {"a": "b", "c": "public.d"}, {}),
        ("setups.name=title", {}, {"setups": {"name": "title"}}),
        ("a=b,a.c=d,a.e=f", {"a": "b"}, {"a": {"c": "d", "e": "f"}}),
        ("public.setups.name=title", {}, {"public.setups": {"name": "title"}}),
        ('"my.table"=t', {'"my.table"': "t"}, {}),
        ('"my.table"."a.b"=c', {}, {'"my.table"': {"a.b": "c"}}),
        ('a."say ""hi"""=c', {}, {"a": {'say "hi"': "c"}}),
        ('a="odd=name"', {"a": '"odd=name"'}, {}),
    ],
)
def test_a_name_with_a_dot_is_a_column(
    text: str, tables: dict[str, str], columns: dict[str, dict[str, str]]
) -> None:
    """The last dot outside of quotes divides table and column."""
    assert names_from_text(text) == NameMap(tables, columns)


def test_the_file_may_nest_columns() -> None:
    """As `[tool.supaseed.map.setups]`, beside dotted names; a nested name is taken as it is."""
    found = names_from_toml({"a": "b", "setups": {"name": "title", "x.y": "z"}, "setups.slug": "handle"})

    assert found == NameMap({"a": "b"}, {"setups": {"name": "title", "x.y": "z", "slug": "handle"}})


@pytest.mark.parametrize(
    "table",
    [
        5,
        None,
        "a=b",
        {"a": 5},
        {"a": ""},
        {5: "a"},
        {"a": {"b": 5}},
        {"a": {"b": "c"}, "a.b": "d"},
        {"a": ["b"]},
    ],
)
def test_what_is_no_name_is_refused(table: object) -> None:
    """With one kind of error, which the option turns into a message."""
    with pytest.raises(ValueError, match=r"^$|is|twice"):
        names_from_toml(table)


@pytest.mark.parametrize("text", ["a=b,a=c", "a.x=b,a.x=c", "a=b,a=b"])
def test_a_name_that_stands_twice_in_the_flag_is_refused(text: str) -> None:
    """Nobody can say which of the two was meant."""
    with pytest.raises(ValueError, match="stands twice"):
        names_from_text(text)


def test_the_stronger_map_decides_name_by_name() -> None:
    """What only the weaker one has is kept, with who said it."""
    strong = NameMap({"a": "1"}, {"t": {"x": "1"}}).given_by("the flag")
    weak = NameMap({"a": "2", "b": "2"}, {"t": {"x": "2", "y": "2"}, "u": {"z": "2"}}).given_by("the file")
    both = strong.over(weak)

    assert both == NameMap({"a": "1", "b": "2"}, {"t": {"x": "1", "y": "2"}, "u": {"z": "2"}})
    assert both.givers == {
        "a": "the flag",
        "b": "the file",
        "t.x": "the flag",
        "t.y": "the file",
        "u.z": "the file",
    }
    assert not NameMap().over(NameMap())
