"""Tests of plan.implied_constraints."""

from __future__ import annotations

from dataclasses import replace

import pytest
from small_catalog import after_insert, catalog, column, function, reference, table, unique

from pytest_supaseed.plan.implied_constraints import with_implied_constraints

_INSERT = "insert into base (id, owner_id, label) values (new.id, new.owner_id, new.label) "
BEFORE = replace(after_insert("f"), timing="before")


@pytest.mark.parametrize(
    ("source", "expression"),
    [
        ("if new.note is not null then raise exception 'no'; end if;", "(note IS NULL)"),
        ("IF NEW.\"note\" IS NULL THEN RAISE 'needed'; END IF;", "(note IS NOT NULL)"),
    ],
)
def test_what_a_trigger_raises_on(source: str, expression: str) -> None:
    """A trigger that raises on a value, or on its lack, is a check."""
    rows = table("rows", column("note", not_null=False), triggers=(BEFORE,))

    found = with_implied_constraints(rows, catalog(rows, functions=(function("f", source),)))
    assert [check.expression for check in found.checks] == [expression]


@pytest.mark.parametrize(
    "source",
    [
        "if new.note is not null then raise notice 'seen'; end if;",
        "-- if new.note is not null then raise exception 'no'; end if;",
        "if new.id is not null then raise exception 'a column that cannot be NULL'; end if;",
        "if new.other is null then raise exception 'no column of ours'; end if;",
    ],
)
def test_what_is_no_guard(source: str) -> None:
    """A notice, a comment and a column that the table has not, or that is never NULL, say nothing."""
    rows = table("rows", column("note", not_null=False), triggers=(BEFORE,))

    assert with_implied_constraints(rows, catalog(rows, functions=(function("f", source),))) == rows


@pytest.mark.parametrize("ending", ["", "on conflict do nothing"])
def test_keys_of_a_row_that_a_trigger_makes(ending: str) -> None:
    """A base table's row is made by the trigger: the key to it goes, and its own keys become ours."""
    owners = table("owners")
    base = table(
        "base",
        column("owner_id", "uuid"),
        column("label"),
        unique_keys=(unique("label"),),
        foreign_keys=(reference("owner_id", owners),),
    )
    rows = table(
        "rows",
        column("owner_id", "uuid", not_null=False),
        column("label"),
        foreign_keys=(reference("id", base),),
        triggers=(BEFORE,),
    )
    insert = _INSERT + ending

    found = with_implied_constraints(rows, catalog(owners, base, rows, functions=(function("f", insert),)))
    assert [(key.columns, key.target_table) for key in found.foreign_keys] == [(("owner_id",), "owners")]
    assert [key.columns for key in found.unique_keys] == [("id",), ("label",)]
    assert [check.expression for check in found.checks] == ["(owner_id IS NOT NULL)"]


def test_a_base_row_that_is_there_already_will_do() -> None:
    """A key that is not the row's own stays, where the trigger takes a base row that is there."""
    base = table("base", column("label"), unique_keys=(unique("label"),))
    rows = table(
        "rows", column("label"), foreign_keys=(reference("label", base, "label"),), triggers=(BEFORE,)
    )
    insert = "insert into base (label) values (new.label) on conflict do nothing;"

    assert with_implied_constraints(rows, catalog(base, rows, functions=(function("f", insert),))) == rows
