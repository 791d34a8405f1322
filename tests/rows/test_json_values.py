"""Tests of rows.json_values."""

from __future__ import annotations

import pytest
from slots import draw, slot

from pytest_supaseed.rows.json_values import json_drawer, shape_of


@pytest.mark.parametrize(
    ("default", "shape"),
    [
        ("'[]'::jsonb", list),
        ("'{}'::jsonb", dict),
        ("'{\"a\": \"it''s\"}'::json", dict),
        ("'\"text\"'::jsonb", str),
        ("'0'::jsonb", int),
        ("'true'::jsonb", bool),
        ("jsonb_build_array()", list),
        ("'null'::jsonb", None),
        ("now()", None),
        (None, None),
    ],
)
def test_shape_is_that_of_the_default(default: str | None, shape: type | None) -> None:
    """A JSON column holds what its default is: an array, an object, a text, a number or a flag."""
    assert shape_of(default) is shape
    if shape is not None:
        assert {type(value) for value in draw(json_drawer(slot("jsonb", "x", default=default)))} == {shape}


def test_members_of_the_default_are_kept() -> None:
    """A default with members gives objects with the same ones: flags and numbers vary, texts stay."""
    found = draw(json_drawer(slot("jsonb", "x", default='\'{"theme": "dark", "n": 3, "on": true}\'::jsonb')))

    assert {tuple(value) for value in found if isinstance(value, dict)} == {("theme", "n", "on")}
    assert len({repr(value) for value in found}) > 5


@pytest.mark.parametrize(
    ("name", "member"),
    [
        ("settings", "theme"),
        ("shipping_address", "city"),
        ("location", "lat"),
        ("metadata", "source"),
        ("title_translations", "en"),
    ],
)
def test_objects_have_members_of_their_name(name: str, member: str) -> None:
    """Settings have a theme and addresses a city: a small object that fits the column's name."""
    found = draw(json_drawer(slot("jsonb", name)))

    assert all(isinstance(value, dict) and member in value for value in found)


def test_plural_names_hold_arrays() -> None:
    """`tags` is an array of words, `line_items` one of objects."""
    tags, items = (draw(json_drawer(slot("jsonb", name))) for name in ("tags", "line_items"))

    assert all(isinstance(value, list) and isinstance(value[0], str) for value in tags)
    assert all(isinstance(value, list) and {"quantity", "price"} <= set(value[0]) for value in items)
