"""Tests of rows.row."""

from __future__ import annotations

import pickle

import pytest

from pytest_supaseed.rows.row import Row


def test_values_are_read_both_ways() -> None:
    """A column is an item and an attribute, under its actual and under its logical name."""
    row = Row({"mail": "a@example.com"}, {"email": "mail"})

    assert row.mail == row["mail"] == row.email == row["email"] == "a@example.com"
    assert dict(row) == {"mail": "a@example.com"}


def test_unknown_column_names_those_there_are() -> None:
    """A misspelt column is an AttributeError or KeyError that helps."""
    row = Row({"id": 1, "title": "x"})

    with pytest.raises(AttributeError, match="no column 'titel'; the row has id, title"):
        _ = row.titel
    with pytest.raises(KeyError):
        _ = row["titel"]


def test_row_is_a_value() -> None:
    """Setting an attribute is refused, since it would not reach the database."""
    row = Row({"id": 1})

    with pytest.raises(AttributeError, match="write to the database instead"):
        row.id = 2


def test_rows_compare_and_travel() -> None:
    """Rows with the same values are equal, and survive pickling."""
    row = Row({"id": 1}, {"key": "id"})

    assert row == Row({"id": 1})
    assert pickle.loads(pickle.dumps(row)).key == 1  # noqa: S301
    assert repr(row) == "Row(id=1)"
