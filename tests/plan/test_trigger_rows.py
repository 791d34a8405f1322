"""Tests of plan.trigger_rows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from small_catalog import after_insert, catalog, function, table

from pytest_supaseed.plan.trigger_rows import tables_filled_by_triggers


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
