"""Tests of rows.choices: statuses by table, and other columns of a few words."""

from __future__ import annotations

import pytest
from text_rows import texts

from pytest_supaseed.rows.choices import CHOICES, ORDINARY_STATUSES, STATUSES


@pytest.mark.parametrize(
    ("table", "column", "subject"),
    [
        ("orders", "status", "order"),
        ("sales_orders", "order_status", "order"),
        ("orders", "payment_status", "payment"),
        ("support_tickets", "status", "ticket"),
        ("Tasks", "state", "task"),
        ("team_invitations", "status", "invitation"),
        ("blog_posts", "status", "post"),
    ],
)
def test_a_status_is_of_its_table(table: str, column: str, subject: str) -> None:
    """Orders are shipped, tickets are closed: all words of the table's list occur, and no others."""
    assert set(texts(table, column, count=300)) == set(STATUSES[subject])


def test_other_tables_have_ordinary_statuses() -> None:
    """A table of which we know nothing has statuses that fit anything."""
    assert set(texts("zorbs", "status")) == set(ORDINARY_STATUSES)


@pytest.mark.parametrize("column", ["priority", "visibility", "severity", "theme"])
def test_choices_are_made_by_column_name(column: str) -> None:
    """A column of a well-known choice holds all its words."""
    assert set(texts("zorbs", column, count=200)) == set(CHOICES[column])


@pytest.mark.parametrize("length", range(4, 12))
def test_a_choice_is_never_cut(length: int) -> None:
    """Where a word does not fit, a shorter one is chosen."""
    shortest = min(map(len, STATUSES["order"]))
    found = set(texts("orders", "status", length=length))

    assert found <= set(STATUSES["order"]) or length < shortest
