"""Tests of rows.predicates: how a row stays outside a partial index."""

from __future__ import annotations

from dataclasses import replace

import pytest
from small_catalog import column, table

from pytest_supaseed.catalog.model import Check
from pytest_supaseed.rows.predicates import Escape, way_out

STATUS = Check(1, "k", "(status = ANY (ARRAY['open'::text, 'closed'::text]))", ("status",))
MEMBERS = replace(
    table(
        "members",
        column("is_owner", "bool"),
        column("gone_at", "timestamptz", not_null=False),
        column("status"),
        column("role", not_null=False),
    ),
    checks=(STATUS,),
)


@pytest.mark.parametrize(
    ("predicate", "escape"),
    [
        ("is_owner", Escape("is_owner", value=False)),
        ("(is_owner = true)", Escape("is_owner", value=False)),
        ("(NOT is_owner)", Escape("is_owner", value=True)),
        ("(gone_at IS NULL)", Escape("gone_at", filled=True)),
        ("(gone_at IS NOT NULL)", Escape("gone_at")),
        ("(status = 'open'::text)", Escape("status", value="closed")),
        ("(role = 'admin'::text)", Escape("role")),
        ("((role <> ''::text) AND is_owner)", Escape("role")),
        ("((length(role) > 3) AND is_owner)", Escape("is_owner", value=False)),
    ],
)
def test_ways_out(predicate: str, escape: Escape) -> None:
    """One column is enough; where terms are joined by AND, any of them."""
    assert way_out(MEMBERS, predicate, forbidden=()) == escape


@pytest.mark.parametrize(
    "predicate",
    [None, "(is_owner OR (gone_at IS NULL))", "(status ~ 'x'::text)", "(length(status) > 2)"],
)
def test_no_way_out(predicate: str | None) -> None:
    """What is not understood is left alone."""
    assert way_out(MEMBERS, predicate, forbidden=()) is None


def test_forbidden_columns_are_not_touched() -> None:
    """A column that something else decides about is no way out."""
    assert way_out(MEMBERS, "is_owner", forbidden={"is_owner"}) is None
