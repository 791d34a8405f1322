"""Tests of plan.existing_rows."""

from __future__ import annotations

from dataclasses import replace

from small_catalog import after_insert, catalog, column, function, reference, table

from pytest_supaseed.plan.existing_rows import is_filled_further

TENANTS = table("tenants", column("name"))
USERS = table("users", column("tenant_id", "uuid"), foreign_keys=(reference("tenant_id", TENANTS),))
POSTS = table("posts", column("user_id", "uuid"), foreign_keys=(reference("user_id", USERS),))


def test_a_single_row_that_others_refer_to_gets_company() -> None:
    """The first tenant is no list of tenants; nor are its users, since the other tenants have none."""
    found = catalog(TENANTS, USERS, POSTS)

    assert is_filled_further(TENANTS, found, {TENANTS.oid: 1})
    assert is_filled_further(USERS, found, {TENANTS.oid: 1, USERS.oid: 3})


def test_a_list_of_values_stays() -> None:
    """Several rows that need no row of another table, and what belongs to them, are complete."""
    found = catalog(TENANTS, USERS, POSTS)

    assert not is_filled_further(TENANTS, found, {TENANTS.oid: 3})
    assert not is_filled_further(USERS, found, {TENANTS.oid: 3, USERS.oid: 3})


def test_a_single_row_that_nothing_refers_to_stays() -> None:
    """A row of settings is the only one that there is to be."""
    assert not is_filled_further(POSTS, catalog(TENANTS, USERS, POSTS), {POSTS.oid: 1})


def test_what_triggers_add_to_goes_on() -> None:
    """A history that refers to nothing gets more rows in any case, and others refer to these."""
    history = table("users_history", column("name"))
    sessions = table(
        "sessions", column("history_id", "uuid"), foreign_keys=(reference("history_id", history),)
    )
    users = replace(USERS, triggers=(after_insert("note"),))
    note = function("note", "begin insert into users_history (name) values ('x'); return new; end")
    found = catalog(TENANTS, users, history, sessions, functions=(note,))

    assert is_filled_further(history, found, {TENANTS.oid: 3, users.oid: 3, history.oid: 3})


def test_a_circle_of_tables_ends() -> None:
    """Tables that need each other are asked once each."""
    first, second = table("first", column("second_id", "uuid")), table("second", column("first_id", "uuid"))
    first = replace(first, foreign_keys=(reference("second_id", second),))
    second = replace(second, foreign_keys=(reference("first_id", first),))

    assert not is_filled_further(first, catalog(first, second), {first.oid: 2, second.oid: 2})
