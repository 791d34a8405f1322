"""Tests of plan.trigger_rows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from small_catalog import after_insert, catalog, column, function, reference, table

from pytest_supaseed.plan.trigger_rows import (
    rewritten_columns,
    tables_filled_by_triggers,
    trigger_preferences,
)


@pytest.mark.parametrize(
    "statement",
    [
        "insert into public.profiles (id) values (new.id)",
        "INSERT  INTO profiles(id) VALUES (new.id)",
        'insert into "public"."profiles" default values',
        "insert into public . profiles select new.id",
    ],
)
def test_insert_targets_are_found(statement: str) -> None:
    """A table that a trigger function inserts into is found, however the statement is written."""
    profiles = table("profiles")
    users = table("users", triggers=(after_insert("handle_new_user"),))
    found = catalog(users, profiles, functions=(function("handle_new_user", f"begin {statement}; end"),))

    assert tables_filled_by_triggers(users, found) == (profiles,)


def test_comments_do_not_count() -> None:
    """An INSERT in a comment makes no rows."""
    source = "begin -- insert into public.profiles\n /* insert into profiles */ return new; end"
    users = table("users", triggers=(after_insert("f"),))
    found = catalog(users, table("profiles"), functions=(function("f", source),))

    assert tables_filled_by_triggers(users, found) == ()


@pytest.mark.parametrize(
    "change",
    [{"enabled": "disabled"}, {"timing": "before"}, {"events": ("update",)}, {"per_row": False}],
)
def test_only_enabled_after_insert_row_triggers_count(change: dict[str, Any]) -> None:
    """A trigger that does not fire once per inserted row makes no row per row."""
    trigger = replace(after_insert("f"), **change)
    users = table("users", triggers=(trigger,))
    found = catalog(users, table("profiles"), functions=(function("f", "insert into profiles"),))

    assert tables_filled_by_triggers(users, found) == ()


def test_table_that_feeds_itself_is_left_out() -> None:
    """A trigger that inserts into its own table does not make that table adopted."""
    users = table("users", triggers=(after_insert("f"),))
    found = catalog(users, functions=(function("f", "insert into users"),))

    assert tables_filled_by_triggers(users, found) == ()


def test_tables_that_a_trigger_needs_come_first() -> None:
    """What a trigger reads, and what its new rows refer to, is filled before the table; its target after."""
    tiers, limits, users = table("tiers"), table("limits"), table("users", triggers=(after_insert("f"),))
    plans = table(
        "plans",
        column("tier_id", "uuid"),
        column("user_id", "uuid"),
        foreign_keys=(reference("tier_id", tiers), reference("user_id", users)),
    )
    source = "select id from public.limits; insert into plans select new.id"
    found = catalog(users, tiers, limits, plans, functions=(function("f", source),))

    assert trigger_preferences([users, plans], found) == {
        users.oid: {tiers.oid, limits.oid},
        plans.oid: {users.oid},
    }


def test_columns_that_a_trigger_assigns() -> None:
    """Columns that a BEFORE trigger sets are not what we wrote; other triggers cannot change them."""
    before = replace(after_insert("f"), timing="before")
    functions = (function("f", "begin NEW.slug := 'x'; new.\"Code\" = 1; -- new.id := 1\n return new; end"),)
    users = table("users", triggers=(before,))
    others = table("others", triggers=(after_insert("f"),))
    found = catalog(users, others, functions=functions)

    assert rewritten_columns(users, found) == {"slug", "Code"}
    assert rewritten_columns(others, found) == set()
