"""Tests of plan.finite_columns: what checks, types and lengths leave to choose from."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from small_catalog import column, kind, table

from pytest_supaseed.catalog.model import Check, Column, Type, TypeKind
from pytest_supaseed.plan.finite_columns import allowed_values, finite_values, whole_bounds

if TYPE_CHECKING:
    from pytest_supaseed.catalog.model import Table

TEXT, WHOLE, FLAG = column("c"), column("c", "int4"), column("c", "bool")


def checked(found: Column, *expressions: str) -> Table:
    """A table with one column and checks of it."""
    checks = tuple(Check(number, f"check_{number}", text, ("c",)) for number, text in enumerate(expressions))
    return replace(table("t", found), checks=checks)


@pytest.mark.parametrize(
    ("found", "expression", "values"),
    [
        (TEXT, "(c = ANY (ARRAY['a'::text, 'it''s'::text]))", ("a", "it's")),
        (
            TEXT,
            "((c)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[]))",
            ("a", "b"),
        ),
        (TEXT, "((c = 'a'::text) OR (c = 'b'::text))", ("a", "b")),
        (TEXT, "(c = 'only one'::text)", ("only one",)),
        (WHOLE, "(c = ANY (ARRAY[1, 2, '-3'::integer]))", (1, 2, -3)),
        (WHOLE, "(c = 1)", (1,)),
        (WHOLE, "((c >= 1) AND (c <= 3))", (1, 2, 3)),
        (WHOLE, "((c > 0) AND (c < 3))", (1, 2)),
        (FLAG, "c", (True,)),
        (FLAG, "(c = true)", (True,)),
        (FLAG, "(NOT c)", (False,)),
        (FLAG, "(c IS TRUE)", (True,)),
    ],
)
def test_checks_that_list_values(found: Column, expression: str, values: tuple[object, ...]) -> None:
    """A check that names all values is read, however Postgres prints it."""
    assert finite_values(checked(found, expression), found) == values


@pytest.mark.parametrize(
    ("found", "expression"),
    [
        (TEXT, "(c ~ '^[a-z]+$'::text)"),
        (TEXT, "((c = 'a'::text) OR (length(c) > 3))"),
        (TEXT, "(c <> 'a'::text)"),
        (WHOLE, "(c > 0)"),
        (WHOLE, "((c < 0) OR (c > 10))"),
        (WHOLE, "((c >= 0) AND (c <= 1000000))"),
    ],
)
def test_other_checks_leave_a_column_open(found: Column, expression: str) -> None:
    """What does not name all values counts as unbounded."""
    assert finite_values(checked(found, expression), found) is None


def test_several_checks_are_taken_together() -> None:
    """Only values that all checks allow are left."""
    found = checked(
        TEXT, "(c = ANY (ARRAY['a'::text, 'b'::text]))", "(c = ANY (ARRAY['b'::text, 'c'::text]))"
    )

    assert finite_values(found, TEXT) == ("b",)


def test_domains_and_enums() -> None:
    """A domain's check and an enum's labels count like a check of the table."""
    checks = (Check(1, "d", "(VALUE = ANY (ARRAY['x'::text, 'y'::text]))"),)
    domain = Type(1, "public", "d", TypeKind.DOMAIN, base=kind("text"), checks=checks)
    enum = Type(2, "public", "e", TypeKind.ENUM, labels=("good", "bad"))
    columns = [replace(TEXT, type=each) for each in (domain, enum)]

    assert [finite_values(table("t", found), found) for found in columns] == [("x", "y"), ("good", "bad")]


def test_short_codes_are_counted_out() -> None:
    """A `char(2)` holds 36 times 36 codes, but no check lists them."""
    code = replace(TEXT, type=replace(kind("text"), name="bpchar"), modifier=6, formatted_type="character(2)")
    found = table("t", code)

    assert len(set(finite_values(found, code) or ())) == 36**2
    assert allowed_values(found, code) is None


def test_bounds_of_whole_numbers() -> None:
    """The least and the largest number are read from any of a column's checks."""
    assert whole_bounds(checked(WHOLE, "(c >= 1000)"), WHOLE) == (1000, None)
    assert whole_bounds(checked(WHOLE, "((c > 0) AND (c < 70000000))"), WHOLE) == (1, 69999999)
    assert whole_bounds(table("t", WHOLE), WHOLE) == (None, None)
